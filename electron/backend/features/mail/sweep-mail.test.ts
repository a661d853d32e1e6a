import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { openMailLab, type MailLab } from '../../testing/mail-lab.ts'
import { proofMs } from './delivery-rules.ts'

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
const remove = async (sessionId: SessionId) => {
  await lab.sessions.command(async ({ tx, emit }) => {
    const deletion = '{"kind":"deleted","rescueRef":null,"at":1}'
    await tx.run('UPDATE sessions SET deletion = ? WHERE id = ?', deletion, sessionId)
    await emit('sessions.removed', sessionId, { id: sessionId })
  })
}
const textFor = async (who: MailLab['anna']) => (await lab.take(who))?.text ?? ''

describe('mail that has expired', () => {
  it('ends, whatever became of it so far, and what has no time stays', async () => {
    await sent(anna, { expiresInMs: 1000 })
    await sent(anna, { to: ['person'], expiresInMs: 2000 })
    await sent(anna, { to: ['@cleo'] })
    lab.clock.now += 1000
    await mail().sweep()
    expect((await lab.deliveries()).map(({ state }) => state).toSorted()).toEqual(['expired', 'queued', 'queued'])
    lab.clock.now += 1000
    await mail().sweep()
    expect((await lab.deliveries()).map(({ state }) => state).toSorted()).toEqual(['expired', 'expired', 'queued'])
    const seq = lab.lastSeq()
    await mail().sweep()
    expect(lab.lastSeq()).toBe(seq)
  })

  it('does not for a time in which the computer slept', async () => {
    await sent(anna, { expiresInMs: 1000 })
    await sent(anna, { to: ['@cleo'] })
    await lab.inject(cleo)
    const waiting = await lab.deliveryTo(bert.sessionId)
    lab.clock.now += 10_000
    lab.clock.looks = 0
    await lab.sessions.command((context) => mail().creditSuspend(context, 10_000))
    await mail().sweep()
    expect(lab.clock.looks).toBe(1)
    expect(await lab.deliveryTo(bert.sessionId)).toMatchObject({
      state: 'queued',
      expiresAt: (waiting.expiresAt ?? 0) + 10_000,
      dueAt: waiting.dueAt,
    })
    lab.clock.now += proofMs - 10_000
    expect(await lab.take(cleo)).toBeNull()
    lab.clock.now += 10_000
    expect(await lab.take(cleo)).not.toBeNull()
  })

  it('of thousands that wait moves nothing when a sleep is credited', async () => {
    await sent(anna)
    const seq = lab.lastSeq()
    await lab.sessions.command((context) => mail().creditSuspend(context, 10_000))
    expect(lab.lastSeq()).toBe(seq)
  })
})

describe('the mail of a session that was deleted', () => {
  it('bounces, and who wrote it is told in the same thread', async () => {
    const { message } = await sent(anna, { body: 'Are you there?' })
    await remove(bert.sessionId)
    await mail().sweep()
    expect(await lab.deliveryTo(bert.sessionId)).toMatchObject({ state: 'bounced', why: 'The session was deleted.' })
    const told = await textFor(anna)
    expect(told).toContain(`| Your message ${message.id} did not arrive. The session was deleted.`)
    expect(told).toContain('from Switchyard')
    expect((await lab.kernel.database.read(mail().newest)).threads).toMatchObject([{ messageCount: 2 }])
  })

  it('bounces also when that happened while the app was not there, and in pieces when there is much of it', async () => {
    for (let n = 0; n < 205; n += 1) await sent(anna, { to: ['person', '@bert'] })
    lab.reopen()
    await mail().sweep()
    lab.mail().close()
    await remove(bert.sessionId)
    lab.reopen()
    await mail().sweep()
    const open = await mail().inbox(bert.sessionId, { isAll: false, after: null, limit: 1 })
    expect(open.openCount).toBe(0)
    expect((await mail().inbox(anna.sessionId, { isAll: false, after: null, limit: 1 })).openCount).toBe(205)
  })

  it('tells nobody where nobody is left to be told, and bounces what would have told them', async () => {
    await sent(anna)
    await remove(anna.sessionId)
    await remove(bert.sessionId)
    await mail().sweep()
    expect((await lab.deliveries()).map(({ state }) => state)).toEqual(['bounced'])
    await sent(cleo, { to: ['person'] })
    await mail().sweep()
    expect((await lab.deliveries()).map(({ state }) => state).toSorted()).toEqual(['bounced', 'queued'])
  })
})

describe('an archived session', () => {
  const archive = (who: MailLab['anna']) => lab.sessions.change(who.sessionId, { lifecycle: 'archived', archivedAt: 1 })

  it('keeps what was sent to it before, for when it comes back', async () => {
    await sent(anna, { body: 'Later' })
    await archive(bert)
    await mail().sweep()
    expect((await lab.deliveryTo(bert.sessionId)).state).toBe('queued')
    await lab.sessions.change(bert.sessionId, { lifecycle: 'running' })
    expect(await textFor(bert)).toContain('| Later')
  })

  it('gives back what it took for its role, to the next one who has it', async () => {
    for (const who of [bert, cleo]) await lab.sessions.change(who.sessionId, { role: 'reviewer' })
    const { message } = await sent(anna, { to: ['role:reviewer'], isAckRequired: true, body: 'Review this' })
    await lab.inject(bert)
    await mail().noteHook(bert)
    expect(await lab.take(cleo)).toBeNull()
    await archive(bert)
    await mail().sweep()
    expect((await lab.deliveries()).map(({ state }) => state)).toEqual(['bounced', 'queued'])
    const taken = await textFor(cleo)
    expect(taken).toContain(`--- ${message.id} `)
    expect(taken).toContain('| Review this')
  })
})
