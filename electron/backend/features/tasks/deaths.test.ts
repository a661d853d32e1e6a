import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Attempt, Task } from '../../../../shared/contract/task-rows.ts'
import { listNextIntents } from '../../kernel/intents-store.ts'
import { hardDeadlineMs, leaseMs, silentAfterMs, startLeaseMs, warnBeforeMs } from './attempt-rules.ts'
import { writeSignsEveryMs } from './note-activity.ts'
import { rescueKind } from './rescue-attempt.ts'
import { incarnationIdAt, sessionIdAt } from './testing/rows.ts'
import { codeOf, createTaskLab, person, speakerAt, valueOf, type TaskLab } from './testing/task-lab.ts'

let lab: TaskLab
beforeEach(() => {
  lab = createTaskLab()
})
afterEach(() => lab.kernel.close())

const died = { kind: 'dead', how: 'Its agent ended (SIGKILL).', wasAsked: false } as const
const stopped = { kind: 'dead', how: 'A person stopped its session.', wasAsked: true } as const

/** A task that a session works on. */
const running = async (session = 1, maxAttempts = 2): Promise<{ task: Task; attempt: Attempt }> => {
  const task = await lab.create({ maxAttempts })
  const { attempt } = valueOf(await lab.claim(task, speakerAt(session)))
  const { task: begun, attempt: begunAttempt } = valueOf(await lab.tasks.renew(lab.word(attempt)))
  return { task: begun, attempt: begunAttempt }
}
const note = (session = 1, incarnation = session) =>
  lab.tasks.noteActivity({ sessionId: sessionIdAt(session), incarnationId: incarnationIdAt(incarnation) })

