import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Task } from '../../../../shared/contract/task-rows.ts'
import type { Move } from '../../../../shared/contract/tasks.ts'
import { projectIdAt, sessionIdAt, taskIdAt } from './testing/rows.ts'
import {
  codeOf,
  createTaskLab,
  messageOf,
  person,
  plainTask,
  speakerAt,
  valueOf,
  type TaskLab,
} from './testing/task-lab.ts'

let lab: TaskLab
beforeEach(() => {
  lab = createTaskLab()
})
afterEach(() => lab.kernel.close())

const eventAt = (seq: number) => lab.kernel.changes.find((change) => change.seq === seq)

describe('creating', () => {
  it('numbers the tasks of a project and answers with the event that recorded each', async () => {
    const first = valueOf(await lab.tasks.create({ ...plainTask, requestId: 'request-a' }, person))
    const second = valueOf(await lab.tasks.create({ ...plainTask, requestId: 'request-b', state: 'draft' }, person))
    const other = await lab.create({ projectId: projectIdAt(2) })
    const namesake = await lab.create({ projectId: projectIdAt(3) })
    expect([first.task.key, second.task.key, other.key, namesake.key]).toEqual(['APP-1', 'APP-2', 'LA-1', 'LA2-1'])
    expect(first.task).toMatchObject({ state: 'open', claimEpoch: 0, position: 1, rev: 0, createdAt: 1_000_000 })
    expect(second.task).toMatchObject({ state: 'draft', position: 2 })
    expect(eventAt(first.seq)).toMatchObject({ topic: 'tasks.changed', payload: first.task })
  })

  it('happens once for one request', async () => {
    const ask = () => lab.tasks.create({ ...plainTask, requestId: 'request-a' }, person)
    expect(await ask()).toEqual(await ask())
    expect(lab.kernel.changes).toHaveLength(1)
  })

  it('below an epic makes the edge too, and the epic then waits for it', async () => {
    const epic = await lab.create({ kind: 'epic' })
    const task = await lab.create({ parentId: epic.id })
    const { dependencies, notReady } = valueOf(await lab.tasks.detail(epic.id))
    expect(dependencies).toMatchObject([{ taskId: task.id, dependsOnId: epic.id, kind: 'parent' }])
    expect(notReady).toContain('is the epic of APP-2')
  })

  it.each([
    ['a project that is not there', { projectId: projectIdAt(99) }, 'NOT_FOUND'],
    ['an epic that is not there', { parentId: taskIdAt(1) }, 'INVALID'],
  ])('for %s is refused', async (_name, change, code) => {
    const refused = await lab.tasks.create({ ...plainTask, requestId: 'request-a', ...change }, person)
    expect(codeOf(refused)).toBe(code)
    expect(lab.kernel.changes).toEqual([])
  })

  it('below an epic of another project is refused', async () => {
    const epic = await lab.create({ projectId: projectIdAt(2) })
    expect(codeOf(await lab.tasks.create({ ...plainTask, parentId: epic.id, requestId: 'request-a' }, person))).toBe(
      'INVALID',
    )
  })
})

describe('updating', () => {
  it('changes what is said, leaves the rest, and counts the rev', async () => {
    const task = await lab.create()
    const patch = { title: 'Better', labels: ['ui'], body: undefined }
    const { task: updated, seq } = valueOf(await lab.tasks.update({ taskId: task.id, rev: 0, patch }, person))
    expect(updated).toEqual({ ...task, title: 'Better', labels: ['ui'], rev: 1 })
    expect(eventAt(seq)?.payload).toEqual(updated)
  })

  it('of a row that has changed since is refused with the row as it is', async () => {
    const task = await lab.create()
    valueOf(await lab.tasks.update({ taskId: task.id, rev: 0, patch: { title: 'One' } }, person))
    const refused = await lab.tasks.update({ taskId: task.id, rev: 0, patch: { title: 'Two' } }, person)
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'STALE_REV', current: { task: { title: 'One', rev: 1 } } },
    })
  })

  it('of an ended task is refused, and of none too', async () => {
    const task = await lab.create()
    valueOf(await lab.move(task, { to: 'done' }))
    const patch = { title: 'Late' }
    expect(codeOf(await lab.tasks.update({ taskId: task.id, rev: null, patch }, person))).toBe('TERMINAL')
    expect(codeOf(await lab.tasks.update({ taskId: taskIdAt(1), rev: null, patch }, person))).toBe('NOT_FOUND')
  })
})

