import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verbNames, verbs, type VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import { openVerbLab, otherProject, type VerbLab } from '../../testing/verb-lab.ts'

let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
})
afterEach(() => lab.close())

describe('a verb', () => {
  it.each([
    ['nonsense', 'There are: whoami,'],
    ['tasks.shwo', 'There are: tasks.ready, tasks.list,'],
    ['toString', 'There are: whoami,'],
    ['', 'There are: whoami,'],
  ])('%j that is none is refused with those there are', async (name, message) => {
    const answer = await lab.run(lab.anna, name, {})
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'UNKNOWN_VERB' } })
    expect(answer.ok ? '' : answer.refusal.message).toContain(message)
  })

  it.each([
    ['claim', { taks: 'APP-1' }, 'it knows no taks'],
    ['claim', 'APP-1', 'object'],
    ['claim', [], 'object'],
    ['submit', {}, 'summary: '],
    ['lease.acquire', { targets: [] }, 'targets: Name at least one target.'],
    ['mail.send', { to: ['@bert'], body: 'x'.repeat(40_000) }, 'body: Use at most 32 KB'],
    ['whoami', { session: 'x' }, 'It takes nothing'],
  ])(
    '%s of %j is refused with what it takes, and nothing is changed but that it is kept who tried',
    async (name, input, message) => {
      const before = lab.kernel.changes.length
      const answer = await lab.run(lab.anna, name, input)
      expect(answer).toMatchObject({ ok: false, refusal: { code: 'INVALID' } })
      const said = answer.ok ? '' : answer.refusal.message
      expect(said).toContain(message)
      expect(said).toMatch(/Nothing was changed\.$/)
      const by = `session:${lab.anna.sessionId}`
      expect(lab.kernel.changes.slice(before).map(({ payload }) => payload)).toEqual([
        { subject: lab.anna.sessionId, command: name, by, code: 'INVALID', message: said },
      ])
    },
  )

  it('without input is the same as with an empty one', async () => {
    expect(await lab.run(lab.anna, 'whoami', undefined)).toEqual(await lab.run(lab.anna, 'whoami', {}))
  })

  it('is refused to a session that is not there, whatever it asks', async () => {
    const gone = { ...lab.anna, sessionId: lab.kernel.newId('ses') }
    for (const name of ['whoami', 'claim', 'peers'] as const)
      expect(await lab.refused(gone, name)).toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringMatching(/\. Start/),
      })
    const by = `session:${gone.sessionId}`
    expect(lab.recordedRefusals()).toMatchObject(
      ['whoami', 'claim', 'peers'].map((command) => ({ command, by, subject: gone.sessionId })),
    )
  })

  it('shows a session nothing of another project', async () => {
    const stranger = await lab.add('Stranger', { project: otherProject })
    const { task } = await lab.does(lab.anna, 'tasks.create', { title: 'Ours' })
    await lab.does(lab.anna, 'lease.acquire', { targets: ['src/**'] })
    expect((await lab.does(stranger, 'tasks.list')).tasks).toEqual([])
    expect((await lab.does(stranger, 'tasks.ready')).tasks).toEqual([])
    expect((await lab.does(stranger, 'lease.list')).leases).toEqual([])
    expect((await lab.does(stranger, 'peers')).peers).toEqual([])
    expect((await lab.does(stranger, 'events.tail')).events.map(({ topic }) => topic)).not.toContain('tasks.changed')
    for (const name of ['tasks.show', 'claim', 'tasks.comment'] as const) {
      const input = name === 'tasks.comment' ? { task: task.id, body: 'x' } : { task: task.id }
      expect((await lab.refused(stranger, name, input)).code).toBe('NOT_FOUND')
    }
    const mail = { to: [lab.anna.sessionId], subject: 'Hi', body: 'x' }
    expect((await lab.refused(stranger, 'mail.send', mail)).code).toBe('UNKNOWN_RECIPIENT')
  })

  it('that changes something answers the number of an event that is there', async () => {
    const { task, seq } = await lab.does(lab.anna, 'tasks.create', { title: 'One' })
    const answers = [
      seq,
      (await lab.does(lab.anna, 'claim', { task: task.key })).seq,
      (await lab.does(lab.anna, 'renew')).seq,
      (await lab.does(lab.anna, 'checkpoint', { summary: 'Half' })).seq,
      (await lab.does(lab.anna, 'tasks.comment', { body: 'Note' })).seq,
      (await lab.does(lab.anna, 'report', { text: 'Working' })).seq,
      (await lab.does(lab.anna, 'lease.acquire', { targets: ['a'] })).seq,
      (await lab.does(lab.anna, 'lease.renew')).seq,
      (await lab.does(lab.anna, 'lease.release')).seq,
      (await lab.does(lab.anna, 'mail.send', { to: ['@bert'], subject: 'Hi', body: 'x' })).seq,
      (await lab.does(lab.anna, 'submit', { summary: 'Done' })).seq,
    ]
    expect(answers.map((number) => lab.kernel.changes.find((change) => change.seq === number)?.topic)).toEqual([
      'tasks.changed',
      'tasks.changed',
      'tasks.changed',
      'checkpoints.recorded',
      'comments.recorded',
      'reports.changed',
      'leases.changed',
      'leases.changed',
      'leases.removed',
      'messages.changed',
      'tasks.changed',
    ])
  })

  it('repeated under the same key changes nothing and answers the same, for its own session alone', async () => {
    const create = (who: typeof lab.anna) => lab.does(who, 'tasks.create', { title: 'Once' }, 'request-1')
    const first = await create(lab.anna)
    expect(await create(lab.anna)).toEqual(first)
    expect((await create(lab.bert)).task.id).not.toBe(first.task.id)
    const claim = () => lab.does(lab.anna, 'claim', {}, 'request-2')
    expect((await claim()).attempt.id).toBe((await claim()).attempt.id)
    const mail = () => lab.does(lab.anna, 'mail.send', { to: ['@bert'], subject: 'Hi', body: 'x' }, 'request-3')
    expect((await mail()).id).toBe((await mail()).id)
    expect((await lab.does(lab.bert, 'mail.inbox')).unread).toBe(1)
  })

  it('never throws, whatever is sent to it', async () => {
    const names = verbNames.filter((name) => name !== 'lease.wait' && name !== 'ask-human')
    const inputs = fc.sample(fc.tuple(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 })), {
      numRuns: 300,
      seed: 7,
    })
    for (const [name, input] of inputs) expect(typeof (await lab.run(lab.anna, name, input)).ok).toBe('boolean')
  })
})

