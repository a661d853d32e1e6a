import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { GitError } from '../../adapters/git/git-error.ts'
import { createGitLab } from '../../adapters/git/testing.ts'
import { makeWorktree } from './make-worktree.ts'

it('waits for a registration that another git is just writing, and for no other fault', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const root = await realpath(lab.root)
  const newBranchSha = await lab.plain(repo, 'rev-parse', 'HEAD')
  const half = join(repo, '.git', 'worktrees', 'half')
  await mkdir(half, { recursive: true })
  await writeFile(join(half, 'gitdir'), `${join(root, 'half', '.git')}\n`)
  await writeFile(join(half, 'HEAD'), `${newBranchSha}\n`)
  await writeFile(join(half, 'commondir'), '')

  let failures = 0
  const git: typeof lab.git = {
    ...lab.git,
    run: (request) =>
      lab.git.run(request).catch(async (error: unknown) => {
        failures += 1
        // The other git goes on only once ours was seen to stumble over it.
        await writeFile(join(half, 'commondir'), '../..\n')
        throw error
      }),
  }
  const input = { cwd: repo, path: join(root, 'made'), branch: 'switchyard/made', newBranchSha }
  expect(await makeWorktree(git, input)).toMatchObject({ kind: 'made' })
  expect(failures).toBe(1)
  expect(await lab.plain(join(root, 'made'), 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('switchyard/made')

  const unborn = { ...input, path: join(root, 'other'), branch: 'switchyard/other', newBranchSha: '1'.repeat(40) }
  await expect(makeWorktree(git, unborn)).rejects.toThrow(GitError)
  expect(failures).toBe(2)
})
