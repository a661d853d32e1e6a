import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testId } from '../../renderer/lib/test-ids.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { expect, test } from '../fixtures/yard.ts'

// The first minutes: what is on this computer, and every way to open a repository, also the wrong ones.

test.use({ scene: 'first-run' })

test('the doctor names what is there and what is not', async ({ page }) => {
  const row = (id: string) => page.locator(`[data-testid="${testId.checkRow}"][data-check="${id}"]`)
  await expect(page.getByTestId(testId.firstRun)).toBeVisible()
  await expect(row('git')).toHaveAttribute('data-verdict', 'good')
  await expect(row('git')).toContainText(/\d+\.\d+/)
  await expect(row('claude-code')).toHaveAttribute('data-verdict', 'absent')
  await expect(row('claude-code')).toContainText('not found, optional.')
  await expect(row('demo')).toHaveAttribute('data-verdict', 'good')
  await expect(row('shell')).toContainText('bash login shell')
  await expect(page.getByTestId(testId.firstRun)).toContainText('An agent is ready.')
})

test('an agent that is installed meanwhile is found by checking again', async ({ page, yard }) => {
  const row = page.locator(`[data-testid="${testId.checkRow}"][data-check="aider"]`)
  await expect(row).toHaveAttribute('data-verdict', 'absent')
  const bin = join(yard.home, '.local', 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'aider'), '#!/bin/sh\necho "aider 0.99.0"\n')
  chmodSync(join(bin, 'aider'), 0o755)
  await page.getByTestId(testId.checkAgain).click()
  await expect(row).not.toHaveAttribute('data-verdict', 'absent')
  await expect(row).toContainText('0.99.0')
  rmSync(join(bin, 'aider'))
  await page.getByTestId(testId.checkAgain).click()
  await expect(row).toHaveAttribute('data-verdict', 'absent')
})

test('new session without a repository leads to opening one', async ({ page }) => {
  await page.keyboard.press('Alt+Shift+N')
  await expect(page.getByTestId(testId.folderDialog)).toBeVisible()
})

test('wrong folders are refused, each with what to do', async ({ page, yard }) => {
  const dialog = new FolderDialog(page)
  execFileSync('git', ['init', '-q', '--bare', join(yard.folder, 'bare.git')])
  writeFileSync(join(yard.folder, 'a file'), '')
  await dialog.open()
  for (const [path, message] of [
    ['relative/path', 'is not a full path. Give the path from the root, or choose the folder.'],
    [join(yard.folder, 'nowhere'), 'There is no folder'],
    [join(yard.folder, 'a file'), 'There is no folder'],
    [join(yard.folder, 'bare.git'), 'is a bare repository, without files.'],
  ] as const) {
    await dialog.submit(path)
    await expect(dialog.error).toContainText(message)
    await expect(dialog.nextStep).toBeHidden()
    await expect(dialog.path).toHaveValue(path)
  }
  // The message belongs to what was tried, not to what is typed next.
  await dialog.path.fill('/')
  await expect(dialog.error).toBeHidden()
  await page.keyboard.press('Escape')
  await expect(dialog.root).toBeHidden()
})

test('the home folder is not made a repository', async ({ page, yard }) => {
  const dialog = new FolderDialog(page)
  await dialog.open()
  await dialog.submit('~')
  await expect(dialog.error).toContainText('is not in a git repository')
  await dialog.nextStep.click()
  await expect(dialog.error).toContainText('is too wide to become a repository')
  expect(existsSync(join(yard.home, '.git'))).toBe(false)
})

test('a folder that is no repository becomes one, and gets its first commit', async ({ page, yard, shell }) => {
  const folder = join(yard.folder, 'fresh start')
  mkdirSync(folder)
  writeFileSync(join(folder, 'notes.txt'), 'mine\n')
  const dialog = new FolderDialog(page)
  await dialog.open()
  await dialog.submit(folder)
  await expect(dialog.error).toContainText('is not in a git repository')
  await expect(dialog.nextStep).toHaveText('Make it a repository')
  await dialog.nextStep.click()
  await expect(dialog.root).toBeHidden()
  await expect(shell.project('fresh start')).toBeVisible()

  const problem = page.getByTestId(testId.projectProblem)
  await expect(problem).toContainText('This repository has no commit yet')
  await page.getByRole('button', { name: /first commit/i }).click()
  await expect(problem).toBeHidden()
  expect(execFileSync('git', ['log', '--format=%an %s', '--name-only'], { cwd: folder, encoding: 'utf8' })).toBe(
    'Ada First commit\n\nnotes.txt\n',
  )
})

