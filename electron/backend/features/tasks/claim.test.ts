import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Dependency, Task } from '../../../../shared/contract/task-rows.ts'
import { startLeaseMs } from './attempt-rules.ts'
import { projectIdAt, sessionHolder, taskIdAt } from './testing/rows.ts'
import {
  codeOf,
  createTaskLab,
  messageOf,
  person,
  speakerAt,
  valueOf,
  worktreeIdOf,
  type TaskLab,
} from './testing/task-lab.ts'

let lab: TaskLab
beforeEach(() => {
  lab = createTaskLab()
})
afterEach(() => lab.kernel.close())

const depend = (task: Task, other: Task, kind: Dependency['kind'] = 'blocks') =>
  lab.tasks.depend({ taskId: task.id, dependsOnId: other.id, kind, satisfiedOn: 'merged' }, person)
const finish = (task: Task) => lab.move(task, { to: 'done' })

describe('a claim', () => {
  it('gives the task with a new attempt and two minutes to start', async () => {
    const task = await lab.create()
    const { task: claimed, attempt, seq } = valueOf(await lab.claim(task))
    expect(claimed).toMatchObject({ state: 'claimed', claimEpoch: 1, rev: 1 })
    expect(attempt).toMatchObject({ number: 1, epoch: 1, state: 'granted', holder: sessionHolder(1) })
    expect(attempt.worktreeId).toBe(worktreeIdOf(speakerAt(1).by.id as never))
    expect(attempt.leaseUntil).toBe(lab.time.now + startLeaseMs)
    expect(await lab.latest(task.id)).toEqual(attempt)
    expect(lab.kernel.changes.find((change) => change.seq === seq)?.payload).toEqual(claimed)
  })

  it('is won by one of many at once, and the others are told and written down', async () => {
    const task = await lab.create()
    const before = lab.kernel.changes.length
    const claims = await Promise.all([1, 2, 3, 4, 5].map((n) => lab.claim(task, speakerAt(n))))
    expect(claims.map(codeOf).toSorted()).toEqual([...Array(4).fill('ALREADY_CLAIMED'), 'ok'])
    expect(lab.topicsSince(before).toSorted()).toEqual([
      'attempts.changed',
      ...Array(4).fill('refusals.recorded'),
      'tasks.changed',
    ])
  })

  it('that is refused says who tried and why, and answers the rows as they are', async () => {
    const task = await lab.create()
    const { attempt } = valueOf(await lab.claim(task))
    const refused = await lab.claim(task, speakerAt(2))
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'ALREADY_CLAIMED', current: { task: { state: 'claimed' }, attempt: { id: attempt.id } } },
    })
    expect(lab.kernel.changes.at(-1)).toMatchObject({
      topic: 'refusals.recorded',
      payload: {
        subject: task.id,
        command: 'claim-task',
        by: `session:${speakerAt(2).by.id}`,
        code: 'ALREADY_CLAIMED',
        message: 'APP-1 is claimed by another attempt. Take another task.',
      },
    })
  })

  it('is replayed by its request alone: the same holder asking anew is refused', async () => {
    const task = await lab.create()
    const ask = (requestId: string, session = 1) =>
      lab.tasks.claim({ kind: 'task', taskId: task.id }, speakerAt(session), requestId)
    const first = await ask('request-a')
    expect(await ask('request-a')).toEqual(first)
    expect(codeOf(await ask('request-b'))).toBe('ALREADY_CLAIMED')
    // The id of another one's request is no key to what that one won.
    expect(codeOf(await ask('request-a', 2))).toBe('ALREADY_CLAIMED')
  })

  it('tells what the attempts before left, and its repeat tells the same', async () => {
    const task = await lab.create()
    const ask = (session: number, requestId: string) =>
      lab.tasks.claim({ kind: 'task', taskId: task.id }, speakerAt(session), requestId)
    const first = valueOf(await ask(1, 'request-a'))
    expect(first).toMatchObject({ checkpoint: null, rescueRef: null })
    const learn = async (claimed: typeof first, session: number, summary: string) => {
      const word = lab.word(claimed.attempt, speakerAt(session))
      const { checkpoint } = valueOf(await lab.tasks.checkpoint(word, { summary, nextSteps: 'x', headSha: null }))
      valueOf(await lab.tasks.release(lab.word(claimed.attempt, speakerAt(session)), { reason: 'x', to: 'open' }))
      return checkpoint
    }
    await learn(first, 1, 'a quarter')
    await lab.kernel.database.writer.run(`UPDATE attempts SET rescue_ref = 'refs/switchyard/rescue/1'`)
    const second = valueOf(await ask(2, 'request-b'))
    expect(second).toMatchObject({ checkpoint: { summary: 'a quarter' }, rescueRef: 'refs/switchyard/rescue/1' })
    const half = await learn(second, 2, 'half')
    const third = valueOf(await ask(1, 'request-c'))
    // The second attempt left no work; that of the first is still there.
    expect(third).toMatchObject({ attempt: { number: 3 }, checkpoint: half, rescueRef: 'refs/switchyard/rescue/1' })
    await learn(third, 1, 'all')
    expect(valueOf(await ask(1, 'request-c'))).toEqual(third)
    expect(valueOf(await ask(1, 'request-a'))).toEqual(first)
  })

  it('by a worker process holds as well', async () => {
    const task = await lab.create()
    const holder = { kind: 'process', pid: 7, startTime: '1', bootId: 'b', label: 'worker' } as const
    const { attempt } = valueOf(await lab.claim(task, { holder, by: person }))
    expect(attempt).toMatchObject({ holder, worktreeId: null })
    valueOf(await lab.tasks.renew(lab.word(attempt)))
    expect((await lab.find(task.id)).state).toBe('in_progress')
  })

  it.each([
    ['a task that is not there', 1, async () => ({ id: taskIdAt(1) }) as Task, 'NOT_FOUND'],
    ['a task of another project', 1, () => lab.create({ projectId: projectIdAt(2) }), 'NOT_FOUND'],
    ['a session that is not there', 200, () => lab.create(), 'NOT_FOUND'],
    ['another role', 1, () => lab.create({ requiredRole: 'reviewer' }), 'NOT_FOR_YOU'],
    ['another agent', 1, () => lab.create({ allowedAgents: ['codex'] }), 'NOT_FOR_YOU'],
    ['a draft', 1, () => lab.create({ state: 'draft' }), 'NOT_READY'],
  ])('of or by %s is refused', async (_name, session, taskOf, code) => {
    expect(codeOf(await lab.claim(await taskOf(), speakerAt(session)))).toBe(code)
  })
})

