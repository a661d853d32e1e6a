import { expect, test } from 'vitest'
import {
  judgeForget,
  listBaseSources,
  nameFromPath,
  projectNotes,
  projectStateFrom,
  refuseToOpen,
  showPath,
  type RepositoryFacts,
} from './project-rules.ts'

const plain: RepositoryFacts = {
  hasCommits: true,
  isDetached: false,
  isShallow: false,
  isPartialClone: false,
  submodules: [],
  usesLfs: false,
  isLfsInstalled: false,
  refusedPrograms: [],
}

test('each obstacle has a code and a message that says what to do', () => {
  const obstacles = [
    [{ kind: 'relative' }, 'NOT_A_FOLDER', 'full path'],
    [{ kind: 'absent' }, 'NOT_A_FOLDER', 'Check the path'],
    [{ kind: 'no-repository' }, 'NOT_A_REPOSITORY', 'start a repository'],
    [{ kind: 'home' }, 'NOT_A_REPOSITORY', 'Make a folder'],
    [{ kind: 'bare', path: '/b.git' }, 'BARE_REPOSITORY', 'git worktree add'],
    [{ kind: 'not-owned', path: "/it's mine" }, 'UNSAFE_OWNER', `safe.directory '/it'\\''s mine'`],
    [{ kind: 'damaged', reason: 'bad config line 1' }, 'DAMAGED_REPOSITORY', 'bad config line 1'],
  ] as const
  for (const [obstacle, code, words] of obstacles) {
    const refusal = refuseToOpen('/x', obstacle)
    expect(refusal.code).toBe(code)
    expect(refusal.message).toContain(words)
  }
})

test('a repository without commits says what to do; one with them is usable', () => {
  expect(projectStateFrom(plain)).toEqual({ kind: 'ok' })
  expect(projectStateFrom({ ...plain, hasCommits: false })).toMatchObject({
    kind: 'no-commits',
    message: expect.stringContaining('Create the first commit'),
  })
})

test('notes tell what is special and stay silent otherwise', () => {
  expect(projectNotes(plain)).toEqual([])
  expect(projectNotes({ ...plain, usesLfs: true, isLfsInstalled: true })).toEqual([])
  const notes = projectNotes({
    ...plain,
    isDetached: true,
    isShallow: true,
    isPartialClone: true,
    usesLfs: true,
    submodules: ['a', 'b', 'c', 'd', 'e'],
    refusedPrograms: ['filter.crypt.smudge'],
  })
  expect(notes).toHaveLength(6)
  expect(notes.join('\n')).toContain('a, b, c and 2 more')
  expect(notes.join('\n')).toContain('filter.crypt.smudge')
})

test('a project with live sessions is not forgotten', () => {
  expect(judgeForget(0)).toBeNull()
  expect(judgeForget(1)?.message).toContain('A session is still running')
  expect(judgeForget(3)?.message).toContain('3 sessions are still running')
})

test('a project is named after its folder', () => {
  expect(nameFromPath('/home/me/app')).toBe('app')
  expect(nameFromPath('/srv/app.git/')).toBe('app')
  expect(nameFromPath('C:\\code\\app')).toBe('app')
  expect(nameFromPath('/.git')).toBe('.git')
  expect(nameFromPath('/')).toBe('/')
})

test('control and direction characters in a path are made visible', () => {
  expect(showPath('/a\nb\u001b[31m\u202Egnp')).toBe('“/a↵b�[31m�gnp”')
})

test('no base means the default branch of the remote, then the local one', () => {
  const project = { defaultBranch: 'main', remote: 'origin' }
  expect(listBaseSources(project, ['origin'], null).map((source) => source.ref)).toEqual([
    'refs/remotes/origin/main',
    'refs/heads/main',
  ])
  expect(listBaseSources({ ...project, remote: null }, [], null)).toEqual([{ kind: 'local', ref: 'refs/heads/main' }])
  expect(listBaseSources({ defaultBranch: null, remote: 'origin' }, ['origin'], null)).toEqual([
    { kind: 'local', ref: 'HEAD' },
  ])
})

test('a named base is a full ref, a branch, a remote branch, a tag or a commit', () => {
  const find = (name: string): readonly string[] =>
    listBaseSources({ defaultBranch: 'main', remote: 'origin' }, ['origin', 'a/b'], name).map(
      (s) => `${s.kind} ${s.ref}`,
    )
  expect(find('refs/heads/x')).toEqual(['local refs/heads/x'])
  expect(find('refs/remotes/a/b/c/d')).toEqual(['remote refs/remotes/a/b/c/d'])
  expect(find('refs/remotes/other/x')).toEqual(['local refs/remotes/other/x'])
  expect(find('origin/x')).toEqual([
    'local refs/heads/origin/x',
    'remote refs/remotes/origin/x',
    'local refs/tags/origin/x',
    'local origin/x',
  ])
})

test.each(['', '-x', '--upload-pack=x', 'a b', 'HEAD~1', 'HEAD^', ':/x', 'x@{-1}', 'a..b', 'a\u0000b', 'a\nb', '*'])(
  '%j is no base',
  (name) => {
    expect(listBaseSources({ defaultBranch: 'main', remote: null }, [], name)).toEqual([])
  },
)
