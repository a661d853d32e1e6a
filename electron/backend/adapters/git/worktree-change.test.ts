import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createGitLab } from './testing.ts'
import { listInitialisedSubmodules, listSubmodules, readRepositoryFeatures } from './repository-features.ts'
import { compareSurfaces, readRepositorySurface } from './repository-surface.ts'
import {
  addWorktree,
  checkOutWorktree,
  lockWorktree,
  moveWorktree,
  removeWorktree,
  repairWorktrees,
  unlockWorktree,
} from './worktree-change.ts'
import { listWorktrees, parseWorktreeList } from './worktree-list.ts'

const offline = { useNetwork: false, skipLfs: false }

test('a worktree is added on a new branch, an existing one, or none, and its files come by the check-out', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const sha = await lab.plain(repo, 'rev-parse', 'HEAD')
  await lab.plain(repo, 'branch', 'there')
  const starts = [
    { kind: 'new-branch', branch: 'switchyard/new', sha },
    { kind: 'existing-branch', branch: 'there' },
    { kind: 'detached', sha },
  ] as const
  for (const [index, start] of starts.entries()) {
    const path = join(lab.root, `tree "${index}"\nx`)
    await addWorktree(lab.git, repo, path, start)
    await expect(stat(join(path, 'readme.md'))).rejects.toThrow()
    await checkOutWorktree(lab.git, path, offline)
    expect(await readFile(join(path, 'readme.md'), 'utf8')).toBe('hello\n')
    expect(await lab.plain(path, 'status', '--porcelain')).toBe('')
  }
  const listed = await listWorktrees(lab.git, repo)
  expect(listed.map((worktree) => [worktree.path, worktree.branch, worktree.sha])).toEqual([
    [repo, 'main', sha],
    [join(lab.root, 'tree "0"\nx'), 'switchyard/new', sha],
    [join(lab.root, 'tree "1"\nx'), 'there', sha],
    [join(lab.root, 'tree "2"\nx'), null, sha],
  ])
})

test('a worktree is moved, locked, unlocked and removed with all that is in it', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const [from, to] = [join(lab.root, 'from'), join(lab.root, 'to')]
  await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'side', from)
  await moveWorktree(lab.git, repo, from, to)
  await lockWorktree(lab.git, repo, to, 'in use')
  expect((await listWorktrees(lab.git, repo))[1]).toMatchObject({ path: to, locked: 'in use', isPrunable: false })
  await unlockWorktree(lab.git, repo, to)
  expect((await listWorktrees(lab.git, repo))[1]?.locked).toBeNull()
  await writeFile(join(to, 'untracked'), 'x')
  await removeWorktree(lab.git, repo, to)
  await expect(stat(to)).rejects.toThrow()
  expect(await listWorktrees(lab.git, repo)).toHaveLength(1)
})

test('a folder moved by hand is linked again by repair; one that vanished is removed by name', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const [from, to, other] = [join(lab.root, 'from'), join(lab.root, 'to'), join(lab.root, 'vanished')]
  await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'side', from)
  await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'other', other)
  await rename(from, to)
  expect((await listWorktrees(lab.git, repo))[1]?.isPrunable).toBe(true)
  await repairWorktrees(lab.git, repo, [to])
  expect((await listWorktrees(lab.git, repo))[1]).toMatchObject({ path: to, isPrunable: false })
  await rm(to, { recursive: true })
  await rm(other, { recursive: true })
  await removeWorktree(lab.git, repo, to)
  // Another vanished worktree keeps its registration: nothing is pruned wholesale.
  expect((await listWorktrees(lab.git, repo)).map((worktree) => worktree.path)).toEqual([repo, other])
})

test('the lock that a killed git left on a new branch does not keep it from being made', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const sha = await lab.plain(repo, 'rev-parse', 'HEAD')
  await lab.write(join(repo, '.git/refs/heads/switchyard/new.lock'), '')
  await lab.write(join(repo, '.git/refs/heads/main.lock'), '')
  const path = join(lab.root, 'tree')
  await addWorktree(lab.git, repo, path, { kind: 'new-branch', branch: 'switchyard/new', sha })
  expect((await listWorktrees(lab.git, repo))[1]).toMatchObject({ path, branch: 'switchyard/new' })
  // Others' locks are others' business.
  expect((await stat(join(repo, '.git/refs/heads/main.lock'))).isFile()).toBe(true)
})

test('the list before git 2.36 parses by lines', () => {
  const text =
    'worktree /a\nHEAD 1111111111111111111111111111111111111111\nbranch refs/heads/x/y\n\nworktree /b\nbare\n\n'
  expect(parseWorktreeList(text, '\n')).toEqual([
    { path: '/a', isBare: false, sha: '1'.repeat(40), branch: 'x/y', locked: null, isPrunable: false },
    { path: '/b', isBare: true, sha: null, branch: null, locked: null, isPrunable: false },
  ])
})

test('submodules, LFS, partial clones and refused programs are found', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  expect(await readRepositoryFeatures(lab.git, repo)).toEqual({
    submodules: [],
    usesLfs: false,
    isPartialClone: false,
    refusedPrograms: [],
  })
  const library = await lab.createRepository('library')
  await lab.plain(repo, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor lib')
  await writeFile(join(repo, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
  await lab.plain(repo, 'config', 'remote.origin.promisor', 'true')
  await lab.plain(repo, 'config', 'filter.crypt.smudge', 'crypt')
  expect(await readRepositoryFeatures(lab.git, repo)).toEqual({
    submodules: ['vendor lib'],
    usesLfs: true,
    isPartialClone: true,
    refusedPrograms: ['filter.crypt.smudge'],
  })
  expect(await listInitialisedSubmodules(join(repo, '.git'))).toEqual(['vendor lib'])
  await writeFile(join(repo, '.gitmodules'), '[broken')
  expect(await listSubmodules(lab.git, repo)).toEqual([])
})

test('a change of configuration, hooks or attributes changes the surface and is named', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const read = () => readRepositorySurface(lab.git, repo, join(repo, '.git'))
  const before = await read()
  expect(await read()).toEqual(before)
  await lab.commitAll(repo, 'work as usual')
  await lab.plain(repo, 'config', 'branch.main.remote', 'origin')
  expect((await read()).hash).toBe(before.hash)
  await lab.write(join(repo, '.git/hooks/post-checkout'), '#!/bin/sh\n', 0o755)
  await lab.plain(repo, 'config', 'include.path', '../extra.inc')
  await lab.write(join(repo, 'extra.inc'), '[core]\n\tfsmonitor = evil\n')
  await mkdir(join(repo, '.git/info'), { recursive: true })
  await writeFile(join(repo, '.git/info/attributes'), '* filter=x\n')
  const after = await read()
  expect(after.hash).not.toBe(before.hash)
  expect(compareSurfaces(before, after)).toEqual([
    'core.fsmonitor',
    'hooks/post-checkout',
    'include.path',
    'info/attributes',
  ])
})
