import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

/** The terminal of one session, as it is drawn on the page. */
export class TerminalTile {
  readonly page: Page
  readonly tile: Locator

  constructor(page: Page, viewPart: string) {
    this.page = page
    this.tile = page.locator(`[data-testid="${testId.tile}"][data-view*="${viewPart}"]`)
  }

  /** The one plain shell that is open. */
  static shell(page: Page): TerminalTile {
    return new TerminalTile(page, 'shell:')
  }

  /** The rows of the screen as text, without what trails on each. */
  async read(): Promise<string> {
    const rows = await this.tile.locator('.xterm-rows > div').allTextContents()
    return rows.map((row) => row.replaceAll(' ', ' ').trimEnd()).join('\n')
  }

  async expectText(text: string | RegExp) {
    const check = expect.poll(() => this.read(), { timeout: 60_000, message: `the screen shows ${text}` })
    await (typeof text === 'string' ? check.toContain(text) : check.toMatch(text))
  }

  async focus() {
    // Not by a click: an agent that follows the mouse would take it as a choice.
    await this.tile.locator('.xterm-helper-textarea').focus()
    await expect(this.tile.locator('.xterm-helper-textarea')).toBeFocused()
  }

  /** Types a line into the agent's prompt and sends it once it stands there. */
  async prompt(text: string) {
    await this.focus()
    await this.page.keyboard.type(text)
    await this.expectText(text.slice(-20))
    await this.page.keyboard.press('Enter')
  }

  /**
   * Presses a key until what it is for has happened. A dialog of the agent takes no keys in its first moments, so the key
   * is pressed again only while `isDone` still says no.
   */
  async pressUntil(key: string, isDone: () => Promise<boolean>) {
    await this.focus()
    await expect(async () => {
      if (!(await isDone())) await this.page.keyboard.press(key)
      await expect.poll(isDone, { timeout: 3_000 }).toBe(true)
    }).toPass({ timeout: 60_000 })
  }

  /** Starts the ended agent of this tile again. */
  async resume() {
    await this.tile.getByTestId(testId.sessionResume).click()
  }
}
