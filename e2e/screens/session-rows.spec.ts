import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'
import { worktreeOf } from '../fixtures/agents.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { SessionRows } from '../pages/session-rows.ts'
import { TerminalTile } from '../pages/terminal.ts'
import { expect, test, type Yard } from '../fixtures/yard.ts'

// The list of sessions: what can be done with a row, by keyboard as well as by mouse, and how it is undone.

test.use({ scene: 'session-rows' })

const titles = ['Cherry', 'Banana', 'Apple'] as const

/** Three plain shells, newest first, once for all tests of this file. */
test.beforeEach(async ({ page, yard, shell, newSession }) => {
  if (!(await page.getByTestId(testId.firstRun).isVisible())) return
  await new FolderDialog(page).openFolder(yard.repository)
  for (const title of [...titles].reverse()) await newSession.startShell(title)
  for (const title of titles) await expect(shell.row(title)).toBeVisible()
})

const folderOf = (yard: Yard, slug: string) => worktreeOf(yard.repository, slug)
const rowsOf = (page: Page) => new SessionRows(page)

test('F2 renames; Escape leaves the name; an empty one changes nothing; it is kept', async ({ page, shell }) => {
  await shell.row('Cherry').focus()
  await page.keyboard.press('F2')
  const field = page.getByTestId(testId.sessionRename)
  await expect(field).toBeFocused()
  await page.keyboard.type('Not kept')
  await page.keyboard.press('Escape')
  await expect(shell.row('Cherry')).toBeFocused()
  await page.keyboard.press('F2')
  await field.fill('   ')
  await page.keyboard.press('Enter')
  await expect(shell.row('Cherry')).toBeFocused()
  await page.keyboard.press('F2')
  await page.keyboard.type('Dark “cherry” <b>1</b>')
  await page.keyboard.press('Enter')
  await expect(shell.row('Dark “cherry” <b>1</b>')).toBeFocused()
  await page.reload()
  await expect(shell.row('Dark “cherry” <b>1</b>')).toBeVisible()
  await shell.row('Dark “cherry” <b>1</b>').dblclick()
  await field.fill('Cherry')
  await page.keyboard.press('Enter')
  await expect(shell.row('Cherry')).toBeVisible()
})

test('Alt+Shift and arrows move a row, and the order is kept', async ({ page, shell }) => {
  const rows = rowsOf(page)
  await rows.expectOrder(['Cherry', 'Banana', 'Apple'])
  await shell.row('Cherry').focus()
  await page.keyboard.press('Alt+Shift+ArrowDown')
  await rows.expectOrder(['Banana', 'Cherry', 'Apple'])
  await expect(shell.row('Cherry')).toBeFocused()
  await page.keyboard.press('Alt+Shift+ArrowDown')
  await rows.expectOrder(['Banana', 'Apple', 'Cherry'])
  // There is nothing below the last one.
  await page.keyboard.press('Alt+Shift+ArrowDown')
  await page.reload()
  await rows.expectOrder(['Banana', 'Apple', 'Cherry'])
  await shell.row('Cherry').focus()
  await page.keyboard.press('Alt+Shift+ArrowUp')
  await rows.expectOrder(['Banana', 'Cherry', 'Apple'])
  await shell.row('Cherry').dragTo(shell.row('Banana'), { targetPosition: { x: 40, y: 2 } })
  await rows.expectOrder(['Cherry', 'Banana', 'Apple'])
})

test('arrows go from row to row and Enter opens one', async ({ page, shell }) => {
  await shell.row('Cherry').focus()
  await page.keyboard.press('ArrowDown')
  await expect(shell.row('Banana')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(shell.row('Banana')).toHaveAttribute('aria-selected', 'true')
  const tile = new TerminalTile(page, await shell.sessionId('Banana'))
  await expect(tile.tile.locator('.xterm-helper-textarea')).toBeFocused()
  await page.keyboard.press('Control+3')
  await expect(shell.row('Apple')).toHaveAttribute('aria-selected', 'true')
})

test('a pinned row stays at the top', async ({ page, shell }) => {
  const rows = rowsOf(page)
  await rows.choose('Apple', 'Pin to the top')
  await rows.expectOrder(['Apple', 'Cherry', 'Banana'])
  await expect(shell.row('Apple')).toContainText('pinned')
  // By keyboard, as a person without a mouse opens a menu.
  await shell.row('Apple').focus()
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: 'Unpin' }).press('Enter')
  await rows.expectOrder(['Cherry', 'Banana', 'Apple'])
})

test('the filter finds by title, branch and state; Escape shows all again', async ({ page, shell }) => {
  const rows = rowsOf(page)
  const filter = page.getByTestId(testId.projectFilter)
  await page.getByRole('button', { name: 'Filter the sessions of my project' }).click()
  await expect(filter).toBeFocused()
  await page.keyboard.type('BAN')
  await rows.expectOrder(['Banana'])
  await filter.fill('switchyard/apple')
  await rows.expectOrder(['Apple'])
  await filter.fill('no such thing')
  await expect(shell.row('Apple')).toBeHidden()
  await expect(page.getByTestId(testId.sidebar)).toContainText('No session matches')
  await filter.press('Escape')
  await expect(filter).toBeHidden()
  await rows.expectOrder(['Cherry', 'Banana', 'Apple'])
})

