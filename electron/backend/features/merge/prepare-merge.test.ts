import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createMergeLab, type MergeLab } from '../../testing/merge-lab.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'
import { conflictsOf } from './merge-service.ts'

let lab: MergeLab
beforeAll(async () => {
  lab = await createMergeLab()
  await lab.commit({ 'a.txt': '1\n2\n3\n' }, 'a')
  await lab.branch('clean', { 'new.txt': 'new\n', 'a.txt': 'one\n2\n3\n' })
  await lab.branch('ahead', { 'ahead.txt': 'x\n' })
  await lab.branch('conflict', { 'a.txt': 'theirs\n2\n3\n', 'ä.txt': 'ä\n' })
  await lab.branch('merged', { 'b.txt': 'b\n' })
  await lab.git('merge', '-q', '--no-ff', '-m', 'merged', 'merged')
  await lab.branch('same', { 'c.txt': 'c\n' }, 'main~1')
  await lab.commit({ 'c.txt': 'c\n' }, 'as on the branch')
})
afterAll(() => lab[Symbol.asyncDispose]())

const everything = async () => [await lab.everything(), await lab.git('count-objects', '-v')]

describe('a preview', () => {
  it('says what would land and leaves the repository as it is', async () => {
    const before = await everything()
    const preview = valueOf(await lab.merge.preview(await lab.wish('clean', 'squash')))
    expect(preview).toMatchObject({ kind: 'clean', target: 'main', base: await lab.head(), message: 'change on clean' })
    expect(
      preview.kind === 'clean' &&
        preview.files.map(({ path, change, added, removed }) => [path, change, added, removed]),
    ).toEqual([
      ['a.txt', 'modified', 1, 1],
      ['new.txt', 'added', 1, 0],
    ])
    expect(await everything()).toEqual(before)
    expect(await readdir(join(lab.yard.lab.root, 'merge'))).toEqual([])
  })

  it('says what conflicts, by file and versions, and of a rebase at which commit', async () => {
    const clean = await lab.land('clean', 'squash')
    const before = await everything()
    const preview = valueOf(await lab.merge.preview(await lab.wish('conflict', 'merge')))
    expect(preview).toMatchObject({ kind: 'conflicts', base: clean.after, at: null })
    expect(preview.kind === 'conflicts' && preview.conflicts).toMatchObject([
      { path: 'a.txt', rawPath: 'a.txt', kind: 'content' },
    ])
    const refused = await lab.merge.prepare(await lab.wish('conflict', 'rebase'))
    const found = refused.ok ? null : conflictsOf(refused.refusal)
    expect(found?.at).toEqual({ sha: await lab.head('conflict'), subject: 'change on conflict' })
    const [stages] = found?.conflicts.map((conflict) => conflict.stages) ?? []
    const blob = (at: string) => lab.head(`${at}:a.txt`)
    expect([stages?.[1]?.oid, stages?.[2]?.oid, stages?.[3]?.oid]).toEqual([
      await blob('conflict~1'),
      await blob('main'),
      await blob('conflict'),
    ])
    expect(messageOf(refused)).toMatch(
      /^1 file conflicts with main at “change on conflict”: a\.txt\. Refresh the branch/,
    )
    expect(await everything()).toEqual(before)
  })
})

describe('what cannot be merged is refused with a way out', () => {
  it.each([
    ['merged', 'merge', 'ALREADY_MERGED'],
    ['merged', 'rebase', 'ALREADY_MERGED'],
    ['merged', 'fast-forward', 'ALREADY_MERGED'],
    ['same', 'squash', 'ALREADY_MERGED'],
    ['same', 'rebase', 'ALREADY_MERGED'],
    ['same', 'merge', 'ok'],
    ['ahead', 'fast-forward', 'NOT_FAST_FORWARD'],
  ] as const)('%s by %s: %s', async (branch, strategy, code) => {
    const result = await lab.merge.preview(await lab.wish(branch, strategy))
    expect(codeOf(result)).toBe(code)
    if (!result.ok) expect(messageOf(result)).toMatch(/\.$/)
  })

  it('histories without a common commit', async () => {
    const tree = await lab.git('write-tree')
    const sha = await lab.git('commit-tree', '-m', 'of nowhere', tree)
    for (const strategy of ['merge', 'squash', 'rebase', 'fast-forward'] as const)
      expect(
        codeOf(await lab.merge.preview(await lab.wish('ahead', strategy, { source: { sha, branch: null } }))),
      ).toBe('UNRELATED')
  })

  it('a target, commit or project that is not there', async () => {
    const preview = async (change: object) => codeOf(await lab.merge.preview(await lab.wish('ahead', 'squash', change)))
    expect(await preview({ target: 'nowhere' })).toBe('GONE')
    expect(await preview({ target: 'ma?n' })).toBe('GONE')
    expect(await preview({ source: { sha: '1'.repeat(40), branch: 'x' } })).toBe('GONE')
    expect(await preview({ onto: '2'.repeat(40) })).toBe('GONE')
    expect(await preview({ source: { sha: await lab.head('main^{tree}'), branch: 'x' } })).toBe('GONE')
    expect(await preview({ projectId: 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId })).toBe('UNREADABLE')
  })

  it('a target that is another name for a branch', async () => {
    await lab.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main')
    const refused = await lab.merge.preview(await lab.wish('ahead', 'squash', { target: 'alias' }))
    expect([codeOf(refused), messageOf(refused)]).toEqual([
      'UNREADABLE',
      'alias is another name for main. Choose that one.',
    ])
  })

  it('when git does not know who commits, save where nobody does', async () => {
    await lab.git('config', 'user.name', '')
    expect(codeOf(await lab.merge.preview(await lab.wish('ahead', 'squash')))).toBe('NO_IDENTITY')
    expect(codeOf(await lab.merge.preview(await lab.wish('ahead', 'fast-forward')))).toBe('NOT_FAST_FORWARD')
    await lab.git('config', '--unset', 'user.name')
  })

  it('with a git that is too old', async () => {
    const old = lab.restart({ git: { ...lab.yard.lab.git, version: '2.37.9' } })
    expect(messageOf(await old.preview(await lab.wish('ahead', 'squash')))).toContain('needs git 2.38 or later')
  })
})