describe('the next task', () => {
  it('is the most urgent that is ready, then the first on the board', async () => {
    await lab.create({ priority: 3 })
    const second = await lab.create({ priority: 1 })
    const third = await lab.create({ priority: 1 })
    const blocked = await lab.create({ priority: 0 })
    await depend(blocked, third)
    await lab.tasks.place(third.id, second.id, person)
    const keys: string[] = []
    for (let n = 1; n <= 3; n++) keys.push(valueOf(await lab.claimNext(speakerAt(n))).task.key)
    expect(keys).toEqual(['APP-3', 'APP-2', 'APP-1'])
    const none = await lab.claimNext(speakerAt(4))
    expect(codeOf(none)).toBe('NOTHING_READY')
    // Asking for work when there is none is no event.
    expect(lab.kernel.changes.at(-1)?.topic).toBe('tasks.changed')
  })

  it('is one for this agent and role, of the session’s own project', async () => {
    await lab.create({ requiredRole: 'reviewer', priority: 0 })
    const plain = await lab.create()
    await lab.create({ projectId: projectIdAt(2), priority: 0 })
    expect(valueOf(await lab.claimNext()).task.key).toBe(plain.key)
    expect(valueOf(await lab.claimNext(speakerAt(50), projectIdAt(2))).task.key).toBe('APP-1')
    expect(valueOf(await lab.claimNext(speakerAt(100))).task.key).toBe('LA-1')
  })

  it('is found also behind many that are not ready', async () => {
    const first = await lab.create()
    const waiting = await Promise.all(Array.from({ length: 250 }, () => lab.create({ priority: 1 })))
    for (const task of waiting) valueOf(await depend(task, first))
    expect(valueOf(await lab.claimNext()).task.key).toBe(first.key)
    expect(codeOf(await lab.claimNext(speakerAt(2)))).toBe('NOTHING_READY')
    valueOf(await lab.tasks.undepend({ taskId: waiting[249]!.id, dependsOnId: first.id, kind: 'blocks' }, person))
    expect(valueOf(await lab.claimNext(speakerAt(2))).task.key).toBe(waiting[249]!.key)
    expect(await lab.tasks.listReady(projectIdAt(1))).toEqual([])
  })

  it('is among those that the list of ready tasks shows', async () => {
    const [one, two] = [await lab.create(), await lab.create({ priority: 0 })]
    await lab.create({ state: 'draft' })
    await depend(await lab.create(), one)
    expect((await lab.tasks.listReady(projectIdAt(1))).map(({ key }) => key)).toEqual([two.key, one.key])
    expect(await lab.tasks.listReady(projectIdAt(3))).toEqual([])
  })
})

