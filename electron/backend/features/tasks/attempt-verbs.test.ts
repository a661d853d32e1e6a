import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Attempt, Task } from '../../../../shared/contract/task-rows.ts'
import { hardDeadlineMs, leaseMs } from './attempt-rules.ts'
import { attemptIdAt, sessionIdAt } from './testing/rows.ts'
import { codeOf, createTaskLab, messageOf, person, speakerAt, valueOf, type TaskLab } from './testing/task-lab.ts'

let lab: TaskLab
beforeEach(() => {
  lab = createTaskLab()
})
afterEach(() => lab.kernel.close())

const sha = 'a'.repeat(40)
const submission = { headSha: sha, summary: 'Done.' }
const checkpoint = { summary: 'Half.', nextSteps: 'The rest.', headSha: null }
const dead = { kind: 'dead', how: 'Its agent ended (SIGKILL).', wasAsked: false } as const

const claimed = async () => {
  const task = await lab.create()
  return valueOf(await lab.claim(task))
}
/** A claimed task whose holder was found dead. */
const expired = async () => {
  const { task, attempt } = await claimed()
  lab.judge(attempt.holder, dead)
  lab.time.now += 3 * 60_000
  await lab.look()
  const after = await lab.latest(task.id)
  expect(after.state).toBe('expired')
  return { task: await lab.find(task.id), attempt: after }
}

describe('renewing', () => {
  it('begins the work the first time, and gives a fresh lease each time', async () => {
    const { task, attempt } = await claimed()
    lab.time.now += 60_000
    const first = valueOf(await lab.tasks.renew(lab.word(attempt)))
    expect([first.task.state, first.attempt.state]).toEqual(['in_progress', 'running'])
    lab.time.now += 60_000
    const second = valueOf(await lab.tasks.renew(lab.word(attempt)))
    expect(second.attempt).toMatchObject({ leaseUntil: lab.time.now + leaseMs, lastSignAt: lab.time.now })
    expect(second.task).toEqual(await lab.find(task.id))
    expect(lab.kernel.changes.at(-1)).toMatchObject({ seq: second.seq, topic: 'attempts.changed' })
  })

  it('moves with a later start of the same session', async () => {
    const { task, attempt } = await claimed()
    const later = speakerAt(1, 2)
    valueOf(await lab.tasks.renew(lab.word(attempt, later)))
    expect((await lab.latest(task.id)).holder).toEqual(later.holder)
  })

  it('is no use at the hard deadline, and says what is', async () => {
    const { attempt } = await claimed()
    lab.time.now += hardDeadlineMs
    const late = await lab.tasks.renew(lab.word(attempt))
    expect(codeOf(late)).toBe('OVERDUE')
    expect(messageOf(late)).toContain('Submit what you have')
    expect(codeOf(await lab.tasks.submit(lab.word(attempt), submission))).toBe('ok')
  })

  it('is answered once a request', async () => {
    const { attempt } = await claimed()
    const word = lab.word(attempt)
    const first = await lab.tasks.renew(word)
    lab.time.now += 1000
    expect(await lab.tasks.renew(word)).toEqual(first)
  })

  it('waits for the answer while the work is in review', async () => {
    const { attempt } = await claimed()
    valueOf(await lab.tasks.submit(lab.word(attempt), submission))
    for (const refused of [
      await lab.tasks.renew(lab.word(attempt)),
      await lab.tasks.fail(lab.word(attempt), { reason: 'No.' }),
      await lab.tasks.release(lab.word(attempt), { reason: 'No.', to: 'open' }),
    ])
      expect([codeOf(refused), messageOf(refused)]).toEqual(['NOT_ALLOWED', 'APP-1 is in review. Wait for the answer.'])
  })
})

describe('a checkpoint', () => {
  it('is kept, newest first, and is a sign of life', async () => {
    const { task, attempt } = await claimed()
    const first = valueOf(await lab.tasks.checkpoint(lab.word(attempt), checkpoint))
    valueOf(await lab.tasks.checkpoint(lab.word(attempt), { ...checkpoint, summary: 'More.' }))
    const detail = valueOf(await lab.tasks.detail(task.id))
    expect(detail.checkpoints.map(({ summary }) => summary)).toEqual(['More.', 'Half.'])
    expect(detail.task.state).toBe('in_progress')
    expect(lab.kernel.changes.find(({ seq }) => seq === first.seq)).toMatchObject({ payload: first.checkpoint })
  })

  it('is kept also in review and past the deadline, and begins nothing then', async () => {
    const { task, attempt } = await claimed()
    lab.time.now += hardDeadlineMs
    valueOf(await lab.tasks.checkpoint(lab.word(attempt), checkpoint))
    expect((await lab.find(task.id)).state).toBe('claimed')
    valueOf(await lab.tasks.submit(lab.word(attempt), submission))
    valueOf(await lab.tasks.checkpoint(lab.word(attempt), checkpoint))
    expect((await lab.find(task.id)).state).toBe('in_review')
  })
})

