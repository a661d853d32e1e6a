import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { createChangedRepository, createControl, readGitFolder } from './changed-repository/testing.ts'
import { withScratch } from './predict-conflicts.ts'
import type { Git } from './run-git.ts'
import { createGitLab, type GitLab } from './testing.ts'
import { listTreeChanges, parseTreeChanges, readTreeChanges, type TreeChange, type TreePair } from './tree-changes.ts'
import { quoteName, readPatches } from './tree-patches.ts'
import { createStoreTrees } from './worktree-trees.ts'

let lab: GitLab
let made = 0
beforeAll(async () => {
  lab = await createGitLab()
})
afterAll(() => lab[Symbol.asyncDispose]())

const store = createStoreTrees()
const openScratch = async (cwd: string): Promise<{ git: Git; objects: string; stateFolder: string }> => {
  const objects = `${cwd}-objects`
  await mkdir(objects, { recursive: true })
  const git = withScratch(lab.git, { folder: objects, commonDir: join(cwd, '.git') })
  return { git, objects, stateFolder: `${cwd}-state` }
}

const told = (changes: readonly TreeChange[]): string[] =>
  changes.map(({ letter, oldMode, newMode, oldRawPath, rawPath, added, removed }) =>
    JSON.stringify([letter, oldMode, newMode, oldRawPath, rawPath, added, removed]),
  )

/** Plain git sorts and pairs the same; of files on the disk it does not tell the ids. */
const plainChanges = async (run: (args: readonly string[]) => Promise<string>, ...what: readonly string[]) =>
  told(parseTreeChanges(await run(['diff', '--raw', '--numstat', '-z', '--no-abbrev', ...what]), 'counted'))
const plainPatch = (run: (args: readonly string[]) => Promise<string>, ...what: readonly string[]) =>
  run(['-c', 'core.quotePath=false', 'diff', '--full-index', ...what])

describe('what differs is what plain git prints', () => {
  it.each(Array.from({ length: 8 }, (_, seed) => seed + 1))('in generated repository %i', async (seed) => {
    const { cwd, base } = await createChangedRepository(lab, seed)
    const { git, objects, stateFolder } = await openScratch(cwd)
    const before = await readGitFolder(join(cwd, '.git'))
    const trees = await store(git, { cwd, gitDir: join(cwd, '.git'), stateFolder })
    expect(trees.unread).toEqual([])
    const read = async (pair: TreePair, ignoresWhitespace = false) => {
      const changes = await readTreeChanges(git, cwd, pair, ignoresWhitespace)
      const options = { ignoresWhitespace, maxBytes: 1e6 }
      const patches = await readPatches(git, cwd, objects, changes, options)
      const text = changes.map(({ rawPath }) => {
        const patch = patches.get(rawPath)
        return patch?.kind === 'patch' ? patch.raw : 'MISSING'
      })
      return { changes: told(changes), patch: text.join('') }
    }
    const all = await read({ from: base, to: trees.work })
    const committed = await read({ from: base, to: 'HEAD' })
    const staged = await read({ from: 'HEAD', to: trees.index })
    const unstaged = await read({ from: trees.index, to: trees.work })
    const uncommitted = await read({ from: 'HEAD', to: trees.work })
    const quiet = await read({ from: base, to: trees.work }, true)
    expect(await readGitFolder(join(cwd, '.git'))).toBe(before)

    const { run, staged: stagedTree, knowAll } = await createControl(lab, cwd)
    expect(trees.index).toBe(stagedTree)
    const expected = async (...what: string[]) => ({
      changes: await plainChanges(run, ...what),
      patch: await plainPatch(run, ...what),
    })
    expect(committed).toEqual(await expected(base, 'HEAD'))
    expect(staged).toEqual(await expected('--cached'))
    await knowAll()
    expect(all).toEqual(await expected(base))
    expect(unstaged).toEqual(await expected())
    expect(uncommitted).toEqual(await expected('HEAD'))
    expect(quiet.patch).toBe(await plainPatch(run, '-w', base))
    await run(['add', '--all'])
    expect(trees.work).toBe((await run(['write-tree'])).trim())
  })
})

