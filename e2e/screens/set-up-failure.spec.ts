import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { testId } from '../../renderer/lib/test-ids.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { TerminalTile } from '../pages/terminal.ts'
import { expect, test } from '../fixtures/yard.ts'

// A session that cannot be set up: refused in the dialog, or failed on the way, and how one goes on from there.

test.use({ scene: 'set-up-failure' })

const git = (folder: string, ...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })

const branchesOf = (folder: string) => git(folder, 'branch', '--format=%(refname:short)').trim().split('\n')

test.beforeEach(async ({ page, yard }) => {
  if (await page.getByTestId(testId.firstRun).isVisible()) await new FolderDialog(page).openFolder(yard.repository)
})

test('a branch that was taken meanwhile is refused at its field; "New branch" starts after it', async ({
  newSession,
  page,
  yard,
  shell,
}) => {
  git(yard.repository, 'branch', 'wanted')
  await newSession.open({ prompt: 'Goes on elsewhere' })
  await newSession.chooseWorktree('Existing branch')
  await newSession.part(testId.newSessionBase).click()
  await page.getByRole('option', { name: 'wanted' }).click()
  git(yard.repository, 'worktree', 'add', '--quiet', join(yard.folder, 'taken'), 'wanted')
  await newSession.part(testId.newSessionStart).click()
  await newSession.expectError(/wanted is checked out/)
  await newSession.chooseWorktree('New branch')
  await expect(newSession.part(testId.newSessionError)).toBeHidden()
  await newSession.send()
  await shell.expectBadge('Goes on elsewhere', 'Needs you')
})

test('a name that was taken meanwhile is refused at its field; without it the session starts', async ({
  newSession,
  page,
  yard,
  shell,
}) => {
  await newSession.open({ prompt: 'Takes another name', branch: 'mine' })
  git(yard.repository, 'branch', 'mine')
  await newSession.part(testId.newSessionStart).click()
  await newSession.expectError(/mine is there already/)
  // The branch that appeared meanwhile can be chosen now, as the refusal offers.
  await newSession.chooseWorktree('Existing branch')
  await newSession.part(testId.newSessionBase).click()
  await expect(page.getByRole('option', { name: 'mine' })).toBeVisible()
  await page.keyboard.press('Escape')
  await newSession.chooseWorktree('New branch')
  await newSession.expectError(/mine is there already/)
  await newSession.fillBranch('')
  await expect(newSession.part(testId.newSessionError)).toBeHidden()
  await newSession.send()
  await shell.expectBadge('Takes another name', 'Needs you')
})

test('what failed on the way says why and is tried again where it failed', async ({
  newSession,
  page,
  yard,
  shell,
}) => {
  const repository = yard.makeRepository('blocked')
  await new FolderDialog(page).openFolder(repository)
  // Where git keeps its worktrees there is a file: none can be made.
  const obstacle = join(repository, '.git', 'worktrees')
  writeFileSync(obstacle, '')
  await newSession.start({ title: 'Blocked', agent: 'Demo agent', prompt: 'Try' })
  await shell.expectBadge('Blocked', 'Set-up failed')
  const { tile } = new TerminalTile(page, await shell.sessionId('Blocked'))
  await expect(tile.getByRole('heading', { name: 'Blocked could not be started' })).toBeVisible()
  await expect(tile.getByTestId(testId.sessionSteps)).toContainText('The worktree could not be made')
  await tile.getByTestId(testId.sessionRetry).click()
  await expect(tile.getByTestId(testId.sessionSteps)).toContainText('The worktree could not be made')

  // Another one meanwhile, from the same dialog, fails for itself.
  await newSession.start({ title: 'Blocked', agent: 'Demo agent', prompt: 'Try as well' })
  const badges = page.getByRole('listbox', { name: 'Sessions of blocked' }).getByTestId(testId.sessionBadge)
  await expect(badges).toHaveText(['Set-up failed', 'Set-up failed'])
  rmSync(obstacle)
  const retry = page.getByTestId(testId.sessionRetry)
  await retry.first().click()
  await expect(retry).toHaveCount(1)
  await retry.click()
  await expect(badges).toHaveText(['Needs you', 'Needs you'])
  expect(branchesOf(repository)).toEqual(expect.arrayContaining(['switchyard/blocked', 'switchyard/blocked-2']))
})

test('what cannot be set up as it was chosen is started another way, with all that was typed', async ({
  newSession,
  page,
  yard,
  shell,
}) => {
  const repository = yard.makeRepository('half way')
  git(repository, 'branch', 'contested')
  await new FolderDialog(page).openFolder(repository)
  const obstacle = join(repository, '.git', 'worktrees')
  writeFileSync(obstacle, '')
  await newSession.open({ title: 'My own title', prompt: 'A long thought\nin two lines' })
  await newSession.chooseWorktree('Existing branch')
  await newSession.part(testId.newSessionBase).click()
  await page.getByRole('option', { name: 'contested' }).click()
  await newSession.send()
  await shell.expectBadge('My own title', 'Set-up failed')
  rmSync(obstacle)
  git(repository, 'worktree', 'add', '--quiet', join(yard.folder, 'contested'), 'contested')
  const { tile } = new TerminalTile(page, await shell.sessionId('My own title'))
  await tile.getByTestId(testId.sessionRetry).click()
  await expect(tile.getByTestId(testId.sessionSteps)).toContainText('Free it there and retry')

  await tile.getByTestId(testId.sessionStartAgain).click()
  await newSession.waitUntilReady()
  await expect(newSession.prompt).toHaveValue('A long thought\nin two lines')
  await newSession.chooseWorktree('New branch')
  await newSession.part(testId.newSessionTitle).fill('Another way')
  await newSession.send()
  await shell.expectBadge('Another way', 'Needs you')
  // The form of the project is as it was left, not as the failed session was.
  await newSession.open()
  await expect(newSession.prompt).toHaveValue('')
  await page.keyboard.press('Escape')
})

test('what gets ready is stopped from its menu, does not start by itself, and starts when it is resumed', async ({
  newSession,
  page,
  yard,
  shell,
}) => {
  // A remote that takes a call and never answers holds the set-up up for as long as the test needs.
  const silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const repository = yard.makeRepository('far away')
  git(repository, 'remote', 'add', 'origin', `http://127.0.0.1:${(silent.address() as AddressInfo).port}/x.git`)
  git(repository, 'update-ref', 'refs/remotes/origin/main', 'main')
  git(repository, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
  await new FolderDialog(page).openFolder(repository)
  await newSession.start({ title: 'Held up', agent: 'Demo agent', prompt: 'Wait' })
  await shell.expectBadge('Held up', 'Setting up')
  await shell.choose('Held up', 'stop')
  await shell.expectBadge('Held up', 'Stopped')
  silent.close()
  silent.closeAllConnections()
  // The worktree that was under way is made to its end.
  const branch = shell.row('Held up').getByTestId(testId.sessionBranch)
  await expect(branch).toHaveText('held-up')
  await expect.poll(() => branchesOf(repository)).toContain('switchyard/held-up')
  await shell.expectBadge('Held up', 'Stopped')
  await shell.choose('Held up', 'resume')
  await shell.expectBadge('Held up', 'Needs you')
})
