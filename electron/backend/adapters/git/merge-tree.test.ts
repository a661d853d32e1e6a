import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { layAttributes } from './merge-attributes.ts'
import { openMergeDesk } from './merge-objects.ts'
import { mergeCommits, mergeThreeTrees, parseMergeTree, type TreeMerge } from './merge-tree.ts'
import { createGitLab, type GitLab } from './testing.ts'

let lab: GitLab
let repo = ''
let count = 0
beforeAll(async () => {
  lab = await createGitLab()
})
afterAll(() => lab[Symbol.asyncDispose]())
beforeEach(async () => {
  repo = await lab.createRepository(`merge-${count++}`)
})

const write = (name: string, text: string | Uint8Array, mode?: number) => lab.write(join(repo, name), text, mode)
const ten = Array.from({ length: 10 }, (_, n) => `line ${n + 1}\n`)

/** Commits what two sides do to the same beginning, and merges them. */
const merge = async (ours: () => Promise<unknown>, theirs: () => Promise<unknown>): Promise<TreeMerge> => {
  const base = await lab.commitAll(repo, 'base')
  await ours()
  const a = await lab.commitAll(repo, 'ours')
  await lab.plain(repo, 'checkout', '-q', '-f', '--detach', base)
  await theirs()
  const b = await lab.commitAll(repo, 'theirs')
  return mergeOf(a, b)
}
const mergeOf = async (a: string, b: string): Promise<TreeMerge> => {
  const input = { folder: join(lab.root, 'desks'), cwd: repo, commonDir: join(repo, '.git') }
  await using desk = await openMergeDesk(lab.git, input)
  await layAttributes(desk.git, desk.place, a)
  return await mergeCommits(desk.git, desk.place, a, b)
}
const kinds = (merged: TreeMerge): string[] =>
  merged.kind === 'conflicts'
    ? merged.conflicts.map(({ rawPath, kind, stages }) => {
        const sides = ([1, 2, 3] as const).filter((stage) => stages[stage]).join('')
        return `${rawPath} ${kind} ${sides}`
      })
    : [merged.kind]

