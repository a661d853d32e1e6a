import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testId } from '../../renderer/lib/test-ids.ts'
import { expect, test } from '../fixtures/yard.ts'
import { expectAccessible } from '../pages/looks.ts'
import { ReviewPage } from '../pages/review.ts'
import { SessionShells } from '../pages/session-shell.ts'

// A branch lands in main by the bar of its review: real git, the main checkout clean and on main.

test.use({ scene: 'merge' })

const git = (folder: string, ...args: readonly string[]) =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()

test('a reviewed branch is merged, taken back and merged again', async ({ page, yard, shell }) => {
  const { repository } = yard
  const before = git(repository, 'rev-parse', 'main')
  const shells = new SessionShells(page)
  await shells.begin(repository, ['Greeting'])
  await shells.run('Greeting', 'echo hello > hello.txt; git add .; git commit -qm "Say hello"; echo more > left.txt')
  await shell.openSession('Greeting')
  await new ReviewPage(page).open()
  const state = page.getByTestId(testId.mergeState)
  const merge = page.getByTestId(testId.mergeButton)
  await expect(state).toHaveText('1 file not committed: it stays behind')
  await expect(page.getByTestId(testId.mergeMessage)).toHaveValue(/Say hello/)
  await expectAccessible(page, 'the bar of a merge')
  await page.getByTestId(testId.mergeMessage).fill('Greet people\n\nThey like that.')
  await page.getByTestId(testId.mergePreview).click()
  await expect(page.getByTestId(testId.reviewViews)).toContainText('Result of the merge')
  await expect(new ReviewPage(page).rows).toHaveText([/hello\.txt/])
  await merge.click()
  await expect(state).toHaveText('Nothing to merge yet: 1 file not committed')
  expect(git(repository, 'log', '-1', '--format=%B', 'main')).toContain('Greet people\n\nThey like that.')
  // The checkout of main was clean, so its files came along.
  expect(readFileSync(join(repository, 'hello.txt'), 'utf8')).toBe('hello\n')
  expect(git(repository, 'status', '--porcelain')).toBe('')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(state).toHaveText('1 file not committed: it stays behind')
  expect(git(repository, 'rev-parse', 'main')).toBe(before)
  expect(git(repository, 'status', '--porcelain')).toBe('')
  await page.keyboard.press('Control+Shift+M')
  await expect(state).toHaveText('Nothing to merge yet: 1 file not committed')
  expect(git(repository, 'show', 'main:hello.txt')).toBe('hello')
})

test('a conflict is resolved place by place and merged', async ({ page, yard, shell }) => {
  const { repository } = yard
  const shells = new SessionShells(page)
  await shells.begin(repository, ['Farewell'])
  await shells.run('Farewell', 'printf "bye\\nsee you\\n" > bye.txt; git add .; git commit -qm "Say bye"')
  writeFileSync(join(repository, 'bye.txt'), 'farewell\nsee you\n')
  git(repository, 'add', '.')
  git(repository, '-c', 'user.name=P', '-c', 'user.email=p@example.com', 'commit', '-qm', 'Say farewell')
  await shell.openSession('Farewell')
  await new ReviewPage(page).open()
  const state = page.getByTestId(testId.mergeState)
  await expect(state).toHaveText('Conflicts with main in 1 file')
  await page.getByTestId(testId.reviewDockButton).click()
  await expect(page.getByTestId(testId.forecast)).toContainText('Conflicts with mainbye.txt')
  await page.keyboard.press('Escape')
  await page.getByTestId(testId.mergeResolve).click()
  const editor = page.getByTestId(testId.conflictEditor)
  const left = page.getByTestId(testId.conflictLeft)
  await expect(left).toHaveText('1 of 1 file left')
  await expectAccessible(page, 'the conflicts of a merge')
  await editor.getByRole('radio', { name: 'Edit' }).click()
  await editor.getByTestId(testId.conflictText).fill('bye and farewell\n')
  await expect(left).toHaveText('1 file resolved')
  await editor.getByTestId(testId.conflictUse).click()
  await expect(state).toHaveText('Merges into main as you resolved it')
  await page.getByTestId(testId.mergeButton).click()
  await expect(state).toHaveText('Everything is in main already')
  expect(git(repository, 'show', 'main:bye.txt')).toBe('bye and farewell\nsee you')
  expect(readFileSync(join(repository, 'bye.txt'), 'utf8')).toBe('bye and farewell\nsee you\n')
})
