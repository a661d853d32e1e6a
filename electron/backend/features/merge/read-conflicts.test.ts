import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConflictView, MergeResolution, MergeWish } from '../../../../shared/contract/merge.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createMergeLab, type MergeLab } from '../../testing/merge-lab.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'

// Conflicts as a person gets them to see, and merges with what was chosen; real git.

let lab: MergeLab
beforeAll(async () => {
  lab = await createMergeLab()
  await lab.write('tool.sh', 'run\n', 0o644)
  await lab.commit(
    { 'a.txt': '1\r\n2\r\n3\r\n4\r\n5', 'gone.txt': 'g\n', 'pic.bin': 'a\0b', 'far.txt': 'f\n' },
    'first',
  )
  await lab.branch('side', {
    'a.txt': '1\r\nzwei\r\n3\r\n4\r\nfünf',
    'gone.txt': 'changed\n',
    'pic.bin': 'a\0c',
    'both.txt': 'branch\n',
    'far.txt': 'f\nmore\n',
    'tool.sh': 'run it\n',
  })
  await chmod(join(lab.repo, 'tool.sh'), 0o755)
  await lab.commit({
    'a.txt': '1\r\ntwo\r\n3\r\n4\r\nfive',
    'gone.txt': null,
    'pic.bin': 'a\0d',
    'both.txt': 'target\n',
    'tool.sh': 'run this\n',
  })
})
afterAll(() => lab[Symbol.asyncDispose]())

const conflictsIn = async (wish: MergeWish): Promise<ReadonlyMap<string, ConflictView>> =>
  new Map(valueOf(await lab.merge.conflicts(wish)).conflicts.map((one) => [one.path, one]))

const choose = (
  conflicts: ReadonlyMap<string, ConflictView>,
  choices: Readonly<Record<string, MergeResolution['choice']>>,
): MergeResolution[] =>
  Object.entries(choices).map(([path, choice]) => {
    const { rawPath, stages } = conflicts.get(path)!
    return { rawPath, stages, choice }
  })

const all = {
  'a.txt': { kind: 'text', text: '1\r\ntwo and zwei\r\n3\r\n4\r\nfünf' },
  'both.txt': { kind: 'branch' },
  'gone.txt': { kind: 'gone' },
  'pic.bin': { kind: 'branch' },
  'tool.sh': { kind: 'text', text: 'run this or it\n' },
} as const

describe('what conflicts', () => {
  it('comes with the lines of both sides where there are any, byte for byte', async () => {
    const before = await lab.everything()
    const found = await conflictsIn(await lab.wish('side', 'merge'))
    expect([...found.keys()]).toEqual(['a.txt', 'both.txt', 'gone.txt', 'pic.bin', 'tool.sh'])
    expect(found.get('a.txt')?.parts).toEqual([
      { kind: 'same', text: '1\r\n' },
      { kind: 'conflict', target: 'two\r\n', base: '2\r\n', branch: 'zwei\r\n' },
      { kind: 'same', text: '3\r\n4\r\n' },
      { kind: 'conflict', target: 'five', base: '5', branch: 'fünf' },
    ])
    expect(found.get('both.txt')).toMatchObject({
      kind: 'both-added',
      parts: [{ kind: 'conflict', target: 'target\n', base: '', branch: 'branch\n' }],
    })
    expect([found.get('gone.txt'), found.get('pic.bin')].map((one) => [one?.kind, one?.parts])).toEqual([
      ['modify-delete', null],
      ['binary', null],
    ])
    expect(await lab.everything()).toEqual(before)
  })

  it('is nothing of a clean merge, and refused like any merge', async () => {
    await lab.branch('easy', { 'easy.txt': 'e\n' })
    expect(valueOf(await lab.merge.conflicts(await lab.wish('easy', 'squash')))).toEqual({ conflicts: [], at: null })
    expect(codeOf(await lab.merge.conflicts(await lab.wish('side', 'merge', { target: 'nowhere' })))).toBe('GONE')
  })
})

