import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

/** The log of everything that happened. */
export class ActivityPage {
  readonly page: Page
  readonly root: Locator
  readonly rows: Locator
  readonly why: Locator

  constructor(page: Page) {
    this.page = page
    this.root = page.getByTestId(testId.activity)
    this.rows = page.getByTestId(testId.activityRow)
    this.why = page.getByTestId(testId.activityWhySentence)
  }

  /** All of it, whatever it was filtered for before. */
  async open() {
    await this.page.getByTestId(testId.navActivity).click()
    await expect(this.root).toBeVisible()
    const clear = this.page.getByTestId(testId.activityClear)
    if (await clear.isVisible()) await clear.click()
    await expect(this.page.getByTestId(testId.activityLoading)).toBeHidden()
  }

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text })
  }

  /** Chooses a value of a filter's menu, which stays open for no second one. */
  async filter(name: 'What' | 'Who', value: string) {
    await this.page.locator(`[data-testid="${testId.activityFilter}"][data-filter="${name}"]`).click()
    await this.page.getByRole('menuitem', { name: value, exact: true }).click()
  }

  get text(): Locator {
    return this.page.getByTestId(testId.activityFilterText)
  }

  async clear() {
    await this.page.getByTestId(testId.activityClear).click()
  }
}