describe('an attempt whose holder is dead', () => {
  it('is left alone while it is not suspect, and expires when it is', async () => {
    const { task, attempt } = await running()
    lab.judge(attempt.holder, died)
    lab.time.now += silentAfterMs - 1
    await lab.look()
    expect((await lab.find(task.id)).state).toBe('in_progress')
    lab.time.now += 1
    await lab.look()
    expect(await lab.find(task.id)).toMatchObject({
      state: 'open',
      reason: died.how,
      failedAttempts: 1,
      retryAt: lab.time.now + 30_000,
    })
    expect(await lab.latest(task.id)).toMatchObject({ state: 'expired', outcome: died.how, endedAt: lab.time.now })
    expect(lab.freed).toEqual([sessionIdAt(1)])
  })

  it('has its work saved by an intent, once, and the ref stands with the attempt', async () => {
    const { task, attempt } = await running()
    lab.judge(attempt.holder, died)
    lab.time.now += silentAfterMs
    await lab.look()
    const [intent] = await lab.kernel.database.read(listNextIntents)
    const handler = lab.tasks.handlers.get(rescueKind)!
    const { signal } = new AbortController()
    expect(await handler(intent!, signal)).toEqual({ kind: 'done' })
    // As after a crash between the effect and its booking.
    await handler(intent!, signal)
    expect(lab.rescued).toEqual([attempt.id, attempt.id])
    expect((await lab.latest(task.id)).rescueRef).toBe(`refs/switchyard/rescue/${attempt.id}`)
    expect(lab.topicsSince(0).filter((topic) => topic === 'attempts.changed')).toHaveLength(4)
    expect(await lab.kernel.database.read(listNextIntents)).toEqual([])
  })

  it('says so when its work could not be saved', async () => {
    const { task, attempt } = await running()
    lab.judge(attempt.holder, died)
    lab.time.now += silentAfterMs
    await lab.look()
    lab.failRescue('The disk is full.')
    const [intent] = await lab.kernel.database.read(listNextIntents)
    await lab.tasks.handlers.get(rescueKind)!(intent!, new AbortController().signal)
    expect(await lab.latest(task.id)).toMatchObject({
      rescueRef: null,
      outcome: `${died.how} Its work could not be saved: The disk is full.`,
    })
  })

  it('goes to the person the second time', async () => {
    const { task, attempt } = await running()
    for (const session of [1, 2]) {
      if (session === 2) {
        lab.time.now += 30_000
        valueOf(await lab.claim(task, speakerAt(2)))
      }
      lab.judge(speakerAt(session).holder, died)
      lab.time.now += silentAfterMs
      await lab.look()
    }
    expect(await lab.find(task.id)).toMatchObject({
      state: 'blocked',
      reason: `Attempt 2 failed too: ${died.how}`,
      failedAttempts: 2,
    })
    expect((await lab.attemptsOf(task.id)).map(({ state }) => state)).toEqual(['expired', 'expired'])
    expect(attempt.number).toBe(1)
  })

  it('that a person stopped is no failure: the task is open at once', async () => {
    const { task, attempt } = await running()
    lab.judge(attempt.holder, stopped)
    lab.time.now += silentAfterMs
    await lab.look()
    expect(await lab.find(task.id)).toMatchObject({ state: 'open', failedAttempts: 0, retryAt: null })
  })

  it('that was gone before changes were asked of it is no failure either', async () => {
    const { task, attempt } = await running()
    valueOf(await lab.tasks.submit(lab.word(attempt), { headSha: null, summary: 'Done.' }))
    lab.judge(attempt.holder, died)
    valueOf(await lab.tasks.requestChanges({ taskId: task.id, comment: 'More.' }, person))
    lab.time.now += silentAfterMs
    await lab.look()
    expect(await lab.find(task.id)).toMatchObject({ state: 'open', failedAttempts: 0 })
  })

  it('is not given up when it was heard of between the verdict and the command', async () => {
    const { task, attempt } = await running()
    lab.time.now += silentAfterMs
    const lookup = { ...lab.deps, verdictOf: lab.deps.verdictOf }
    Object.assign(lab.deps, {
      verdictOf: async () => {
        valueOf(await lab.tasks.renew(lab.word(attempt)))
        return died
      },
    })
    await lab.look()
    Object.assign(lab.deps, lookup)
    expect((await lab.find(task.id)).state).toBe('in_progress')
  })

  it('does not keep the others from being looked after when nobody can say what became of it', async () => {
    const broken = await running(1)
    const other = await running(2)
    lab.judge(other.attempt.holder, died)
    const { verdictOf } = lab.deps
    Object.assign(lab.deps, {
      verdictOf: async (holder: Attempt['holder']) => {
        if (JSON.stringify(holder) === JSON.stringify(broken.attempt.holder)) throw new Error('no answer')
        return verdictOf(holder)
      },
    })
    lab.time.now += silentAfterMs
    await lab.look()
    expect((await lab.find(broken.task.id)).state).toBe('in_progress')
    expect((await lab.find(other.task.id)).state).toBe('open')
  })
})

describe('deaths of many', () => {
  const dieTogether = async (sessions: readonly number[], verdict: typeof died | typeof stopped = died) => {
    for (const session of sessions) lab.judge((await running(session)).attempt.holder, verdict)
    lab.time.now += silentAfterMs
    await lab.look()
  }
  const dispatch = async () => (await lab.kernel.database.read(lab.tasks.listShown)).dispatch
  const alerts = () => lab.topicsSince(0).filter((topic) => topic === 'dispatch.changed').length

  it('pause the handing out with one alert, until a person resumes it', async () => {
    await dieTogether([1, 2, 3, 4])
    expect(await dispatch()).toMatchObject({ paused: { at: lab.time.now, reason: '3 attempts died within a minute.' } })
    expect(alerts()).toBe(1)
    lab.time.now += 60_000
    const task = await lab.create()
    expect(codeOf(await lab.claimNext(speakerAt(9)))).toBe('PAUSED')
    expect(codeOf(await lab.claim(task, speakerAt(9)))).toBe('PAUSED')
    const { seq } = valueOf(await lab.tasks.resumeDispatch(person))
    expect(lab.kernel.changes.find((change) => change.seq === seq)).toMatchObject({ payload: { paused: null } })
    expect(codeOf(await lab.claim(task, speakerAt(9)))).toBe('ok')
  })

  it('that a person answered for do not count again', async () => {
    await dieTogether([1, 2, 3])
    valueOf(await lab.tasks.resumeDispatch(person))
    lab.time.now += 1
    lab.judge((await running(4)).attempt.holder, died)
    await lab.tasks.reconcile()
    expect(await dispatch()).toMatchObject({ paused: null })
  })

  it.each([
    ['two', [1, 2], died],
    ['three that a person stopped', [1, 2, 3], stopped],
  ])('are not %s', async (_name, sessions, verdict) => {
    await dieTogether(sessions, verdict)
    expect(await dispatch()).toEqual({ paused: null, rev: 0 })
  })
})

