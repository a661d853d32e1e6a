import { expect, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'
import { Shell } from './shell.ts'

/** The rows of the sidebar with their menus. */
export class SessionRows {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Chooses an entry of a row's menu, with the secondary button of the mouse. */
  async choose(title: string, entry: string) {
    await new Shell(this.page).row(title).click({ button: 'right' })
    await this.page.getByRole('menuitem', { name: entry }).click()
    await expect(this.page.getByRole('menu')).toBeHidden()
  }

  async expectOrder(titles: readonly string[]) {
    await expect(this.page.getByTestId(testId.sessionTitle)).toHaveText([...titles])
  }
}
