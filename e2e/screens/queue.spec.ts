import { execFileSync } from 'node:child_process'
import { testId } from '../../renderer/lib/test-ids.ts'
import { expect, test } from '../fixtures/yard.ts'
import { expectAccessible } from '../pages/looks.ts'
import { ReviewPage } from '../pages/review.ts'
import { SessionShells } from '../pages/session-shell.ts'

// A branch goes into main by the merge queue: real git, the main checkout clean and on main.

test.use({ scene: 'merge' })

const git = (folder: string, ...args: readonly string[]) =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()

test('a reviewed branch waits in line, is withdrawn and put back, merged and undone', async ({ page, yard, shell }) => {
  const { repository } = yard
  const before = git(repository, 'rev-parse', 'main')
  const shells = new SessionShells(page)
  await shells.begin(repository, ['Queued greeting'])
  await shells.run('Queued greeting', 'echo hello > queued.txt; git add .; git commit -qm "Say hello in line"')
  await shell.openSession('Queued greeting')
  await new ReviewPage(page).open()
  await page.getByTestId(testId.queueAdd).click()
  await page.getByTestId(testId.navQueue).click()
  const entry = page.getByTestId(testId.queueEntry)
  await expect(entry.getByTestId(testId.queueEntryState)).toHaveText('Merged')
  expect(git(repository, 'show', 'main:queued.txt')).toBe('hello')
  await entry.getByTestId(testId.queueUndo).click()
  await expect(entry.getByTestId(testId.queueUndo)).toHaveText('Undone')
  expect(git(repository, 'rev-parse', 'main')).toBe(before)

  await page.getByTestId(testId.queuePause).click()
  await expect(page.getByTestId(testId.queueState)).toHaveText('Paused')
  await shell.openSession('Queued greeting')
  await new ReviewPage(page).open()
  await page.getByTestId(testId.queueAdd).click()
  await expect(page.getByTestId(testId.queueLeave)).toBeVisible()
  await page.getByTestId(testId.queueStatus).click()
  const waiting = entry.filter({ hasText: 'Waits' })
  await waiting.focus()
  await expectAccessible(page, 'the merge queue')
  await page.keyboard.press('Delete')
  await expect(waiting).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await expect(waiting).toHaveCount(1)
  await page.getByTestId(testId.queueResume).click()
  await expect(waiting).toHaveCount(0)
  await expect.poll(() => git(repository, 'ls-tree', '--name-only', 'main')).toContain('queued.txt')
})
