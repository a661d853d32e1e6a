import { expect, test } from 'vitest'
import {
  isAllowedBranchName,
  isBlocked,
  missingMessage,
  pickBranch,
  planWorktree,
  slugFrom,
  withSurfaceNote,
  worktreeNotes,
  worktreePath,
  type NoteFacts,
  type RepositoryView,
} from './worktree-rules.ts'

test.each([
  ['Fix the login page', 'fix-the-login-page'],
  ['  Größe & Übermaß — naïve café ', 'gro-e-uberma-naive-cafe'],
  ['$(rm -rf ~); `id` | cat', 'rm-rf-id-cat'],
  ['../../etc/passwd', 'etc-passwd'],
  ['漢字だけ', 'session'],
  ['', 'session'],
  ['---', 'session'],
  ['CON', 'con-session'],
  ['a'.repeat(99), 'a'.repeat(40)],
  ['x'.repeat(39) + ' yes', 'x'.repeat(39)],
])('the title %j becomes %j', (title, slug) => {
  expect(slugFrom(title)).toBe(slug)
})

test('a branch gets a number until nothing stands in its way', () => {
  expect(pickBranch('switchyard/', 'fix', [])).toBe('switchyard/fix')
  expect(pickBranch('switchyard/', 'fix', ['switchyard/fix', 'switchyard/fix-2'])).toBe('switchyard/fix-3')
  expect(pickBranch('switchyard/', 'fix', ['Switchyard/FIX'])).toBe('switchyard/fix-2')
  expect(pickBranch('switchyard/', 'fix', ['switchyard/fix/deeper'])).toBe('switchyard/fix-2')
  expect(pickBranch('', 'main', ['main'])).toBe('main-2')
})

test('a branch named like the prefix moves new branches beside it', () => {
  expect(pickBranch('switchyard/', 'fix', ['switchyard'])).toBe('switchyard-fix')
  expect(pickBranch('me/too/', 'fix', ['me', 'me-too-fix'])).toBe('me-too-fix-2')
})

test('branches that exclude each other as files are told', () => {
  expect(isBlocked('a/b', ['a'])).toBe(true)
  expect(isBlocked('a', ['a/b'])).toBe(true)
  expect(isBlocked('a/b', ['a/c', 'ab', 'b'])).toBe(false)
})

test.each(['fix', 'a/b-c_d.e', 'v1.2', 'A'.repeat(100)])('%j is allowed as a branch', (name) => {
  expect(isAllowedBranchName(name)).toBe(true)
})

test.each([
  '',
  '-x',
  'a/-x',
  'a b',
  'a..b',
  'a.lock',
  'a.lock/b',
  '.a',
  'a/.b',
  'a.',
  '/a',
  'a/',
  'a//b',
  'HEAD',
  'refs/heads/x',
  'a~1',
  'a^',
  'a:b',
  'a?',
  'a*',
  'a[',
  'a\\b',
  '@{-1}',
  '$(id)',
  '`id`',
  'a;b',
  'ä',
  'a\nb',
  'A'.repeat(101),
])('%j is not allowed as a branch', (name) => {
  expect(isAllowedBranchName(name)).toBe(false)
})

test('a worktree lies under the root, by repository and by its own id', () => {
  const path = worktreePath({
    root: '/home/me/.switchyard/worktrees',
    projectName: 'My App',
    commonDirHash: '0123456789abcdef',
    slug: 'fix-login',
    id: 'wt_01JDABCDEFGHJKMNPQRSTVWXYZ',
  })
  expect(path).toBe('/home/me/.switchyard/worktrees/my-app-01234567/fix-login-rstvwxyz')
})

const view: RepositoryView = {
  rootPath: '/repo',
  headBranch: 'main',
  localBranches: ['main', 'side', 'free'],
  remoteBranches: ['origin/main', 'origin/new', 'fork/x/deep/name', 'origin/$(id)'],
  remotes: ['origin', 'fork/x'],
  pathByBranch: new Map([
    ['main', '/repo'],
    ['side', '/elsewhere'],
  ]),
  adopted: null,
}