describe('what conflicts is told by kind and stages', () => {
  test('lines, files that both added, one that is gone, a binary one', async () => {
    await write('a.txt', ten.join(''))
    await write('gone.txt', 'gone\n')
    await write('image', Buffer.from([0, 1, 2, 3]))
    const merged = await merge(
      async () => {
        await write('a.txt', ten.with(4, 'ours\n').join(''))
        await write('new.txt', 'ours\n')
        await write('gone.txt', 'ours\n')
        await write('image', Buffer.from([0, 1, 2, 4]))
      },
      async () => {
        await write('a.txt', ten.with(4, 'theirs\n').join(''))
        await write('new.txt', 'theirs\n')
        await rm(join(repo, 'gone.txt'))
        await write('image', Buffer.from([0, 1, 2, 5]))
      },
    )
    expect(kinds(merged)).toEqual([
      'a.txt content 123',
      'gone.txt modify-delete 12',
      'image binary 123',
      'new.txt both-added 23',
    ])
    expect(merged.kind === 'conflicts' && merged.conflicts[0]?.messages).toEqual([
      'CONFLICT (content): Merge conflict in a.txt',
    ])
  })

  test('renames, folders in the place of files, links and submodules', async () => {
    for (const name of ['one', 'two', 'three']) await write(name, ten.map((line) => `${name} ${line}`).join(''))
    await write('thing', 'thing\n')
    const merged = await merge(
      async () => {
        await lab.plain(repo, 'mv', 'one', 'one-ours')
        await lab.plain(repo, 'mv', 'two', 'two-moved')
        await rm(join(repo, 'thing'))
        await symlink('elsewhere', join(repo, 'thing'))
        await write('place', 'a file\n')
        await lab.plain(repo, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`)
        await mkdir(join(repo, 'sub'))
      },
      async () => {
        await lab.plain(repo, 'mv', 'one', 'one-theirs')
        await rm(join(repo, 'two'))
        await write('thing', 'changed\n', 0o755)
        await mkdir(join(repo, 'place'))
        await write('place/inside', 'inside\n')
        await lab.plain(repo, 'update-index', '--add', '--cacheinfo', `160000,${'2'.repeat(40)},sub`)
        await mkdir(join(repo, 'sub'), { recursive: true })
      },
    )
    const found = kinds(merged)
    expect(found).toContain('one rename-rename 1')
    expect(found).toContain('two-moved rename-delete 12')
    expect(found.find((each) => each.startsWith('place'))).toMatch(/file-directory/)
    expect(found.find((each) => each.startsWith('sub '))).toMatch(/submodule 23/)
    expect(found.some((each) => /^thing.* (?:mode|content)/.test(each))).toBe(true)
  })
})

test('attributes are those of the first commit, whatever lies in the checkout', async () => {
  await write('.gitattributes', 'list.txt merge=union\n')
  await write('list.txt', 'first\n')
  const merged = await merge(
    () => write('list.txt', 'ours\n'),
    () => write('list.txt', 'theirs\n'),
  )
  expect(kinds(merged)).toEqual(['clean'])
  await write('.gitattributes', 'list.txt -merge\n')
  expect(kinds(await mergeOf('HEAD', 'HEAD@{1}'))).toEqual(['clean'])
})

test('a merge driver of the repository does not run', async () => {
  await lab.plain(repo, 'config', 'merge.bad.driver', `touch ${join(lab.root, 'canary')}; true`)
  await write('.gitattributes', '* merge=bad\n')
  await write('a.txt', ten.join(''))
  const merged = await merge(
    () => write('a.txt', ten.with(1, 'ours\n').join('')),
    () => write('a.txt', ten.with(8, 'theirs\n').join('')),
  )
  expect(kinds(merged)).toEqual(['clean'])
  await expect(lab.plain(lab.root, 'hash-object', 'canary')).rejects.toThrow()
})

test('nothing is written to the repository', async () => {
  await write('a.txt', ten.join(''))
  const look = async () => [await lab.plain(repo, 'count-objects', '-v'), await lab.plain(repo, 'for-each-ref')]
  const base = await lab.commitAll(repo, 'base')
  await write('a.txt', ten.with(1, 'ours\n').join(''))
  const ours = await lab.commitAll(repo, 'ours')
  await lab.plain(repo, 'checkout', '-q', '--detach', base)
  await write('a.txt', ten.with(8, 'theirs\n').join(''))
  const theirs = await lab.commitAll(repo, 'theirs')
  const before = await look()
  expect(kinds(await mergeOf(ours, theirs))).toEqual(['clean'])
  expect(await look()).toEqual(before)
})

test('histories without a common commit are unrelated, unless it is said what they have in common', async () => {
  const a = await lab.plain(repo, 'rev-parse', 'HEAD')
  await lab.plain(repo, 'checkout', '-q', '--orphan', 'other')
  await write('b.txt', 'b\n')
  const b = await lab.commitAll(repo, 'other')
  expect(kinds(await mergeOf(a, b))).toEqual(['unrelated'])
  const input = { folder: join(lab.root, 'desks'), cwd: repo, commonDir: join(repo, '.git') }
  await using desk = await openMergeDesk(lab.git, input)
  const tree = (commit: string) => lab.plain(repo, 'rev-parse', `${commit}^{tree}`)
  const trees = { base: await tree(a), ours: await tree(a), theirs: await tree(b) }
  expect(await mergeThreeTrees(desk.git, desk.place, trees)).toEqual({ kind: 'clean', tree: await tree(b) })
})

test('a conflict of which no version is left is known by its note', () => {
  const output = [
    't'.repeat(40),
    '',
    '2',
    'old',
    'new',
    'CONFLICT (directory rename unclear split)',
    'CONFLICT: x\n',
    '',
  ]
  expect(parseMergeTree(output.join('\0'), true, { ours: 'a', theirs: 'b' })).toMatchObject({
    conflicts: [{ rawPath: 'old', kind: 'other', messages: ['CONFLICT: x'], stages: { 1: null, 2: null, 3: null } }],
  })
})
