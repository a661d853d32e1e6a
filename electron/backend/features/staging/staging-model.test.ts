import fc from 'fast-check'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReviewScope } from '../../../../shared/contract/review.ts'
import type { StagedPart, StagingVerb } from '../../../../shared/contract/staging.ts'
import { replacementsOf } from '../../../../shared/lib/replacements.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createStagingLab, type StagingLab } from '../../testing/staging-lab.ts'
import { valueOf } from '../worktrees/testing.ts'
import { applySelection, revertSelection } from './selection-rules.ts'

/** Worktrees in random states; each costs some twenty processes. */
const rounds = Number(process.env['SWITCHYARD_TEST_STAGED_WORKTREES'] ?? 12)
const seed = Number(process.env['SWITCHYARD_TEST_SEED'] ?? 20261122)

const names = ['a.txt', 'b.txt', 'deep/c.txt', 'd.txt']
const word = fc.constantFrom('one', 'two', 'three', 'four', '')
/** What a file holds at one step; null where it is not there. */
const content = fc.option(
  fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 12 }), fc.constantFrom('\n', '\n', '\r\n'), fc.boolean())
    .map(([lines, ending, isOpen]) => lines.join(ending) + (isOpen ? '' : ending)),
  { freq: 6, nil: null },
)
const step = fc.array(content, { minLength: names.length, maxLength: names.length })
const state = fc.record({
  head: step,
  index: step,
  work: step,
  verb: fc.constantFrom<StagingVerb>('stage', 'unstage', 'discard'),
  coins: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
})
type State = typeof state extends fc.Arbitrary<infer Value> ? Value : never

const scopes: Readonly<Record<'stage' | 'unstage' | 'discard', ReviewScope>> = {
  stage: 'unstaged',
  unstage: 'staged',
  discard: 'unstaged',
}

const put = async (lab: StagingLab, texts: readonly (string | null)[]) => {
  for (const [at, text] of texts.entries())
    if (text === null) await rm(join(lab.worktree.path, names[at]!), { force: true })
    else await lab.write(names[at]!, text)
}

/** Some lines of each file that differs, or all of it; and what each of them is to become by that. */
const choose = async (lab: StagingLab, { verb, coins }: State) => {
  const scope = scopes[verb as keyof typeof scopes]
  const listing = await lab.open(scope)
  const parts: StagedPart[] = []
  const expected = new Map<string, string | null>()
  let coin = 0
  const flip = () => coins[coin++ % coins.length] ?? false
  const read = async (oid: string | null) =>
    oid === null
      ? ''
      : (
          await lab.yard.lab.git.run({ cwd: lab.worktree.path, args: ['cat-file', 'blob', oid], access: 'read' })
        ).stdout.toString('latin1')
  for (const file of listing.files) {
    const { rawPath, oldOid, newOid, oldMode, newMode, change } = file
    const { patch } = await lab.patch(listing, rawPath, scope)
    const replacements = replacementsOf(patch)
    const pick = (at: number, count: number) =>
      Array.from({ length: count }, (_, index) => at + index + 1).flatMap((line) =>
        flip() ? [[line, line] as const] : [],
      )
    const lines = {
      removed: replacements.flatMap(({ oldAt, oldLines }) => pick(oldAt, oldLines)),
      added: replacements.flatMap(({ newAt, newLines }) => pick(newAt, newLines)),
    }
    const all = replacements.reduce((sum, { oldLines, newLines }) => sum + oldLines + newLines, 0)
    const chosen = lines.removed.length + lines.added.length
    const isWhole = change === 'renamed' || chosen === 0 || chosen === all
    parts.push({ rawPath, oldOid, newOid, oldMode, newMode, lines: isWhole ? null : lines })
    if (change === 'renamed') return null
    // A file whose objects are in the folder of snapshots alone is read from the disk.
    const before = await read(oldOid)
    const after = scope === 'staged' ? await read(newOid) : newOid === null ? '' : await lab.readRaw(rawPath)
    const selection = { before, after, replacements, choice: lines }
    const whole = verb === 'stage' ? (newOid === null ? null : after) : oldOid === null ? null : before
    expected.set(rawPath, isWhole ? whole : verb === 'stage' ? applySelection(selection) : revertSelection(selection))
  }
  return { scope, parts, expected }
}

test(
  'of random worktrees exactly what was chosen changes, and undo brings all of it back',
  { timeout: 600_000 },
  async () => {
    await using lab = await createStagingLab()
    let acted = 0
    for (const one of fc.sample(state, { numRuns: rounds, seed })) {
      await lab.git('clean', '-ffdxq')
      for (const texts of [one.head, one.index]) {
        await put(lab, texts)
        await lab.git('add', '-A')
        if (texts === one.head) await lab.git('commit', '-q', '--allow-empty', '-m', 'next')
      }
      await put(lab, one.work)
      const choice = await choose(lab, one)
      if (choice === null || choice.parts.length === 0) continue
      const { scope, parts, expected } = choice
      const before = await lab.trees()
      const wish = { worktreeId: lab.worktree.id, verb: one.verb, scope, whitespace: 'show', parts } as const
      const { id } = valueOf(await lab.staging.act(wish, by))
      const after = await lab.trees()
      acted += 1
      expect(after.head).toBe(before.head)
      const isIndex = one.verb !== 'discard'
      expect(isIndex ? after.files : after.index).toEqual(isIndex ? before.files : before.index)
      for (const name of names) {
        const now = isIndex ? await lab.indexText(name) : (after.files[name]?.slice(4) ?? null)
        const was = isIndex ? undefined : (before.files[name]?.slice(4) ?? null)
        if (expected.has(name)) expect({ name, now }).toEqual({ name, now: expected.get(name) })
        else if (was !== undefined) expect({ name, now }).toEqual({ name, now: was })
      }
      valueOf(await lab.staging.undo(id, by))
      expect(await lab.trees()).toEqual(before)
    }
    expect(acted).toBeGreaterThan(rounds / 2)
  },
)
