import { existsSync } from 'node:fs'
import { mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findDiffStart, findMergeBase, isAncestor, readDiffNumbers } from './diff-numbers.ts'
import { fetchBranch } from './fetch.ts'
import { createFirstCommit, initRepository, readIdentity } from './init-repository.ts'
import { readHead, resolveCommit } from './read-head.ts'
import { listSubmodules, readRepositoryFeatures } from './repository-features.ts'
import { clearStaleRefLock } from './stale-lock.ts'
import { createGitLab, type GitLab } from './testing.ts'
import { listWorktrees } from './worktree-list.ts'
import { findRegistration, listRegisteredPaths, readRegisteredPath } from './worktree-registration.ts'

let lab: GitLab
let repo: string
beforeEach(async () => {
  lab = await createGitLab()
  repo = await lab.createRepository('repo')
})
afterEach(() => lab[Symbol.asyncDispose]())

describe('HEAD', () => {
  it('is a branch, detached, or a branch without a commit', async () => {
    const sha = await lab.plain(repo, 'rev-parse', 'HEAD')
    expect(await readHead(lab.git, repo)).toEqual({ kind: 'branch', branch: 'main', sha })
    await lab.plain(repo, 'checkout', '--quiet', '--detach')
    expect(await readHead(lab.git, repo)).toEqual({ kind: 'detached', sha })
    await lab.plain(repo, 'checkout', '--quiet', '--orphan', 'fresh/start')
    expect(await readHead(lab.git, repo)).toEqual({ kind: 'unborn', branch: 'fresh/start' })
  })

  it.each(['nope', 'a b', '--help', '-x', '..', 'HEAD~9', ''])(
    'a revision %j that is none is none, and no option',
    async (revision) => {
      expect(await resolveCommit(lab.git, repo, revision)).toBeNull()
    },
  )

  it('a tag is resolved to its commit, a file to nothing', async () => {
    await lab.plain(repo, 'tag', '-a', 'v1', '-m', 'one')
    expect(await resolveCommit(lab.git, repo, 'v1')).toBe(await lab.plain(repo, 'rev-parse', 'HEAD'))
    expect(await resolveCommit(lab.git, repo, 'HEAD:readme.md')).toBeNull()
  })
})

describe('the numbers of a checkout', () => {
  const numbers = async (base: string | null = null) => {
    const { rawPaths: _rawPaths, ...counts } = await readDiffNumbers(lab.git, repo, base)
    return counts
  }

  it('are none when nothing changed, and count staged, unstaged and untracked together', async () => {
    expect(await numbers()).toEqual({ added: 0, removed: 0, changedFiles: 0, isPartial: false })
    await lab.write(join(repo, 'readme.md'), 'hi\nthere\n')
    await lab.write(join(repo, 'staged.txt'), 'a\nb\nc\n')
    await lab.plain(repo, 'add', 'staged.txt')
    await lab.write(join(repo, 'no-newline.txt'), 'one\ntwo')
    expect(await numbers()).toEqual({ added: 7, removed: 1, changedFiles: 3, isPartial: false })
  })

  it('are counted from where the branch left its base, whatever the base did since', async () => {
    await lab.plain(repo, 'checkout', '--quiet', '-b', 'topic')
    await lab.write(join(repo, 'mine.txt'), '1\n2\n')
    await lab.commitAll(repo, 'mine')
    await lab.plain(repo, 'checkout', '--quiet', 'main')
    await lab.write(join(repo, 'theirs.txt'), 'x\n'.repeat(50))
    await lab.commitAll(repo, 'theirs')
    await lab.plain(repo, 'checkout', '--quiet', 'topic')
    expect(await numbers('refs/heads/main')).toMatchObject({ added: 2, removed: 0, changedFiles: 1 })
    expect(await numbers('refs/heads/gone')).toMatchObject({ added: 0, changedFiles: 0 })
  })

  it('follow a rename, and count a binary file without lines', async () => {
    await lab.plain(repo, 'mv', 'readme.md', 'renamed.md')
    expect([...(await readDiffNumbers(lab.git, repo, null)).rawPaths].sort()).toEqual(['readme.md', 'renamed.md'])
    await lab.write(join(repo, 'image.bin'), new Uint8Array([1, 0, 2, 10, 10]))
    expect(await numbers()).toEqual({ added: 0, removed: 0, changedFiles: 2, isPartial: false })
  })

  it('do not follow links nor wait for pipes, and say when a file was too large to count', async () => {
    await writeFile(join(lab.root, 'outside.txt'), 'secret\n'.repeat(10))
    await symlink(join(lab.root, 'outside.txt'), join(repo, 'link'))
    await lab.write(join(repo, 'large.txt'), 'line\n'.repeat(300_000))
    expect(await numbers()).toEqual({ added: 0, removed: 0, changedFiles: 2, isPartial: true })
  })

  it('of a repository without commits are its files', async () => {
    const fresh = join(lab.root, 'fresh')
    await mkdir(fresh)
    await initRepository(lab.git, fresh)
    await lab.write(join(fresh, 'a.txt'), 'a\n')
    expect(await readDiffNumbers(lab.git, fresh, null)).toMatchObject({ added: 1, changedFiles: 1 })
    expect(await findDiffStart(lab.git, fresh, 'main')).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904')
  })

  it('know what lies in whose history', async () => {
    const first = await lab.plain(repo, 'rev-parse', 'HEAD')
    const second = await lab.commitAll(repo, 'second')
    expect(await isAncestor(lab.git, repo, first, second)).toBe(true)
    expect(await isAncestor(lab.git, repo, second, first)).toBe(false)
    expect(await findMergeBase(lab.git, repo, first, second)).toBe(first)
    await lab.plain(repo, 'checkout', '--quiet', '--orphan', 'unrelated')
    await lab.commitAll(repo, 'alone')
    expect(await findMergeBase(lab.git, repo, 'main', 'unrelated')).toBeNull()
  })
})