describe('placing on the board', () => {
  const order = async () => (await lab.tasks.listReady(projectIdAt(1))).map((task) => task.key.slice(4)).join('')

  it('puts a task before another one, or last', async () => {
    const [one, two, three] = [await lab.create(), await lab.create(), await lab.create()]
    valueOf(await lab.tasks.place(three.id, one.id, person))
    expect(await order()).toBe('312')
    valueOf(await lab.tasks.place(three.id, two.id, person))
    expect(await order()).toBe('132')
    valueOf(await lab.tasks.place(one.id, null, person))
    expect(await order()).toBe('321')
    expect(codeOf(await lab.tasks.place(taskIdAt(1), null, person))).toBe('NOT_FOUND')
  })

  it('goes along with what else is done to the task, in one transaction, and not without it', async () => {
    const [one, two, three] = [await lab.create(), await lab.create(), await lab.create()]
    const commits: number[] = []
    const stop = lab.kernel.onCommit((changes) => commits.push(changes.length))
    const done = valueOf(
      await lab.tasks.move({ taskId: three.id, rev: null, move: { to: 'draft' }, beforeId: one.id }, person),
    )
    expect(commits).toEqual([2])
    expect(done.task).toMatchObject({ state: 'draft', rev: three.rev + 2 })
    expect(done.task.position).toBeLessThan(one.position)
    expect(eventAt(done.seq)?.payload).toEqual(done.task)
    const refused = await lab.tasks.move({ taskId: two.id, rev: 99, move: { to: 'draft' }, beforeId: one.id }, person)
    expect(codeOf(refused)).toBe('STALE_REV')
    expect(codeOf(await lab.tasks.accept(two.id, person, { beforeId: one.id }))).toBe('NOT_ALLOWED')
    expect(valueOf(await lab.tasks.detail(two.id)).task).toEqual(two)
    stop()
  })

  it('goes along with reopening, into the column that is asked for', async () => {
    const [one, two] = [await lab.create(), await lab.create()]
    valueOf(await lab.move(two, { to: 'done' }))
    const { task } = valueOf(await lab.tasks.reopen(two.id, person, { to: 'draft', beforeId: one.id }))
    expect(task).toMatchObject({ state: 'draft', endedAt: null })
    expect(task.position).toBeLessThan(one.position)
    valueOf(await lab.tasks.cancel({ taskId: two.id, reason: 'Not needed.' }, person))
    expect(valueOf(await lab.tasks.reopen(two.id, person)).task.state).toBe('open')
  })

  it('numbers all anew when no number fits between two any more', async () => {
    const tasks = [await lab.create(), await lab.create(), await lab.create()]
    // Each step halves the gap before the last one; a double has no more than 1,075 halves.
    for (let n = 0; n < 1_100; n++) valueOf(await lab.tasks.place(tasks[n % 2]!.id, tasks[2]!.id, person))
    expect(await order()).toBe('123')
    const positions = new Set((await lab.tasks.listReady(projectIdAt(1))).map((task) => task.position))
    expect(positions.size).toBe(3)
  })
})

