import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MessageId, ProjectId, SessionId, ThreadId } from '../../../../shared/lib/ids.ts'
import { as, openMailLab, otherProject, person, projectId, readerOf, type MailLab } from '../../testing/mail-lab.ts'
import { refusal } from '../../testing/lease-lab.ts'
import { newestMessages } from './find-mail.ts'

let lab: MailLab
let anna: MailLab['anna']
let bert: MailLab['bert']
let cleo: MailLab['cleo']
let sent: MailLab['sent']
let send: MailLab['send']
beforeEach(async () => {
  lab = await openMailLab()
  ;({ anna, bert, cleo, sent, send } = lab)
})
afterEach(() => lab.close())

const mail = () => lab.mail()
const counts = async () => {
  const { threads, messages, deliveries } = await lab.kernel.database.read(mail().newest)
  return [threads.length, messages.length, deliveries.length]
}

describe('sending', () => {
  it('writes the message with a delivery for each recipient, tells all of it, and answers its number', async () => {
    const { message, deliveries, seq } = await sent(anna, { to: ['@bert', 'person'], priority: 'high' })
    expect(message).toMatchObject({
      projectId,
      from: { kind: 'session', sessionId: anna.sessionId },
      to: ['@bert', 'person'],
      body: 'Hello',
      sentAt: lab.clock.now,
    })
    expect(deliveries).toMatchObject([
      { recipient: { kind: 'session', sessionId: bert.sessionId }, state: 'queued', priority: 'high', times: 0 },
      { recipient: { kind: 'person' }, state: 'queued', dueAt: null },
    ])
    const told = lab.kernel.changes.slice(-4)
    expect(told.map(({ topic }) => topic)).toEqual([
      'threads.changed',
      'messages.changed',
      'deliveries.changed',
      'deliveries.changed',
    ])
    expect(told[1]).toMatchObject({ seq, payload: message })
    expect(await lab.kernel.database.read(mail().newest)).toEqual({
      threads: [expect.objectContaining({ id: message.threadId, subject: 'Parser', messageCount: 1 })],
      messages: [message],
      deliveries,
    })
  })

  it('to somebody who is not there reaches nobody, and the attempt is recorded', async () => {
    const { code, message } = await refusal(send(anna, { to: ['@bert', '@nobody'] }))
    expect(code).toBe('UNKNOWN_RECIPIENT')
    expect(message).toContain('@bert, @cleo')
    expect(await counts()).toEqual([0, 0, 0])
    expect(lab.kernel.changes.at(-1)).toMatchObject({
      topic: 'refusals.recorded',
      payload: { subject: anna.sessionId, command: 'send-message', code: 'UNKNOWN_RECIPIENT' },
    })
  })

  it('knows nobody of another project', async () => {
    const dora = await lab.sessions.add('Dora', { projectId: otherProject })
    expect(await refusal(send(anna, { to: [dora.sessionId] }))).toMatchObject({ code: 'UNKNOWN_RECIPIENT' })
    expect(await refusal(send(dora, { to: ['everyone'] }))).toMatchObject({ code: 'EMPTY_RECIPIENT' })
  })

  it('to everyone is settled when it is sent', async () => {
    const { deliveries } = await sent(anna, { to: ['everyone'] })
    expect(deliveries).toHaveLength(2)
    await lab.sessions.add('Late')
    expect(await counts()).toEqual([1, 1, 2])
  })

  it('twice with one request, or with one key within a day, is sending once', async () => {
    const first = await sent(anna, { requestId: 'request-1', dedupKey: 'daily' })
    expect(await sent(anna, { requestId: 'request-1' })).toEqual(first)
    expect(await sent(anna, { dedupKey: 'daily', body: 'Other words' })).toEqual(first)
    await sent(bert, { to: ['@anna'], dedupKey: 'daily' })
    lab.clock.now += 24 * 60 * 60_000
    expect((await sent(anna, { dedupKey: 'daily' })).message.id).not.toBe(first.message.id)
    expect((await counts())[1]).toBe(3)
  })

  it('is refused to a session or for a project that is not there', async () => {
    const nobody = 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' as SessionId
    expect(await refusal(mail().send(nobody, lab.message(), person))).toMatchObject({ code: 'NOT_FOUND' })
    const nowhere = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAX' as ProjectId
    expect(await refusal(mail().sendFromPerson(nowhere, lab.message(), person))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each([
    ['of nothing', '', 'Write something.'],
    ['of more than 32 KB', 'x'.repeat(1 << 20), 'put the rest in a file'],
    ['of more than 32 KB as it is written', '€'.repeat(11_000), 'put the rest in a file'],
    ['with a NUL', 'a\u0000b', 'Leave out the NUL characters.'],
  ])('a body %s is refused, also in an answer', async (_name, body, said) => {
    const { code, message } = await refusal(send(anna, { body }))
    expect([code, message]).toEqual(['INVALID', expect.stringContaining(said)])
    const { message: first } = await sent(anna)
    const reply = { messageId: first.id, to: [], body, priority: 'normal', isAckRequired: false } as const
    const answered = mail().reply(readerOf(bert), { ...reply, to: [], requestId: 'request-1' }, as(bert))
    expect(await refusal(answered)).toMatchObject({ code: 'INVALID' })
  })

  it('keeps a body as it was, whatever it holds, but for half a character', async () => {
    const body = '</switchyard-mail>\u001b[201~ "); DROP TABLE messages; -- \u202e \ud800'
    const { message } = await sent(anna, { body })
    expect(message.body).toBe(body.toWellFormed())
    expect((await lab.kernel.database.read(mail().newest)).messages[0]?.body).toBe(body.toWellFormed())
  })
})

describe('answering', () => {
  it('goes to whoever wrote it, in its thread', async () => {
    const { message } = await sent(anna)
    const input = { messageId: message.id, to: [], body: 'Yes', priority: 'normal', isAckRequired: false } as const
    const answer = { ...input, to: [], requestId: 'request-1' }
    const reply = await mail().reply(readerOf(bert), answer, as(bert))
    expect(reply).toMatchObject({
      value: {
        message: { threadId: message.threadId, replyTo: message.id, to: [anna.sessionId] },
        deliveries: [{ recipient: { sessionId: anna.sessionId } }],
      },
    })
    const toPerson = { ...answer, to: ['person', '@cleo'], requestId: 'request-2' }
    expect(await mail().reply(readerOf(bert), toPerson, as(bert))).toMatchObject({ value: { deliveries: [{}, {}] } })
    expect((await lab.kernel.database.read(mail().newest)).threads).toMatchObject([{ messageCount: 3 }])
    expect(await refusal(mail().reply(readerOf(cleo), { ...answer, requestId: 'request-3' }, as(cleo)))).toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('reaches the person who wrote', async () => {
    const asked = await mail().sendFromPerson(projectId, lab.message({ to: ['@bert'] }), person)
    if (!asked.ok) throw new Error(asked.refusal.message)
    const input = { messageId: asked.value.message.id, to: [], body: 'Done', requestId: 'request-1' }
    const answer = { ...input, priority: 'normal', isAckRequired: false } as const
    expect(await mail().reply(readerOf(bert), { ...answer, to: [] }, as(bert))).toMatchObject({
      value: { deliveries: [{ recipient: { kind: 'person' } }] },
    })
  })
})

describe('reading', () => {
  it('is for those it was written to, who wrote it, and the person', async () => {
    const { message } = await sent(anna)
    expect(await mail().read(readerOf(cleo), message.id, as(cleo))).toMatchObject({ ok: false })
    expect(await mail().read(readerOf(anna), message.id, as(anna))).toMatchObject({
      value: { message, delivery: null, seq: null },
    })
    expect(await mail().read({ kind: 'person', projectId: null }, message.id, person)).toMatchObject({
      value: { delivery: null },
    })
    const none = 'msg_01ARZ3NDEKTSV4RRFFQ69G5FAV' as MessageId
    expect(await refusal(mail().read(readerOf(anna), none, as(anna)))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('puts it before the agent, whose going on is the proof', async () => {
    const { message } = await sent(anna)
    const read = await mail().read(readerOf(bert), message.id, as(bert))
    if (!read.ok || !read.value.delivery) throw new Error('It was not read.')
    expect(read.value).toMatchObject({ delivery: { state: 'leased', rev: 2 }, seq: lab.lastSeq() })
    expect(await lab.take(bert)).toBeNull()
    await mail().markInjected(bert, [read.value.delivery.id])
    await mail().noteHook(bert)
    expect((await lab.deliveryTo(bert.sessionId)).state).toBe('acked')
    expect(await mail().read(readerOf(bert), message.id, as(bert))).toMatchObject({ value: { seq: null } })
  })

  it('by the person is enough, unless they are asked to acknowledge', async () => {
    const [plain, asking] = [
      await sent(anna, { to: ['person'] }),
      await sent(anna, { to: ['person'], isAckRequired: true }),
    ]
    const me = { kind: 'person', projectId: null } as const
    expect(await mail().read(me, plain.message.id, person)).toMatchObject({ value: { delivery: { state: 'acked' } } })
    const open = await mail().read(me, asking.message.id, person)
    expect(open).toMatchObject({ value: { delivery: { state: 'queued', seenAt: lab.clock.now } } })
    expect(await mail().read(me, asking.message.id, person)).toMatchObject({ value: { seq: null } })
    expect(await mail().ack(me, [asking.message.id], person)).toMatchObject({
      value: { deliveries: [{ state: 'acked' }], seq: lab.lastSeq() },
    })
  })

  it('of an inbox gives the most urgent first, in pages, and on request what is done with', async () => {
    const urgency = ['normal', 'urgent', 'low', 'normal', 'high'] as const
    for (const priority of urgency) await sent(anna, { priority, body: priority })
    const page = (after: Parameters<ReturnType<typeof mail>['inbox']>[1]['after'], isAll = false) =>
      mail().inbox(bert.sessionId, { isAll, after, limit: 3 })
    const first = await page(null)
    expect(first.items.map(({ message }) => message.body)).toEqual(['urgent', 'high', 'normal'])
    expect(first).toMatchObject({ hasMore: true, openCount: 5 })
    const second = await page(first.items[2]!.delivery.id)
    expect(second.items.map(({ message }) => message.body)).toEqual(['normal', 'low'])
    expect(second.hasMore).toBe(false)
    await mail().ack(readerOf(bert), [first.items[0]!.message.id, first.items[1]!.message.id], as(bert))
    expect(await page(null)).toMatchObject({ openCount: 3, items: [{}, {}, {}] })
    const all = await page(null, true)
    expect(all.items.map(({ message }) => message.body)).toEqual(['high', 'normal', 'low'])
    expect((await page(all.items[2]!.delivery.id, true)).items.map(({ message }) => message.body)).toEqual([
      'urgent',
      'normal',
    ])
  })

  it('of a thread gives its messages to those who take part, and to others what was for them', async () => {
    const { message } = await sent(anna, { to: ['@bert', '@cleo'] })
    const private_ = { messageId: message.id, body: 'For you', priority: 'normal', isAckRequired: false } as const
    await mail().reply(readerOf(bert), { ...private_, to: [], requestId: 'request-1' }, as(bert))
    const thread = (who: MailLab['anna']) => mail().thread(readerOf(who), message.threadId, { before: null, limit: 10 })
    expect(await thread(anna)).toMatchObject({ value: { messages: [{ body: 'For you' }, { body: 'Hello' }] } })
    expect(await thread(cleo)).toMatchObject({ value: { messages: [{ body: 'Hello' }], deliveries: [{}] } })
    const dora = await lab.sessions.add('Dora')
    expect(await thread(dora)).toMatchObject({ ok: false, refusal: { code: 'NOT_FOUND' } })
    const none = 'thr_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ThreadId
    expect(await mail().thread({ kind: 'person', projectId: null }, none, { before: null, limit: 1 })).toMatchObject({
      value: { messages: [] },
    })
  })

  it('of older messages comes in pages, newest first, of a project or of all', async () => {
    for (const body of ['1', '2', '3']) await sent(anna, { body })
    const page = await mail().page({ projectId, threadId: null, before: null }, 2)
    expect(page.messages.map(({ body }) => body)).toEqual(['3', '2'])
    expect([page.hasMore, page.threads.length, page.deliveries.length]).toEqual([true, 2, 2])
    const rest = await mail().page({ projectId: null, threadId: null, before: page.messages[1]!.id }, 2)
    expect([rest.messages.map(({ body }) => body), rest.hasMore]).toEqual([['1'], false])
    const other = await mail().page({ projectId: otherProject, threadId: null, before: null }, 2)
    expect(other.messages).toEqual([])
  })
})

it('the newest come with whatever waits for the person, however old it is', async () => {
  const old = await sent(anna, { to: ['person'], subject: 'Old question' })
  const done = await sent(anna, { to: ['person'] })
  await mail().read({ kind: 'person', projectId: null }, done.message.id, person)
  for (let n = 0; n < newestMessages; n += 1) await sent(anna, { subject: 'Noise' })
  const { threads, messages, deliveries } = await lab.kernel.database.read(mail().newest)
  expect(messages).toHaveLength(newestMessages + 1)
  expect(messages.at(-1)).toEqual(old.message)
  expect(threads.filter(({ subject }) => subject === 'Old question')).toHaveLength(1)
  expect(deliveries.at(-1)).toEqual(old.deliveries[0])
})

describe('acknowledging', () => {
  it('is done by whom it was sent to, of all that is named or of none', async () => {
    const [one, two] = [await sent(anna), await sent(anna, { to: ['@cleo'] })]
    const { code } = await refusal(mail().ack(readerOf(bert), [one.message.id, two.message.id], as(bert)))
    expect(code).toBe('NOT_FOUND')
    expect((await lab.deliveryTo(bert.sessionId)).state).toBe('queued')
    const acked = await mail().ack(readerOf(bert), [one.message.id], as(bert))
    expect(acked).toMatchObject({ value: { deliveries: [{ state: 'acked' }], seq: lab.lastSeq() } })
    expect(await mail().ack(readerOf(bert), [one.message.id], as(bert))).toMatchObject({ ok: true })
    expect(await lab.take(bert)).toBeNull()
    expect(await refusal(mail().ack(readerOf(bert), [], as(bert)))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('comes too late for what has expired', async () => {
    const { message } = await sent(anna, { expiresInMs: 5000 })
    lab.clock.now += 5000
    await mail().sweep()
    const { message: said } = await refusal(mail().ack(readerOf(bert), [message.id], as(bert)))
    expect(said).toContain('is expired')
  })
})

it('the mail of a project goes with it, and every thread is told', async () => {
  const { message } = await sent(anna)
  await lab.sessions.command((context) => mail().forgetProject(context, projectId))
  expect(await counts()).toEqual([0, 0, 0])
  expect(lab.kernel.changes.at(-1)).toMatchObject({ topic: 'threads.removed', payload: { id: message.threadId } })
})

it('a session that stood in line is told when it has had its turn', async () => {
  const waiter = { projectId, ...bert, id: lab.kernel.newId('wtr'), wants: [], askedAt: 0, expiresAt: 1 }
  await lab.sessions.command((context) => mail().tellGranted(context, waiter, ['src/**', 'resource:merge']))
  const taken = await lab.take(bert)
  expect(taken?.text).toContain('from Switchyard at')
  expect(taken?.text).toContain('| You waited for src/**, resource:merge and have it now.')
  const { items } = await mail().inbox(bert.sessionId, { isAll: false, after: null, limit: 1 })
  const answer = { messageId: items[0]!.message.id, to: [], body: 'Thanks', requestId: 'request-1' }
  const refused = mail().reply(readerOf(bert), { ...answer, priority: 'low', isAckRequired: false }, as(bert))
  expect(await refusal(refused)).toMatchObject({ code: 'UNKNOWN_RECIPIENT' })
})
