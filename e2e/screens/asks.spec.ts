import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'
import { worktreeOf } from '../fixtures/agents.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { NeedsYou } from '../pages/needs-you.ts'
import { NewSessionDialog } from '../pages/new-session.ts'
import { SessionRows } from '../pages/session-rows.ts'
import { Shell } from '../pages/shell.ts'
import { TerminalTile } from '../pages/terminal.ts'
import { expect, test, type Yard } from '../fixtures/yard.ts'

// Questions of agents: answered beneath the terminal, in the list, in the terminal itself, or not at all.

test.use({ scene: 'asks' })

test.beforeEach(async ({ page, yard }) => {
  if (await page.getByTestId(testId.firstRun).isVisible()) await new FolderDialog(page).openFolder(yard.repository)
})

/** Nobody asks at the start of a test: what an earlier one left is put away. */
test.afterEach(async ({ page, shell }) => {
  const rows = new SessionRows(page)
  for (const title of await page.getByTestId(testId.sessionTitle).allTextContents()) {
    await rows.choose(title, 'Archive')
    await expect(shell.row(title)).toBeHidden()
  }
  await expect(shell.needsYouCount).toBeHidden()
})

const ask = async (page: Page, title: string) => {
  const shell = new Shell(page)
  await new NewSessionDialog(page).start({ title, agent: 'Demo agent', prompt: `Plan ${title}` })
  await shell.expectBadge(title, 'Needs you')
  const tile = new TerminalTile(page, await shell.sessionId(title))
  return { tile, bar: tile.tile.getByTestId(testId.answerBar) }
}

const planOf = (yard: Yard, slug: string) => join(worktreeOf(yard.repository, slug), 'switchyard-demo', 'PLAN.md')

test('the bar names the file by its path in the worktree; Allow once lets it be written', async ({
  page,
  yard,
  shell,
}) => {
  const { bar, tile } = await ask(page, 'Allow me')
  await expect(bar).toContainText('Allow this new file?')
  await expect(bar).toContainText('switchyard-demo/PLAN.md')
  await expect(bar).not.toContainText(yard.home)
  expect(existsSync(planOf(yard, 'allow-me'))).toBe(false)
  await expect(page).toHaveTitle('(1) Switchyard')
  await bar.getByTestId(testId.answerAllow).click()
  await tile.expectText('Allowed in Switchyard')
  await tile.expectText('NOTES.md?')
  expect(readFileSync(planOf(yard, 'allow-me'), 'utf8')).toContain('# Plan Allow me')
  // The next question has a bar of its own; the keyboard answers it from the bar, never from the terminal.
  await expect(bar).toContainText('NOTES.md')
  await bar.focus()
  await page.keyboard.press('y')
  await expect(bar).toBeHidden()
  await shell.expectBadge('Allow me', 'Idle')
  await expect(page).toHaveTitle('Switchyard')
})

test('a wider permission is one button, and then nothing is asked any more', async ({ page, shell, yard }) => {
  const { bar, tile } = await ask(page, 'Wider')
  await bar.getByTestId(testId.answerWider).filter({ hasText: 'Allow all edits for this session' }).click()
  await shell.expectBadge('Wider', 'Idle')
  await tile.expectText('Nothing was committed.')
  expect(existsSync(planOf(yard, 'wider').replace('PLAN', 'NOTES'))).toBe(true)
})

