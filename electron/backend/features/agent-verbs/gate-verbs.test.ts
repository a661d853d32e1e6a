import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CheckRun } from '../../../../shared/contract/checks.ts'
import { fieldsOf, person } from '../../testing/check-lab.ts'
import { openVerbLab, otherProject, projectId, type VerbLab } from '../../testing/verb-lab.ts'
import { valueOf } from '../worktrees/testing.ts'

// What they come to with real terminals is told by the tests of the router; here nothing carries out what is asked for.
let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
})
afterEach(() => lab.close())

const add = async (name: string, isGate = false, project = projectId) =>
  valueOf(await lab.checks.add(project, { ...fieldsOf(name, `run ${name}`), isGate }, person))
const queuedBy = () =>
  lab.kernel.changes.flatMap(({ topic, payload }) => (topic === 'checkruns.changed' ? [payload.name] : []))

describe('the verbs of gates', () => {
  it('ask for all checks of the own project in the own worktree, or for those named, and say what waits', async () => {
    await add('types')
    await add('unit', true)
    await add('others', true, otherProject)
    const all = await lab.does(lab.anna, 'gates.run', { seconds: 0 })
    expect(all.checks.map(({ name, state, isGate }) => [name, state, isGate])).toEqual([
      ['types', 'queued', false],
      ['unit', 'queued', true],
    ])
    expect(all.isDone).toBe(false)
    const own = await lab.does(lab.bert, 'gates.run', { names: ['UNIT'], seconds: 0 })
    expect(own.checks.map(({ name }) => name)).toEqual(['unit'])
    expect(queuedBy()).toEqual(['types', 'unit', 'unit'])
  })

  it('ask once for what waits already, and have the number of an event each time', async () => {
    await add('unit')
    const first = await lab.does(lab.anna, 'gates.run', { seconds: 0 })
    const second = await lab.does(lab.anna, 'gates.run', { seconds: 0 })
    expect(second.seq).toBeGreaterThan(first.seq)
    const { checkRuns } = await lab.kernel.database.read(lab.checks.listShown)
    expect(checkRuns).toHaveLength(1)
    const repeated = [
      await lab.does(lab.bert, 'gates.run', { seconds: 0 }, 'request-1'),
      await lab.does(lab.bert, 'gates.run', { seconds: 0 }, 'request-1'),
    ]
    expect(repeated[1]?.seq).toBe(repeated[0]?.seq)
  })

  it('answer when the last one ends, and when the agent hangs up', async () => {
    await add('unit', true)
    const waiting = lab.does(lab.anna, 'gates.run', { seconds: 500 })
    const run = await new Promise<CheckRun>((resolve) => {
      const unlisten = lab.kernel.onCommit((changes) => {
        for (const { topic, payload } of changes)
          if (topic === 'checkruns.changed') {
            unlisten()
            resolve(payload)
          }
      })
    })
    valueOf(await lab.checks.cancel(run.id, person))
    expect(await waiting).toMatchObject({
      isDone: true,
      checks: [{ name: 'unit', state: 'cancelled', exitCode: null }],
    })
    const hangUp = AbortSignal.abort()
    const call = { name: 'gates.run', input: { seconds: 500 }, requestId: null, signal: hangUp }
    expect(await lab.verbs.runVerb(lab.anna, call)).toMatchObject({ ok: true, value: { isDone: false } })
  })

  it('tell where the gates stand, and of each check what it came to', async () => {
    await add('unit', true)
    await add('lint')
    expect(await lab.does(lab.anna, 'gates.status')).toEqual({
      state: 'unknown',
      message: 'unit was not run for this commit. Run it.',
      checks: [
        expect.objectContaining({
          name: 'unit',
          command: 'run unit',
          state: 'none',
          sawCommit: null,
          sawUncommitted: false,
        }),
        expect.objectContaining({ name: 'lint', state: 'none', excerpt: [], seconds: null }),
      ],
    })
    await lab.does(lab.anna, 'gates.run', { names: ['unit'], seconds: 0 })
    const { state, checks } = await lab.does(lab.anna, 'gates.status', { names: ['unit'] })
    expect([state, checks.map((line) => line.state)]).toEqual(['running', ['queued']])
    // It is not what another session was told of its own worktree.
    expect((await lab.does(lab.bert, 'gates.status')).state).toBe('unknown')
  })

  it.each(['gates.run', 'gates.status'] as const)('refuse %s in words, and leave no run', async (name) => {
    expect(await lab.refused(lab.anna, name)).toMatchObject({
      code: 'NO_CHECKS',
      message: expect.stringContaining('ask for one'),
    })
    await add('unit')
    expect(await lab.refused(lab.anna, name, { names: ['unti'] })).toEqual({
      code: 'NOT_FOUND',
      message: 'There is no check “unti”. There are: unit.',
    })
    const worktreeId = (await lab.kernel.database.read(lab.deps.sessions.list)).find(
      ({ id }) => id === lab.anna.sessionId,
    )?.worktreeId
    if (worktreeId) lab.folders.lose(worktreeId)
    expect((await lab.refused(lab.anna, name)).code).toBe('WORKTREE_MISSING')
    expect(queuedBy()).toEqual([])
  })

  it('say nothing of what another command came to', async () => {
    const unit = await add('unit')
    await lab.does(lab.anna, 'gates.run', { seconds: 0 })
    valueOf(await lab.checks.update(unit.id, fieldsOf('unit', 'another'), person))
    expect((await lab.does(lab.anna, 'gates.status')).checks).toMatchObject([{ command: 'another', state: 'none' }])
  })
})

it('a run is kept with the session that asked for it', async () => {
  await add('unit')
  const { seq } = await lab.does(lab.anna, 'gates.run', { seconds: 0 })
  const event = await lab.kernel.database.read((tx) =>
    tx.get<{ actor: string; command: string }>('SELECT actor, command FROM events WHERE seq = ?', seq),
  )
  expect(event).toEqual({ actor: `session:${lab.anna.sessionId}`, command: 'run-checks' })
})
