import fc from 'fast-check'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listTree, readBlobs, storeTree } from '../../adapters/git/git-objects.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { createGitLab, type GitLab } from '../../adapters/git/testing.ts'
import type { LineChoice } from '../../../../shared/contract/staging.ts'
import { replacementsOf } from '../../../../shared/lib/replacements.ts'
import { applySelection, revertSelection, splitLines } from './selection-rules.ts'

/** Random edits and choices among them; each is compared both ways, staged and taken back. */
const samples = Number(process.env['SWITCHYARD_TEST_STAGINGS'] ?? 2000)
const seed = Number(process.env['SWITCHYARD_TEST_SEED'] ?? 20261121)
const batchSize = 250

interface Case {
  readonly before: string
  readonly after: string
  /** One for each line of a patch that is asked for. */
  readonly coins: readonly boolean[]
}

// Few different lines, so that many diffs are ambiguous; some that a careless reader takes for something else.
const content = fc.constantFrom(
  'a',
  'b',
  'c',
  '',
  ' ',
  '\xff\xfe',
  '-- x',
  '++ y',
  '@@ -1 +1 @@',
  '\\ No newline',
  'a\r',
)
const ending = fc.constantFrom('\n', '\n', '\n', '\r\n')
const lines = fc.array(
  fc.tuple(content, ending).map((parts) => parts.join('')),
  { maxLength: 30 },
)
const text = fc
  .tuple(lines, fc.boolean())
  .map(([all, isOpen]) => (isOpen ? all.join('').replace(/\r?\n$/, '') : all.join('')))

/** The same text with some lines gone, changed or new. */
const editOf = (before: string): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 3 }), fc.array(content, { maxLength: 4 })), { maxLength: 4 })
    .map((edits) => {
      const all = splitLines(before)
      for (const [at, gone, fresh] of edits)
        all.splice(Math.min(at, all.length), gone, ...fresh.map((line) => `${line}\n`))
      return all.map((line, at) => (at < all.length - 1 && !line.endsWith('\n') ? `${line}\n` : line)).join('')
    })

const anyCase: fc.Arbitrary<Case> = text.chain((before) =>
  fc.record({
    before: fc.constant(before),
    after: fc.oneof({ weight: 4, arbitrary: editOf(before) }, { weight: 1, arbitrary: text }),
    coins: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
  }),
)

let lab: GitLab
let repo: string
beforeAll(async () => {
  lab = await createGitLab()
  repo = await lab.createRepository('app')
})
afterAll(() => lab[Symbol.asyncDispose]())

const nameOf = (at: number): string => `f${String(at).padStart(4, '0')}`
const indexFile = (): string => join(lab.root, `index-${crypto.randomUUID()}`)

/** A tree with one file of each text. */
const treeOf = async (git: Git, texts: readonly string[]): Promise<string> => {
  const folder = join(lab.root, crypto.randomUUID())
  await Promise.all(texts.map((each, at) => lab.write(join(folder, nameOf(at)), Buffer.from(each, 'latin1'))))
  const stdin = texts.map((_, at) => `${join(folder, nameOf(at))}\n`).join('')
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths']
  const oids = (await git.run({ cwd: repo, args, access: 'write', stdin })).stdout.toString().trimEnd().split('\n')
  const entries = oids.map((oid, at) => ({ mode: '100644', oid, rawPath: nameOf(at) }))
  return storeTree(git, repo, indexFile(), entries)
}

interface PatchLine {
  readonly sign: string
  readonly text: string
}

interface PatchHunk {
  readonly oldStart: number
  readonly newStart: number
  readonly lines: PatchLine[]
}

/** A patch read as `git add -p` shows it to be edited. */
const readHunks = (patch: string): PatchHunk[] => {
  const hunks: PatchHunk[] = []
  for (const line of patch.split(/(?<=\n)/)) {
    const header = /^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@/.exec(line)
    const last = hunks.at(-1)
    if (header) hunks.push({ oldStart: Number(header[1]), newStart: Number(header[3]), lines: [] })
    else if (line.startsWith('\\') && last) {
      const open = last.lines.at(-1)!
      last.lines[last.lines.length - 1] = { ...open, text: open.text.replace(/\n$/, '') }
    } else if (last) last.lines.push({ sign: line.charAt(0), text: line.slice(1) })
  }
  return hunks
}

