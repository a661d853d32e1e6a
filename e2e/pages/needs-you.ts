import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

/** The list of who waits for the person, and the answers given there. */
export class NeedsYou {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async open() {
    await this.page.getByTestId(testId.navNeedsYou).click()
    await expect(this.page.getByTestId(testId.needsYou)).toBeVisible()
  }

  async close() {
    await this.page.getByTestId(testId.navTerminals).click()
  }

  row(sessionId: string): Locator {
    return this.page.locator(`[data-testid="${testId.askRow}"][data-session="${sessionId}"]`)
  }

  /** Selects a row by its title line: a click further down could be an answer. */
  private async select(sessionId: string) {
    await this.row(sessionId).click({ position: { x: 80, y: 14 } })
  }

  /** Allows once, in the list. */
  async allow(sessionId: string) {
    await this.select(sessionId)
    await this.row(sessionId).getByTestId(testId.answerAllow).click()
    await expect(this.row(sessionId)).toBeHidden()
  }

  async expectText(sessionId: string, text: string) {
    await expect(this.row(sessionId)).toContainText(text)
  }

  async expectEmpty() {
    await expect(this.page.getByTestId(testId.askRow)).toHaveCount(0)
  }

  /** Chooses an option of a question and sends it. */
  async choose(sessionId: string, option: string) {
    const row = this.row(sessionId)
    await this.select(sessionId)
    await row.getByTestId(testId.answerOption).filter({ hasText: option }).click()
    const send = row.getByTestId(testId.answerSend)
    if (await send.isVisible()) await send.click()
    await expect(row).toBeHidden()
  }

  async deny(sessionId: string, note: string) {
    const row = this.row(sessionId)
    await this.select(sessionId)
    await row.getByTestId(testId.answerDeny).click()
    await row.getByTestId(testId.answerNote).fill(note)
    await row.getByTestId(testId.answerSend).click()
    await expect(row).toBeHidden()
  }
}
