import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFakeGithub } from '../fake-github.ts'
import { testId } from '../../renderer/lib/test-ids.ts'
import { expect, test } from '../fixtures/yard.ts'
import { expectAccessible } from '../pages/looks.ts'
import { ReviewPage } from '../pages/review.ts'
import { SessionShells } from '../pages/session-shell.ts'

// A branch is pushed to a bare repository beside it, and its pull request is made by the real gh, which speaks to a GitHub of
// ours on a Unix socket: nothing leaves the machine.

test.use({ scene: 'remote' })

const git = (folder: string, ...args: readonly string[]) =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()

test('a branch is pushed, and its pull request made, read and given to the agent', async ({ page, yard, shell }) => {
  const { repository, folder, home } = yard
  const bare = join(folder, 'bare.git')
  git(folder, 'clone', '-q', '--bare', repository, bare)
  git(repository, 'remote', 'add', 'origin', bare)
  const github = await createFakeGithub(folder)
  mkdirSync(join(home, '.config', 'gh'), { recursive: true })
  writeFileSync(join(home, '.config', 'gh', 'config.yml'), `http_unix_socket: ${join(folder, 'gh.sock')}\n`)
  writeFileSync(join(home, '.config', 'gh', 'hosts.yml'), 'github.com:\n  oauth_token: x\n  user: me\n')
  await page.setViewportSize({ width: 1440, height: 900 })
  const shells = new SessionShells(page)
  await shells.begin(repository, ['Greeting'])
  await shells.run('Greeting', 'echo hello > hello.txt; git add .; git commit -qm "Say hello"')
  await shell.openSession('Greeting')
  await new ReviewPage(page).open()
  const stand = page.getByTestId(testId.remoteStand)
  await expect(stand).toHaveText('Not pushed yet')
  await page.getByTestId(testId.remotePush).click()
  await expect(stand).toHaveText('All of it is there')
  const [branch = ''] = git(bare, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/switchyard').split('\n')
  expect(git(bare, 'log', '-1', '--format=%s', branch)).toBe('Say hello')

  test.skip(spawnSync('gh', ['--version']).status !== 0, 'gh is not on this machine: pull requests are not tried here.')
  git(repository, 'remote', 'set-url', 'origin', 'https://github.com/acme/app.git')
  await shells.run('Greeting', 'git commit -q --allow-empty -m "Say it again"')
  await shell.openSession('Greeting')
  await new ReviewPage(page).open()
  await expect(stand).toHaveText('1 commit to push')
  // Where there is less room, the same is behind a button.
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByTestId(testId.reviewDockButton).click()
  await page.getByTestId(testId.remoteCreate).click()
  // The dialog stands above what it was opened from, so that its corner can be pressed.
  await page.getByTestId(testId.pullRequestDialog).getByRole('button', { name: 'Close' }).click()
  await page.getByTestId(testId.remoteCreate).click()
  await expect(page.getByTestId(testId.pullRequestTitle)).toHaveValue('Greeting')
  await page.getByTestId(testId.pullRequestTitle).fill('Say hello')
  await page.getByTestId(testId.pullRequestMake).click()
  await expect(page.getByTestId(testId.pullRequest)).toContainText('#7 on GitHub')
  expect(github.pulls).toMatchObject([{ branch, title: 'Say hello', base: 'main' }])

  github.comments.push({ id: 1, user: { login: 'eve' }, body: 'Louder.', created_at: '2026-01-02T03:04:05Z' })
  await page.getByTestId(testId.remoteAsk).click()
  await expect(page.getByTestId(testId.remoteComment)).toContainText('Louder.')
  await expectAccessible(page, 'a pull request')
  await page.getByTestId(testId.remoteGive).click()
  await expect(page.getByTestId(testId.remoteComment)).toContainText('The agent has it')
  await github[Symbol.asyncDispose]()
})