describe('a fetch', () => {
  const clone = async () => {
    await lab.plain(lab.root, 'clone', '--quiet', repo, 'clone')
    return join(lab.root, 'clone')
  }
  const fetch = (cwd: string, changes: { remote?: string; branch?: string } = {}) =>
    fetchBranch(lab.git, { cwd, remote: 'origin', branch: 'main', budgetMs: 30_000, ...changes })

  it('moves the one branch that was asked for, and nothing else', async () => {
    const cwd = await clone()
    const newest = await lab.commitAll(repo, 'newer')
    await lab.plain(repo, 'branch', 'other')
    await lab.plain(repo, 'tag', 'v1')
    expect(await fetch(cwd)).toEqual({ kind: 'fetched' })
    expect(await lab.plain(cwd, 'rev-parse', 'refs/remotes/origin/main')).toBe(newest)
    expect(await lab.plain(cwd, 'for-each-ref', '--format=%(refname)', 'refs/tags', 'refs/remotes/origin/other')).toBe(
      '',
    )
    expect(existsSync(join(cwd, '.git', 'FETCH_HEAD'))).toBe(false)
  })

  it('does not follow a refspec that somebody planted', async () => {
    const cwd = await clone()
    const before = await lab.plain(cwd, 'rev-parse', 'refs/heads/main')
    await lab.commitAll(repo, 'newer')
    await lab.plain(cwd, 'config', '--replace-all', 'remote.origin.fetch', '+refs/heads/*:refs/heads/*')
    expect(await fetch(cwd)).toEqual({ kind: 'fetched' })
    expect(await lab.plain(cwd, 'rev-parse', 'refs/heads/main')).toBe(before)
  })

  it.each([
    ['a branch that is not there', { branch: 'nope' }, 'nope'],
    ['a remote that is not there', { remote: 'nowhere' }, 'nowhere'],
  ])('of %s fails with the reason in git’s words', async (_name, changes, words) => {
    const result = await fetch(await clone(), changes)
    expect(result).toMatchObject({ kind: 'failed', reason: expect.stringContaining(words) })
    expect(result.kind === 'failed' && result.reason.split('\n')).toHaveLength(1)
  })
})

describe('a new repository', () => {
  it('has the first branch the person wants, and a first commit of what is not ignored', async () => {
    const folder = join(lab.root, 'new')
    await mkdir(folder)
    await lab.plain(folder, 'config', '--global', 'init.defaultBranch', 'trunk')
    await initRepository(lab.git, folder)
    await lab.write(join(folder, '.gitignore'), '*.log\n')
    await lab.write(join(folder, 'a.txt'), 'a\n')
    await lab.write(join(folder, 'noise.log'), 'x\n')
    const identity = await readIdentity(lab.git, folder)
    expect(identity).toEqual({ name: 'Test Person', email: 'person@example.com' })
    if (!identity) return
    const input = { message: 'Begin\n', identity, includeFiles: true }
    const commit = await createFirstCommit(lab.git, folder, input)
    expect(await readHead(lab.git, folder)).toEqual({ kind: 'branch', branch: 'trunk', sha: commit })
    expect(await lab.plain(folder, 'ls-files')).toBe('.gitignore\na.txt')
    expect(await lab.plain(folder, 'log', '--format=%an %s')).toBe('Test Person Begin')
    expect(await createFirstCommit(lab.git, folder, input)).toBeNull()
    expect(await lab.plain(folder, 'rev-parse', 'HEAD')).toBe(commit)
  })

  it('can begin with nothing, and then leaves the files as they are', async () => {
    const folder = join(lab.root, 'empty')
    await mkdir(folder)
    await initRepository(lab.git, folder)
    await lab.write(join(folder, 'a.txt'), 'a\n')
    const identity = { name: 'A', email: 'a@example.com' }
    await createFirstCommit(lab.git, folder, { message: 'Begin', identity, includeFiles: false })
    expect(await lab.plain(folder, 'ls-tree', 'HEAD')).toBe('')
    expect(await lab.plain(folder, 'status', '--porcelain')).toBe('?? a.txt')
  })

  it('knows nobody where neither name nor address is set', async () => {
    await rm(join(lab.home, '.gitconfig'))
    expect(await readIdentity(lab.git, repo)).toBeNull()
    await lab.plain(repo, 'config', 'user.name', 'Only A Name')
    expect(await readIdentity(lab.git, repo)).toBeNull()
  })
})

