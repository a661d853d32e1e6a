import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openVerbLab, type VerbLab } from '../../testing/verb-lab.ts'

let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
})
afterEach(() => lab.close())

const enforced = (...targets: string[]) => ({ targets, policy: 'enforce' as const })

describe('the verbs of leases', () => {
  it('lease, list, renew and release by what was asked for', async () => {
    const acquired = await lab.does(lab.anna, 'lease.acquire', enforced('src/**', 'resource:port:5173'))
    expect(acquired).toMatchObject({ kind: 'granted', waiterId: null, overlapping: [] })
    expect(acquired.leases.map(({ target, by, isMine }) => [target, by, isMine])).toEqual([
      ['resource:port:5173', 'Anna', true],
      ['src/**', 'Anna', true],
    ])
    expect((await lab.does(lab.bert, 'lease.list')).leases.map(({ isMine }) => isMine)).toEqual([false, false])
    expect((await lab.does(lab.bert, 'lease.list', { mine: true })).leases).toEqual([])
    expect((await lab.does(lab.anna, 'lease.renew')).leases).toHaveLength(2)
    expect((await lab.does(lab.anna, 'lease.release', { targets: ['src/**'] })).leases).toMatchObject([
      { target: 'src/**' },
    ])
    expect((await lab.does(lab.anna, 'lease.release')).leases).toHaveLength(1)
    expect((await lab.refused(lab.anna, 'lease.release')).code).toBe('NOT_FOUND')
  })

  it('tell of leases of others on the same that only warn', async () => {
    await lab.does(lab.anna, 'lease.acquire', { targets: ['src/**'] })
    const { overlapping } = await lab.does(lab.bert, 'lease.acquire', { targets: ['src/a.ts'] })
    expect(overlapping).toMatchObject([{ target: 'src/**', by: 'Anna', isMine: false }])
  })

  it('check files of a commit', async () => {
    await lab.does(lab.anna, 'lease.acquire', enforced('hot.ts'))
    await lab.does(lab.anna, 'lease.acquire', { targets: ['warm.ts'] })
    const paths = ['hot.ts', 'warm.ts', 'cold.ts']
    const { refused, warned } = await lab.does(lab.bert, 'lease.check', { paths })
    expect([refused.map(({ path }) => path), warned.map(({ path }) => path)]).toEqual([['hot.ts'], ['warm.ts']])
    expect(refused[0]?.message).toContain('Anna')
    expect(await lab.does(lab.anna, 'lease.check', { paths })).toEqual({ refused: [], warned: [] })
  })

  it('write down which commit they kept back, of whom and for whom, and no mere question', async () => {
    await lab.does(lab.anna, 'lease.acquire', enforced('hot.ts'))
    const kept = () =>
      lab.kernel.changes.flatMap((change) => (change.topic === 'refusals.recorded' ? [change.payload] : []))
    const paths = ['cold.ts', 'hot.ts']
    await lab.does(lab.bert, 'lease.check', { paths })
    await lab.does(lab.anna, 'lease.check', { paths, commit: true })
    expect(kept()).toEqual([])
    await lab.does(lab.bert, 'lease.check', { paths, commit: true })
    expect(kept()).toMatchObject([{ subject: lab.bert.sessionId, command: 'commit', code: 'HELD' }])
    expect(kept()[0]?.by).toBe(`session:${lab.bert.sessionId}`)
    expect(kept()[0]?.message).toMatch(/^hot\.ts: .*Anna/)
  })

  it('wait in line until they are served', async () => {
    await lab.does(lab.anna, 'lease.acquire', enforced('a'))
    const { kind, waiterId } = await lab.does(lab.bert, 'lease.acquire', { ...enforced('a'), wait: true })
    expect(kind).toBe('waiting')
    expect((await lab.does(lab.anna, 'lease.list')).waiters).toMatchObject([
      { by: 'Bert', targets: ['a'], isMine: false },
    ])
    const served = lab.does(lab.bert, 'lease.wait', { waiterId: waiterId!, seconds: 60 })
    await lab.does(lab.anna, 'lease.release')
    expect(await served).toEqual({ ended: 'granted' })
    // A place that was served a moment ago is still known.
    expect(await lab.does(lab.bert, 'lease.wait', { waiterId: waiterId! })).toEqual({ ended: 'granted' })
  })

  it('stop waiting when the agent hangs up, and keep its place', async () => {
    await lab.does(lab.anna, 'lease.acquire', enforced('a'))
    const { waiterId } = await lab.does(lab.bert, 'lease.acquire', { ...enforced('a'), wait: true })
    const hangUp = new AbortController()
    const call = { name: 'lease.wait', input: { waiterId, seconds: 500 }, requestId: null, signal: hangUp.signal }
    const waiting = lab.verbs.runVerb(lab.bert, call)
    hangUp.abort()
    expect(await waiting).toEqual({ ok: true, value: { ended: null } })
    expect((await lab.does(lab.bert, 'lease.list')).waiters).toMatchObject([{ isMine: true }])
  })

  it('refuse a place that nobody has', async () => {
    const waiterId = lab.kernel.newId('wtr')
    expect((await lab.refused(lab.anna, 'lease.wait', { waiterId, seconds: 1 })).code).toBe('NOT_FOUND')
  })
})