/** Runs of changed lines; as many old as new ones stand in pairs. */
const inPairs = (all: readonly (PatchLine & { isChosen: boolean })[]): (PatchLine & { isChosen: boolean })[] => {
  const sorted: (PatchLine & { isChosen: boolean })[] = []
  for (let at = 0; at < all.length;) {
    const end = all.findIndex((line, index) => index >= at && line.sign === ' ')
    const run = all.slice(at, end < 0 ? all.length : end)
    const [old, fresh] = ['-', '+'].map((sign) => run.filter((line) => line.sign === sign))
    if (old!.length === fresh!.length) old!.forEach((line, index) => sorted.push(line, fresh![index]!))
    else sorted.push(...run)
    const same = all[at + run.length]
    if (same) sorted.push(same)
    at += run.length + 1
  }
  return sorted
}

interface Edited {
  readonly choice: LineChoice
  /** For `git apply` one way, and for `git apply -R` the other. */
  readonly forward: string
  readonly backward: string
}

/** What a person makes of a patch: a line that is not taken becomes context or goes away. */
const editPatch = ({ coins }: Case, patch: string, name: string): Edited => {
  const choice = { removed: [] as [number, number][], added: [] as [number, number][] }
  const edited = { forward: '', backward: '' }
  const delta = { forward: 0, backward: 0 }
  let coin = 0
  for (const hunk of readHunks(patch)) {
    let [old, fresh] = [hunk.oldStart, hunk.newStart]
    const chosen = hunk.lines.map((line) => {
      const isChosen = line.sign !== ' ' && (coins[coin++ % coins.length] ?? false)
      if (isChosen)
        (line.sign === '-' ? choice.removed : choice.added).push(line.sign === '-' ? [old, old] : [fresh, fresh])
      if (line.sign !== '+') old += 1
      if (line.sign !== '-') fresh += 1
      return { ...line, isChosen }
    })
    for (const way of ['forward', 'backward'] as const) {
      const dropped = way === 'forward' ? '+' : '-'
      const kept = inPairs(chosen).flatMap((line) => {
        if (line.sign === ' ' || line.isChosen) return [line]
        return line.sign === dropped ? [] : [{ ...line, sign: ' ' }]
      })
      edited[way] += printHunk(kept, way === 'forward' ? hunk.oldStart : hunk.newStart, delta, way)
    }
  }
  const header = (body: string) =>
    body === '' ? '' : `diff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n${body}`
  return { choice, forward: header(edited.forward), backward: header(edited.backward) }
}

const printHunk = (
  all: readonly PatchLine[],
  start: number,
  delta: { forward: number; backward: number },
  way: 'forward' | 'backward',
): string => {
  if (all.every(({ sign }) => sign === ' ')) return ''
  const madeSign = way === 'forward' ? '+' : '-'
  const isMade = ({ sign }: PatchLine) => sign === ' ' || sign === madeSign
  const lastMade = all.findLastIndex(isMade)
  // Only the last line may be without an end: one that is not the last of what is made gets the end of the line before it.
  const body = all.flatMap((line, at): PatchLine[] => {
    if (line.text.endsWith('\n') || !isMade(line) || at === lastMade) return [line]
    const isReturned = all.slice(0, at).findLast(isMade)?.text.endsWith('\r\n') ?? false
    const ended = { sign: madeSign, text: `${line.text}${isReturned ? '\r\n' : '\n'}` }
    if (line.sign !== ' ') return [ended]
    return way === 'forward' ? [{ ...line, sign: '-' }, ended] : [ended, { ...line, sign: '+' }]
  })
  const count = (sign: string) => body.filter((line) => line.sign === ' ' || line.sign === sign).length
  const [old, fresh] = [count('-'), count('+')]
  const shown = body.map(({ sign, text: of }) =>
    of.endsWith('\n') ? `${sign}${of}` : `${sign}${of}\n\\ No newline at end of file\n`,
  )
  const [given, made] = way === 'forward' ? [old, fresh] : [fresh, old]
  // A side without lines is named by the line before it.
  const other = start + delta[way] + (given === 0 ? 1 : 0) - (made === 0 ? 1 : 0)
  delta[way] += made - given
  const [oldStart, newStart] = way === 'forward' ? [start, other] : [other, start]
  return `@@ -${oldStart},${old} +${newStart},${fresh} @@\n${shown.join('')}`
}

