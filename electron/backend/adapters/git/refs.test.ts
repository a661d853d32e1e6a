import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fetchBranch } from './fetch.ts'
import { createGitLab } from './testing.ts'
import { createFirstCommit, initRepository, readIdentity } from './init-repository.ts'
import { readHead, resolveCommit } from './read-head.ts'
import {
  deleteBranch,
  findDefaultBranch,
  hasRef,
  isValidBranchName,
  listBranches,
  listRemotes,
  readRef,
} from './refs.ts'

async function createClone() {
  const lab = await createGitLab()
  const origin = await lab.createRepository('origin')
  await lab.plain(lab.root, 'clone', '--quiet', origin, 'clone')
  return { lab, origin, clone: join(lab.root, 'clone'), [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose]() }
}

test('branches carry their upstream and how far they are from it', async () => {
  await using bench = await createClone()
  const { lab, origin, clone } = bench
  await lab.commitAll(origin, 'theirs')
  await lab.plain(origin, 'branch', 'gone/soon')
  await lab.plain(clone, 'fetch', '--quiet')
  await lab.commitAll(clone, 'mine')
  await lab.commitAll(clone, 'mine too')
  await lab.plain(clone, 'branch', '--track', 'orphaned', 'origin/gone/soon')
  await lab.plain(clone, 'update-ref', '-d', 'refs/remotes/origin/gone/soon')
  const branches = await listBranches(lab.git, clone)
  expect(branches.map((branch) => branch.name).sort()).toEqual(['main', 'origin/main', 'orphaned'])
  expect(branches.find((branch) => branch.name === 'main')).toMatchObject({
    ref: 'refs/heads/main',
    isRemote: false,
    upstream: 'origin/main',
    ahead: 2,
    behind: 1,
    isUpstreamGone: false,
  })
  expect(branches.find((branch) => branch.name === 'orphaned')?.isUpstreamGone).toBe(true)
  expect(branches.find((branch) => branch.name === 'origin/main')?.isRemote).toBe(true)
})

test('the default branch is the one of the remote, then a customary one, then what is checked out', async () => {
  await using bench = await createClone()
  const { lab, origin, clone } = bench
  const find = async (cwd: string, remote: string | null): Promise<string | null> =>
    findDefaultBranch(lab.git, cwd, {
      remote,
      head: await readHead(lab.git, cwd),
      entries: await lab.git.listConfig(cwd),
    })
  await lab.plain(clone, 'checkout', '--quiet', '-b', 'feature')
  expect(await find(clone, 'origin')).toBe('main')
  expect(await find(clone, null)).toBe('main')
  await lab.plain(origin, 'branch', '--move', 'main', 'oddly-named')
  expect(await find(origin, null)).toBe('oddly-named')
})

test('remotes are named, origin first', async () => {
  await using bench = await createClone()
  const { lab, clone } = bench
  await lab.plain(clone, 'remote', 'add', 'a.fork', 'https://example.invalid/x.git')
  expect(listRemotes(await lab.git.listConfig(clone))).toEqual(['origin', 'a.fork'])
})

test('a fetch moves the one remote branch that was asked for and nothing else', async () => {
  await using bench = await createClone()
  const { lab, origin, clone } = bench
  const sha = await lab.commitAll(origin, 'new')
  await lab.plain(origin, 'tag', 'v1')
  await lab.plain(origin, 'branch', 'other')
  const mine = await lab.commitAll(clone, 'unpushed')
  // A planted refspec would overwrite local branches.
  await lab.plain(clone, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/heads/*')
  await lab.plain(clone, 'config', 'remote.origin.tagOpt', '--tags')
  await lab.plain(clone, 'checkout', '--quiet', '--detach')
  const result = await fetchBranch(lab.git, { cwd: clone, remote: 'origin', branch: 'main', budgetMs: 30_000 })
  expect(result).toEqual({ kind: 'fetched' })
  expect(await readRef(lab.git, clone, 'refs/remotes/origin/main')).toBe(sha)
  expect(await readRef(lab.git, clone, 'refs/heads/main')).toBe(mine)
  expect(await hasRef(lab.git, clone, 'refs/tags/v1')).toBe(false)
  expect(await hasRef(lab.git, clone, 'refs/heads/other')).toBe(false)
})

test('a fetch that cannot reach its remote says why', async () => {
  await using bench = await createClone()
  const { lab, clone } = bench
  await lab.plain(clone, 'remote', 'set-url', 'origin', join(lab.root, 'nowhere'))
  const request = { cwd: clone, remote: 'origin', branch: 'main', budgetMs: 30_000 }
  expect(await fetchBranch(lab.git, request)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('nowhere'),
  })
  expect(await fetchBranch(lab.git, { ...request, remote: '--upload-pack=touch x' })).toMatchObject({ kind: 'failed' })
})

test('a branch is deleted only where it was seen', async () => {
  await using bench = await createClone()
  const { lab, clone } = bench
  await lab.plain(clone, 'branch', 'side')
  const sha = await lab.plain(clone, 'rev-parse', 'side')
  const moved = await lab.commitAll(clone, 'more')
  expect(await deleteBranch(lab.git, clone, 'side', moved)).toBe(false)
  expect(await deleteBranch(lab.git, clone, 'side', sha)).toBe(true)
  expect(await hasRef(lab.git, clone, 'refs/heads/side')).toBe(false)
})

test('a revision that is none resolves to null and is never an option', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  for (const revision of ['', ' ', '--help', 'no such', 'HEAD~9', '@{-1}', ':/x', '-'.repeat(3)]) {
    expect(await resolveCommit(lab.git, repo, revision), revision).toBeNull()
  }
  expect(await isValidBranchName(lab.git, repo, 'a/b')).toBe(true)
  for (const name of ['', '-x', 'a..b', 'a b', 'a.lock', '@{-1}'])
    expect(await isValidBranchName(lab.git, repo, name)).toBe(false)
})

test('a new repository gets the first branch of the person and a commit of its files', async () => {
  await using lab = await createGitLab()
  await lab.plain(lab.root, 'config', '--global', 'init.defaultBranch', 'start')
  const folder = join(lab.root, 'new')
  await lab.write(join(folder, 'file'), 'x\n')
  await initRepository(lab.git, folder)
  expect(await readHead(lab.git, folder)).toEqual({ kind: 'unborn', branch: 'start' })
  const identity = await readIdentity(lab.git, folder)
  expect(identity).toEqual({ name: 'Test Person', email: 'person@example.com' })
  const input = { message: 'First commit', identity: identity!, includeFiles: true }
  const sha = await createFirstCommit(lab.git, folder, input)
  expect(await lab.plain(folder, 'log', '--format=%H %an %s')).toBe(`${sha} Test Person First commit`)
  expect(await lab.plain(folder, 'status', '--porcelain')).toBe('')
  expect(await createFirstCommit(lab.git, folder, input)).toBeNull()
  expect(await lab.plain(folder, 'rev-list', '--count', 'HEAD')).toBe('1')
})

test('a first commit may be empty and leave the files alone', async () => {
  await using lab = await createGitLab()
  const folder = join(lab.root, 'new')
  await lab.write(join(folder, 'file'), 'x\n')
  await initRepository(lab.git, folder)
  const identity = { name: 'A', email: 'a@b' }
  await createFirstCommit(lab.git, folder, { message: 'Start', identity, includeFiles: false })
  expect(await lab.plain(folder, 'ls-tree', 'HEAD')).toBe('')
  expect(await lab.plain(folder, 'status', '--porcelain')).toBe('?? file')
})