describe('an attempt whose holder lives', () => {
  it('keeps its lease while it works, without a word of its own and without an event', async () => {
    const { task } = await running()
    const before = lab.kernel.changes.length
    for (let n = 0; n < 10; n++) {
      lab.time.now += silentAfterMs
      await lab.look()
    }
    expect(await lab.latest(task.id)).toMatchObject({ state: 'running', leaseUntil: lab.time.now + leaseMs })
    expect(lab.topicsSince(before)).toEqual([])
  })

  it('that starts slowly gets the time to start once more', async () => {
    const task = await lab.create()
    valueOf(await lab.claim(task))
    lab.time.now += startLeaseMs
    await lab.look()
    expect(await lab.latest(task.id)).toMatchObject({ state: 'granted', leaseUntil: lab.time.now + startLeaseMs })
  })

  it('and says nothing is asked after three times before the person is, once', async () => {
    const { task, attempt } = await running()
    lab.judge(attempt.holder, { kind: 'alive-silent' })
    lab.time.now += silentAfterMs
    const asked: (number | null)[] = []
    for (let n = 0; n < 5; n++) {
      await lab.look()
      asked.push((await lab.latest(task.id)).silentSince)
    }
    expect(asked).toEqual([null, null, lab.time.now, lab.time.now, lab.time.now])
    expect((await lab.find(task.id)).state).toBe('in_progress')
    await note()
    expect((await lab.latest(task.id)).silentSince).toBeNull()
  })

  it('and is seen at work again is no longer silent', async () => {
    const { task, attempt } = await running()
    lab.judge(attempt.holder, { kind: 'alive-silent' })
    lab.time.now += silentAfterMs
    for (let n = 0; n < 3; n++) await lab.look()
    lab.judge(attempt.holder, { kind: 'alive-active' })
    await lab.look()
    expect(await lab.latest(task.id)).toMatchObject({ silentSince: null, lastSignAt: lab.time.now })
  })

  it('is warned of once at three quarters, and is the person’s at the deadline', async () => {
    const { task, attempt } = await running()
    const deadline = attempt.hardDeadline
    lab.time.now = deadline - warnBeforeMs
    await lab.look()
    await lab.look()
    expect((await lab.latest(task.id)).warnedAt).toBe(lab.time.now)
    lab.time.now = deadline
    await lab.look()
    expect(await lab.find(task.id)).toMatchObject({
      state: 'blocked',
      reason: 'It worked until its deadline and submitted nothing. It may still be at work: look at it, then retry.',
      failedAttempts: 0,
    })
    expect((await lab.latest(task.id)).state).toBe('expired')
    // Its late work is still taken.
    expect(codeOf(await lab.tasks.submit(lab.word(attempt), { headSha: null, summary: 'Done.' }))).toBe('ok')
  })

  it('loses nothing by a sleep of the computer', async () => {
    const { task } = await running()
    const claimedOnly = await lab.create()
    valueOf(await lab.claim(claimedOnly, speakerAt(2)))
    const before = await lab.latest(task.id)
    const nightMs = 9 * 3_600_000
    lab.time.now += nightMs
    const events = lab.kernel.changes.length
    await lab.kernel.runCommand({ name: 'credit', by: person }, async (context) => {
      await lab.tasks.creditSuspend(context, nightMs)
      return { ok: true, value: null }
    })
    expect(lab.topicsSince(events)).toEqual(['attempts.changed', 'attempts.changed'])
    expect(await lab.latest(task.id)).toMatchObject({
      leaseUntil: before.leaseUntil + nightMs,
      lastSignAt: before.lastSignAt + nightMs,
      hardDeadline: before.hardDeadline + nightMs,
    })
    for (const { id } of [task, claimedOnly]) lab.judge((await lab.latest(id)).holder, died)
    await lab.look()
    expect([(await lab.find(task.id)).state, (await lab.find(claimedOnly.id)).state]).toEqual([
      'in_progress',
      'claimed',
    ])
  })
})

