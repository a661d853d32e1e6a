import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { worktreeOf } from './fixtures/agents.ts'
import { expect, test } from './fixtures/test.ts'
import { NewSessionDialog } from './pages/new-session.ts'
import { Shell } from './pages/shell.ts'
import { TerminalTile } from './pages/terminal.ts'

/** A session of the demo agent that has done its work. */
const startFinished = async (page: Page, repository: string, title: string) => {
  const shell = new Shell(page)
  await shell.waitUntilConnected()
  if ((await shell.projects.count()) === 0) await shell.openProject(repository)
  await new NewSessionDialog(page).start({ title, agent: 'Demo', mode: 'acceptEdits', prompt: `Do ${title}.` })
  await shell.expectBadge(title, 'Idle')
  return shell
}

test('a session is renamed in place, and keeps its name over a restart', async ({ launch, repository }) => {
  const first = await launch()
  const shell = await startFinished(first.page, repository, 'Old name')
  await shell.rename('Old name', 'A better name')
  await expect(shell.row('A better name')).toBeVisible()
  await first.stop()
  const again = await launch()
  await expect(new Shell(again.page).row('A better name')).toBeVisible()
})

test('an archived session leaves the list and comes back as it was', async ({ launch, repository }) => {
  const { page } = await launch()
  const shell = await startFinished(page, repository, 'Put away')
  await shell.choose('Put away', 'archive')
  await expect(shell.row('Put away')).toBeHidden()
  await shell.unarchive('Put away')
  await expect(shell.row('Put away')).toBeVisible()
})

test('deleting a session keeps every byte: undo brings the worktree back with what nobody committed', async ({
  launch,
  repository,
}) => {
  const { page } = await launch()
  const shell = await startFinished(page, repository, 'Mistake')
  const worktree = worktreeOf(repository, 'mistake')
  writeFileSync(join(worktree, 'not added.txt'), 'precious\n')
  const before = readdirSync(worktree).sort()
  await shell.choose('Mistake', 'delete')
  await expect(shell.row('Mistake')).toBeHidden()
  await expect.poll(() => existsSync(worktree)).toBe(false)
  await shell.undo()
  await expect(shell.row('Mistake')).toBeVisible()
  await expect.poll(() => existsSync(worktree) && readdirSync(worktree).sort()).toEqual(before)
})

test('a shell opens in the worktree, and its screen and its history outlive the app', async ({
  launch,
  repository,
}) => {
  const first = await launch()
  const shell = await startFinished(first.page, repository, 'With shell')
  await shell.choose('With shell', 'shell')
  const terminal = TerminalTile.shell(first.page)
  await terminal.prompt('echo "in $(basename "$PWD")" and counting $((40 + 2))')
  await terminal.expectText('and counting 42')
  await terminal.expectText(/in with-shell-/)
  await terminal.prompt('export KEPT=yes')
  await first.kill()
  const again = await launch()
  await new Shell(again.page).waitUntilConnected()
  const same = TerminalTile.shell(again.page)
  await same.expectText('and counting 42')
  await same.prompt('echo "kept: $KEPT"')
  await same.expectText('kept: yes')
})

test('a title that is missing is made from the prompt, and a bad branch name is refused where it is typed', async ({
  launch,
  repository,
}) => {
  const { page } = await launch()
  const shell = new Shell(page)
  await shell.waitUntilConnected()
  await shell.openProject(repository)
  const dialog = new NewSessionDialog(page)
  await dialog.open({
    agent: 'Demo',
    mode: 'acceptEdits',
    prompt: 'Tidy the readme\nand nothing else',
    branch: 'no..good',
  })
  await dialog.expectError(/branch|name/i)
  await expect(dialog.prompt).toHaveValue('Tidy the readme\nand nothing else')
  await dialog.fillBranch('my/own-name')
  await dialog.send()
  await shell.expectBadge('Tidy the readme', 'Idle')
  await expect(shell.row('Tidy the readme')).toContainText('my/own-name')
})