describe('what a repository uses', () => {
  it('is nothing special at first', async () => {
    expect(await readRepositoryFeatures(lab.git, repo)).toEqual({
      submodules: [],
      usesLfs: false,
      isPartialClone: false,
      refusedPrograms: [],
    })
  })

  it.each([
    ['*.bin filter=lfs diff=lfs merge=lfs -text', true],
    ['# *.bin filter=lfs', false],
    ['*.bin filter=lfsx', false],
    ['a.txt text\n*.psd  filter=lfs', true],
  ])('with the attributes %j is LFS: %s', async (attributes, expected) => {
    await lab.write(join(repo, '.gitattributes'), `${attributes}\n`)
    expect((await readRepositoryFeatures(lab.git, repo)).usesLfs).toBe(expected)
  })

  it('are submodules by path, also with odd names, and none in a file git cannot read', async () => {
    const modules = '[submodule "a"]\n\tpath = libs/a b\n\turl = ../a\n[submodule "x.path"]\n\tpath = y\n\turl = ../y\n'
    await lab.write(join(repo, '.gitmodules'), modules)
    expect(await listSubmodules(lab.git, repo)).toEqual(['libs/a b', 'y'])
    await lab.write(join(repo, '.gitmodules'), '[submodule "a\n')
    expect(await listSubmodules(lab.git, repo)).toEqual([])
  })

  it('are a partial clone and programs of its own', async () => {
    await lab.plain(repo, 'config', 'remote.origin.promisor', 'true')
    await lab.plain(repo, 'config', 'filter.evil.smudge', './evil.sh')
    const features = await readRepositoryFeatures(lab.git, repo)
    expect(features.isPartialClone).toBe(true)
    expect(features.refusedPrograms.join()).toContain('filter.evil.smudge')
  })
})

describe('worktrees', () => {
  it('are listed with the main checkout first, and known by their registration', async () => {
    const path = join(lab.root, 'it’s a wörktree')
    await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'topic', path)
    await lab.plain(repo, 'worktree', 'lock', '--reason', 'on a stick', path)
    const listed = await listWorktrees(lab.git, path)
    expect(listed).toMatchObject([
      { path: repo, branch: 'main', locked: null },
      { path, branch: 'topic', locked: 'on a stick', isPrunable: false },
    ])
    const commonDir = join(repo, '.git')
    const registration = await findRegistration(commonDir, path)
    expect(registration).toContain(join('.git', 'worktrees'))
    expect(await readRegisteredPath(registration ?? '')).toBe(path)
    expect(await listRegisteredPaths(commonDir)).toEqual([path])
    expect(await findRegistration(commonDir, join(lab.root, 'other'))).toBeNull()
  })

  it('whose folder is gone would be pruned', async () => {
    const path = join(lab.root, 'moved')
    await lab.plain(repo, 'worktree', 'add', '--quiet', '--detach', path)
    await rename(path, `${path} away`)
    expect((await listWorktrees(lab.git, repo))[1]).toMatchObject({ path, branch: null, isPrunable: true })
  })

  it('are none in a folder without registrations', async () => {
    expect(await listRegisteredPaths(join(repo, '.git'))).toEqual([])
  })
})

describe('the lock a killed git left on a ref', () => {
  const ref = 'refs/switchyard/rescue/1'
  const lockOf = () => join(repo, '.git', `${ref}.lock`)
  const isThere = () =>
    stat(lockOf()).then(
      () => true,
      () => false,
    )

  it('is nothing to wait for where there is none', async () => {
    await clearStaleRefLock(join(repo, '.git'), ref)
    expect(await isThere()).toBe(false)
  })

  it('is taken away, and the ref can be written again', async () => {
    await lab.write(lockOf(), '')
    await expect(lab.plain(repo, 'update-ref', ref, 'HEAD')).rejects.toThrow('lock')
    await clearStaleRefLock(join(repo, '.git'), ref)
    expect(await isThere()).toBe(false)
    await lab.plain(repo, 'update-ref', ref, 'HEAD')
  })

  it('of a git that lives is left to it', async () => {
    await lab.write(lockOf(), 'first')
    const clearing = clearStaleRefLock(join(repo, '.git'), ref)
    // Another one takes its turn: a new file at the same place.
    await lab.write(`${lockOf()}.next`, 'second')
    await rename(`${lockOf()}.next`, lockOf())
    await clearing
    expect(await isThere()).toBe(true)
  })
})
