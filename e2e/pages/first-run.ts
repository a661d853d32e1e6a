import { expect, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

/** What a newcomer sees, and the dialog that opens a folder. */
export class FirstRun {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async expectCheck(id: string, verdict: 'good' | 'warning' | 'neutral') {
    const row = this.page.locator(`[data-testid="${testId.checkRow}"][data-check="${id}"]`)
    await expect(row).toHaveAttribute('data-verdict', verdict)
  }

  async openSample() {
    await this.page.getByTestId(testId.firstRun).getByTestId(testId.sampleProject).click()
    await expect(this.page.getByTestId(testId.project)).toBeVisible()
  }

  /** Types a path into the dialog, opening it first when it is closed. */
  async openFolder(path: string) {
    const dialog = this.page.getByTestId(testId.folderDialog)
    if (!(await dialog.isVisible())) await this.page.getByTestId(testId.openProject).first().click()
    await dialog.getByTestId(testId.folderPath).fill(path)
    await dialog.getByTestId(testId.folderOpen).click()
  }

  /** The refusal stands in the dialog, and what was typed is still there. */
  async expectFolderError(text: string) {
    await expect(this.page.getByTestId(testId.folderError)).toContainText(text)
    await expect(this.page.getByTestId(testId.folderPath)).not.toHaveValue('')
  }

  async makeRepository() {
    await this.page.getByTestId(testId.folderNextStep).click()
    await expect(this.page.getByTestId(testId.folderDialog)).toBeHidden()
  }
}
