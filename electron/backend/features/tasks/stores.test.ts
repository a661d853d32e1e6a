import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Attempt, Checkpoint, Comment, Dependency, Task } from '../../../../shared/contract/task-rows.ts'
import type { CheckpointId, CommentId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import { insertAttempt, removeAttemptsOf } from './attempts-store.ts'
import {
  findDependency,
  findParent,
  insertDependency,
  listDependenciesOf,
  listProjectDependencies,
  listWaits,
  listWaitsOf,
  removeDependenciesOf,
  removeDependency,
} from './dependencies-store.ts'
import { readDispatch, writeDispatch } from './dispatch-store.ts'
import { insertCheckpoint, insertComment, listCheckpoints, listComments, removeNotesOf } from './task-notes-store.ts'
import {
  findLastKey,
  findTask,
  findTaskByKey,
  insertTask,
  pagesOfCandidates,
  listDueTasks,
  listEndedTasks,
  listFirstKeys,
  listPositions,
  listShownTasks,
  removeTasksOf,
  shownEndedTasks,
  updateTask,
  type Candidate,
} from './tasks-store.ts'
import { attemptIdAt, attemptRow, projectIdAt, sessionIdAt, taskIdAt, taskRow } from './testing/rows.ts'

let kernel: TestKernel
let tx: Tx
beforeEach(() => {
  kernel = createTestKernel()
  tx = kernel.database.writer
})
afterEach(() => kernel.close())

const taskAt = (n: number, change: Partial<Task> = {}) =>
  taskRow({ id: taskIdAt(n), key: `APP-${n}`, position: n, ...change })
const add = async (n: number, change: Partial<Task> = {}) => {
  const task = taskAt(n, change)
  await insertTask(tx, task, n)
  return task
}
const addAttempt = async (n: number, change: Partial<Attempt> = {}) => {
  const attempt = attemptRow({ id: attemptIdAt(n), number: n, epoch: n, ...change })
  await insertAttempt(tx, attempt)
  return attempt
}
const edge = (task: number, on: number, change: Partial<Dependency> = {}): Dependency => ({
  taskId: taskIdAt(task),
  dependsOnId: taskIdAt(on),
  kind: 'blocks',
  satisfiedOn: 'merged',
  createdAt: task * 10 + on,
  ...change,
})
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

describe('the table of tasks', () => {
  it('gives back what was written', async () => {
    const full = taskAt(1, {
      body: '# A “title”\n',
      kind: 'bug',
      state: 'deferred',
      reason: 'Later',
      labels: ['a', 'b c'],
      requiredRole: 'reviewer',
      allowedAgents: ['codex'],
      declaredPaths: ['src/**'],
      baseRef: 'refs/heads/next',
      deferUntil: 77,
      failedAttempts: 1,
      doneWhen: 'merged',
      position: 1.5,
    })
    await insertTask(tx, full, 1)
    expect(await findTask(tx, full.id)).toEqual(full)
    expect(await findTaskByKey(tx, full.projectId, 'APP-1')).toEqual(full)
    expect(await findTaskByKey(tx, projectIdAt(2), 'APP-1')).toBeUndefined()
  })

  it('writes only over the row that was read, and never changes what a task is', async () => {
    const task = await add(1)
    const next = { ...task, title: 'New', key: 'NO-9', projectId: projectIdAt(9), rev: 1, claimEpoch: 1 }
    expect(await updateTask(tx, next, { rev: 0, claimEpoch: 1 })).toBe(false)
    expect(await updateTask(tx, next, { rev: 1, claimEpoch: 0 })).toBe(false)
    expect(await updateTask(tx, next, { rev: 0, claimEpoch: 0 })).toBe(true)
    expect(await findTask(tx, task.id)).toEqual({ ...task, title: 'New', rev: 1, claimEpoch: 1 })
  })

  it('itself refuses an epoch that falls, an end that is left, and facts that do not agree', async () => {
    const task = await add(1, { claimEpoch: 3 })
    await expect(updateTask(tx, { ...task, claimEpoch: 2 }, task)).rejects.toThrow('an epoch never falls')
    const done = { ...task, state: 'done', endedAt: 5 } as const
    expect(await updateTask(tx, done, task)).toBe(true)
    await expect(updateTask(tx, { ...task, state: 'open' }, done)).rejects.toThrow('only reopened')
    expect(await updateTask(tx, { ...task, state: 'open', claimEpoch: 4 }, done)).toBe(true)
    await expect(add(2, { state: 'done' })).rejects.toThrow('CHECK')
    await expect(add(2, { endedAt: 5 })).rejects.toThrow('CHECK')
    await expect(add(2, { deferUntil: 5 })).rejects.toThrow('CHECK')
    await expect(add(2, { state: 'blocked', retryAt: 5 })).rejects.toThrow('CHECK')
    await expect(insertTask(tx, taskAt(2), 1)).rejects.toThrow('UNIQUE')
  })

  it('shows every task that is not ended and the newest ends', async () => {
    await add(1)
    await add(2, { state: 'in_review' })
    for (let n = 3; n < 3 + shownEndedTasks + 2; n++) await add(n, { state: 'done', endedAt: n })
    const shown = await listShownTasks(tx)
    expect(shown).toHaveLength(2 + shownEndedTasks)
    expect(ids(shown.slice(0, 3))).toEqual([taskIdAt(1), taskIdAt(2), taskIdAt(shownEndedTasks + 4)])
  })

  it('lists older ends by page, those of one moment included once', async () => {
    for (const [n, endedAt] of [10, 20, 20, 20, 30].entries()) await add(n + 1, { state: 'cancelled', endedAt })
    await add(6, { state: 'done', endedAt: 25, projectId: projectIdAt(2) })
    const page = async (before: Task | undefined) =>
      listEndedTasks(tx, {
        projectId: projectIdAt(1),
        before: before ? { endedAt: before.endedAt ?? 0, taskId: before.id } : null,
        limit: 2,
      })
    const first = await page(undefined)
    const second = await page(first[1])
    const third = await page(second[1])
    expect(ids([...first, ...second, ...third])).toEqual([5, 4, 3, 2, 1].map(taskIdAt))
    expect(await page(third[0])).toEqual([])
  })

  const pagesOf = async (project: number) => {
    const pages: (readonly Candidate[])[] = []
    for await (const page of pagesOfCandidates(tx, projectIdAt(project))) pages.push(page)
    return pages
  }

  it('hands out by urgency, then by the board', async () => {
    await add(1, { priority: 3, position: 1 })
    await add(2, { priority: 1, position: 9 })
    await add(3, { priority: 1, position: 2 })
    await add(4, { priority: 0, state: 'blocked' })
    await add(5, { priority: 0, projectId: projectIdAt(2) })
    const candidates = (await pagesOf(1)).flat()
    expect(ids(candidates)).toEqual([3, 2, 1].map(taskIdAt))
    expect([taskAt(3, { priority: 1, position: 2 })]).toMatchObject(candidates.slice(0, 1))
    const plan = await tx.all<{ detail: string }>(
      `EXPLAIN QUERY PLAN SELECT id, key, priority, position, failed_attempts, max_attempts, retry_at, required_role,
         allowed_agents FROM tasks WHERE project_id = 'x' AND state = 'open' AND (priority, position, id) > (1, 2, 'y')
       ORDER BY priority, position, id LIMIT 100`,
    )
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH tasks USING COVERING INDEX tasks_candidates \(project_id=\?/),
    ])
    expect(ids(await listPositions(tx, projectIdAt(1)))).toEqual([1, 3, 4, 2].map(taskIdAt))
  })

  it('hands out few at first, then many, and each of them once', async () => {
    const numbers = Array.from({ length: 130 }, (_, index) => index + 1)
    // Many of one urgency and place, so that a page ends in the middle of them.
    for (const n of numbers) await add(n, { priority: n % 3, position: n % 5 })
    const pages = await pagesOf(1)
    expect(pages.map(({ length }) => length)).toEqual([4, 100, 26])
    const rank = (n: number) => [n % 3, n % 5, n] as const
    const inOrder = numbers.toSorted((a, b) => {
      const [one, two] = [rank(a), rank(b)]
      return one[0] - two[0] || one[1] - two[1] || one[2] - two[2]
    })
    expect(ids(pages.flat())).toEqual(inOrder.map(taskIdAt))
    expect(await pagesOf(2)).toEqual([])
  })

  it('finds deferred tasks on their day', async () => {
    await add(1, { state: 'deferred', deferUntil: 100 })
    await add(2, { state: 'deferred', deferUntil: null })
    await add(3)
    expect(await listDueTasks(tx, 99)).toEqual([])
    expect(ids(await listDueTasks(tx, 100))).toEqual([taskIdAt(1)])
  })

  it('knows the last key of a project and the first of each', async () => {
    expect(await findLastKey(tx, projectIdAt(1))).toBeUndefined()
    await add(1)
    await add(2)
    await insertTask(tx, taskAt(3, { projectId: projectIdAt(2), key: 'LA-1' }), 1)
    expect(await findLastKey(tx, projectIdAt(1))).toEqual({ number: 2, key: 'APP-2' })
    expect((await listFirstKeys(tx)).toSorted()).toEqual(['APP-1', 'LA-1'])
  })
})

