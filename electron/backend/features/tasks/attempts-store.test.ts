import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Attempt, Holder, Task } from '../../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../../shared/lib/ids.ts'
import { plansOf } from '../../db/testing.ts'
import type { Tx } from '../../db/tx.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import {
  findAttempt,
  findLastAttemptOfHolder,
  findLiveAttempt,
  findRescueRefBefore,
  insertAttempt,
  listAttempts,
  listAttemptsAtWork,
  listAttemptsOfSession,
  listDeathsSince,
  listLiveAttemptsOfHolder,
  listLiveAttemptsOfSession,
  listShownAttempts,
  markDeath,
  nextAttemptNumber,
  takeBackDeath,
  touchAttempt,
  updateAttempt,
} from './attempts-store.ts'
import { insertTask } from './tasks-store.ts'
import {
  attemptIdAt,
  attemptRow,
  processHolder,
  projectIdAt,
  sessionHolder,
  sessionIdAt,
  taskIdAt,
  taskRow,
} from './testing/rows.ts'

let kernel: TestKernel
let tx: Tx
beforeEach(() => {
  kernel = createTestKernel()
  tx = kernel.database.writer
})
afterEach(() => kernel.close())

const add = (n: number, change: Partial<Task> = {}) =>
  insertTask(tx, taskRow({ id: taskIdAt(n), key: `APP-${n}`, position: n, ...change }), n)
const addAttempt = async (n: number, change: Partial<Attempt> = {}) => {
  const attempt = attemptRow({ id: attemptIdAt(n), number: n, epoch: n, ...change })
  await insertAttempt(tx, attempt)
  return attempt
}
const at = (taskId: TaskId | null) => ({ projectId: projectIdAt(1), taskId })
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