test('the menu says why something cannot be done and copies what can', async ({ page, shell, context, yard }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const rows = rowsOf(page)
  await rows.choose('Cherry', 'Copy branch')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('switchyard/cherry')
  await rows.choose('Cherry', 'Copy path')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(folderOf(yard, 'cherry'))
  await shell.row('Cherry').click({ button: 'right' })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toBeHidden()
})

test('a shell opens beside its session, in its folder', async ({ page, yard }) => {
  await rowsOf(page).choose('Banana', 'Open a shell here')
  const shellTile = page.locator(`[data-testid="${testId.tile}"][data-view^="shell"]`)
  await expect(shellTile.locator('.xterm-helper-textarea')).toBeFocused()
  await expect(shellTile.locator('.xterm-rows')).toContainText('ready>')
  await page.keyboard.type('pwd > where.txt\n')
  const file = join(folderOf(yard, 'banana'), 'where.txt')
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toBe(`${folderOf(yard, 'banana')}\n`)
  await page.keyboard.type('rm where.txt; exit\n')
  await expect(shellTile).toContainText('The shell ended.')
  await shellTile.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(shellTile).toBeHidden()
})

test('archive puts away and undo takes back; the worktree stays all the time', async ({ page, shell, yard }) => {
  const rows = rowsOf(page)
  const folder = folderOf(yard, 'cherry')
  await rows.choose('Cherry', 'Archive')
  await expect(shell.row('Cherry')).toBeHidden()
  await expect(page.getByTestId(testId.toast)).toContainText('Archived Cherry. Its worktree and branch stay.')
  expect(existsSync(folder)).toBe(true)
  await page.getByTestId(testId.toastAction).click()
  await expect(shell.row('Cherry')).toBeVisible()

  await rows.choose('Cherry', 'Archive')
  await expect(shell.row('Cherry')).toBeHidden()
  await page.reload()
  const filter = page.getByTestId(testId.projectFilter)
  await page.getByRole('button', { name: 'Filter the sessions of' }).click()
  await filter.fill('no such words')
  await expect(page.getByText('No session matches')).toBeVisible()
  await filter.fill('cher')
  await expect(page.getByTestId(testId.archivedRow)).toHaveText(/Cherry/)
  await expect(page.getByText('No session matches')).toBeHidden()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId(testId.archivedRow)).toHaveCount(0)
  await page.getByTestId(testId.archivedToggle).click()
  await page.getByRole('button', { name: 'Take Cherry out of the archive' }).click()
  await expect(shell.row('Cherry')).toBeVisible()
  await expect(page.getByTestId(testId.archivedToggle)).toBeHidden()
})

test('delete brings back changed, staged and new files with undo', async ({ page, shell, yard, newSession }) => {
  await newSession.startShell('Doomed')
  await expect(shell.row('Doomed').getByTestId(testId.sessionBranch)).toHaveText('doomed')
  await shell.expectBadge('Doomed', /Unknown|Idle|Working/)
  const folder = folderOf(yard, 'doomed')
  writeFileSync(join(folder, 'README.md'), 'changed\n')
  writeFileSync(join(folder, 'staged.txt'), 'staged\n')
  execFileSync('git', ['add', 'staged.txt'], { cwd: folder })
  writeFileSync(join(folder, 'new “file”.txt'), 'new\n')
  const before = execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' })

  await rowsOf(page).choose('Doomed', 'Delete with its branch')
  const toast = page.getByTestId(testId.toast)
  await expect(toast).toContainText('Deleted Doomed and its branch. What was not committed is kept in a rescue ref.')
  await expect(shell.row('Doomed')).toBeHidden()
  expect(existsSync(folder)).toBe(false)
  await page.getByTestId(testId.toastAction).click()
  await expect(shell.row('Doomed')).toBeVisible()
  await expect.poll(() => existsSync(join(folder, 'new “file”.txt'))).toBe(true)
  expect(execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' })).toBe(before)
  expect(execFileSync('git', ['branch', '--show-current'], { cwd: folder, encoding: 'utf8' })).toBe(
    'switchyard/doomed\n',
  )
})

test('stop ends the agent, resume takes up its conversation', async ({ page, shell, newSession }) => {
  const rows = rowsOf(page)
  await newSession.start({ title: 'Date', agent: 'Demo agent', mode: 'acceptEdits', prompt: 'Sort the dates' })
  await shell.expectBadge('Date', 'Idle')
  await rows.choose('Date', 'Stop')
  await shell.expectBadge('Date', 'Stopped')
  await shell.openSession('Date')
  const tile = new TerminalTile(page, await shell.sessionId('Date'))
  await expect(tile.tile.getByTestId(testId.sessionEnd)).toContainText('Stopped')
  await tile.resume()
  await shell.expectBadge('Date', 'Idle')
  await tile.expectText('Resumed. 1 turn so far')
  await expect(tile.tile.getByTestId(testId.sessionEnd)).toBeHidden()
})

test('a project with live sessions cannot be taken off the list', async ({ page, shell }) => {
  await page.getByTestId(testId.projectMenu).click()
  await page.getByRole('menuitem', { name: 'Take off the list' }).click()
  await expect(page.getByTestId(testId.toast)).toContainText('still running here. Stop or archive them first.')
  await expect(shell.project('my project')).toBeVisible()
})