test('files that only moved among others like them keep their partners when few are asked for', async () => {
  const cwd = await lab.createRepository(`moved-${(made += 1)}`)
  const body = (salt: string): string =>
    Array.from({ length: 20 }, (_, n) => `${n % 6 === 0 ? salt : 'same'} ${n}\n`).join('')
  for (const name of ['a', 'b', 'c']) await lab.write(join(cwd, `old-${name}`), body(name))
  const from = await lab.commitAll(cwd, 'old')
  for (const name of ['a', 'b', 'c']) {
    await lab.plain(cwd, 'mv', `old-${name}`, `new-${name}`)
    await lab.write(join(cwd, `new-${name}`), `${body(name)}more of ${name}\n`)
  }
  const to = await lab.commitAll(cwd, 'new')
  const { git, objects } = await openScratch(cwd)
  const changes = await readTreeChanges(git, cwd, { from, to }, false)
  expect(changes.map(({ letter, oldRawPath, rawPath }) => [letter, oldRawPath, rawPath])).toEqual(
    ['a', 'b', 'c'].map((name) => ['R', `old-${name}`, `new-${name}`]),
  )
  // As among many files, where the likest one was taken: asked for alone, git would pair these the other way round.
  const [a, b, c] = changes
  const odd = [
    { ...a!, oldRawPath: 'old-b', oldOid: b!.oldOid },
    { ...c!, oldRawPath: 'old-a', oldOid: a!.oldOid },
  ]
  const patches = await readPatches(git, cwd, objects, odd, { ignoresWhitespace: false, maxBytes: 1e6 })
  const rawOf = (path: string) => JSON.stringify(patches.get(path))
  expect(rawOf('new-a')).toContain('rename from old-b\\nrename to new-a\\n')
  expect(rawOf('new-a')).toContain('+more of a\\n')
  expect(rawOf('new-c')).toContain('rename from old-a\\nrename to new-c\\n')
})

test('a patch over the limit is named and the others come all the same', async () => {
  const cwd = await lab.createRepository(`large-${(made += 1)}`)
  const from = await lab.plain(cwd, 'rev-parse', 'HEAD')
  await lab.write(join(cwd, 'large.txt'), 'many words in a line\n'.repeat(500))
  await lab.write(join(cwd, 'small.txt'), 'few\n')
  const to = await lab.commitAll(cwd, 'both')
  const { git, objects } = await openScratch(cwd)
  const changes = await readTreeChanges(git, cwd, { from, to }, false)
  const kinds = async (some: readonly TreeChange[], maxBytes: number) =>
    [...(await readPatches(git, cwd, objects, some, { ignoresWhitespace: false, maxBytes }))].map(
      ([path, { kind }]) => `${path} ${kind}`,
    )
  expect(await kinds(changes, 5_000)).toEqual(['large.txt too-large', 'small.txt patch'])
  expect(await kinds(changes.slice(0, 1), 5_000)).toEqual(['large.txt too-large'])
  expect(await kinds(changes, 50_000)).toEqual(['large.txt patch', 'small.txt patch'])
})

test('the quick list has the same files and no lines', async () => {
  const { cwd, base } = await createChangedRepository(lab, 77)
  const quick = await listTreeChanges(lab.git, cwd, { from: base, to: 'HEAD' })
  const plain = await lab.plain(cwd, 'diff', '--no-renames', '--name-status', '-z', base, 'HEAD')
  const names = quick.flatMap(({ letter, rawPath }) => [letter, Buffer.from(rawPath, 'latin1').toString()])
  expect(names.join('\0')).toBe(plain.replace(/\0$/, ''))
  expect(quick.every(({ added, removed }) => added === null && removed === null)).toBe(true)
  expect(await listTreeChanges(lab.git, cwd, { from: base, to: base })).toEqual([])
})

test.each([
  ['plain name', 'plain name'],
  ['a"b', '"a\\"b"'],
  ['a\\b', '"a\\\\b"'],
  ['a\n\t\u0001b', '"a\\n\\t\\001b"'],
  ['\u00fc', '\u00fc'],
])('the name %j is written %j', (name, quoted) => {
  expect(quoteName(name)).toBe(quoted)
})
