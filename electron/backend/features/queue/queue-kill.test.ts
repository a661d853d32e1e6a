import { expect, it } from 'vitest'
import type { Git } from '../../adapters/git/run-git.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import { createQueueLab, person, type QueueLab } from '../../testing/queue-lab.ts'
import { valueOf } from '../worktrees/testing.ts'

/** Every side effect of two merges, twice: minutes on a busy machine. Only a hang takes longer. */
const longMs = 900_000

/** What a process does to the world, until it dies: it writes to the repository and to the database. */
const createMortal = (real: { readonly git: Git; readonly runCommand: RunCommand }, point: number, when: When) => {
  let deeds = 0
  const { promise: death, resolve: die } = Promise.withResolvers<void>()
  let isDead = false
  const live = async <Value>(deed: () => Promise<Value>): Promise<Value> => {
    if (isDead) throw new Error('Killed.')
    deeds += 1
    const isLast = deeds === point
    if (isLast && when === 'before') isDead = true
    const value = isLast && when === 'before' ? null : await deed()
    if (isLast) {
      isDead = true
      die()
      throw new Error('Killed.')
    }
    return value as Value
  }
  const git: Git = {
    ...real.git,
    run: async (request) => {
      if (isDead) throw new Error('Killed.')
      return request.access === 'read' ? real.git.run(request) : live(() => real.git.run(request))
    },
  }
  const runCommand: RunCommand = (options, work) => live(() => real.runCommand(options, work))
  return { git, runCommand, death, deeds: () => deeds }
}
type When = 'before' | 'after'

/** Two branches in one batch, as the queue carries them from the line into the target. */
const queueTwo = async ({ merges, enqueue }: QueueLab, round: number) => {
  const names = [`a-${round}`, `b-${round}`]
  for (const name of names) await merges.branch(name, { [name]: 'new\n' })
  const ids = []
  for (const name of names) ids.push((await enqueue(name)).id)
  return { names, ids }
}

const expectMergedOnce = async ({ merges, entry, deps }: QueueLab, two: Awaited<ReturnType<typeof queueTwo>>) => {
  const landed = await merges.git('log', '--format=%(trailers:key=Switchyard-Merge,valueonly)', 'main')
  const files = (await merges.git('ls-tree', '--name-only', 'main')).split('\n')
  for (const [n, id] of two.ids.entries()) {
    const { state, mergeId } = await entry(id)
    expect(state).toBe('merged')
    expect(landed.split('\n').filter((line) => line === id)).toHaveLength(1)
    expect(files).toContain(two.names[n])
    expect(await merges.row(mergeId!)).toMatchObject({ state: 'landed' })
  }
  expect(await merges.git('status', '--porcelain')).toBe('')
  expect((await merges.git('worktree', 'list')).split('\n')).toHaveLength(2)
  const open = await deps.database.read((tx) => tx.all(`SELECT kind FROM intents WHERE state = 'pending'`))
  expect(open).toEqual([])
}

const countDeeds = async (): Promise<number> => {
  await using lab = await createQueueLab()
  const { deps, merges } = lab
  const mortal = createMortal(deps, 0, 'before')
  await lab.restart({ ...mortal, merge: merges.restart(mortal) })
  const two = await queueTwo(lab, 0)
  await lab.settle()
  await expectMergedOnce(lab, two)
  return mortal.deeds()
}

/** Between each two side effects: by default a third of them, in the long mode all, and on both sides. */
const deathsIn = (deeds: number): readonly { readonly point: number; readonly when: When }[] => {
  const points = Array.from({ length: deeds }, (_, at) => at + 1)
  return process.env['SWITCHYARD_TEST_BOTH_SIDES']
    ? points.flatMap((point) => [{ point, when: 'before' } as const, { point, when: 'after' } as const])
    : points.filter((point) => point % 3 === 1).map((point) => ({ point, when: 'after' }))
}

it(
  'killed at any of its side effects, the queue brings each change into the target once',
  async () => {
    const deeds = await countDeeds()
    expect(deeds).toBeGreaterThanOrEqual(20)
    await using lab = await createQueueLab()
    const { deps, merges } = lab
    for (const [round, { point, when }] of deathsIn(deeds).entries()) {
      const two = await queueTwo(lab, round)
      const mortal = createMortal(deps, point, when)
      await lab.restart({ ...mortal, merge: merges.restart(mortal) })
      await lab.runUntil(mortal.death, mortal.runCommand)
      const merge = merges.restart()
      await merge.reconcile()
      await lab.restart({ merge })
      await lab.settle()
      await expectMergedOnce(lab, two).catch((error: unknown) => {
        throw new Error(`killed ${when} deed ${point} of ${deeds}: ${String(error)}`)
      })
    }
  },
  longMs,
)

it('a withdrawal at the moment of landing is refused, or there is nothing to undo', async () => {
  await using lab = await createQueueLab()
  const { deps, merges } = lab
  await merges.branch('work', { undone: 'a\n' })
  const { id } = await lab.enqueue('work')
  let answer: Promise<{ readonly ok: boolean }> | null = null
  const merge = {
    ...merges.merge,
    land: (...input: Parameters<typeof merges.merge.land>) => {
      answer = lab.queue.withdraw(id, person)
      return merges.merge.land(...input)
    },
  }
  await lab.restart({ ...deps, merge })
  await lab.settle()
  expect(await answer!).toMatchObject({ ok: false, refusal: { code: 'LANDING' } })
  expect((await lab.entry(id)).state).toBe('merged')
  valueOf(await merges.merge.undo((await lab.entry(id)).mergeId!, person))
  expect(await merges.git('ls-tree', '--name-only', 'main')).not.toContain('undone')
})
