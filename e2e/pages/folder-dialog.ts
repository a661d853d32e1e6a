import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

/** The dialog in which a repository, or the folder of a worktree, is found on the computer. */
export class FolderDialog {
  readonly page: Page
  readonly root: Locator
  readonly path: Locator
  readonly error: Locator
  /** What can be done about the refusal, where something can. */
  readonly nextStep: Locator

  constructor(page: Page, root: string = testId.folderDialog) {
    this.page = page
    this.root = page.getByTestId(root)
    this.path = this.root.getByTestId(testId.folderPath)
    this.error = this.root.getByTestId(testId.folderError)
    this.nextStep = this.root.getByTestId(testId.folderNextStep)
  }

  async open() {
    await this.page.getByTestId(testId.openProject).first().click()
    await expect(this.path).toBeFocused()
  }

  async submit(path: string) {
    await this.path.fill(path)
    await this.path.press('Enter')
  }

  async openFolder(path: string) {
    await this.open()
    await this.submit(path)
    await expect(this.root).toBeHidden()
  }

  entry(name: string): Locator {
    return this.root.getByTestId(testId.folderEntry).filter({ hasText: name })
  }
}
