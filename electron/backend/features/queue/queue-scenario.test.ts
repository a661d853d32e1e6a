import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import type { MergeEntry } from '../../../../shared/contract/queue-rows.ts'
import { createQueueLab, person, type QueueLab } from '../../testing/queue-lab.ts'
import { codeOf, valueOf } from '../worktrees/testing.ts'

// The model's story once for real: real git, gates that are real commands, and a clock that nobody holds.

/** SWITCHYARD_TEST_QUEUED=60 for as many as the model has. */
const count = Number(process.env['SWITCHYARD_TEST_QUEUED'] ?? 30)
const longMs = 600_000

const every = (step: number, from: number) => (n: number) => n % step === from
const conflicts = every(6, 1)
const fails = every(12, 2)
const isFlaky = every(12, 4)
const moves = every(20, 9)

/** Fails for a red file, and the first time it sees a flaky one. What it has seen is ignored by git, so it stays. */
const gate = [
  'mkdir -p seen',
  'for f in red-*; do test -e "$f" && exit 1; done',
  'for f in flaky-*; do if test -e "$f" && ! test -e "seen/$f"; then touch "seen/$f"; exit 1; fi; done',
  'true',
].join('; ')

const filesOf = (n: number): Record<string, string> => ({
  [`file-${n}`]: `${n}\n`,
  ...(conflicts(n) ? { 'readme.md': `branch ${n}\n` } : {}),
  ...(fails(n) ? { [`red-${n}`]: '' } : {}),
  ...(isFlaky(n) ? { [`flaky-${n}`]: '' } : {}),
})

/** Branches made all at once: what makes them is not what is tested. */
const makeBranches = ({ merges }: QueueLab): void => {
  const lines: string[] = []
  for (let n = 0; n < count; n += 1) {
    lines.push(`commit refs/heads/work-${n}`, 'committer Test Person <person@example.com> 1700000000 +0000')
    lines.push('data 4', 'work', 'from refs/heads/main^0')
    for (const [name, text] of Object.entries(filesOf(n)))
      lines.push(`M 100644 inline ${name}`, `data ${text.length}`, text)
  }
  const imported = execFileSync('git', ['fast-import', '--quiet'], {
    cwd: merges.repo,
    env: merges.yard.lab.env,
    input: `${lines.join('\n')}\n`,
  })
  expect(imported.toString()).toBe('')
}

const expectedOf = (n: number, firstConflict: number): MergeEntry['state'] => {
  if (moves(n)) return 'moved'
  if (conflicts(n) && n !== firstConflict) return 'conflicted'
  return fails(n) ? 'failed' : 'merged'
}

it(
  'a line of branches comes to its right end, and the target passes its gates at each step',
  async () => {
    await using lab = await createQueueLab(gate)
    await lab.merges.commit({ '.gitignore': 'seen\n' })
    makeBranches(lab)
    valueOf(await lab.queue.pause(lab.key, null, person))
    const entries: MergeEntry[] = []
    for (let n = 0; n < count; n += 1) entries.push(await lab.enqueue(`work-${n}`))
    for (let n = 0; n < count; n += 1)
      if (moves(n)) await lab.merges.git('branch', '-f', `work-${n}`, `work-${(n + 3) % count}`)
    // While it works: one is put before all others, one is withdrawn, and somebody commits to the target.
    let round = 0
    lab.gates.beforeRun = async () => {
      round += 1
      if (round === 2) await lab.queue.place(entries[50 % count]!.id, entries[20 % count]!.id, person)
      if (round === 3) await lab.queue.withdraw(entries[59 % count]!.id, person)
      if (round === 4) await lab.merges.commit({ aside: 'aside\n' }, 'aside')
    }
    valueOf(await lab.queue.resume(lab.key, person))
    await lab.settle()

    const ends = await Promise.all(entries.map(({ id }) => lab.entry(id)))
    const firstConflict = ends.findIndex(({ state }, n) => conflicts(n) && !fails(n) && !moves(n) && state === 'merged')
    for (const [n, end] of ends.entries())
      if (end.state !== 'withdrawn')
        expect({ n, state: end.state, reason: end.reason }).toMatchObject({ state: expectedOf(n, firstConflict) })
    expect(ends.filter(({ state }) => state === 'withdrawn')).toHaveLength(1)
    await expectTarget(lab, ends)
  },
  longMs,
)

/** In the target is what was merged, each once, and nothing that fails. */
const expectTarget = async ({ merges, row, queue }: QueueLab, ends: readonly MergeEntry[]) => {
  const format = '--format=%(trailers:key=Switchyard-Merge,valueonly,separator=%x2C)'
  const landed = (await merges.git('log', format, 'main')).split('\n').filter((line) => line !== '')
  const merged = ends.filter(({ state }) => state === 'merged').map(({ id }) => id)
  expect(landed.toSorted()).toEqual(merged.toSorted())
  for (const sha of (await merges.git('rev-list', 'main')).split('\n')) {
    const names = await merges.git('ls-tree', '--name-only', sha)
    expect(names).not.toMatch(/^red-/m)
  }
  expect(await merges.git('status', '--porcelain')).toBe('')
  expect(await merges.git('for-each-ref', 'refs/switchyard/merge')).toBe('')
  expect((await row()).run).toBeNull()
  expect(codeOf(await queue.withdraw(merged[0]!, person))).toBe('NOT_ALLOWED')
}
