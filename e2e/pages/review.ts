import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

/** The review of one session: its files, and their changes. */
export class ReviewPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get screen(): Locator {
    return this.page.getByTestId(testId.review)
  }

  /** Opens the review of the session that is looked at. */
  async open() {
    await this.page.keyboard.press('Control+Shift+G')
    await expect(this.screen).toBeVisible()
  }

  row(path: string): Locator {
    return this.page.locator(`[data-testid="${testId.reviewRow}"][data-path="${path}"]`)
  }

  get rows(): Locator {
    return this.page.locator(`[data-testid="${testId.reviewRow}"][data-kind="file"]`)
  }

  /** The file that is marked in the list. */
  get current(): Locator {
    return this.page.locator(`[data-testid="${testId.reviewRow}"][aria-selected="true"]`)
  }

  header(path: string): Locator {
    return this.page.locator(`[data-testid="${testId.reviewFile}"][data-path="${path}"]`)
  }

  get diff(): Locator {
    return this.page.getByTestId(testId.reviewDiff)
  }

  /** The lines that are drawn of a file, with their kinds. */
  lines(path: string): Locator {
    return this.diff.locator('diffs-container', { has: this.header(path) }).locator('[data-line]')
  }

  /** The numbers of those lines. */
  numbers(path: string): Locator {
    return this.diff.locator('diffs-container', { has: this.header(path) }).locator('[data-column-number]')
  }

  get progress(): Locator {
    return this.page.getByTestId(testId.reviewProgress)
  }

  /** Where a text is on the screen, from the top; for whether it moved. */
  async topOf(text: string): Promise<number> {
    const line = this.diff.locator('[data-line]', { hasText: text }).first()
    await expect(line).toBeVisible()
    return (await line.boundingBox())?.y ?? Number.NaN
  }
}
