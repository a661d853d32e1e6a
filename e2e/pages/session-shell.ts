import type { Page } from '@playwright/test'
import { FolderDialog } from './folder-dialog.ts'
import { NewSessionDialog } from './new-session.ts'
import { Shell } from './shell.ts'
import { TerminalTile } from './terminal.ts'
import { testId } from '../../renderer/lib/test-ids.ts'

let runs = 0

/**
 * Sessions whose agent is a plain shell: what an agent does with the command `switchyard` is typed into them. It stands in
 * SWITCHYARD_COMMAND: a login shell begins with the search path of the system.
 */
export class SessionShells {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Opens the repository when it is not open yet, and starts these sessions where they are missing. */
  async begin(repository: string, titles: readonly string[]) {
    const shell = new Shell(this.page)
    if (await this.page.getByTestId(testId.firstRun).isVisible())
      await new FolderDialog(this.page).openFolder(repository)
    for (const title of titles) {
      if (await shell.row(title).isVisible()) continue
      await new NewSessionDialog(this.page).startShell(title)
      await (await this.tile(title)).expectText('ready>')
    }
  }

  /** Runs a command line in a session and waits until it has ended well. */
  async run(title: string, line: string) {
    await new Shell(this.page).openSession(title)
    const tile = await this.tile(title)
    await tile.expectText('ready>')
    await tile.focus()
    runs += 1
    await this.page.keyboard.type(`clear; ${line} && echo ended-$((${runs}+1000))`)
    await this.page.keyboard.press('Enter')
    await tile.expectText(`ended-${runs + 1000}`)
  }

  private async tile(title: string): Promise<TerminalTile> {
    return new TerminalTile(this.page, await new Shell(this.page).sessionId(title))
  }
}
