import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { plansOf } from '../../db/testing.ts'
import { as, openMailLab, otherProject, person, projectId, readerOf, type MailLab } from '../../testing/mail-lab.ts'
import {
  countDue,
  findForRole,
  hasRoleWork,
  listDue,
  listExpired,
  listHandedToOthers,
  listOpen,
} from './deliveries-store.ts'
import { listAll, listUnproven } from './deliveries-store.ts'
import { leaseMs, proofMs } from './delivery-rules.ts'
import { listMessages } from './messages-store.ts'

let lab: MailLab
let anna: MailLab['anna']
let bert: MailLab['bert']
let cleo: MailLab['cleo']
let sent: MailLab['sent']
beforeEach(async () => {
  lab = await openMailLab()
  ;({ anna, bert, cleo, sent } = lab)
})
afterEach(() => lab.close())

const mail = () => lab.mail()
const stateOf = async (who: MailLab['anna']) => (await lab.deliveryTo(who.sessionId)).state
const bodiesIn = (text: string | undefined) => [...(text ?? '').matchAll(/^\| (.*)$/gm)].map(([, body]) => body)

describe('mail for an agent', () => {
  it('is leased, then put before it, then done with when it goes on', async () => {
    const { message } = await sent(anna, { body: 'Look at the parser' })
    const taken = await lab.take(bert)
    expect(taken?.text).toContain(`--- ${message.id} from session ${anna.sessionId} “Anna” at `)
    expect(bodiesIn(taken?.text)).toEqual(['Look at the parser'])
    expect(await stateOf(bert)).toBe('leased')
    expect(await lab.take(bert)).toBeNull()
    const seq = await mail().markInjected(bert, taken?.deliveryIds ?? [])
    expect(seq).toBe(lab.lastSeq())
    expect(await stateOf(bert)).toBe('injected')
    await mail().noteHook(bert)
    expect(await lab.deliveryTo(bert.sessionId)).toMatchObject({ state: 'acked', times: 1, endedAt: lab.clock.now })
    lab.clock.now += proofMs
    expect(await lab.take(bert)).toBeNull()
  })

  it('costs no write when there is none', async () => {
    const before = lab.lastSeq()
    expect(await lab.take(bert)).toBeNull()
    await mail().noteHook(bert)
    expect(await mail().markInjected(bert, [lab.kernel.newId('dlv')])).toBeNull()
    expect(lab.lastSeq()).toBe(before)
  })

  it('comes most urgent first and then newest, and says how much more there is', async () => {
    for (const body of ['old', 'new']) await sent(anna, { body })
    await sent(anna, { body: 'low', priority: 'low' })
    await sent(anna, { body: 'urgent', priority: 'urgent' })
    expect(bodiesIn((await lab.take(bert))?.text)).toEqual(['urgent', 'new', 'old', 'low'])
    for (const body of ['x', 'y']) await sent(anna, { body: body.repeat(600) })
    const taken = await lab.take(bert, 1300)
    expect(taken?.deliveryIds).toHaveLength(1)
    expect(taken?.text).toContain('\n1 more wait: mail inbox\n')
  })

  it('is not proven by a hook that came before the answer with it was sent', async () => {
    await sent(anna)
    const taken = await lab.take(bert)
    await mail().noteHook(bert)
    expect(await stateOf(bert)).toBe('leased')
    await mail().markInjected(bert, taken?.deliveryIds ?? [])
    await mail().markInjected(bert, taken?.deliveryIds ?? [])
    expect((await lab.deliveryTo(bert.sessionId)).times).toBe(1)
  })

  it('comes again, with the same id and marked, when the answer was never sent', async () => {
    const { message } = await sent(anna)
    await lab.take(bert)
    lab.reopen()
    lab.clock.now += leaseMs - 1
    expect(await lab.take(bert)).toBeNull()
    lab.clock.now += 1
    const again = await lab.inject(bert)
    expect(again?.text).toContain(`--- ${message.id} `)
    expect(again?.text).toContain('repeat: you may have read it already')
    await mail().noteHook(bert)
    expect(await stateOf(bert)).toBe('acked')
  })

  it('comes again after a minute without a sign that it was seen, and never moves back', async () => {
    await sent(anna)
    await lab.inject(bert)
    lab.clock.now += proofMs - 1
    expect(await lab.take(bert)).toBeNull()
    lab.clock.now += 1
    expect((await lab.inject(bert))?.text).toContain('repeat')
    expect(await lab.deliveryTo(bert.sessionId)).toMatchObject({ state: 'injected', times: 2 })
  })

  it('belongs to the session: the next process gets what the last one did not prove', async () => {
    await sent(anna, { body: 'seen' })
    await lab.inject(bert)
    await mail().noteHook(bert)
    await sent(anna, { body: 'unseen' })
    await lab.inject(bert)
    await sent(anna, { body: 'leased' })
    await lab.take(bert)
    await lab.sessions.end(bert.sessionId)
    const next = await lab.sessions.begin(bert.sessionId)
    expect(await lab.take(bert)).toBeNull()
    const taken = await lab.inject(next)
    expect(bodiesIn(taken?.text)).toEqual(['leased', 'unseen'])
    // The hook of the old process says nothing of what the new one saw.
    await mail().noteHook(bert)
    expect((await lab.deliveries()).filter(({ state }) => state === 'injected')).toHaveLength(2)
    await mail().noteHook(next)
    expect((await lab.deliveries()).every(({ state }) => state === 'acked')).toBe(true)
  })

  it('that asks for an acknowledgement is seen once and stays open until it is given, or for the next process', async () => {
    const { message } = await sent(anna, { isAckRequired: true })
    expect((await lab.inject(bert))?.text).toContain(`mail ack ${message.id}`)
    await mail().noteHook(bert)
    expect(await lab.deliveryTo(bert.sessionId)).toMatchObject({ state: 'injected', seenAt: lab.clock.now })
    lab.clock.now += 100 * proofMs
    expect(await lab.take(bert)).toBeNull()
    const next = await (await lab.sessions.end(bert.sessionId), lab.sessions.begin(bert.sessionId))
    expect((await lab.inject(next))?.text).toContain('repeat')
    await mail().ack(readerOf(next), [message.id], as(next))
    expect(await stateOf(bert)).toBe('acked')
  })

  it('is not given to a process that does not speak for its session', async () => {
    await sent(anna)
    await lab.sessions.end(bert.sessionId)
    expect(await lab.take(bert)).toBeNull()
    expect(await stateOf(bert)).toBe('queued')
  })

  it('is not given after its time', async () => {
    await sent(anna, { expiresInMs: 1000 })
    lab.clock.now += 1000
    expect(await lab.take(bert)).toBeNull()
  })

  it('of the person and of sessions is told apart', async () => {
    await mail().sendFromPerson(projectId, lab.message({ to: ['@bert'] }), person)
    expect((await lab.take(bert))?.text).toContain('from the person you work for at')
  })

  it('of a session that was deleted says so', async () => {
    await sent(anna)
    const find = lab.kernel.database.writer
    await find.run(`UPDATE sessions SET deletion = '{"kind":"deleted","rescueRef":null,"at":1}' WHERE title = 'Anna'`)
    expect((await lab.take(bert))?.text).toContain('“a session that was deleted”')
  })

  it('asks about a sleep before it calls anything late', async () => {
    await lab.take(bert)
    expect(lab.clock.looks).toBe(1)
  })
})

