import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testId } from '../../renderer/lib/test-ids.ts'
import { write, writeBase } from '../fixtures/changes.ts'
import { expect, test } from '../fixtures/yard.ts'
import { expectAccessible } from '../pages/looks.ts'
import { ReviewPage } from '../pages/review.ts'
import { SessionShells } from '../pages/session-shell.ts'

// Staging with the whole app behind it: what is pressed on the screen is looked for in git and on the disk.

test.use({ scene: 'staging' })

const ten = (change: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 30 }, (_, at) => `${change[at + 1] ?? `line ${at + 1}`}\n`).join('')

test('hunks are staged, discarded, brought back and committed', async ({ page, yard, shell }) => {
  writeBase(yard.repository)
  write(yard.repository, 'notes.txt', ten())
  const git = (folder: string, ...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trimEnd()
  git(yard.repository, 'add', '-A')
  git(yard.repository, 'commit', '-qm', 'notes')
  git(yard.repository, 'config', 'user.name', 'Ada')
  git(yard.repository, 'config', 'user.email', 'ada@example.com')
  await new SessionShells(page).begin(yard.repository, ['Keys'])
  const worktrees = git(yard.repository, 'worktree', 'list', '--porcelain')
  const folder = [...worktrees.matchAll(/^worktree (.+)$/gm)]
    .map(([, path]) => path ?? '')
    .find((path) => path !== yard.repository)!
  const change = { 3: 'three', 4: 'four', 20: 'twenty' }
  write(folder, 'notes.txt', ten(change))
  write(folder, 'new.txt', 'new\n')
  const review = new ReviewPage(page)
  await shell.openSession('Keys')
  await review.open()
  await review.row('notes.txt').click()
  await expect(review.lines('notes.txt').first()).toBeVisible()
  const buttons = review.header('notes.txt').getByTestId(testId.reviewStaging)
  await expect(buttons).toHaveText('Stage fileDiscard')

  // One hunk is staged; by now the diff holds two steps, and what is unstaged is in a scope of its own.
  await page.keyboard.press('n')
  await expect(buttons).toHaveText('Stage hunkDiscard')
  await page.keyboard.press('s')
  await expect(page.getByTestId(testId.commitFoot)).toContainText('1 file staged')
  expect(git(folder, 'show', ':notes.txt')).toBe(ten({ 3: 'three', 4: 'four' }).trimEnd())
  await page.getByTestId(testId.reviewScope).click()
  await page.getByRole('menuitem', { name: 'Unstaged and untracked' }).click()
  await expect(review.lines('notes.txt').filter({ hasText: 'three' })).toHaveCount(0)
  await review.row('notes.txt').click()
  await page.keyboard.press('n')
  await expect(buttons).toHaveText('Stage hunkDiscard')
  await page.keyboard.press('d')
  const toast = page.getByTestId(testId.toast).filter({ hasText: 'Discarded lines of notes.txt' })
  await expect(toast).toBeVisible()
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe(ten({ 3: 'three', 4: 'four' }))
  await toast.getByRole('button', { name: 'Undo' }).click()
  await expect(review.row('notes.txt')).toBeVisible()
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe(ten(change))

  // The new file goes and comes back by the keyboard alone.
  await review.row('new.txt').click()
  await page.keyboard.press('d')
  await expect(review.row('new.txt')).toHaveCount(0)
  await page.keyboard.press('z')
  await expect(review.row('new.txt')).toBeVisible()
  expect(readFileSync(join(folder, 'new.txt'), 'utf8')).toBe('new\n')

  await page.keyboard.press('Shift+C')
  const dialog = page.getByTestId(testId.commitDialog)
  await expect(dialog).toContainText('1 file on')
  await expect(dialog).toContainText('As Ada <ada@example.com>. Hooks of the repository are not run.')
  await expectAccessible(page, 'the commit dialog')
  await page.getByTestId(testId.commitMessage).fill('Count in words\n\nThree and four.')
  await page.keyboard.press('Control+Enter')
  await expect(dialog).toBeHidden()
  expect(git(folder, 'log', '-1', '--format=%an %s')).toBe('Ada Count in words')
  expect(git(folder, 'status', '--porcelain')).toBe(' M notes.txt\n?? new.txt')
  await expect(page.getByTestId(testId.commitFoot)).toHaveCount(0)
})