describe('moving by hand', () => {
  const start = async (state: 'open' | 'in_progress' | 'in_review' | 'blocked'): Promise<Task> => {
    const task = await lab.create()
    if (state === 'blocked') return valueOf(await lab.move(task, { to: 'blocked', reason: 'No key.' })).task
    if (state === 'open') return task
    const { attempt } = valueOf(await lab.claim(task))
    valueOf(await lab.tasks.renew(lab.word(attempt)))
    if (state === 'in_review') valueOf(await lab.tasks.submit(lab.word(attempt), { headSha: null, summary: 'Done.' }))
    return lab.find(task.id)
  }

  it.each<[Parameters<typeof start>[0], Move, string]>([
    ['open', { to: 'draft' }, 'ok'],
    ['open', { to: 'done' }, 'ok'],
    ['open', { to: 'failed', reason: 'No.' }, 'ok'],
    ['open', { to: 'open' }, 'NOT_ALLOWED'],
    ['in_progress', { to: 'open' }, 'ok'],
    ['in_progress', { to: 'deferred', until: null }, 'ok'],
    ['in_progress', { to: 'done' }, 'NOT_ALLOWED'],
    ['in_review', { to: 'done' }, 'ok'],
    ['in_review', { to: 'blocked', reason: 'Wait.' }, 'ok'],
    ['blocked', { to: 'open' }, 'ok'],
    ['blocked', { to: 'blocked', reason: 'Still.' }, 'NOT_ALLOWED'],
  ])('from %s by %j: %s', async (state, move, expected) => {
    const task = await start(state)
    const moved = await lab.move(task, move)
    expect(codeOf(moved)).toBe(expected)
    if (moved.ok) expect(moved.value.task).toMatchObject({ state: move.to, claimEpoch: task.claimEpoch + 1 })
    else expect(await lab.find(task.id)).toEqual(task)
  })

  it('takes the task from whoever works on it, and nothing that one says counts any more', async () => {
    const task = await start('in_progress')
    const attempt = await lab.latest(task.id)
    valueOf(await lab.move(task, { to: 'open' }))
    expect(await lab.latest(task.id)).toMatchObject({ state: 'cancelled', outcome: 'A person took the task back.' })
    expect(lab.freed).toEqual([sessionIdAt(1)])
    expect(codeOf(await lab.tasks.renew(lab.word(attempt)))).toBe('STALE_EPOCH')
    expect(codeOf(await lab.claim(task, speakerAt(2)))).toBe('ok')
  })

  it('to done out of review accepts the work', async () => {
    const task = await start('in_review')
    valueOf(await lab.move(task, { to: 'done' }))
    expect(await lab.latest(task.id)).toMatchObject({ state: 'accepted', outcome: 'Done.' })
  })

  it('says what to do where there is no way', async () => {
    const task = await start('in_progress')
    expect(messageOf(await lab.move(task, { to: 'done' }))).toContain('move it back to open to end it yourself')
    expect(messageOf(await lab.tasks.accept(task.id, person))).toBe(
      'APP-1 is in progress. Nothing was submitted for it yet.',
    )
  })

  it('at a rev that is past is refused', async () => {
    const task = await start('in_progress')
    const stale = await lab.tasks.move({ taskId: task.id, rev: task.rev - 1, move: { to: 'open' } }, person)
    expect(codeOf(stale)).toBe('STALE_REV')
  })

  it('defers until a day, on which the task opens by itself', async () => {
    const task = await start('open')
    valueOf(await lab.move(task, { to: 'deferred', until: lab.time.now + 1000 }))
    await lab.look()
    expect(codeOf(await lab.claim(task))).toBe('NOT_READY')
    lab.time.now += 1000
    await lab.look()
    expect(await lab.find(task.id)).toMatchObject({ state: 'open', deferUntil: null })
    expect(codeOf(await lab.claim(task))).toBe('ok')
  })
})

describe('an ended task', () => {
  it('stays ended, whoever says what, until it is reopened with a new epoch', async () => {
    const task = await lab.create()
    const { attempt } = valueOf(await lab.claim(task))
    const { task: cancelled } = valueOf(await lab.tasks.cancel({ taskId: task.id, reason: 'Not needed.' }, person))
    expect(cancelled).toMatchObject({ state: 'cancelled', reason: 'Not needed.', endedAt: lab.time.now })
    expect(await lab.latest(task.id)).toMatchObject({ state: 'cancelled', outcome: 'Not needed.' })

    const attempts = [
      await lab.tasks.cancel({ taskId: task.id, reason: 'Again.' }, person),
      await lab.move(task, { to: 'open' }),
      await lab.tasks.retry(task.id, person),
      await lab.tasks.accept(task.id, person),
      await lab.tasks.requestChanges({ taskId: task.id, comment: 'More.' }, person),
      await lab.claim(task, speakerAt(2)),
      await lab.tasks.renew(lab.word(attempt)),
    ]
    expect(attempts.map(codeOf)).toEqual(attempts.map(() => 'TERMINAL'))
    expect(await lab.find(task.id)).toEqual(cancelled)

    const { task: reopened } = valueOf(await lab.tasks.reopen(task.id, person))
    expect(reopened).toMatchObject({ state: 'open', reason: null, endedAt: null, failedAttempts: 0 })
    expect(reopened.claimEpoch).toBeGreaterThan(cancelled.claimEpoch)
    expect(codeOf(await lab.tasks.renew(lab.word(attempt)))).toBe('STALE_EPOCH')
    expect(codeOf(await lab.tasks.reopen(task.id, person))).toBe('NOT_ALLOWED')
  })
})