describe('the mail of a role', () => {
  beforeEach(async () => {
    for (const { sessionId } of [bert, cleo]) await lab.sessions.change(sessionId, { role: 'reviewer' })
  })

  it('goes to one of those who have it, one message at a time', async () => {
    await sent(anna, { to: ['role:reviewer'], body: 'first' })
    await sent(anna, { to: ['role:reviewer'], body: 'second' })
    const [one, other] = [await lab.inject(bert), await lab.inject(cleo)]
    expect([bodiesIn(one?.text), bodiesIn(other?.text)]).toEqual([['second'], ['first']])
    expect(await lab.take(anna)).toBeNull()
    await sent(anna, { to: ['role:reviewer'], body: 'third' })
    expect(await lab.take(bert)).toBeNull()
    await mail().noteHook(bert)
    expect(bodiesIn((await lab.take(bert))?.text)).toEqual(['third'])
    expect(await lab.deliveryTo(cleo.sessionId)).toMatchObject({ recipient: { kind: 'role', role: 'reviewer' } })
  })

  it('stays with its project', async () => {
    await sent(anna, { to: ['role:reviewer'] })
    const dora = await lab.sessions.add('Dora', { projectId: otherProject, role: 'reviewer' })
    expect(await lab.take(dora)).toBeNull()
  })
})