describe('the table of dependencies', () => {
  beforeEach(async () => {
    await add(1)
    await add(2, { state: 'in_progress' })
    await add(3)
    await add(4, { projectId: projectIdAt(2) })
  })

  it('gives back edges from both ends and by project', async () => {
    const edges = [edge(1, 2), edge(1, 3, { kind: 'any_of', satisfiedOn: 'completed' }), edge(3, 2)]
    for (const each of edges) await insertDependency(tx, each)
    expect(await listDependenciesOf(tx, taskIdAt(2))).toEqual([edges[0], edges[2]])
    expect(await listProjectDependencies(tx, projectIdAt(1))).toEqual(edges)
    expect(await listProjectDependencies(tx, projectIdAt(2))).toEqual([])
    expect(await findDependency(tx, edge(1, 2))).toEqual(edges[0])
    expect(await findDependency(tx, edge(2, 1))).toBeUndefined()
    expect(await removeDependency(tx, edge(1, 2))).toBe(true)
    expect(await removeDependency(tx, edge(1, 2))).toBe(false)
  })

  it('refuses an edge twice, to itself and to nowhere, and a second epic', async () => {
    await insertDependency(tx, edge(1, 2, { kind: 'parent' }))
    expect((await findParent(tx, taskIdAt(1)))?.dependsOnId).toBe(taskIdAt(2))
    expect(await findParent(tx, taskIdAt(2))).toBeUndefined()
    await expect(insertDependency(tx, edge(1, 3, { kind: 'parent' }))).rejects.toThrow('UNIQUE')
    await expect(insertDependency(tx, edge(1, 2, { kind: 'parent' }))).rejects.toThrow('UNIQUE')
    await expect(insertDependency(tx, edge(1, 1))).rejects.toThrow('CHECK')
    await expect(insertDependency(tx, edge(1, 99))).rejects.toThrow('FOREIGN KEY')
  })

  it('says of each edge what is at its other end', async () => {
    await insertDependency(tx, edge(1, 2))
    await insertDependency(tx, edge(3, 1, { kind: 'parent' }))
    const waits = [
      { direction: 'on', kind: 'blocks', satisfiedOn: 'merged', other: { key: 'APP-2', state: 'in_progress' } },
      { direction: 'by', kind: 'parent', satisfiedOn: 'merged', other: { key: 'APP-3', state: 'open' } },
    ]
    expect(await listWaits(tx, taskIdAt(1))).toEqual(waits)
    const all = await listWaitsOf(tx, [taskIdAt(1), taskIdAt(3), taskIdAt(4)])
    expect(all.get(taskIdAt(1))).toEqual(waits)
    expect(all.get(taskIdAt(3))).toEqual([{ ...waits[1], direction: 'on', other: { key: 'APP-1', state: 'open' } }])
    expect(all.size).toBe(2)
    expect((await listWaitsOf(tx, [])).size).toBe(0)
  })
})