test('a new branch is named by us or by the person, and never one that exists', () => {
  const plan = (branch: string | null) => planWorktree({ kind: 'new-branch', baseRef: 'v1', branch }, view)
  expect(plan(null)).toEqual({
    kind: 'planned',
    plan: { kind: 'new-branch', branch: null, startRef: 'v1', path: null },
  })
  expect(plan('mine')).toMatchObject({ plan: { branch: 'mine' } })
  expect(plan('side')).toMatchObject({ kind: 'refused', code: 'BRANCH_EXISTS' })
  expect(plan('side/below')).toMatchObject({ kind: 'refused', code: 'BRANCH_EXISTS' })
  expect(plan('$(id)')).toMatchObject({ kind: 'refused', code: 'BAD_BRANCH_NAME' })
})

test('an existing branch must be free; a remote one gets a local branch of its name', () => {
  const plan = (branch: string) => planWorktree({ kind: 'existing-branch', branch }, view)
  expect(plan('free')).toMatchObject({ plan: { kind: 'existing-branch', branch: 'free', startRef: null } })
  expect(plan('origin/new')).toMatchObject({ plan: { branch: 'new', startRef: 'refs/remotes/origin/new' } })
  expect(plan('fork/x/deep/name')).toMatchObject({ plan: { branch: 'deep/name' } })
  expect(plan('side')).toMatchObject({ code: 'BRANCH_IN_USE', message: expect.stringContaining('/elsewhere') })
  expect(plan('origin/main')).toMatchObject({ code: 'BRANCH_EXISTS' })
  expect(plan('origin/$(id)')).toMatchObject({ code: 'BAD_BRANCH_NAME' })
  expect(plan('nope')).toMatchObject({ code: 'BAD_BASE' })
})

test('an existing worktree must be one of the project; in place is the main checkout', () => {
  const choice = { kind: 'existing-worktree', path: '/x' } as const
  expect(planWorktree(choice, view)).toMatchObject({ kind: 'refused', code: 'BAD_BASE' })
  expect(planWorktree(choice, { ...view, adopted: { path: '/x', branch: null } })).toMatchObject({
    plan: { kind: 'adopted', path: '/x', branch: null },
  })
  expect(planWorktree({ kind: 'in-place' }, view)).toMatchObject({
    plan: { kind: 'in-place', path: '/repo', branch: 'main' },
  })
})

const facts: NoteFacts = {
  kind: 'new-branch',
  baseNote: null,
  submodules: [],
  usesLfs: false,
  isLfsInstalled: false,
  wasLfsSkipped: false,
  refusedPrograms: [],
}

test('notes tell what a worktree lacks', () => {
  expect(worktreeNotes(facts)).toEqual([])
  expect(worktreeNotes({ ...facts, kind: 'in-place', submodules: ['x'] })).toEqual([
    expect.stringContaining('main checkout'),
  ])
  expect(
    worktreeNotes({
      ...facts,
      baseNote: 'offline',
      submodules: ['x'],
      usesLfs: true,
      refusedPrograms: ['core.sshcommand', 'filter.crypt.smudge'],
    }).map((note) => /offline|Submodules|LFS|filter\.crypt\.smudge/.exec(note)?.[0]),
  ).toEqual(['offline', 'Submodules', 'LFS', 'filter.crypt.smudge'])
  expect(worktreeNotes({ ...facts, usesLfs: true, isLfsInstalled: true, wasLfsSkipped: true })).toHaveLength(1)
})

test('the alarm about changed hooks comes, changes and goes, and other notes stay', () => {
  const one = withSurfaceNote(['other'], ['hooks/post-checkout'])
  expect(one).toEqual(['other', expect.stringContaining('hooks/post-checkout')])
  const many = withSurfaceNote(one, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  expect(many).toHaveLength(2)
  expect(many[1]).toContain('and 2 more')
  expect(withSurfaceNote(many, [])).toEqual(['other'])
})

test('a folder that is gone says what can be done, which the main checkout leaves to its project', () => {
  expect(missingMessage({ path: '/w', kind: 'new-branch' })).toBe(
    'The folder /w is gone or was moved. Restore it, or choose where it is now.',
  )
  expect(missingMessage({ path: '/w', kind: 'in-place' })).toContain('open the project at its new place')
})