test('the folder browser leads to a repository by mouse and by arrows', async ({ page, yard, shell }) => {
  const dialog = new FolderDialog(page)
  yard.makeRepository('home/code/inner repo')
  await dialog.open()
  await expect(dialog.entry('code')).toBeVisible()
  await dialog.entry('code').click()
  await expect(dialog.path).toHaveValue(join(yard.home, 'code'))
  await expect(dialog.entry('inner repo')).toContainText('repository')
  await dialog.root.getByText('Folder above').click()
  await expect(dialog.path).toHaveValue(yard.home)
  await dialog.entry('code').focus()
  await page.keyboard.press('Enter')
  // The arrows go on from the folder that was entered.
  await expect(dialog.entry('inner repo')).toBeFocused()
  await page.keyboard.press('ArrowUp')
  const above = dialog.root.getByRole('button', { name: 'Folder above' })
  await expect(above).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(dialog.entry('inner repo')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(above).toBeFocused()
  await expect(dialog.path).toHaveValue(join(yard.home, 'code', 'inner repo'))
  await dialog.path.press('Enter')
  await expect(dialog.root).toBeHidden()
  await expect(shell.project('inner repo')).toBeVisible()
})

for (const name of [
  'with "quotes" and \'more\'',
  'ünïcode 项目 🚃',
  "$(touch pwned) `id`; & | > o'brien",
  '-dash',
] as const) {
  test(`a repository is opened and worked in by the name ${name}`, async ({ page, yard, shell, newSession }) => {
    const repository = yard.makeRepository(name)
    await new FolderDialog(page).openFolder(repository)
    await expect(shell.project(name)).toBeVisible()
    const title = `In ${name}`
    await newSession.start({ title, agent: 'Demo agent', prompt: `Look at "${name}"` })
    await shell.expectBadge(title, 'Needs you')
    expect(existsSync(join(yard.folder, 'pwned'))).toBe(false)
    expect(existsSync(join(yard.home, 'pwned'))).toBe(false)
  })
}

test('a folder inside a repository opens that repository, once', async ({ page, yard, shell }) => {
  const repository = yard.makeRepository('outer')
  mkdirSync(join(repository, 'deep', 'down'), { recursive: true })
  const dialog = new FolderDialog(page)
  await dialog.openFolder(join(repository, 'deep', 'down'))
  await expect(shell.project('outer')).toBeVisible()
  await dialog.openFolder(repository)
  await expect(shell.project('outer')).toHaveCount(1)
})

test('the sample project opens and a session starts in it', async ({ page, shell, newSession, yard }) => {
  await page.getByTestId(testId.openProject).first().click()
  await page.getByTestId(testId.folderDialog).getByTestId(testId.sampleProject).click()
  await expect(page.getByTestId(testId.folderDialog)).toBeHidden()
  await expect(shell.project('switchyard-sample')).toBeVisible()
  expect(existsSync(join(yard.home, 'switchyard-sample', 'README.md'))).toBe(true)
  await newSession.start({ title: 'Try it', agent: 'Demo agent', prompt: 'Say hello' })
  await shell.expectBadge('Try it', 'Needs you')
})

test('a repository whose folder is gone says so, and is back when the folder is', async ({ page, yard, shell }) => {
  const repository = yard.makeRepository('vanishing')
  await new FolderDialog(page).openFolder(repository)
  await expect(shell.project('vanishing')).toBeVisible()
  rmSync(repository, { recursive: true })
  await page.getByTestId(testId.newSessionButton).click()
  await expect(page.getByTestId(testId.projectProblem)).toContainText(
    'is gone. Put it back, or open the project at its',
  )
  await page.keyboard.press('Escape')
  yard.makeRepository('vanishing')
  await new FolderDialog(page).openFolder(repository)
  await expect(page.getByTestId(testId.projectProblem)).toBeHidden()
})
