import { execFileSync } from 'node:child_process'
import { testId } from '../../renderer/lib/test-ids.ts'
import { TerminalTile } from '../pages/terminal.ts'
import { expect, test, type Yard } from '../fixtures/yard.ts'

// The dialog in which a session is begun, by mouse and by keyboard, with everything one can choose wrongly.

test.use({ scene: 'new-session' })

const git = (folder: string, ...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
const branchesOf = (folder: string) => git(folder, 'branch', '--format=%(refname:short)').trim().split('\n')

let repository = ''
test.beforeAll(({ yard }: { yard: Yard }) => {
  repository = yard.makeRepository('an app')
  git(repository, 'branch', 'feature/ready')
  git(repository, 'worktree', 'add', '--quiet', `${yard.folder}/other tree`, '-b', 'elsewhere')
})

test.beforeEach(async ({ shell, page }) => {
  if (await page.getByTestId(testId.firstRun).isVisible()) await shell.openProject(repository)
  await expect(shell.project('an app')).toBeVisible()
})

test('a line of text and Enter start a session, whose terminal has the focus', async ({ shell, newSession, page }) => {
  await page.keyboard.press('Alt+Shift+N')
  await newSession.waitUntilReady()
  await expect(newSession.part(testId.newSessionPrompt)).toBeFocused()
  await page.keyboard.type('# Fix the **login** page.')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('And nothing else')
  await expect(newSession.part(testId.newSessionPrompt)).toHaveValue('# Fix the **login** page.\nAnd nothing else')
  await expect(newSession.part(testId.newSessionTitle)).toHaveAttribute('placeholder', 'Fix the login page')
  await expect(newSession.part(testId.newSessionBranch)).toHaveAttribute('placeholder', 'switchyard/fix-the-login-page')
  await page.keyboard.press('Enter')
  await expect(newSession.dialog).toBeHidden()
  await shell.expectBadge('Fix the login page', 'Needs you')
  const tile = new TerminalTile(page, await shell.sessionId('Fix the login page'))
  await expect(tile.tile.locator('.xterm-helper-textarea')).toBeFocused()
  await expect(page.getByRole('tooltip')).toBeHidden()
  await tile.expectText('Fix the **login** page.')
  expect(branchesOf(repository)).toContain('switchyard/fix-the-login-page')
})

test('a draft is kept when the dialog closes and when the page is loaded again', async ({ newSession, page }) => {
  await newSession.open()
  await newSession.part(testId.newSessionPrompt).fill('Half a thought')
  await newSession.part(testId.newSessionTitle).fill('My title')
  await page.keyboard.press('Escape')
  await expect(newSession.dialog).toBeHidden()
  await expect(page.getByTestId(testId.newSessionButton)).toBeFocused()
  await newSession.open()
  await expect(newSession.part(testId.newSessionPrompt)).toHaveValue('Half a thought')
  await newSession.part(testId.newSessionCancel).click()
  await page.reload()
  await newSession.open()
  await expect(newSession.part(testId.newSessionPrompt)).toHaveValue('Half a thought')
  await expect(newSession.part(testId.newSessionTitle)).toHaveValue('My title')
  await newSession.part(testId.newSessionPrompt).fill('')
  await newSession.part(testId.newSessionTitle).fill('')
  await newSession.part(testId.newSessionCancel).click()
})

test('a branch name that cannot be is said while it is typed, and nothing is started with it', async ({
  newSession,
  page,
  shell,
}) => {
  const before = branchesOf(repository)
  await newSession.open()
  await newSession.part(testId.newSessionPrompt).fill('Wrong branch')
  for (const [name, message] of [
    ['with a space', 'A branch name cannot hold a space. Try with-a-space.'],
    ['what?', 'A branch name of ours cannot hold ?.'],
    ['a..b', 'Git does not take this name. Try a.b.'],
    ['x.lock', 'Git does not take this name. Try x.'],
    ['b'.repeat(101), 'Use at most 100 characters.'],
    ['feature/ready', 'feature/ready is there already. Choose another name, or "Existing branch".'],
  ] as const) {
    await newSession.part(testId.newSessionBranch).fill(name)
    await expect(newSession.part(testId.newSessionError)).toContainText(message)
    await expect(newSession.part(testId.newSessionBranch)).toHaveAttribute('aria-invalid', 'true')
  }
  await newSession.part(testId.newSessionStart).click()
  await expect(newSession.dialog).toBeVisible()
  // Only the backend knows that git keeps branches as files; what it refuses is said at the same field.
  await newSession.part(testId.newSessionBranch).fill('main/more')
  await expect(newSession.part(testId.newSessionError)).toBeHidden()
  await page.keyboard.press('Enter')
  await expect(newSession.part(testId.newSessionError)).toContainText(
    'The branch main/more exists, or one that excludes',
  )
  await expect(newSession.part(testId.newSessionPrompt)).toHaveValue('Wrong branch')
  expect(branchesOf(repository)).toEqual(before)
  await expect(shell.row('Wrong branch')).toBeHidden()

  await newSession.part(testId.newSessionBranch).fill('my/own.name')
  await newSession.part(testId.newSessionStart).click()
  await expect(newSession.dialog).toBeHidden()
  await expect(shell.row('Wrong branch').getByTestId(testId.sessionBranch)).toHaveText('my/own.name')
  await expect.poll(() => branchesOf(repository)).toContain('my/own.name')
})

test('a base that is not there is refused at its field', async ({ newSession, page }) => {
  await newSession.open()
  await newSession.part(testId.newSessionPrompt).fill('From another base')
  await newSession.part(testId.newSessionBase).click()
  await page.keyboard.type('no-such-ref')
  await page.keyboard.press('Enter')
  await expect(newSession.part(testId.newSessionError)).toContainText('no-such-ref')
})

test('an existing branch is checked out; one that is checked out already cannot be chosen', async ({
  newSession,
  page,
  shell,
}) => {
  await newSession.open()
  await newSession.part(testId.newSessionPrompt).fill('Go on there')
  await newSession.chooseWorktree('Existing branch')
  await newSession.part(testId.newSessionStart).click()
  await expect(newSession.part(testId.newSessionError)).toHaveText('Choose a branch.')
  await newSession.part(testId.newSessionBase).click()
  const taken = page.getByRole('option', { name: 'main', exact: false }).first()
  await expect(taken).toContainText('checked out elsewhere')
  await expect(taken).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('option', { name: 'feature/ready' }).click()
  await expect(newSession.part(testId.newSessionSummary)).toContainText('feature/ready is checked out in a worktree')
  await newSession.part(testId.newSessionStart).click()
  await expect(newSession.dialog).toBeHidden()
  await shell.expectBadge('Go on there', 'Needs you')
  await expect(shell.row('Go on there').getByTestId(testId.sessionBranch)).toHaveText('feature/ready')
})

test('an existing worktree is worked in as it is; a folder that is none is refused', async ({
  newSession,
  page,
  shell,
  yard,
}) => {
  await newSession.open()
  await newSession.part(testId.newSessionPrompt).fill('In the other tree')
  await newSession.chooseWorktree('Existing worktree')
  await newSession.part(testId.newSessionStart).click()
  await expect(newSession.part(testId.newSessionError)).toHaveText('Choose or type a folder.')
  await newSession.part(testId.newSessionBase).click()
  await page.keyboard.type(`${yard.folder}/nowhere`)
  await page.keyboard.press('Enter')
  await newSession.part(testId.newSessionStart).click()
  await expect(newSession.part(testId.newSessionError)).toContainText('is not a worktree of this project')
  await newSession.part(testId.newSessionBase).click()
  await page.getByRole('option', { name: 'other tree' }).click()
  await newSession.part(testId.newSessionStart).click()
  await expect(newSession.dialog).toBeHidden()
  await shell.expectBadge('In the other tree', 'Needs you')
  await expect(shell.row('In the other tree').getByTestId(testId.sessionBranch)).toHaveText('elsewhere')
  expect(git(repository, 'worktree', 'list')).toContain('other tree')
})

test('a path that is typed is taken as it is, whatever other worktree ends in the same way', async ({
  newSession,
  page,
  yard,
}) => {
  const inner = `${yard.folder}/backup${yard.folder}/wanted`
  git(repository, 'worktree', 'add', '--quiet', '--detach', inner)
  git(repository, 'worktree', 'add', '--quiet', `${yard.folder}/wanted`, '-b', 'wanted')
  git(inner, 'switch', '--quiet', '-c', 'inner')
  await newSession.open({ prompt: 'Exactly there' })
  await newSession.chooseWorktree('Existing worktree')
  const picker = newSession.part(testId.newSessionBase)
  const take = async (typed: string) => {
    await picker.click()
    await page.keyboard.type(typed)
    await page.keyboard.press('Enter')
  }
  // One of the list, which is part of another one's path.
  await take(`${yard.folder}/wanted`)
  await expect(picker).toHaveAttribute('data-value', `${yard.folder}/wanted`)
  // One that is not in the list and part of one that is.
  git(repository, 'worktree', 'remove', `${yard.folder}/wanted`)
  await newSession.part(testId.newSessionCancel).click()
  await newSession.open()
  await take(`${yard.folder}/wanted`)
  await expect(picker).toHaveAttribute('data-value', `${yard.folder}/wanted`)
  await newSession.part(testId.newSessionStart).click()
  await newSession.expectError(/wanted is not a worktree of this project/)
  // Part of a name still finds.
  await take('backup')
  await expect(picker).toHaveAttribute('data-value', inner)
  await newSession.chooseWorktree('New branch')
  await newSession.prompt.fill('')
  await newSession.part(testId.newSessionCancel).click()
})

test('in place is possible and warned of', async ({ newSession, page, shell }) => {
  const before = branchesOf(repository)
  await newSession.open()
  await newSession.part(testId.newSessionPrompt).fill('Right here')
  await newSession.chooseWorktree('In place')
  await expect(newSession.dialog).toContainText(`In place. The agent edits your checkout at ${repository}`)
  await expect(newSession.part(testId.newSessionSummary)).toContainText('Nothing is created.')
  await newSession.part(testId.newSessionStart).click()
  await expect(newSession.dialog).toBeHidden()
  await shell.expectBadge('Right here', 'Needs you')
  expect(branchesOf(repository)).toEqual(before)
  await expect(shell.row('Right here').getByTestId(testId.sessionBranch)).toHaveText('main')
  await expect(page.getByTestId(testId.toast)).toBeHidden()
})

test('agents that are not there cannot be chosen and say how to get them', async ({ newSession, page }) => {
  await newSession.open()
  await newSession.part(testId.newSessionAgent).click()
  const missing = page.getByRole('option', { name: 'Claude Code' })
  await expect(missing).toContainText('not found')
  await expect(missing).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('option', { name: 'Shell' }).click()
  await expect(newSession.part(testId.newSessionPrompt)).toBeHidden()
  await expect(newSession.part(testId.newSessionTitle)).toHaveAttribute('placeholder', 'Shell')
  await newSession.choose(testId.newSessionAgent, 'Demo agent')
  await expect(newSession.part(testId.newSessionPrompt)).toBeVisible()
})

test('several can be started one after the other', async ({ newSession, page, shell }) => {
  await newSession.open()
  await newSession.dialog.getByText('Start another after this').click()
  for (const title of ['First of two', 'Second of two']) {
    await newSession.part(testId.newSessionPrompt).fill(title)
    await page.keyboard.press('Enter')
    await expect(newSession.part(testId.newSessionPrompt)).toHaveValue('')
    await expect(newSession.part(testId.newSessionPrompt)).toBeFocused()
  }
  await newSession.part(testId.newSessionCancel).click()
  for (const title of ['First of two', 'Second of two']) await expect(shell.row(title)).toBeVisible()
})