it('ten thousand messages are looked through by their index, and only as many read as fit', async () => {
  const { message, deliveries } = await sent(anna)
  const { kernel } = lab
  await lab.sessions.command(({ tx }) =>
    tx.run(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
       INSERT INTO deliveries (id, message_id, project_id, recipient_kind, session_id, priority, is_ack_required, state,
         times, due_at, rev)
       SELECT 'dlv_' || i, ?, project_id, 'session', session_id, i % 4, 0, 'queued', 0, 1, 1
       FROM n, (SELECT project_id, session_id FROM deliveries WHERE id = ?)`,
      message.id,
      deliveries[0]!.id,
    ),
  )
  const now = lab.clock.now
  const { sessionId, incarnationId } = bert
  const plans = await lab.sessions.command(({ tx }) =>
    plansOf(tx, async (seen) => {
      await listDue(seen, sessionId, now, 40)
      await countDue(seen, sessionId, now, 1000)
      await listOpen(seen, sessionId, 20, deliveries[0]!)
      await listAll(seen, sessionId, 20, deliveries[0]!)
      await findForRole(seen, projectId, 'reviewer')
      await hasRoleWork(seen, sessionId)
      await listHandedToOthers(seen, bert, 60)
      await listUnproven(seen, incarnationId)
      await listExpired(seen, now)
    }),
  )
  expect(plans).toEqual([
    'SEARCH deliveries USING INDEX deliveries_open (session_id=?)',
    expect.stringContaining('SEARCH deliveries USING COVERING INDEX deliveries_open (session_id=?)'),
    'SEARCH deliveries USING INDEX deliveries_open (session_id=? AND (priority,id)<(?,?))',
    'SEARCH deliveries USING INDEX deliveries_of_session (session_id=? AND id<?)',
    'SEARCH deliveries USING INDEX deliveries_of_role (project_id=? AND role=?)',
    'SEARCH deliveries USING INDEX deliveries_of_role_taken (session_id=?)',
    // Sorted is only what an earlier process had, which most often is nothing.
    'SEARCH deliveries USING INDEX deliveries_handed (session_id=? AND incarnation_id>? AND incarnation_id<?); USE TEMP B-TREE FOR ORDER BY',
    'SEARCH deliveries USING INDEX deliveries_handed (session_id=? AND incarnation_id>?); USE TEMP B-TREE FOR ORDER BY',
    'SEARCH deliveries USING INDEX deliveries_unproven (incarnation_id=?)',
    'SEARCH deliveries USING INDEX deliveries_expiring (expires_at>? AND expires_at<?)',
  ])
  kernel.changes.length = 0
  const taken = await lab.take(bert)
  expect(taken?.text).toContain('many more wait')
  expect(taken?.text.length).toBeLessThanOrEqual(8000)
  expect(kernel.changes).toHaveLength(taken!.deliveryIds.length)
})

it('the messages of a thread, of a project and of all are read by an index, in order', async () => {
  const { message } = await sent(anna)
  const none = { projectId: null, threadId: null, before: null }
  const plans = await lab.sessions.command(({ tx }) =>
    plansOf(tx, async (seen) => {
      await listMessages(seen, { ...none, threadId: message.threadId, before: message.id }, 10)
      await listMessages(seen, { ...none, projectId, before: message.id }, 10)
      await listMessages(seen, none, 10)
    }),
  )
  expect(plans).toEqual([
    'SEARCH messages USING INDEX messages_of_thread (thread_id=? AND id<?)',
    'SEARCH messages USING INDEX messages_of_project (project_id=? AND id<?)',
    expect.stringMatching(/^SCAN messages USING INDEX sqlite_autoindex_messages_1$/),
  ])
})