test('deny with a note by keyboard: Escape goes back, Enter sends, the agent reads it', async ({
  page,
  shell,
  yard,
}) => {
  const { bar, tile } = await ask(page, 'Deny me')
  await bar.focus()
  await page.keyboard.press('n')
  await expect(bar.getByTestId(testId.answerNote)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(bar.getByTestId(testId.answerAllow)).toBeVisible()
  await bar.getByTestId(testId.answerDeny).click()
  await page.keyboard.type('Yes, but no: use docs/ instead')
  await page.keyboard.press('Enter')
  await shell.expectBadge('Deny me', 'Idle')
  await tile.expectText('Yes, but no: use docs/ instead')
  await tile.expectText('Changed nothing.')
  expect(existsSync(planOf(yard, 'deny-me'))).toBe(false)
})

test('answered in the terminal, the bar and the list are clear', async ({ page, shell }) => {
  const { bar, tile } = await ask(page, 'By hand')
  await tile.focus()
  await page.keyboard.press('y')
  await tile.expectText('Allowed here')
  await expect(bar).toContainText('NOTES.md')
  await tile.focus()
  await page.keyboard.press('Escape')
  await tile.expectText('Denied here')
  await expect(bar).toBeHidden()
  await shell.expectBadge('By hand', 'Idle')
  await expect(shell.needsYouCount).toBeHidden()
})

test('the list shows who waits longest first; the shortcut goes round; Enter goes to the terminal', async ({
  page,
  shell,
}) => {
  await ask(page, 'Older')
  await ask(page, 'Newer')
  await expect(shell.needsYouCount).toHaveText('2')
  await expect(page).toHaveTitle('(2) Switchyard')
  const list = new NeedsYou(page)
  await list.open()
  const rows = page.getByTestId(testId.askRow)
  await expect(rows).toHaveCount(2)
  await expect(rows.nth(0)).toContainText('Older')
  await expect(rows.nth(1)).toContainText('Newer')
  await expect(rows.nth(0)).toHaveAttribute('aria-current', 'true')
  await expect(rows.nth(0)).toContainText('Permission to write a file')
  await expect(rows.nth(0).locator('.ask-edit-path')).toHaveText('switchyard-demo/PLAN.md')
  // From the sidebar over the tabs into the list.
  for (let part = 0; part < 2; part++) await page.keyboard.press('F6')
  await expect(rows.nth(0)).toBeFocused()
  await page.keyboard.press('Shift+F6')
  await expect(rows.nth(0)).not.toBeFocused()
  await page.keyboard.press('Control+Shift+U')
  await expect(rows.nth(0)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(1)).toBeFocused()
  await page.keyboard.press('Control+Shift+U')
  await expect(rows.nth(0)).toBeFocused()
  await page.keyboard.press('Enter')
  const older = new TerminalTile(page, await shell.sessionId('Older'))
  await expect(older.tile.locator('.xterm-helper-textarea')).toBeFocused()
  // From a terminal it goes on to the next one, straight to the answer.
  await page.keyboard.press('Control+Shift+U')
  const newer = new TerminalTile(page, await shell.sessionId('Newer'))
  await expect(newer.tile.getByTestId(testId.answerBar)).toBeFocused()
})

test('an empty list says what it is for', async ({ page }) => {
  await new NeedsYou(page).open()
  await expect(page.getByTestId(testId.needsYou)).toContainText('Nobody needs you')
  await page.getByRole('button', { name: 'Go to terminals' }).click()
  await expect(page.getByTestId(testId.needsYou)).toBeHidden()
})

test('a note that is half typed stays while one looks elsewhere', async ({ page }) => {
  const { bar } = await ask(page, 'Half')
  await bar.getByTestId(testId.answerDeny).click()
  await page.keyboard.type('not yet')
  await new NeedsYou(page).open()
  await expect(page.getByTestId(testId.needsYou).getByTestId(testId.answerNote)).toHaveValue('not yet')
  await new NeedsYou(page).close()
  await expect(bar.getByTestId(testId.answerNote)).toHaveValue('not yet')
})

test('news of a session one does not look at leaves a dot until it is looked at', async ({ page, shell }) => {
  const { tile: first } = await ask(page, 'Watched')
  await ask(page, 'Looked at')
  await shell.openSession('Looked at')
  await expect(first.tile).toBeVisible()
  const dot = shell.row('Watched').getByTestId(testId.sessionUnread)
  await new NeedsYou(page).open()
  const row = new NeedsYou(page).row(await shell.sessionId('Watched'))
  await row.click()
  await row.getByTestId(testId.answerWider).click()
  await shell.expectBadge('Watched', 'Idle')
  await expect(dot).toBeVisible()
  await shell.openSession('Watched')
  await expect(dot).toBeHidden()
})

test('after the app was killed the agent asks again, once, and is answered here', async ({ page, shell, yard }) => {
  const { bar, tile } = await ask(page, 'Survivor')
  await yard.app().kill()
  await shell.waitUntilAway()
  await yard.startAgain()
  await shell.waitUntilConnected()
  await expect(bar.getByTestId(testId.answerAllow)).toBeVisible()
  await expect(shell.needsYouCount).toHaveText('1')
  await bar.getByTestId(testId.answerAllow).click()
  await tile.expectText('Allowed in Switchyard')
})
