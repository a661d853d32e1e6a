import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findGit } from '../../adapters/git/find-git.ts'
import type { Environment } from '../../adapters/git/git-environment.ts'
import { createGit, type Git } from '../../adapters/git/run-git.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createYard, newBranch, valueOf, type Yard } from './testing.ts'

const found = await findGit({ PATH: process.env['PATH'] })
const hasLfs = found.kind === 'found' && found.deps.isLfsInstalled

function gitWithLfs(env: Environment): Git {
  if (found.kind !== 'found') throw new Error(found.message)
  return createGit({ ...found.deps, env })
}

async function createLfsYard(): Promise<Yard> {
  const yard = await createYard()
  const { lab, repo } = yard
  await lab.plain(repo, 'lfs', 'install', '--skip-repo')
  await lab.plain(repo, 'lfs', 'track', '*.bin')
  await writeFile(join(repo, 'large.bin'), 'the real bytes\n')
  await lab.commitAll(repo, 'large')
  return yard
}

describe.runIf(hasLfs)('where git-lfs is installed', () => {
  it('a worktree gets its LFS files, and its status is clean', async () => {
    await using yard = await createLfsYard()
    const { lab, repo } = yard
    const git = gitWithLfs(lab.env)
    const worktrees = yard.restart(git)
    expect(await lab.plain(repo, 'cat-file', 'blob', 'HEAD:large.bin')).toContain('git-lfs.github.com/spec')
    const made = valueOf(await worktrees.prepare((await yard.plan(newBranch)).id))
    expect(await readFile(join(made.path, 'large.bin'), 'utf8')).toBe('the real bytes\n')
    expect(made).toMatchObject({ notes: [], changedFiles: 0 })
    await writeFile(join(made.path, 'large.bin'), 'changed bytes\n')
    valueOf(await worktrees.remove(made.id, { deleteBranch: false }, by))
    valueOf(await worktrees.restore(made.id, by))
    expect(await readFile(join(made.path, 'large.bin'), 'utf8')).toBe('changed bytes\n')
  })

  it('files that cannot be fetched stay pointers, and the worktree says so', async () => {
    await using yard = await createLfsYard()
    const { lab, repo } = yard
    await rm(join(repo, '.git/lfs/objects'), { recursive: true })
    await lab.plain(repo, 'remote', 'add', 'origin', join(lab.root, 'nowhere'))
    const git = gitWithLfs(lab.env)
    const made = valueOf(await yard.restart(git).prepare((await yard.plan(newBranch)).id))
    expect(await readFile(join(made.path, 'large.bin'), 'utf8')).toContain('git-lfs.github.com/spec')
    expect(made.notes).toEqual([
      expect.stringContaining('could not be fetched'),
      expect.stringContaining('git lfs pull'),
    ])
  })

  it('a program that the repository slips into LFS is not run', async () => {
    await using yard = await createLfsYard()
    const { lab, repo } = yard
    const canary = join(lab.root, 'canary')
    await lab.plain(repo, 'config', 'lfs.extension.x.smudge', `touch ${canary}`)
    await lab.plain(repo, 'config', 'lfs.extension.x.clean', `touch ${canary}`)
    await lab.plain(repo, 'config', 'lfs.extension.x.priority', '0')
    await lab.plain(repo, 'config', 'filter.lfs.process', `touch ${canary}`)
    const git = gitWithLfs(lab.env)
    const made = valueOf(await yard.restart(git).prepare((await yard.plan(newBranch)).id))
    await writeFile(join(made.path, 'large.bin'), 'changed\n')
    valueOf(await yard.restart(git).refresh(made.id))
    expect(await readdir(lab.root)).not.toContain('canary')
    expect(await readFile(join(made.path, 'large.bin'), 'utf8')).toBe('changed\n')
  })
})