describe('submitting', () => {
  it('puts the task in review with the commit, by one event each', async () => {
    const { task, attempt } = await claimed()
    const before = lab.kernel.changes.length
    const submitted = valueOf(await lab.tasks.submit(lab.word(attempt), submission))
    expect(submitted).toMatchObject({
      task: { state: 'in_review' },
      attempt: { state: 'submitted', headSha: sha, outcome: 'Done.', endedAt: null },
    })
    expect(lab.topicsSince(before)).toEqual(['attempts.changed', 'tasks.changed'])
    // It waits for a person, so nobody asks after its holder.
    lab.judge(attempt.holder, dead)
    lab.time.now += 2 * hardDeadlineMs
    await lab.look()
    expect((await lab.find(task.id)).state).toBe('in_review')
  })

  it('a second time puts the newer work in its place', async () => {
    const { task, attempt } = await claimed()
    valueOf(await lab.tasks.submit(lab.word(attempt), submission))
    const second = { headSha: 'b'.repeat(40), summary: 'Better.' }
    valueOf(await lab.tasks.submit(lab.word(attempt), second))
    expect(await lab.latest(task.id)).toMatchObject({ state: 'submitted', headSha: second.headSha, outcome: 'Better.' })
  })
})

describe('failing and releasing', () => {
  it('opens the task after a pause, and the second time leaves it to the person', async () => {
    const { task, attempt } = await claimed()
    const failed = valueOf(await lab.tasks.fail(lab.word(attempt), { reason: 'No compiler.' }))
    expect(failed.task).toMatchObject({ state: 'open', reason: 'No compiler.', failedAttempts: 1 })
    expect(failed.attempt).toMatchObject({ state: 'failed', outcome: 'No compiler.' })
    expect(codeOf(await lab.claim(task))).toBe('NOT_READY')
    lab.time.now += 30_000
    const again = valueOf(await lab.claim(task, speakerAt(2)))
    expect(again.attempt).toMatchObject({ number: 2, epoch: 2 })
    valueOf(await lab.tasks.fail(lab.word(again.attempt), { reason: 'Still none.' }))
    expect(await lab.find(task.id)).toMatchObject({
      state: 'blocked',
      reason: 'Attempt 2 failed too: Still none.',
    })
    expect(codeOf(await lab.claim(task))).toBe('BLOCKED')
    valueOf(await lab.tasks.retry(task.id, person))
    expect(codeOf(await lab.claim(task))).toBe('ok')
    expect(lab.freed).toEqual([sessionIdAt(1), sessionIdAt(2)])
  })

  it('gives it back without a failure, for anybody or until a person has seen to it', async () => {
    const { task, attempt } = await claimed()
    valueOf(await lab.tasks.release(lab.word(attempt), { reason: 'Not mine.', to: 'open' }))
    expect(await lab.find(task.id)).toMatchObject({ state: 'open', reason: 'Not mine.', failedAttempts: 0 })
    const next = valueOf(await lab.claim(task, speakerAt(2)))
    valueOf(await lab.tasks.release(lab.word(next.attempt), { reason: 'Needs a key.', to: 'blocked' }))
    expect(await lab.find(task.id)).toMatchObject({ state: 'blocked', reason: 'Needs a key.' })
  })

  it('frees the leases of a session with the last of its attempts', async () => {
    const [one, two, three] = [await claimed(), await claimed(), await claimed()]
    valueOf(await lab.tasks.release(lab.word(one.attempt), { reason: 'Not mine.', to: 'open' }))
    valueOf(await lab.tasks.submit(lab.word(two.attempt), submission))
    valueOf(await lab.tasks.fail(lab.word(three.attempt), { reason: 'No.' }))
    expect(lab.freed).toEqual([])
    valueOf(await lab.tasks.accept(two.task.id, person))
    expect(lab.freed).toEqual([sessionIdAt(1)])
  })

  it('is over then: the same attempt writes no more', async () => {
    const { attempt } = await claimed()
    valueOf(await lab.tasks.release(lab.word(attempt), { reason: 'Not mine.', to: 'open' }))
    expect(codeOf(await lab.tasks.renew(lab.word(attempt)))).toBe('STALE_EPOCH')
    expect(codeOf(await lab.tasks.release(lab.word(attempt), { reason: 'x', to: 'open' }))).toBe('STALE_EPOCH')
  })
})