describe('review', () => {
  const submitted = async () => {
    const task = await lab.create()
    const { attempt } = valueOf(await lab.claim(task))
    valueOf(await lab.tasks.submit(lab.word(attempt), { headSha: null, summary: 'First try.' }))
    return { task, attempt }
  }

  it('accepts: attempt and task are done, by one event each', async () => {
    const { task } = await submitted()
    const before = lab.kernel.changes.length
    const { task: done, attempt, seq } = valueOf(await lab.tasks.accept(task.id, person))
    expect([done.state, attempt.state]).toEqual(['done', 'accepted'])
    expect(lab.topicsSince(before)).toEqual(['attempts.changed', 'tasks.changed'])
    expect(eventAt(seq)?.topic).toBe('tasks.changed')
    expect(lab.freed).toHaveLength(1)
  })

  it('sends it back: the same attempt goes on, with all its time again', async () => {
    const { task, attempt } = await submitted()
    lab.time.now += 3 * 3_600_000
    valueOf(await lab.tasks.requestChanges({ taskId: task.id, comment: 'Add a test.' }, person))
    const detail = valueOf(await lab.tasks.detail(task.id))
    expect(detail.task.state).toBe('changes_requested')
    expect(detail.comments).toMatchObject([{ body: 'Add a test.', by: { kind: 'person', id: 'desktop' } }])
    expect(detail.attempts[0]).toMatchObject({ id: attempt.id, state: 'running' })
    expect(detail.attempts[0]!.hardDeadline).toBe(lab.time.now + 4 * 3_600_000)
    valueOf(await lab.tasks.renew(lab.word(attempt)))
    expect((await lab.find(task.id)).state).toBe('in_progress')
    valueOf(await lab.tasks.submit(lab.word(attempt), { headSha: null, summary: 'Second try.' }))
    valueOf(await lab.tasks.accept(task.id, person))
    expect(await lab.latest(task.id)).toMatchObject({ number: 1, outcome: 'Second try.' })
  })
})

describe('comments and history', () => {
  it('keeps comments in order, once a request', async () => {
    const task = await lab.create()
    const say = (body: string, requestId: string) => lab.tasks.comment({ taskId: task.id, body, requestId }, person)
    await say('One', 'request-a')
    await say('One', 'request-a')
    await say('Two', 'request-b')
    expect(valueOf(await lab.tasks.detail(task.id)).comments.map(({ body }) => body)).toEqual(['One', 'Two'])
    expect(codeOf(await lab.tasks.comment({ taskId: taskIdAt(1), body: 'x', requestId: 'request-c' }, person))).toBe(
      'NOT_FOUND',
    )
  })

  it('tells what happened to a task, by whom, newest first and by page', async () => {
    const task = await lab.create()
    valueOf(await lab.claim(task))
    await lab.claim(task, speakerAt(2))
    const all = await lab.tasks.history({ taskId: task.id, before: null, limit: 10 })
    expect(all.map(({ command, topic, by }) => [command, topic, by.split(':')[0]])).toEqual([
      ['claim-task', 'refusals.recorded', 'session'],
      ['claim-task', 'tasks.changed', 'session'],
      ['claim-task', 'attempts.changed', 'session'],
      ['create-task', 'tasks.changed', 'person'],
    ])
    const page = await lab.tasks.history({ taskId: task.id, before: all[1]!.seq, limit: 1 })
    expect(page).toEqual([all[2]])
    expect(all[3]!.payload).toEqual(task)
  })
})

it('a project that is forgotten takes its tasks with it, and no others', async () => {
  const task = await lab.create()
  const epic = await lab.create({ kind: 'epic' })
  await lab.create({ parentId: epic.id })
  const { attempt } = valueOf(await lab.claim(task))
  valueOf(await lab.tasks.checkpoint(lab.word(attempt), { summary: 'Half.', nextSteps: '', headSha: null }))
  const other = await lab.create({ projectId: projectIdAt(2) })
  const before = lab.kernel.changes.length
  await lab.kernel.runCommand({ name: 'forget', by: person }, async (context) => {
    await lab.tasks.forgetProject(context, projectIdAt(1))
    return { ok: true, value: null }
  })
  expect(lab.topicsSince(before)).toEqual(['tasks.removed', 'tasks.removed', 'tasks.removed'])
  const shown = await lab.kernel.database.read(lab.tasks.listShown)
  expect(shown).toMatchObject({ tasks: [other], dependencies: [], attempts: [], dispatch: { paused: null } })
})