it('a message of one’s own is tidied, keeps its trailers, and gets those of the wish', async () => {
  const change = { message: '\n Title \n\nBody\n\nSigned-off-by: Ada\n', trailers: ['Switchyard-Merge: entry-1'] }
  const { commit, message } = await lab.prepare('ahead', 'squash', change)
  expect(message).toBe('Title\n\nBody\n\nSigned-off-by: Ada\nSwitchyard-Merge: entry-1')
  expect(await lab.git('log', '-1', '--format=%B', commit)).toBe(`${message}\n`)
})

it('a message of other scripts is stored as UTF-8, whatever the repository says', async () => {
  await lab.git('config', 'i18n.commitEncoding', 'ISO-8859-1')
  const { commit } = await lab.prepare('ahead', 'merge', { message: 'Größe 日本' })
  const bytes = Buffer.from(await lab.git('cat-file', 'commit', commit), 'utf8').toString('utf8')
  expect(bytes).toContain('\n\nGröße 日本\n')
  expect(bytes).not.toContain('encoding ')
  await lab.git('config', '--unset', 'i18n.commitEncoding')
})

it('what is prepared is held, whole, and let go of when it is dropped', async () => {
  const { id, commit } = await lab.prepare('ahead', 'rebase')
  expect(await lab.head(`refs/switchyard/merge/${id}`)).toBe(commit)
  await lab.git('fsck', '--no-dangling', commit)
  await lab.merge.drop(id)
  expect(await lab.git('for-each-ref', `refs/switchyard/merge/${id}`)).toBe('')
  expect(await lab.row(id)).toBeUndefined()
})

it('what was prepared a week ago is dropped, and what is newer is not', async () => {
  const [old, young] = [await lab.prepare('ahead', 'squash'), await lab.prepare('ahead', 'merge')]
  const { clock } = lab.yard.kernel
  const later = lab.restart({ clock: { ...clock, now: () => clock.now() + 6 * 86_400_000 } })
  await later.lookAfter(new AbortController().signal)
  expect((await lab.row(old.id))?.state).toBe('prepared')
  const muchLater = lab.restart({ clock: { ...clock, now: () => clock.now() + 8 * 86_400_000 } })
  await muchLater.lookAfter(new AbortController().signal)
  expect([await lab.row(old.id), await lab.row(young.id)]).toEqual([undefined, undefined])
})

it('a forecast tells which heads would merge cleanly', async () => {
  const heads = await Promise.all(
    ['conflict', 'ahead', 'merged'].map(async (label) => ({ label, sha: await lab.head(label) })),
  )
  const all = [...heads, { label: 'gone', sha: '3'.repeat(40) }]
  const before = await everything()
  const forecasts = valueOf(await lab.merge.forecast(lab.yard.project.id, all, 'main'))
  expect(forecasts.map(({ label, outcome }) => [label, outcome])).toEqual([
    ['conflict', { kind: 'conflicts', paths: ['a.txt'] }],
    ['ahead', { kind: 'clean' }],
    ['merged', { kind: 'already-merged' }],
    ['gone', { kind: 'gone' }],
  ])
  expect(await everything()).toEqual(before)
  expect(codeOf(await lab.merge.forecast(lab.yard.project.id, all, 'nowhere'))).toBe('GONE')
})

it('merging at once is refused when the target is not where it was seen, and leaves nothing behind', async () => {
  const { source, ...rest } = await lab.wish('ahead', 'squash')
  const before = await lab.everything()
  const input = { ...rest, source, deleteBranch: false }
  const refused = await lab.merge.merge({ ...input, targetWas: await lab.head('main~1') }, by)
  expect(codeOf(refused)).toBe('MOVED')
  expect(await lab.everything()).toEqual(before)
  const merged = valueOf(await lab.merge.merge({ ...input, targetWas: await lab.head() }, by))
  expect(await lab.head()).toBe(merged.after)
})