describe('what is written beside a task', () => {
  const checkpoint = (n: number): Checkpoint => ({
    id: `chk_${n}` as CheckpointId,
    taskId: taskIdAt(1),
    attemptId: attemptIdAt(1),
    summary: 'Half',
    nextSteps: 'The rest',
    headSha: n === 1 ? null : 'a'.repeat(40),
    at: n,
  })
  const comment = (n: number): Comment => ({
    id: `cmt_${n}` as CommentId,
    taskId: taskIdAt(1),
    by: { kind: 'session', id: sessionIdAt(1) },
    body: `No. ${n}`,
    at: n,
  })

  it('is given back, and goes with its project', async () => {
    await add(1)
    await addAttempt(1)
    for (const n of [1, 2]) {
      await insertCheckpoint(tx, checkpoint(n))
      await insertComment(tx, comment(n))
    }
    expect(await listCheckpoints(tx, taskIdAt(1))).toEqual([checkpoint(2), checkpoint(1)])
    expect(await listComments(tx, taskIdAt(1))).toEqual([comment(1), comment(2)])
    await expect(tx.run(`UPDATE checkpoints SET summary = ''`)).rejects.toThrow('never changed')

    await add(2, { projectId: projectIdAt(2) })
    await removeNotesOf(tx, projectIdAt(1))
    await removeAttemptsOf(tx, projectIdAt(1))
    await removeDependenciesOf(tx, projectIdAt(1))
    expect(await removeTasksOf(tx, projectIdAt(1))).toEqual([taskIdAt(1)])
    expect(await listComments(tx, taskIdAt(1))).toEqual([])
    expect(ids(await listShownTasks(tx))).toEqual([taskIdAt(2)])
  })
})

it('dispatch is free at first, and its pause has a reason', async () => {
  expect(await readDispatch(tx)).toEqual({ dispatch: { paused: null, rev: 0 }, resumedAt: 0 })
  const paused = { dispatch: { paused: { at: 5, reason: 'Deaths.' }, rev: 1 }, resumedAt: 3 }
  await writeDispatch(tx, paused)
  expect(await readDispatch(tx)).toEqual(paused)
})