describe('a refusal', () => {
  it('of a decision is an event of its session, with what was tried', async () => {
    const { message } = await lab.refused(lab.anna, 'submit', { summary: 'Done' })
    expect(lab.recordedRefusals()).toEqual([
      {
        subject: lab.anna.sessionId,
        command: 'submit',
        by: `session:${lab.anna.sessionId}`,
        code: 'NO_TASK',
        message,
      },
    ])
  })

  it('is recorded once, where the service does so itself', async () => {
    await lab.does(lab.anna, 'lease.acquire', { targets: ['a'], policy: 'enforce' })
    expect((await lab.refused(lab.bert, 'lease.acquire', { targets: ['a'], policy: 'enforce' })).code).toBe('HELD')
    const { task } = await lab.does(lab.anna, 'tasks.create', { title: 'One' })
    await lab.does(lab.anna, 'claim', { task: task.key })
    expect(await lab.refused(lab.bert, 'claim', { task: task.key })).toMatchObject({
      code: 'ALREADY_CLAIMED',
      current: { task: { id: task.id } },
    })
    expect(lab.recordedRefusals().map(({ code }) => code)).toEqual(['HELD', 'ALREADY_CLAIMED'])
  })

  it('because nothing is ready, or to show what one works on where that is nothing, is an answer and none', async () => {
    expect((await lab.refused(lab.anna, 'tasks.show')).code).toBe('NO_TASK')
    expect((await lab.refused(lab.anna, 'claim')).code).toBe('NOTHING_READY')
    expect(lab.recordedRefusals()).toEqual([])
  })

  it('of a look at what is not there is recorded as well', async () => {
    await lab.refused(lab.anna, 'tasks.show', { task: 'APP-9' })
    await lab.refused(lab.anna, 'mail.read', { message: 'x' })
    await lab.refused(lab.anna, 'lease.wait', { waiterId: lab.kernel.newId('wtr') })
    expect(lab.recordedRefusals().map(({ command, code }) => [command, code])).toEqual([
      ['tasks.show', 'NOT_FOUND'],
      ['mail.read', 'INVALID'],
      ['lease.wait', 'NOT_FOUND'],
    ])
  })

  it('that comes before any service is asked is recorded too', async () => {
    const { code } = await lab.refused(lab.anna, 'lease.acquire', { targets: ['../outside'] })
    expect(lab.recordedRefusals()).toMatchObject([{ command: 'lease.acquire', code, subject: lab.anna.sessionId }])
  })

  it('is recorded once for a request, however often that is repeated', async () => {
    const message = { to: ['@nobody'], subject: 'Hi', body: 'x' }
    for (let time = 0; time < 3; time += 1) {
      const answer = await lab.run(lab.anna, 'mail.send', message, 'request-1')
      expect(answer).toMatchObject({ ok: false, refusal: { code: 'UNKNOWN_RECIPIENT' } })
    }
    expect(lab.recordedRefusals()).toMatchObject([{ command: 'send-message', code: 'UNKNOWN_RECIPIENT' }])
  })

  it('says what to do next', async () => {
    const tried: readonly [VerbName, unknown][] = [
      ['submit', { summary: 'x' }],
      ['claim', {}],
      ['claim', { task: 'APP-7' }],
      ['tasks.show', {}],
      ['tasks.update', { task: 'APP-7', title: 'x' }],
      ['lease.release', { targets: ['a'] }],
      ['lease.renew', {}],
      ['mail.read', { message: 'msg_1' }],
      ['mail.send', { to: ['@nobody'], subject: 'Hi', body: 'x' }],
    ]
    for (const [name, input] of tried)
      expect((await lab.refused(lab.anna, name, input)).message, name).toMatch(/[.!)] [A-Z].*\.$|\(.*\)\.$/)
  })
})

describe('the runners', () => {
  it('are one for each verb of the table', async () => {
    for (const name of verbNames) {
      const input = verbs[name].input.safeParse({})
      if (!input.success || name === 'ask-human') continue
      const answer = await lab.run(lab.anna, name, {})
      expect(answer.ok || answer.refusal.code !== 'UNKNOWN_VERB', name).toBe(true)
    }
  })
})
