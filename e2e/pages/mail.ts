import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

/** The threads, and beside them one of them or a new message. */
export class MailRoom {
  readonly page: Page
  readonly root: Locator
  readonly thread: Locator
  readonly composer: Locator

  constructor(page: Page) {
    this.page = page
    this.root = page.getByTestId(testId.mail)
    this.thread = page.getByTestId(testId.mailThread)
    this.composer = page.getByTestId(testId.mailComposer)
  }

  async open() {
    await this.page.getByTestId(testId.navMail).click()
    await expect(this.root).toBeVisible()
  }

  /** How many messages wait for the person, as the sidebar counts them. */
  get count(): Locator {
    return this.page.getByTestId(testId.mailCount)
  }

  get rows(): Locator {
    return this.page.getByTestId(testId.mailRow)
  }

  row(subject: string): Locator {
    return this.rows.filter({ hasText: subject })
  }

  async openThread(subject: string) {
    await this.row(subject).click()
    await expect(this.page.getByTestId(testId.mailThreadSubject)).toHaveText(subject)
  }

  get messages(): Locator {
    return this.thread.getByTestId(testId.mailMessage)
  }

  get deliveries(): Locator {
    return this.thread.getByTestId(testId.mailDelivery)
  }

  get reply(): Locator {
    return this.thread.getByTestId(testId.mailReply)
  }

  /** Chooses a recipient by typing a part of the name. */
  async address(field: Locator, typed: string) {
    await field.getByTestId(testId.mailTo).fill(typed)
    await expect(this.page.getByTestId(testId.mailCompletion)).toBeVisible()
    await this.page.keyboard.press('Enter')
    await expect(this.page.getByTestId(testId.mailCompletion)).toBeHidden()
  }
}