describe('a word of an attempt', () => {
  it('counts for its holder and its epoch alone', async () => {
    const { task, attempt } = await claimed()
    const words: [string, Attempt, ReturnType<typeof speakerAt>, string][] = [
      ['of another session', attempt, speakerAt(2), 'NOT_YOURS'],
      ['with an epoch to come', { ...attempt, epoch: 2 }, speakerAt(1), 'STALE_EPOCH'],
      ['with an epoch that is past', { ...attempt, epoch: 0 }, speakerAt(1), 'STALE_EPOCH'],
      ['of an attempt that is not there', { ...attempt, id: attemptIdAt(1) }, speakerAt(1), 'NOT_FOUND'],
    ]
    for (const [name, of, speaker, code] of words) {
      expect(codeOf(await lab.tasks.renew(lab.word(of, speaker))), name).toBe(code)
      expect(codeOf(await lab.tasks.submit(lab.word(of, speaker), submission)), name).toBe(code)
      expect(codeOf(await lab.tasks.checkpoint(lab.word(of, speaker), checkpoint)), name).toBe(code)
      expect(codeOf(await lab.tasks.fail(lab.word(of, speaker), { reason: 'x' })), name).toBe(code)
    }
    expect(await lab.latest(task.id)).toEqual(attempt)
    expect((await lab.find(task.id)).state).toBe('claimed')
  })

  it('that comes late stands while nobody came after: the work is taken, the death taken back', async () => {
    const { task, attempt } = await expired()
    expect(task).toMatchObject({ state: 'open', failedAttempts: 1 })
    const { task: reviewed } = valueOf(await lab.tasks.submit(lab.word(attempt), submission))
    expect(reviewed).toMatchObject({ state: 'in_review', failedAttempts: 0, retryAt: null, claimEpoch: 1 })
    expect(codeOf(await lab.claim(task, speakerAt(2)))).toBe('ALREADY_CLAIMED')
  })

  it('that comes late goes on with the work as well', async () => {
    const { task, attempt } = await expired()
    const back = valueOf(await lab.tasks.renew(lab.word(attempt)))
    expect(back).toMatchObject({
      task: { state: 'in_progress', failedAttempts: 0 },
      attempt: { outcome: null, endedAt: null },
    })
    expect(codeOf(await lab.claim(task, speakerAt(2)))).toBe('ALREADY_CLAIMED')
  })

  it('that comes late gives nothing back that was given back already', async () => {
    const { task, attempt } = await expired()
    for (const refused of [
      await lab.tasks.fail(lab.word(attempt), { reason: 'x' }),
      await lab.tasks.release(lab.word(attempt), { reason: 'x', to: 'blocked' }),
    ])
      expect(codeOf(refused)).toBe('STALE_EPOCH')
    expect(await lab.find(task.id)).toEqual(task)
  })
})

describe('work that comes too late', () => {
  const overtaken = async (): Promise<{ task: Task; old: Attempt; current: Attempt }> => {
    const { task, attempt: old } = await expired()
    lab.time.now += 30_000
    const { attempt: current } = valueOf(await lab.claim(task, speakerAt(2)))
    return { task, old, current }
  }

  it('is refused with the rows as they are, and kept as superseded with its branch', async () => {
    const { task, old, current } = await overtaken()
    const word = lab.word(old)
    const refused = await lab.tasks.submit(word, submission)
    expect(codeOf(refused)).toBe('STALE_EPOCH')
    expect(messageOf(refused)).toContain('What you submitted is kept with the attempt.')
    expect(refused).toMatchObject({
      refusal: { current: { task: { claimEpoch: 2 }, attempt: { state: 'superseded' } } },
    })
    const [now, before] = await lab.attemptsOf(task.id)
    expect(now).toEqual(current)
    expect(before).toMatchObject({ id: old.id, state: 'superseded', headSha: sha, outcome: 'Done.' })
    // The same refusal for the same request; another one has nothing more to keep.
    expect(await lab.tasks.submit(word, submission)).toEqual(refused)
    expect(messageOf(await lab.tasks.submit(lab.word(old), submission))).not.toContain('kept')
    const intents = await lab.kernel.database.read((tx) =>
      tx.all<{ payload: string }>(`SELECT payload FROM intents WHERE kind = 'attempt.rescue' ORDER BY id`),
    )
    expect(intents.map(({ payload }) => (JSON.parse(payload) as { rescueId: string }).rescueId)).toEqual([
      old.id,
      `${old.id}-late`,
    ])
  })

  it('for a task that has ended is kept too', async () => {
    const { task, attempt } = await claimed()
    valueOf(await lab.tasks.cancel({ taskId: task.id, reason: 'Not needed.' }, person))
    expect(codeOf(await lab.tasks.submit(lab.word(attempt), submission))).toBe('TERMINAL')
    expect(await lab.latest(task.id)).toMatchObject({ state: 'superseded', headSha: sha })
    expect((await lab.find(task.id)).state).toBe('cancelled')
  })

  it('under a wrong epoch is kept nowhere', async () => {
    const { task, old } = await overtaken()
    expect(codeOf(await lab.tasks.submit(lab.word({ ...old, epoch: 2 }), submission))).toBe('STALE_EPOCH')
    expect((await lab.attemptsOf(task.id))[1]).toEqual(old)
  })
})
