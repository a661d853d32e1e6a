import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { testId } from '../../renderer/lib/test-ids.ts'
import { worktreeOf } from '../fixtures/agents.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { Shell } from '../pages/shell.ts'
import { TerminalTile } from '../pages/terminal.ts'
import { startAgain } from '../fixtures/app.ts'
import { expect, openPage, test } from '../fixtures/yard.ts'

// Two windows look at one app, and a worktree goes away beneath its session.

test.use({ scene: 'connection' })

test.beforeEach(async ({ page, yard }) => {
  if (await page.getByTestId(testId.firstRun).isVisible()) await new FolderDialog(page).openFolder(yard.repository)
})

test('two windows see the same sessions, names and questions', async ({ page, yard, browser, shell, newSession }) => {
  const context = await browser.newContext()
  await yard.signIn(context)
  const second = await context.newPage()
  await openPage(second, yard)
  const other = new Shell(second)
  await newSession.start({ title: 'Shared', agent: 'Demo agent', prompt: 'For both' })
  await shell.expectBadge('Shared', 'Needs you')
  await other.expectBadge('Shared', 'Needs you')
  await expect(second).toHaveTitle('(1) Switchyard')
  await other.openSession('Shared')
  const there = new TerminalTile(second, await other.sessionId('Shared'))
  await there.expectText('May I write')
  await there.tile.getByTestId(testId.answerWider).click()
  await shell.expectBadge('Shared', 'Idle')
  await expect(page.getByTestId(testId.answerBar)).toBeHidden()
  await expect(page).toHaveTitle('Switchyard')

  await other.row('Shared').focus()
  await second.keyboard.press('F2')
  await second.keyboard.type('Renamed there')
  await second.keyboard.press('Enter')
  await expect(shell.row('Renamed there')).toBeVisible()
  // Both type into one terminal and see it.
  const here = new TerminalTile(page, await shell.sessionId('Renamed there'))
  await here.focus()
  await page.keyboard.type('from here ')
  await there.expectText('from here')
  await there.focus()
  await second.keyboard.type('and there')
  await here.expectText('from here and there')
  await context.close()
})

test('a worktree that vanished stops its session there, and is restored', async ({ page, yard, shell, newSession }) => {
  await newSession.start({ title: 'Lost folder', agent: 'Demo agent', mode: 'acceptEdits', prompt: 'Write it down' })
  await shell.expectBadge('Lost folder', 'Idle')
  const tile = new TerminalTile(page, await shell.sessionId('Lost folder'))
  await tile.tile.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Stop' }).click()
  await shell.expectBadge('Lost folder', 'Stopped')
  const list = execFileSync('git', ['worktree', 'list', '--porcelain'], { cwd: yard.repository, encoding: 'utf8' })
  const folder = /worktree (.*lost-folder-\w+)/.exec(list)?.[1] ?? ''
  expect(folder).not.toBe('')
  execFileSync('rm', ['-r', folder])
  // By its menu: the button gives way as soon as the loss is noticed.
  await shell.choose('Lost folder', 'resume')
  await expect(page.getByTestId(testId.toast).or(tile.tile.getByTestId(testId.sessionEnd))).toContainText([
    /gone|missing/,
  ])
  await tile.tile.getByRole('button', { name: 'Restore the folder' }).click()
  await tile.tile.getByTestId(testId.sessionResume).click()
  await shell.expectBadge('Lost folder', 'Idle')
})

test('a worktree that was moved is found where it is now, and its session goes on there', async ({
  page,
  yard,
  shell,
  newSession,
}) => {
  await newSession.start({ title: 'Moved folder', agent: 'Demo agent', mode: 'acceptEdits', prompt: 'Write it down' })
  await shell.expectBadge('Moved folder', 'Idle')
  const tile = new TerminalTile(page, await shell.sessionId('Moved folder'))
  await shell.choose('Moved folder', 'stop')
  await shell.expectBadge('Moved folder', 'Stopped')
  const folder = worktreeOf(yard.repository, 'moved-folder')
  const moved = join(yard.home, 'moved by hand')
  renameSync(folder, moved)
  rmSync(join(moved, 'switchyard-demo'), { recursive: true })
  await shell.choose('Moved folder', 'resume')
  const end = tile.tile.getByTestId(testId.sessionEnd)
  await expect(end).toContainText('is gone or was moved. Restore it, or choose where it is now.')

  await end.getByTestId(testId.sessionFindFolder).click()
  const dialog = new FolderDialog(page, testId.findFolder)
  await expect(dialog.path).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog.error).toHaveText('Choose the folder below, or type its path.')
  for (const [wrong, why] of [
    [join(yard.home, 'nowhere'), /nowhere/],
    [yard.repository, /is not the folder of this worktree/],
  ] as const) {
    await dialog.submit(wrong)
    await expect(dialog.error).toHaveText(why)
    await expect(dialog.path).toHaveAttribute('aria-invalid', 'true')
  }
  // As people write it, and then by going down into it.
  await dialog.path.fill('~')
  await page.keyboard.press('Enter')
  await expect(dialog.error).toContainText('is not the folder of this worktree')
  await dialog.entry('moved by hand').click()
  await expect(dialog.path).toHaveValue(moved)
  await expect(dialog.error).toBeHidden()
  await dialog.root.getByTestId(testId.findFolderChoose).click()
  await expect(dialog.root).toBeHidden()
  expect(worktreeOf(yard.repository, 'moved-folder')).toBe(moved)

  await tile.resume()
  await shell.expectBadge('Moved folder', 'Idle')
  await tile.prompt('Write it down again')
  await expect.poll(() => existsSync(join(moved, 'switchyard-demo', 'PLAN.md'))).toBe(true)
  expect(existsSync(folder)).toBe(false)
})

test('a link that is opened in the tab that was refused lets it in, once', async ({ yard, browser }) => {
  const context = await browser.newContext()
  const stranger = await context.newPage()
  const shell = new Shell(stranger)
  await stranger.goto(yard.app().origin)
  await shell.waitUntilRefused()
  // The link of the first start was used by somebody else.
  await stranger.goto(yard.app().link)
  await expect(stranger.getByTestId(testId.unauthorised)).toContainText('That link was used already')
  expect(stranger.url()).not.toContain('code=')
  const { link } = await startAgain({ home: yard.home, dataDir: join(yard.folder, 'data') })
  await stranger.goto(link)
  await shell.waitUntilConnected()
  expect(stranger.url()).not.toContain('code=')
  await context.close()
})
