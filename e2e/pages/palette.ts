import { expect, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

/** The list of every command. */
export class Palette {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Runs a command by its title, with the keyboard. */
  async run(title: string) {
    await this.page.keyboard.press('Control+Shift+P')
    await expect(this.page.getByTestId(testId.paletteInput)).toBeFocused()
    await this.page.keyboard.type(title)
    await expect(this.page.getByTestId(testId.palette).getByText(title).first()).toBeVisible()
    await this.page.keyboard.press('Enter')
    await expect(this.page.getByTestId(testId.palette)).toBeHidden()
  }
}
