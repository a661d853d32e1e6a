import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createStagingLab, type StagingLab } from '../../testing/staging-lab.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'

let lab: StagingLab
let start = ''
beforeAll(async () => {
  lab = await createStagingLab()
  start = await lab.git('rev-parse', 'HEAD')
})
beforeEach(async () => {
  await lab.git('reset', '--quiet', '--hard', start)
  await lab.git('clean', '-ffdxq')
})
afterAll(() => lab[Symbol.asyncDispose]())

const draft = async () => valueOf(await lab.staging.draft(lab.worktree.id))
const commit = async (message: string, isAmend = false) => {
  const { head, tree } = await draft()
  return lab.staging.commit({ worktreeId: lab.worktree.id, head, tree, message, isAmend }, by)
}
const log = (format: string) => lab.git('log', '-1', `--format=${format}`)

it('commits what is staged and nothing else, in the name of the person', async () => {
  await lab.write('a.txt', 'staged\n')
  await lab.git('add', 'a.txt')
  await lab.write('a.txt', 'later\n')
  await lab.write('n.txt', 'new\n')
  expect(await draft()).toMatchObject({
    head: start,
    branch: lab.worktree.branch,
    stagedFiles: 1,
    person: { name: 'Test Person', email: 'person@example.com' },
    amend: { kind: 'refused' },
    problem: null,
  })
  const done = valueOf(await commit('\n\nAdd ünïcode  \r\n\r\n\r\n\r\nBecause.\t\n# kept\n\n'))
  expect(done).toMatchObject({ subject: 'Add ünïcode', isAmend: false, sha: await lab.git('rev-parse', 'HEAD') })
  expect(await lab.git('cat-file', 'commit', 'HEAD')).toMatch(/\n\nAdd ünïcode\n\nBecause.\n# kept$/)
  expect(await log('%an <%ae> %cn <%ce> %P')).toBe(
    `Test Person <person@example.com> Test Person <person@example.com> ${start}`,
  )
  expect(await lab.git('rev-parse', '--symbolic-full-name', 'HEAD')).toBe(`refs/heads/${lab.worktree.branch}`)
  expect(await lab.git('show', 'HEAD:a.txt')).toBe('staged')
  expect(await lab.git('status', '--porcelain')).toBe(' M a.txt\n?? n.txt')
  expect(await lab.git('reflog', '-1', '--format=%gs')).toBe('commit: Add ünïcode')
  const told = lab.yard.kernel.changes.at(-1)
  expect(lab.yard.kernel.changes.some(({ topic }) => topic === 'commits.recorded')).toBe(true)
  expect(told).toBeDefined()
})

it('runs no hook', async () => {
  const hooks = await lab.git('rev-parse', '--git-path', 'hooks')
  for (const name of ['pre-commit', 'commit-msg', 'post-commit', 'reference-transaction'])
    await lab.yard.lab.write(join(hooks, name), `#!/bin/sh\ntouch ${lab.yard.lab.root}/ran\nexit 1\n`, 0o755)
  await lab.write('a.txt', 'a\n')
  await lab.git('-c', 'core.hooksPath=/dev/null', 'add', 'a.txt')
  expect(codeOf(await commit('Add a'))).toBe('ok')
  await expect(rm(join(lab.yard.lab.root, 'ran'))).rejects.toThrow()
  await rm(hooks, { recursive: true })
})

it('amends the last commit of the branch, and keeps its author and date', async () => {
  await lab.write('a.txt', 'a\n')
  await lab.git('add', 'a.txt')
  await lab.git('commit', '-qm', 'First try', '--author=Agent <agent@example.com>', '--date=2001-02-03T04:05:06+07:00')
  await lab.write('b.txt', 'b\n')
  await lab.git('add', 'b.txt')
  const { amend } = await draft()
  expect(amend).toEqual({ kind: 'possible', message: 'First try\n' })
  expect(valueOf(await commit('Better', true))).toMatchObject({ isAmend: true, subject: 'Better' })
  expect(await log('%s|%an|%aI|%cn|%P')).toBe(`Better|Agent|2001-02-03T04:05:06+07:00|Test Person|${start}`)
  expect(await lab.git('ls-tree', '--name-only', 'HEAD')).toBe('a.txt\nb.txt\nreadme.md')
  // Its words alone may change as well.
  expect(codeOf(await commit('Best', true))).toBe('ok')
  expect(await log('%s')).toBe('Best')
})

it('amends neither what is on the base nor what was pushed', async () => {
  await lab.write('a.txt', 'a\n')
  await lab.git('add', 'a.txt')
  expect(messageOf(await commit('Mine now', true))).toMatch(/on the base already/)
  valueOf(await commit('Mine'))
  await lab.git('update-ref', 'refs/remotes/origin/x', 'HEAD')
  expect(messageOf(await commit('Again', true))).toMatch(/was pushed/)
  await lab.git('update-ref', '-d', 'refs/remotes/origin/x')
})

it('is refused with words when there is nothing, nobody, or something half done', async () => {
  expect(messageOf(await commit('Empty'))).toBe('Nothing is staged. Stage some changes first.')
  await lab.write('a.txt', 'a\n')
  await lab.git('add', 'a.txt')
  await lab.git('config', 'user.name', '')
  expect((await draft()).person).toBeNull()
  expect(messageOf(await commit('Nobody'))).toMatch(/git config --global user\.name/)
  await lab.git('config', '--unset', 'user.name')
  await lab.git('commit', '-qm', 'one')
  await lab.git('revert', '--no-commit', 'HEAD')
  expect(messageOf(await commit('Half'))).toMatch(/git revert --continue/)
  await lab.git('revert', '--abort')
})

it('is refused when the index or the branch moved since it was shown', async () => {
  await lab.write('a.txt', 'a\n')
  await lab.git('add', 'a.txt')
  const shown = await draft()
  const wish = { worktreeId: lab.worktree.id, message: 'Add', isAmend: false }
  await lab.write('a.txt', 'agent\n')
  await lab.git('add', 'a.txt')
  expect(codeOf(await lab.staging.commit({ ...wish, head: shown.head, tree: shown.tree }, by))).toBe('STALE')
  const again = await draft()
  const racing = lab.startAgain({
    git: {
      ...lab.yard.lab.git,
      run: async (request) => {
        if (request.args[0] === 'update-ref') await lab.git('commit', '-q', '--allow-empty', '-m', 'agent was first')
        return lab.yard.lab.git.run(request)
      },
    },
  })
  expect(codeOf(await racing.commit({ ...wish, head: again.head, tree: again.tree }, by))).toBe('STALE')
  expect(await log('%s')).toBe('agent was first')
})

it('makes the first commit of a branch, and one on no branch', async () => {
  await lab.git('checkout', '--quiet', '--orphan', 'fresh')
  expect(await draft()).toMatchObject({ head: null, branch: 'fresh', amend: { kind: 'refused' } })
  expect(valueOf(await commit('Begin')).sha).toBe(await lab.git('rev-parse', 'refs/heads/fresh'))
  await lab.git('checkout', '--quiet', '--detach')
  await lab.write('a.txt', 'a\n')
  await lab.git('add', 'a.txt')
  const { sha } = valueOf(await commit('On no branch'))
  expect(await lab.git('rev-parse', 'HEAD', 'fresh^0')).toBe(`${sha}\n${await lab.git('rev-parse', 'HEAD^')}`)
  await lab.git('checkout', '--quiet', lab.worktree.branch ?? '')
})