describe('a dependency', () => {
  it('holds a task until the other is done, and says so in between', async () => {
    const [first, second] = [await lab.create(), await lab.create()]
    const { dependency, seq } = valueOf(await depend(second, first))
    expect(lab.kernel.changes.find((change) => change.seq === seq)?.payload).toEqual(dependency)
    expect(messageOf(await lab.claim(second))).toBe('APP-2 waits for APP-1, which is open. Take another task.')
    valueOf(await finish(first))
    expect(codeOf(await lab.claim(second))).toBe('ok')
  })

  it('that changes between a look and the claim is seen by the claim', async () => {
    const [first, second] = [await lab.create(), await lab.create()]
    expect(await lab.tasks.listReady(projectIdAt(1))).toHaveLength(2)
    const [added, claimed] = await Promise.all([depend(second, first), lab.claim(second)])
    expect([codeOf(added), codeOf(claimed)]).toEqual(['ok', 'NOT_READY'])
  })

  it('of alternatives lets go with the first of them', async () => {
    const [one, two, waiting] = [await lab.create(), await lab.create(), await lab.create()]
    await depend(waiting, one, 'any_of')
    await depend(waiting, two, 'any_of')
    expect(codeOf(await lab.claim(waiting))).toBe('NOT_READY')
    valueOf(await finish(two))
    expect(codeOf(await lab.claim(waiting))).toBe('ok')
  })

  it('on a failure waits for one', async () => {
    const [main, remedy] = [await lab.create(), await lab.create()]
    await depend(remedy, main, 'on_failure')
    expect(codeOf(await lab.claim(remedy))).toBe('NOT_READY')
    valueOf(await lab.move(main, { to: 'failed', reason: 'No way.' }))
    expect(codeOf(await lab.claim(remedy))).toBe('ok')
  })

  it('that would close a circle is refused with the circle', async () => {
    const [a, b, c] = [await lab.create(), await lab.create(), await lab.create()]
    await depend(a, b)
    await depend(b, c)
    const refused = await depend(c, a)
    expect(codeOf(refused)).toBe('CYCLE')
    expect(messageOf(refused)).toContain('APP-3 → APP-1 → APP-2 → APP-3')
    expect(codeOf(await depend(c, a, 'related'))).toBe('ok')
  })

  it('of two at once, that together close a circle, is one', async () => {
    const [a, b] = [await lab.create(), await lab.create()]
    expect((await Promise.all([depend(a, b), depend(b, a)])).map(codeOf)).toEqual(['ok', 'CYCLE'])
  })

  it('goes again, once', async () => {
    const [first, second] = [await lab.create(), await lab.create()]
    await depend(second, first)
    const key = { taskId: second.id, dependsOnId: first.id, kind: 'blocks' } as const
    const { seq } = valueOf(await lab.tasks.undepend(key, person))
    expect(lab.kernel.changes.find((change) => change.seq === seq)?.payload).toEqual(key)
    expect(codeOf(await lab.tasks.undepend(key, person))).toBe('NOT_FOUND')
    expect(codeOf(await lab.claim(second))).toBe('ok')
  })

  it('is refused where it makes no sense', async () => {
    const [a, b, c] = [await lab.create(), await lab.create(), await lab.create({ kind: 'epic' })]
    const foreign = await lab.create({ projectId: projectIdAt(2) })
    valueOf(await depend(a, b, 'parent'))
    expect(codeOf(await depend(a, a))).toBe('INVALID')
    expect(codeOf(await depend(a, foreign))).toBe('INVALID')
    expect(codeOf(await depend(a, b, 'parent'))).toBe('EXISTS')
    expect(messageOf(await depend(a, c, 'parent'))).toContain('belongs to an epic already')
    expect(codeOf(await depend(a, { ...b, id: taskIdAt(1) }))).toBe('NOT_FOUND')
    valueOf(await finish(c))
    expect(codeOf(await depend(c, a))).toBe('TERMINAL')
  })
})

it('a task is found by what people call it', async () => {
  const task = await lab.create()
  expect(await lab.tasks.findByKey(projectIdAt(1), 'APP-1')).toEqual(task)
  expect(await lab.tasks.findByKey(projectIdAt(2), 'APP-1')).toBeUndefined()
})