describe('the table of attempts', () => {
  beforeEach(async () => {
    await add(1)
    await add(2)
  })

  it('gives back what was written, for both kinds of holder', async () => {
    const session = await addAttempt(1, { state: 'expired', endedAt: 9, rescueRef: 'r', headSha: 'a', outcome: 'died' })
    const process = await addAttempt(2, { holder: processHolder(7), warnedAt: 3, silentSince: 4 })
    expect(await findAttempt(tx, session.id)).toEqual(session)
    expect(await findAttempt(tx, process.id)).toEqual(process)
    expect(await listAttempts(tx, taskIdAt(1))).toEqual([process, session])
    expect(await findLiveAttempt(tx, taskIdAt(1))).toEqual(process)
    expect(await findLiveAttempt(tx, taskIdAt(2))).toBeUndefined()
    expect(await nextAttemptNumber(tx, taskIdAt(1))).toBe(3)
    expect(await nextAttemptNumber(tx, taskIdAt(2))).toBe(1)
  })

  it('finds the newest work that earlier attempts at the same task left', async () => {
    const ended = { state: 'expired', endedAt: 9 } as const
    await addAttempt(1, { ...ended, rescueRef: 'one' })
    await addAttempt(2, { ...ended, rescueRef: 'two' })
    await addAttempt(3, { ...ended })
    await addAttempt(4, { ...ended, rescueRef: 'own' })
    await addAttempt(5, { ...ended, taskId: taskIdAt(2), rescueRef: 'of another task' })
    const before = (number: number) => findRescueRefBefore(tx, { taskId: taskIdAt(1), number })
    expect(await Promise.all([1, 2, 3, 4, 5].map(before))).toEqual([null, 'one', 'two', 'two', 'own'])
    expect(await plansOf(tx, (all) => findRescueRefBefore(all, { taskId: taskIdAt(1), number: 4 }))).toEqual([
      expect.stringMatching(/^SEARCH attempts USING INDEX .* \(task_id=\? AND number<\?\)$/),
    ])
  })

  it('itself refuses a second live attempt of a task, an epoch twice, and facts that do not agree', async () => {
    await addAttempt(1)
    for (const state of ['granted', 'running', 'submitted'] as const)
      await expect(addAttempt(2, { state })).rejects.toThrow('UNIQUE')
    await expect(addAttempt(2, { epoch: 1, state: 'failed', endedAt: 1 })).rejects.toThrow('UNIQUE')
    await expect(addAttempt(2, { state: 'failed' })).rejects.toThrow('CHECK')
    await expect(addAttempt(2, { taskId: taskIdAt(2), endedAt: 1 })).rejects.toThrow('CHECK')
    await addAttempt(2, { taskId: taskIdAt(2) })
  })

  it('writes only over the state and epoch that were read', async () => {
    const attempt = await addAttempt(1)
    const submitted = { ...attempt, state: 'submitted', rev: 1 } as const
    expect(await updateAttempt(tx, submitted, { state: 'granted', rev: 0 })).toBe(false)
    expect(await updateAttempt(tx, submitted, { state: 'running', rev: 3 })).toBe(false)
    expect(await updateAttempt(tx, { ...submitted, epoch: 2 }, attempt)).toBe(false)
    expect(await updateAttempt(tx, submitted, attempt)).toBe(true)
    expect(await findAttempt(tx, attempt.id)).toEqual(submitted)
  })

  it('moves the times of one that is at work in that epoch, and of no other', async () => {
    const attempt = await addAttempt(1, { state: 'granted' })
    const touched = { ...attempt, leaseUntil: 7, lastSignAt: 6 }
    expect(await touchAttempt(tx, { ...touched, epoch: 2 })).toBe(false)
    expect(await touchAttempt(tx, touched)).toBe(true)
    expect(await findAttempt(tx, attempt.id)).toEqual(touched)
    await updateAttempt(tx, { ...touched, state: 'submitted' }, attempt)
    expect(await touchAttempt(tx, touched)).toBe(false)
  })

  it('lists who is at work, by session too, and what is shown', async () => {
    await add(3, { state: 'done', endedAt: 1 })
    await addAttempt(1, { state: 'failed', endedAt: 2 })
    await addAttempt(2, { state: 'granted' })
    await addAttempt(3, { taskId: taskIdAt(2), holder: sessionHolder(2), state: 'submitted' })
    await addAttempt(4, { taskId: taskIdAt(3), state: 'accepted', endedAt: 2 })
    expect(ids(await listAttemptsAtWork(tx))).toEqual([attemptIdAt(2)])
    expect(ids(await listAttemptsOfSession(tx, sessionIdAt(1)))).toEqual([attemptIdAt(2)])
    expect(await listAttemptsOfSession(tx, sessionIdAt(2))).toEqual([])
    expect(ids(await listShownAttempts(tx))).toEqual([1, 2, 3].map(attemptIdAt))
    expect(ids(await listLiveAttemptsOfSession(tx, sessionIdAt(1)))).toEqual([attemptIdAt(2)])
    expect(ids(await listLiveAttemptsOfSession(tx, sessionIdAt(2)))).toEqual([attemptIdAt(3)])
  })

  it('finds the newest attempt of a session, at any task or at one', async () => {
    await addAttempt(1, { state: 'failed', endedAt: 2 })
    await addAttempt(2, { state: 'released', endedAt: 2 })
    await addAttempt(3, { taskId: taskIdAt(2), state: 'granted' })
    const last = async (session: number, task: number | null) =>
      (await findLastAttemptOfHolder(tx, sessionHolder(session), at(task === null ? null : taskIdAt(task))))?.id
    expect(await last(1, null)).toBe(attemptIdAt(3))
    expect(await last(1, 1)).toBe(attemptIdAt(2))
    expect(await last(1, 3)).toBeUndefined()
    expect(await last(2, null)).toBeUndefined()
  })

  it('finds what a process holds, whatever it is called by now, and nothing of another with its number', async () => {
    const holder = processHolder(7)
    await addAttempt(1, { holder, state: 'failed', endedAt: 2 })
    await addAttempt(2, { taskId: taskIdAt(2), holder, state: 'running' })
    await add(3)
    await addAttempt(3, { taskId: taskIdAt(3), holder: processHolder(8), state: 'running' })
    const live = async (who: Holder) => ids(await listLiveAttemptsOfHolder(tx, projectIdAt(1), who))
    expect(await live({ ...holder, label: 'elsewhere' } as Holder)).toEqual([attemptIdAt(2)])
    expect(await live({ ...holder, startTime: 'later' } as Holder)).toEqual([])
    expect(await live({ ...holder, bootId: 'another' } as Holder)).toEqual([])
    expect(await live(sessionHolder(1))).toEqual([])
    expect((await findLastAttemptOfHolder(tx, holder, at(taskIdAt(1))))?.id).toBe(attemptIdAt(1))
  })

  it('keeps apart what a process holds in one project and in another', async () => {
    const holder = processHolder(7)
    await add(3, { projectId: projectIdAt(2) })
    await addAttempt(1, { holder, state: 'running' })
    await addAttempt(2, { taskId: taskIdAt(3), holder, state: 'running' })
    expect(ids(await listLiveAttemptsOfHolder(tx, projectIdAt(1), holder))).toEqual([attemptIdAt(1)])
    expect(ids(await listLiveAttemptsOfHolder(tx, projectIdAt(2), holder))).toEqual([attemptIdAt(2)])
    expect((await findLastAttemptOfHolder(tx, holder, at(null)))?.id).toBe(attemptIdAt(1))
    expect(await findLastAttemptOfHolder(tx, holder, at(taskIdAt(3)))).toBeUndefined()
  })

  it('counts deaths, and takes one back', async () => {
    for (const n of [1, 2]) await addAttempt(n, { state: 'expired', endedAt: 1 })
    await markDeath(tx, attemptIdAt(1), 100)
    await markDeath(tx, attemptIdAt(2), 200)
    expect(await listDeathsSince(tx, 100)).toEqual([200])
    expect(await takeBackDeath(tx, attemptIdAt(2))).toBe(true)
    expect(await takeBackDeath(tx, attemptIdAt(2))).toBe(false)
    expect(await listDeathsSince(tx, 0)).toEqual([100])
  })
})