describe('what was chosen', () => {
  it.each(['squash', 'merge', 'rebase'] as const)(
    'becomes the files of a %s, and all else is merged',
    async (strategy) => {
      const wish = await lab.wish('side', strategy)
      const resolutions = choose(await conflictsIn(wish), all)
      expect(valueOf(await lab.merge.preview({ ...wish, resolutions }))).toMatchObject({ kind: 'clean' })
      const { commit, base } = await lab.prepare('side', strategy, { resolutions })
      const show = (path: string, at = commit) => lab.git('show', `${at}:${path}`)
      expect(await show('a.txt')).toBe(all['a.txt'].text)
      expect([await show('both.txt'), await show('tool.sh')]).toEqual(['branch', 'run this or it'])
      expect([await show('far.txt'), base]).toEqual(['f\nmore', await lab.head()])
      const tree = await lab.git('ls-tree', commit)
      expect(tree).not.toContain('gone.txt')
      // The side that made it executable counts.
      expect(tree).toMatch(/100755 blob \w+\ttool\.sh/)
      expect(await lab.git('rev-parse', `${commit}:pic.bin`)).toBe(await lab.git('rev-parse', 'side:pic.bin'))
      expect((await lab.git('log', '-1', '--format=%P', commit)).split(' ')).toHaveLength(strategy === 'merge' ? 2 : 1)
    },
  )

  it('for some leaves the others', async () => {
    const wish = await lab.wish('side', 'squash')
    const { 'a.txt': _, ...some } = all
    const resolutions = choose(await conflictsIn(wish), some)
    expect([...(await conflictsIn({ ...wish, resolutions })).keys()]).toEqual(['a.txt'])
    expect(messageOf(await lab.merge.prepare({ ...wish, resolutions }))).toContain('a.txt')
  })

  it('holds for the versions it was chosen for and no others', async () => {
    const wish = await lab.wish('side', 'squash')
    const resolutions = choose(await conflictsIn(wish), all)
    const [first, ...others] = resolutions
    const stale = { ...first!, stages: { ...first!.stages, 2: { mode: '100644', oid: 'a'.repeat(40) } } }
    expect([...(await conflictsIn({ ...wish, resolutions: [stale, ...others] })).keys()]).toEqual(['a.txt'])
  })

  it('may be neither of two files that both sides made', async () => {
    const wish = await lab.wish('side', 'squash')
    const found = await conflictsIn(wish)
    const choices = { ...all, 'both.txt': { kind: 'gone' } } as const
    const { commit } = await lab.prepare('side', 'squash', { resolutions: choose(found, choices) })
    expect(await lab.git('ls-tree', '--name-only', commit)).not.toContain('both.txt')
  })

  it('lands and is undone as any merge', async () => {
    const before = await lab.everything()
    const resolutions = choose(await conflictsIn(await lab.wish('side', 'squash')), all)
    const merge = await lab.land('side', 'squash', { resolutions })
    expect(await lab.git('status', '--porcelain')).toBe('')
    expect(await lab.git('show', 'main:both.txt')).toBe('branch')
    valueOf(await lab.merge.undo(merge.id, by))
    const { refs: _, ...after } = await lab.everything()
    const { refs: __, ...was } = before
    expect(after).toEqual(was)
  })
})

it('a folder in the place of a file is no place for it, but the file can go', async () => {
  await lab.branch('folder', { 'spot/in.txt': 'in\n' }, 'main')
  await lab.commit({ spot: 'a file\n' })
  const wish = await lab.wish('folder', 'squash')
  const found = await conflictsIn(wish)
  expect([...found.values()].map(({ kind, parts }) => [kind, parts])).toEqual([['file-directory', null]])
  const [path] = [...found.keys()]
  const as = (kind: 'target' | 'gone') => choose(found, { [path!]: { kind } })
  expect((await conflictsIn({ ...wish, resolutions: as('gone') })).size).toBe(0)
  const { commit } = await lab.prepare('folder', 'squash', { resolutions: as('gone') })
  expect(await lab.git('ls-tree', '-r', '--name-only', commit)).toContain('spot/in.txt')
  expect(await lab.git('ls-tree', '-r', '--name-only', commit)).not.toContain('spot~')
})
