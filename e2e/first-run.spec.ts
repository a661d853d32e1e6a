import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { worktreeOf } from './fixtures/agents.ts'
import { expect, test } from './fixtures/test.ts'
import { FolderDialog } from './pages/folder-dialog.ts'
import { FirstRun } from './pages/first-run.ts'
import { NeedsYou } from './pages/needs-you.ts'
import { NewSessionDialog } from './pages/new-session.ts'
import { Palette } from './pages/palette.ts'
import { Shell } from './pages/shell.ts'
import { TerminalTile } from './pages/terminal.ts'

test('a newcomer gets from nothing to a finished session with the sample project and the demo agent', async ({
  launch,
  home,
  violations,
}) => {
  const { page } = await launch()
  const shell = new Shell(page)
  const firstRun = new FirstRun(page)
  await shell.waitUntilConnected()

  await test.step('the first screen says what is on this computer', async () => {
    await firstRun.expectCheck('git', 'good')
    await firstRun.expectCheck('claude-code', 'good')
  })
  await firstRun.openSample()
  const sample = await shell.onlyProjectName()

  await test.step('the demo agent asks, in the app, before it writes', async () => {
    await new NewSessionDialog(page).start({
      title: 'Try it',
      agent: 'Demo',
      prompt: 'Write a plan for the first week.',
    })
    await shell.expectBadge('Try it', 'Needs you')
    const needsYou = new NeedsYou(page)
    await needsYou.open()
    for (const file of ['PLAN.md', 'NOTES.md']) {
      await needsYou.expectText(await shell.sessionId('Try it'), file)
      await needsYou.allow(await shell.sessionId('Try it'))
    }
    await needsYou.expectEmpty()
    await needsYou.close()
    await shell.expectBadge('Try it', 'Idle')
  })

  await test.step('its files are in its worktree and nowhere else', async () => {
    const terminal = new TerminalTile(page, await shell.sessionId('Try it'))
    await terminal.expectText('Nothing was committed.')
    const repository = join(home, sample)
    expect(readFileSync(join(worktreeOf(repository, 'try-it'), 'switchyard-demo', 'PLAN.md'), 'utf8')).toContain(
      '# Write a plan for the first week.',
    )
    expect(existsSync(join(repository, 'switchyard-demo'))).toBe(false)
  })
  expect(violations).toEqual([])
})

test('a folder that is no repository is refused where it was typed, and can be made one', async ({
  launch,
  folder,
}) => {
  const { page } = await launch()
  const shell = new Shell(page)
  await shell.waitUntilConnected()
  const firstRun = new FirstRun(page)
  await firstRun.openFolder(join(folder, 'nowhere'))
  await firstRun.expectFolderError('nowhere')
  await firstRun.openFolder(folder)
  await firstRun.expectFolderError('not in a git repository')
  await firstRun.makeRepository()
  await expect(shell.project(folder.split('/').at(-1) ?? '')).toBeVisible()
})

test('everything up to a running session can be done with the keyboard alone', async ({ launch, repository }) => {
  const { page } = await launch()
  const shell = new Shell(page)
  await shell.waitUntilConnected()
  const keys = page.keyboard
  await new Palette(page).run('Open a repository')
  await expect(new FolderDialog(page).path).toBeFocused()
  await keys.type(repository)
  await keys.press('Enter')
  await expect(shell.project('my project')).toBeVisible()
  await keys.press('Alt+Shift+N')
  const dialog = new NewSessionDialog(page)
  await expect(dialog.prompt).toBeFocused()
  await dialog.waitUntilReady()
  await keys.type('Say hello')
  await keys.press('Shift+Enter')
  await keys.type('[[scenario:hello name=Keys]]')
  await keys.press('Enter')
  await shell.expectBadge('Say hello', 'Idle')
})
