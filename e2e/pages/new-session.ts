import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

export interface NewSessionChoices {
  /** Left out: the first line of the prompt. */
  readonly title?: string
  /** Left out for an agent that takes none, as a plain shell. */
  readonly prompt?: string
  /** The mode's label, as the agent calls it. Left out: the agent's own default. */
  readonly mode?: string
  readonly agent?: string
  readonly branch?: string
  /** Left out: the agent runs no team. */
  readonly usesTeams?: boolean
}

/** The dialog in which a session is begun. */
export class NewSessionDialog {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get dialog(): Locator {
    return this.page.getByTestId(testId.newSession)
  }

  part(id: string): Locator {
    return this.dialog.getByTestId(id)
  }

  get prompt(): Locator {
    return this.part(testId.newSessionPrompt)
  }

  /** Opens it, fills it in and starts. */
  async start(choices: NewSessionChoices) {
    await this.open(choices)
    await this.send()
  }

  /** Starts a plain shell in a worktree of its own. */
  async startShell(title: string) {
    await this.start({ title, agent: 'Shell' })
  }

  /** Opens it by its button, waits until the agents of this machine are known, and fills in what is given. */
  async open(choices: NewSessionChoices = {}) {
    await this.page.getByTestId(testId.newSessionButton).click()
    await this.waitUntilReady()
    if (choices.agent !== undefined) await this.choose(testId.newSessionAgent, choices.agent)
    if (choices.prompt !== undefined) await this.prompt.fill(choices.prompt)
    if (choices.title !== undefined) await this.part(testId.newSessionTitle).fill(choices.title)
    if (choices.mode !== undefined) await this.choose(testId.newSessionMode, choices.mode)
    if (choices.branch !== undefined) await this.fillBranch(choices.branch)
    if (choices.usesTeams === true) await this.part(testId.newSessionTeams).click()
  }

  /** The agents of this machine are found in the first moments after the start. */
  async waitUntilReady() {
    await expect(this.dialog).toBeVisible()
    await expect(this.part(testId.newSessionAgent)).not.toHaveAttribute('data-value', '')
  }

  /** Where the agent is to work: "New branch", "Existing branch", "Existing worktree" or "In place". */
  async chooseWorktree(label: string) {
    await this.part(testId.newSessionWorktree).getByText(label, { exact: true }).click()
  }

  async fillBranch(name: string) {
    await this.part(testId.newSessionBranch).fill(name)
  }

  async send() {
    await this.part(testId.newSessionStart).click()
    await expect(this.dialog).toBeHidden()
  }

  async expectError(text: RegExp) {
    await expect(this.part(testId.newSessionError)).toHaveText(text)
  }

  async choose(select: string, label: string) {
    await this.part(select).click()
    await this.page.getByRole('option', { name: label }).first().click()
  }
}