describe('after a start of the app', () => {
  it('whoever is gone is given up at once, and whoever lives has a fresh lease', async () => {
    const gone = await running(1)
    const alive = await running(2)
    const inReview = await running(3)
    valueOf(await lab.tasks.submit(lab.word(inReview.attempt), { headSha: null, summary: 'Done.' }))
    for (const { attempt } of [gone, inReview]) lab.judge(attempt.holder, died)
    lab.time.now += hardDeadlineMs / 2
    await lab.tasks.reconcile()
    expect((await lab.find(gone.task.id)).state).toBe('open')
    expect(await lab.latest(alive.task.id)).toMatchObject({ state: 'running', leaseUntil: lab.time.now + leaseMs })
    expect((await lab.find(inReview.task.id)).state).toBe('in_review')
  })
})

describe('the activity of a session', () => {
  it('begins the work of what it claimed, and is written at most every 20 s', async () => {
    const task = await lab.create()
    valueOf(await lab.claim(task))
    await note()
    expect((await lab.find(task.id)).state).toBe('in_progress')
    const first = await lab.latest(task.id)
    const events = lab.kernel.changes.length
    lab.time.now += writeSignsEveryMs - 1
    await note()
    expect(await lab.latest(task.id)).toEqual(first)
    lab.time.now += 1
    await Promise.all([note(), note(), note()])
    const renewed = { ...first, lastSignAt: lab.time.now, leaseUntil: lab.time.now + leaseMs }
    expect(await lab.latest(task.id)).toEqual(renewed)
    expect(lab.topicsSince(events)).toEqual([])
  })

  it('counts at once for what it has just claimed or must change', async () => {
    await note()
    const task = await lab.create()
    const { attempt } = valueOf(await lab.claim(task))
    await note()
    expect((await lab.find(task.id)).state).toBe('in_progress')
    valueOf(await lab.tasks.submit(lab.word(attempt), { headSha: null, summary: 'Done.' }))
    valueOf(await lab.tasks.requestChanges({ taskId: task.id, comment: 'More.' }, person))
    await note()
    expect((await lab.find(task.id)).state).toBe('in_progress')
  })

  it('is that of its own attempts, also of several, and moves them to the start it comes from', async () => {
    const [one, two, other] = [await running(1), await running(1), await running(2)]
    lab.time.now += writeSignsEveryMs
    await note(1, 5)
    for (const { task } of [one, two])
      expect(await lab.latest(task.id)).toMatchObject({ lastSignAt: lab.time.now, holder: speakerAt(1, 5).holder })
    expect(await lab.latest(other.task.id)).toEqual(other.attempt)
  })

  it('renews nothing past the deadline, in review or after the end', async () => {
    const { task, attempt } = await running()
    lab.time.now = attempt.hardDeadline
    await note()
    expect(await lab.latest(task.id)).toEqual(attempt)
    valueOf(await lab.tasks.submit(lab.word(attempt), { headSha: null, summary: 'Done.' }))
    lab.time.now += writeSignsEveryMs
    const submitted = await lab.latest(task.id)
    await note()
    expect(await lab.latest(task.id)).toEqual(submitted)
  })
})
