import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'
import { ReviewPage } from './review.ts'

/** What is said of the lines of a review. */
export class CommentsPage {
  readonly page: Page
  readonly review: ReviewPage

  constructor(page: Page) {
    this.page = page
    this.review = new ReviewPage(page)
  }

  get threads(): Locator {
    return this.review.diff.getByTestId(testId.commentThread)
  }

  thread(text: string): Locator {
    return this.threads.filter({ hasText: text })
  }

  state(text: string): Locator {
    return this.thread(text).getByTestId(testId.commentState)
  }

  /** The field that is being written into. */
  get body(): Locator {
    return this.review.diff.getByTestId(testId.commentBody)
  }

  get suggestion(): Locator {
    return this.review.diff.getByTestId(testId.commentSuggestion)
  }

  get send(): Locator {
    return this.page.getByTestId(testId.commentSend)
  }

  get dialog(): Locator {
    return this.page.getByTestId(testId.commentSendDialog)
  }

  count(path: string): Locator {
    return this.review.row(path).getByTestId(testId.reviewComments)
  }

  /** Shows a file. Those above it may still get their lines, and push it away once. */
  async show(path: string) {
    await expect(async () => {
      await this.review.row(path).click()
      await expect(this.review.lines(path).first()).toBeVisible({ timeout: 2000 })
    }).toPass()
  }

  /** Begins a comment by the button that the pointer finds beside a line. */
  async beginOn(path: string, line: string) {
    const at = this.review.lines(path).filter({ hasText: line }).first()
    const add = this.review.diff.getByTestId(testId.lineAdd).filter({ visible: true })
    await expect(async () => {
      await this.review.row(path).click()
      await at.hover({ position: { x: 20, y: 8 }, timeout: 2000 })
      const box = (await add.boundingBox({ timeout: 1000 })) ?? { x: 0, y: 0 }
      // With the pointer itself: a click that scrolls first would leave the line.
      await this.page.mouse.click(box.x + 8, box.y + 8)
      await expect(this.body).toBeFocused({ timeout: 1000 })
    }).toPass()
  }
}
