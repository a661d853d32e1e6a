import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Task } from '../../../../shared/contract/task-rows.ts'
import type { StartSession } from '../../../../shared/contract/tasks.ts'
import { codeOf, createTaskLab, messageOf, person, startWish, valueOf, type TaskLab } from './testing/task-lab.ts'
import { incarnationIdAt, sessionIdAt } from './testing/rows.ts'

let lab: TaskLab
beforeEach(() => {
  lab = createTaskLab()
})
afterEach(() => lab.kernel.close())

const start = (task: Task, change: Partial<StartSession> = {}) =>
  lab.tasks.startSession({ ...startWish(task, lab.nextRequest()), ...change }, person)
const sessionsTold = () => lab.kernel.changes.filter(({ topic }) => topic === 'sessions.changed').length
const intents = () => lab.kernel.database.read((tx) => tx.all('SELECT kind, subject, state FROM intents'))

describe('a session started on a task', () => {
  it('holds it from the first moment, and is told with it in one go', async () => {
    const task = await lab.create({ title: 'Do it', body: 'Well.', requiredRole: 'reviewer' })
    const told = lab.kernel.changes.length
    const { session, attempt, task: claimed, seq } = valueOf(await start(task))
    expect(session).toMatchObject({ id: sessionIdAt(7), title: 'Do it', role: 'reviewer' })
    expect(session.prompt).toContain(`# ${task.key}: Do it\n\nWell.`)
    expect(attempt).toMatchObject({
      taskId: task.id,
      number: 1,
      state: 'granted',
      worktreeId: session.worktreeId,
      holder: { kind: 'session', sessionId: session.id },
    })
    expect(claimed).toMatchObject({ state: 'claimed', claimEpoch: 1 })
    expect(lab.topicsSince(told)).toEqual(['sessions.changed', 'attempts.changed', 'tasks.changed'])
    expect(lab.kernel.changes.at(-1)?.seq).toBe(seq)
    expect(await intents()).toEqual([{ kind: 'session.prepare', subject: session.id, state: 'pending' }])
  })

  it('goes by the title and the prompt that were given', async () => {
    const task = await lab.create()
    const { session } = valueOf(await start(task, { title: 'My way', prompt: 'Only this.' }))
    expect(session).toMatchObject({ title: 'My way', prompt: 'Only this.' })
  })

  it('is one session however often the request is repeated', async () => {
    const task = await lab.create()
    const first = valueOf(await start(task, { requestId: 'the-request' }))
    expect(valueOf(await start(task, { requestId: 'the-request' }))).toEqual(first)
    expect(sessionsTold()).toBe(1)
  })

  it('is at work with the first sign of its agent, whichever start of it that is', async () => {
    const task = await lab.create()
    valueOf(await start(task))
    const holder = { kind: 'session', sessionId: sessionIdAt(7), incarnationId: incarnationIdAt(42) } as const
    await lab.tasks.noteActivity(holder)
    expect(await lab.latest(task.id)).toMatchObject({ state: 'running', holder })
    expect((await lab.find(task.id)).state).toBe('in_progress')
  })
})

describe('a task that lies where nobody takes it up', () => {
  it.each([
    ['a draft', (task: Task) => lab.move(task, { to: 'draft' })],
    ['blocked', (task: Task) => lab.move(task, { to: 'blocked', reason: 'No key.' })],
    ['deferred', (task: Task) => lab.move(task, { to: 'deferred', until: null })],
  ])('is opened by the start: %s', async (_name, putAway) => {
    const task = await lab.create()
    valueOf(await putAway(task))
    const { task: claimed } = valueOf(await start(task))
    expect(claimed).toMatchObject({ state: 'claimed', reason: null, deferUntil: null })
  })

  it('is opened by the start out of its pause, and with its attempts used up', async () => {
    const task = await lab.create({ maxAttempts: 2 })
    const { attempt } = valueOf(await lab.claim(task))
    valueOf(await lab.tasks.fail(lab.word(attempt), { reason: 'It did not work.' }))
    expect((await lab.find(task.id)).retryAt).not.toBeNull()
    expect(valueOf(await start(task)).task).toMatchObject({ state: 'claimed', failedAttempts: 0 })
  })
})

describe('a start that cannot be', () => {
  const expectNothing = async (task: Task) => {
    expect(sessionsTold()).toBe(0)
    expect(await intents()).toEqual([])
    expect(await lab.find(task.id)).toEqual(task)
  }

  it.each([
    ['NOT_READY', /waits for/, async () => dependent()],
    ['TERMINAL', /Reopen it first/, async () => valueOf(await lab.move(await lab.create(), { to: 'done' })).task],
    ['NOT_FOR_YOU', /is for codex/, () => lab.create({ allowedAgents: ['codex'] })],
  ])('is refused with %s and leaves nothing behind', async (code, message, make) => {
    const task = await make()
    const refused = await start(task)
    expect(codeOf(refused)).toBe(code)
    expect(messageOf(refused)).toMatch(message)
    await expectNothing(task)
  })

  const dependent = async () => {
    const other = await lab.create()
    const task = await lab.create()
    valueOf(
      await lab.tasks.depend({ taskId: task.id, dependsOnId: other.id, kind: 'blocks', satisfiedOn: 'merged' }, person),
    )
    return task
  }

  it('leaves a draft a draft when it waits for another task', async () => {
    const task = await dependent()
    const draft = valueOf(await lab.move(task, { to: 'draft' })).task
    expect(codeOf(await start(draft))).toBe('NOT_READY')
    await expectNothing(draft)
  })

  it('is refused while somebody works on it, and the refusal is kept in its history', async () => {
    const task = await lab.create()
    valueOf(await lab.claim(task))
    expect(codeOf(await start(task))).toBe('ALREADY_CLAIMED')
    expect(lab.kernel.changes.at(-1)).toMatchObject({
      topic: 'refusals.recorded',
      payload: { subject: task.id, command: 'start-on-task', code: 'ALREADY_CLAIMED' },
    })
  })

  it('is refused for a task that is gone', async () => {
    const task = await lab.create()
    expect(codeOf(await start({ ...task, id: 'tsk_gone' as Task['id'] }))).toBe('NOT_FOUND')
  })
})