const patchesOf = async (git: Git, from: string, to: string): Promise<ReadonlyMap<string, string>> => {
  const args = ['diff-tree', '-r', '-p', '--no-renames', '--no-color', '--text', from, to]
  const output = (await git.run({ cwd: repo, args, access: 'read' })).stdout.toString('latin1')
  const patches = output.split(/^(?=diff --git )/m).filter((each) => each !== '')
  return new Map(patches.map((each) => [/^diff --git a\/(\S+)/.exec(each)![1]!, each]))
}

/** The tree that `git apply --cached` makes of another one. */
const applied = async (tree: string, patch: string, options: readonly string[]): Promise<string> => {
  const file = indexFile()
  const run = (args: readonly string[], stdin?: Uint8Array) =>
    lab.git.run({ cwd: repo, args, access: 'write', indexFile: file, ...(stdin ? { stdin } : {}) })
  await run(['read-tree', tree])
  const args = ['apply', '--cached', '--whitespace=nowarn', ...options]
  if (patch !== '') await run(args, Buffer.from(patch, 'latin1'))
  return (await run(['write-tree'])).stdout.toString().trim()
}

const textsOf = async (tree: string): Promise<ReadonlyMap<string, string>> => {
  const entries = await listTree(lab.git, repo, tree)
  const blobs = await readBlobs(lab.git, repo, [...new Set(entries.map(({ oid }) => oid))])
  return new Map(entries.map(({ rawPath, oid }) => [rawPath, blobs.get(oid)!.toString('latin1')]))
}

test(
  'chosen lines are staged and taken back exactly as by git apply of the edited patch',
  { timeout: 600_000 },
  async () => {
    const cases = fc.sample(anyCase, { numRuns: samples, seed })
    let [choices, partial] = [0, 0]
    for (let start = 0; start < cases.length; start += batchSize) {
      const batch = cases.slice(start, start + batchSize)
      const from = await treeOf(
        lab.git,
        batch.map(({ before }) => before),
      )
      const to = await treeOf(
        lab.git,
        batch.map(({ after }) => after),
      )
      const patches = await patchesOf(lab.git, from, to)
      const edited = batch.map((one, at) => editPatch(one, patches.get(nameOf(at)) ?? '', nameOf(at)))
      const staged = await textsOf(await applied(from, edited.map(({ forward }) => forward).join(''), []))
      const reverted = await textsOf(await applied(to, edited.map(({ backward }) => backward).join(''), ['-R']))
      for (const [at, { before, after }] of batch.entries()) {
        const { choice } = edited[at]!
        const replacements = replacementsOf(patches.get(nameOf(at)) ?? '')
        const input = { before, after, replacements, choice }
        const seen = { at: start + at, input, staged: applySelection(input), reverted: revertSelection(input) }
        expect(seen).toEqual({ ...seen, staged: staged.get(nameOf(at)), reverted: reverted.get(nameOf(at)) })
        const count = choice.removed.length + choice.added.length
        choices += Number(count > 0)
        partial += Number(seen.staged !== before && seen.staged !== after)
      }
    }
    // The cases are of use only while most of them take a part of something.
    expect(choices).toBeGreaterThan(samples * 0.6)
    expect(partial).toBeGreaterThan(samples * 0.4)
  },
)
