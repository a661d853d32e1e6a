import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

/** The frame of the app: connection, projects, and the list of sessions. */
export class Shell {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Opens a link as a person does who clicks it. */
  async open(link: string) {
    await this.page.goto(link)
    await this.waitUntilConnected()
  }

  async waitUntilConnected() {
    await expect(this.page.getByTestId(testId.shell)).toBeVisible()
    await expect(this.page.getByTestId(testId.connectionBanner)).toBeHidden()
  }

  /** The page says that it has lost the app. */
  async waitUntilAway() {
    await expect(this.page.getByTestId(testId.connectionBanner)).toBeVisible()
  }

  /** The page says that this browser is not let in. */
  async waitUntilRefused() {
    await expect(this.page.getByTestId(testId.unauthorised)).toBeVisible()
  }

  /** Opens a folder as a project, by typing its path. */
  async openProject(path: string) {
    await this.page.getByTestId(testId.openProject).first().click()
    const dialog = this.page.getByTestId(testId.folderDialog)
    await dialog.getByTestId(testId.folderPath).fill(path)
    await dialog.getByTestId(testId.folderOpen).click()
    await expect(dialog).toBeHidden()
    await expect(this.page.getByTestId(testId.project)).toBeVisible()
  }

  get projects(): Locator {
    return this.page.getByTestId(testId.project)
  }

  /** The name of the one project that is open. */
  async onlyProjectName(): Promise<string> {
    await expect(this.projects).toHaveCount(1)
    return ((await this.projects.getByRole('button').first().getAttribute('aria-label')) ?? '').split(',')[0] ?? ''
  }

  project(name: string): Locator {
    return this.page.getByTestId(testId.project).filter({ hasText: name })
  }

  row(title: string): Locator {
    return this.page
      .getByTestId(testId.sessionRow)
      .filter({ has: this.page.getByTestId(testId.sessionTitle).getByText(title, { exact: true }) })
  }

  /** The word of the session's badge in the list: "Working", "Needs you", "Idle", … */
  badge(title: string): Locator {
    return this.row(title).getByTestId(testId.sessionBadge)
  }

  async expectBadge(title: string, word: string | RegExp) {
    await expect(this.badge(title), `the badge of ${title}`).toHaveText(word, { timeout: 60_000 })
  }

  /** How many wait for the person, as the sidebar counts them. */
  get needsYouCount(): Locator {
    return this.page.getByTestId(testId.needsYouCount)
  }

  async sessionId(title: string): Promise<string> {
    return (await this.row(title).getAttribute('data-session')) ?? ''
  }

  /** Brings a session's terminal to the front. */
  async openSession(title: string) {
    await this.row(title).click()
  }

  /** Chooses an entry of a session's menu. */
  async choose(title: string, entry: string) {
    await this.row(title).click({ button: 'right' })
    await this.page.locator(`[data-entry="${entry}"]`).click()
  }

  async rename(title: string, newTitle: string) {
    await this.choose(title, 'rename')
    const field = this.page.getByTestId(testId.sessionRename)
    await field.fill(newTitle)
    await field.press('Enter')
  }

  async unarchive(title: string) {
    await this.page.getByTestId(testId.archivedToggle).click()
    await this.page.getByTestId(testId.archivedRow).filter({ hasText: title }).getByRole('button').click()
  }

  /** Takes back what was just done, by the button of its notice. */
  async undo() {
    await this.page.getByTestId(testId.toastAction).first().click()
  }
}