describe('the verbs of mail', () => {
  const send = (input: object) =>
    lab.does(lab.anna, 'mail.send', { to: ['@bert'], subject: 'Parser', body: 'Hello', ...input })

  it('send, list, read and acknowledge', async () => {
    const sent = await send({ needsAck: true, priority: 'high', kind: 'question' })
    expect(sent.recipients).toEqual([lab.bert.sessionId])
    const { messages, unread } = await lab.does(lab.bert, 'mail.inbox')
    expect(unread).toBe(1)
    expect(messages).toMatchObject([
      {
        id: sent.id,
        from: `Anna (${lab.anna.sessionId})`,
        subject: 'Parser',
        kind: 'question',
        needsAck: true,
        isAcked: false,
      },
    ])
    const { message } = await lab.does(lab.bert, 'mail.read', { message: sent.id })
    expect(message).toMatchObject({ body: 'Hello', to: ['@bert'], replyTo: null })
    expect((await lab.does(lab.bert, 'mail.ack', { messages: [sent.id] })).acked).toEqual([sent.id])
    expect((await lab.does(lab.bert, 'mail.inbox')).messages).toEqual([])
    expect((await lab.does(lab.bert, 'mail.inbox', { all: true })).messages).toMatchObject([{ isAcked: true }])
  })

  it('answer in the thread, to its sender, without a new subject', async () => {
    const first = await send({})
    const reply = await lab.does(lab.bert, 'mail.send', { replyTo: first.id, body: 'Yes' })
    expect(reply).toMatchObject({ threadId: first.threadId, recipients: [lab.anna.sessionId] })
    for (const name of [first.id, reply.id, first.threadId]) {
      const { messages } = await lab.does(lab.anna, 'mail.thread', { message: name })
      expect(messages.map(({ body, replyTo }) => [body, replyTo])).toEqual([
        ['Hello', null],
        ['Yes', first.id],
      ])
    }
  })

  it('reach the person and a role', async () => {
    expect((await send({ to: ['person', 'role:reviewer'] })).recipients).toEqual(['person', 'role:reviewer'])
  })

  it.each([
    [{ to: ['@nobody'] }, 'UNKNOWN_RECIPIENT'],
    [{ to: [] }, 'INVALID'],
    [{ subject: '' }, 'INVALID'],
    [{ replyTo: 'nonsense' }, 'INVALID'],
    [{ to: ['role:poet'] }, 'EMPTY_RECIPIENT'],
  ])('refuse %j', async (change, code) => {
    const input = { to: ['@bert'], subject: 'Parser', body: 'Hello', ...change }
    expect((await lab.refused(lab.anna, 'mail.send', input)).code).toBe(code)
    expect((await lab.does(lab.bert, 'mail.inbox')).unread).toBe(0)
  })

  it('show nobody the mail of others', async () => {
    const cleo = await lab.add('Cleo')
    const { id, threadId } = await send({})
    for (const [name, input] of [
      ['mail.read', { message: id }],
      ['mail.ack', { messages: [id] }],
      ['mail.thread', { message: threadId }],
      ['mail.thread', { message: id }],
      ['mail.send', { replyTo: id, body: 'Hi' }],
    ] as const)
      expect((await lab.refused(cleo, name, input)).code, name).toBe('NOT_FOUND')
    expect((await lab.refused(cleo, 'mail.read', { message: 'x' })).code).toBe('INVALID')
  })
})
