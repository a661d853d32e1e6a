import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { deliveryStateSchema, type Delivery, type NewMessage } from '../../../../shared/contract/mail.ts'
import type { DeliveryId, IncarnationId, MessageId, SessionId } from '../../../../shared/lib/ids.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import { as, mailDepsOn, projectId, readerOf } from '../../testing/mail-lab.ts'
import { createTestSessions, type TestSession } from '../../testing/test-sessions.ts'
import { createMailService, type MailService } from './mail-service.ts'
import { step, type Kill, type Step, type TypingOutcome } from './testing/mail-model-steps.ts'

// Every message has a delivery; deliveries only move forward; each message is consumed at least once by whom it was sent
// to, and not handed over again after it was done with: also when the app is killed at any step of anything.

const runs = Number(process.env['SWITCHYARD_TEST_MODEL_RUNS'] ?? 1000)

let kernel: TestKernel
let rows: ReturnType<typeof createTestSessions>
let now = 1_000_000
let mail: MailService
const sessions: TestSession[] = []
beforeAll(async () => {
  kernel = createTestKernel(() => now)
  rows = createTestSessions(kernel, projectId)
  for (const n of [0, 1, 2]) sessions.push(await rows.add(`Agent ${n}`, { role: n === 0 ? null : 'worker' }))
})
afterAll(() => kernel.close())

class Killed extends Error {}
let armed: Kill | null = null
let asked = 0
const mayDie = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  asked += 1
  const kill = armed?.at === asked ? armed : null
  if (kill?.when === 'before') throw new Killed()
  const value = await work()
  if (kill) throw new Killed()
  return value
}
const openService = () => {
  const deps = mailDepsOn(kernel)
  return createMailService({
    ...deps,
    database: { ...deps.database, read: (work) => mayDie(() => deps.database.read(work)) },
    runCommand: (options, work) => mayDie(() => deps.runCommand(options, work)),
  })
}
/** Runs something that may be cut off; then the app is started anew on what is written. */
const untilKilled = async (kill: Kill | null, work: () => Promise<void>) => {
  armed = kill
  asked = 0
  await work().catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
    mail.close()
    mail = openService()
  })
  armed = null
}

/** What the agents know, which the app can only guess at. */
const shown = new Map<SessionId, Set<MessageId>>()
const consumed = new Map<SessionId, Set<MessageId>>()
const acked = new Map<SessionId, Set<MessageId>>()
const setOf = (sets: Map<SessionId, Set<MessageId>>, id: SessionId) => {
  const set = sets.get(id) ?? new Set()
  sets.set(id, set)
  return set
}
/** What each process has taken in, and what was taken for processes without a word of what became of it. */
const seenBy = new Map<IncarnationId, Set<MessageId>>()
const unmarked: { readonly holder: TestSession; readonly deliveryIds: readonly DeliveryId[] }[] = []
const idsIn = (text: string) => [...text.matchAll(/^--- (msg_\w+) /gm)].map(([, id]) => id as MessageId)

/** The agent goes on: what it was shown it has taken in. */
const goOn = ({ sessionId, incarnationId }: TestSession) => {
  const seen = seenBy.get(incarnationId) ?? new Set()
  seenBy.set(incarnationId, seen)
  for (const id of setOf(shown, sessionId)) {
    setOf(consumed, sessionId).add(id)
    seen.add(id)
  }
  setOf(shown, sessionId).clear()
}

const hook = async (session: TestSession, isAnswered: boolean, isOverlapped: boolean) => {
  goOn(session)
  await mail.noteHook(session)
  const taken = await mail.takeForInjection(session)
  if (isOverlapped) await mail.noteHook(session)
  if (!taken) return
  const over = (await listAll()).filter(({ endedAt }) => endedAt !== null)
  for (const id of idsIn(taken.text)) {
    const done = over.some(
      (one) => one.messageId === id && one.state === 'acked' && sessionOf(one) === session.sessionId,
    )
    expect(done, `${id} came after it was done with`).toBe(false)
  }
  if (!isAnswered) {
    unmarked.push({ holder: session, deliveryIds: taken.deliveryIds })
    return
  }
  for (const id of idsIn(taken.text)) setOf(shown, session.sessionId).add(id)
  await mail.markInjected(session, taken.deliveryIds)
}

/** What was typed and stands at a prompt; the agent takes it with its next return, which the person may press. */
const type = async (session: TestSession, outcome: TypingOutcome) => {
  await mail.giveUpTyped(session)
  const taken = await mail.takeForTyping(session)
  if (!taken) return
  const done = (await listAll()).find(({ id }) => id === taken.deliveryId)
  expect(done?.endedAt, `${taken.deliveryId} was typed after it was done with`).toBeNull()
  if (outcome === 'touched') return mail.releaseTyped(session, taken.deliveryId)
  await mail.markInjected(session, [taken.deliveryId])
  if (outcome === 'swallowed') return
  if (outcome === 'taken') {
    // A notice tells that there is a message, and is none.
    if (taken.what === 'message')
      for (const [id] of taken.text.matchAll(/msg_\w+/g)) setOf(shown, session.sessionId).add(id as MessageId)
    await mail.markSubmitted(session, taken.deliveryId)
  }
  goOn(session)
  now += 1
  await mail.noteProgress(session, now)
}

const sessionOf = ({ recipient }: Delivery) => (recipient.kind === 'person' ? null : recipient.sessionId)
const listAll = async () => (await kernel.database.read(mail.newest)).deliveries
const newMessage = (part: Partial<NewMessage>): NewMessage => ({
  to: [],
  kind: 'note',
  subject: 'Subject',
  body: 'Body',
  priority: 'normal',
  isAckRequired: false,
  expiresInMs: null,
  dedupKey: null,
  requestId: kernel.newId('int'),
  ...part,
})

const play = async (taken: Step): Promise<void> => {
  const session = sessions['who' in taken ? taken.who : 0]!
  const { sessionId } = session
  switch (taken.kind) {
    case 'send': {
      const { to, isAckRequired, priority } = taken
      const body = taken.isLong ? 'Line\n'.repeat(9) : 'Body'
      const part = { to: [...to], body, isAckRequired, priority, expiresInMs: taken.expires ? 600_000 : null }
      const from = sessions[taken.from]!
      return untilKilled(taken.kill, async () => void (await mail.send(from.sessionId, newMessage(part), as(from))))
    }
    case 'hook':
      return untilKilled(taken.kill, () => hook(session, taken.isAnswered, taken.isOverlapped))
    case 'type':
      return untilKilled(taken.kill, () => type(session, taken.outcome))
    case 'read':
    case 'ack': {
      const own = (await listAll()).filter((one) => sessionOf(one) === sessionId)
      const messageId = own[taken.at % Math.max(1, own.length)]?.messageId
      if (!messageId) return
      return untilKilled(taken.kill, async () => {
        if (taken.kind === 'ack') {
          setOf(acked, sessionId).add(messageId)
          await mail.ack(readerOf(session), [messageId], as(session))
        } else {
          const read = await mail.read(readerOf(session), messageId, as(session))
          const delivery = read.ok ? read.value.delivery : null
          setOf(shown, sessionId).add(messageId)
          if (delivery) await mail.markInjected(session, [delivery.id])
        }
      })
    }
    case 'agent-dies':
      // What it was shown last was perhaps never taken in.
      setOf(shown, sessionId).clear()
      await rows.end(sessionId)
      sessions[taken.who] = await rows.begin(sessionId)
      return
    case 'time':
      now += taken.seconds * 1000
      return
    case 'sleep':
      now += 3_600_000
      return rows.command((context) => mail.creditSuspend(context, 3_600_000))
    case 'sweep':
      return mail.sweep()
    case 'late-mark':
      for (const { holder, deliveryIds } of unmarked.splice(0))
        if (!sessions.some(({ incarnationId }) => incarnationId === holder.incarnationId))
          await mail.markInjected(holder, deliveryIds)
      return
  }
}

const rank = (state: Delivery['state']) => Math.min(3, deliveryStateSchema.options.indexOf(state))

const check = (before: ReadonlyMap<string, Delivery>, after: readonly Delivery[]) => {
  for (const delivery of after) {
    const was = before.get(delivery.id)
    if (was) {
      expect(rank(delivery.state), `${delivery.id} was ${was.state}`).toBeGreaterThanOrEqual(rank(was.state))
      if (was.endedAt !== null) expect(delivery).toEqual(was)
    }
    const sessionId = sessionOf(delivery)
    if (delivery.state !== 'acked' || sessionId === null) continue
    const isKnown = setOf(consumed, sessionId).has(delivery.messageId)
    const isSaid = setOf(acked, sessionId).has(delivery.messageId)
    expect(isSaid || (isKnown && !delivery.isAckRequired), `${delivery.id} was done with unseen`).toBe(true)
  }
}

const checkAllDelivered = async () => {
  const { messages, deliveries } = await kernel.database.read(mail.newest)
  for (const { id } of messages) expect(deliveries.some(({ messageId }) => messageId === id)).toBe(true)
}

const isForAgent = ({ recipient }: Delivery) => recipient.kind !== 'person'

/** What it was only told of, or has at its prompt still, the agent reads by itself. */
const readWhatIsTold = async (session: TestSession) => {
  for (const one of await listAll()) {
    if (one.endedAt !== null || one.typing === null || one.incarnationId !== session.incarnationId) continue
    await mail.read(readerOf(session), one.messageId, as(session))
    setOf(shown, session.sessionId).add(one.messageId)
    await mail.markInjected(session, [one.id])
  }
}

/** Everyone goes on undisturbed and says when they have done with something: then nothing may be left over. */
const drain = async () => {
  const left = async () => (await listAll()).filter((one) => one.endedAt === null && isForAgent(one))
  for (let round = 0; (await left()).length > 0; round += 1) {
    expect(round, `left over: ${JSON.stringify((await left())[0])}`).toBeLessThan(40)
    now += 61_000
    await mail.sweep()
    for (const session of sessions) {
      await mail.giveUpTyped(session)
      await readWhatIsTold(session)
      await hook(session, true, false)
      await hook(session, true, false)
      // It answers for what this very process was shown.
      const seen = seenBy.get(session.incarnationId)
      const own = (await left()).filter((one) => sessionOf(one) === session.sessionId)
      const asking = own.filter((one) => one.seenAt !== null && seen?.has(one.messageId))
      const ids = asking.map(({ messageId }) => messageId)
      for (const id of ids) setOf(acked, session.sessionId).add(id)
      if (ids.length > 0) await mail.ack(readerOf(session), ids, as(session))
    }
  }
}

const checkAllConsumed = async () => {
  for (const delivery of await listAll()) {
    const sessionId = sessionOf(delivery)
    if (sessionId === null || delivery.state === 'expired') continue
    expect(delivery.state).toBe('acked')
    const isDone = setOf(consumed, sessionId).has(delivery.messageId) || setOf(acked, sessionId).has(delivery.messageId)
    expect(isDone, `${delivery.id} was never consumed`).toBe(true)
  }
}

beforeEach(() => {
  armed = null
})

it(`holds over every order of what may happen (${runs} runs)`, { timeout: 60_000 + runs * 500 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 24, size: 'max' }), async (steps) => {
      for (const table of ['deliveries', 'messages', 'threads'])
        await kernel.database.writer.run(`DELETE FROM ${table}`)
      for (const sets of [shown, consumed, acked, seenBy]) sets.clear()
      unmarked.length = 0
      kernel.changes.length = 0
      mail = openService()
      for (const taken of steps) {
        const before = new Map((await listAll()).map((delivery) => [delivery.id, delivery]))
        await play(taken)
        check(before, await listAll())
        await checkAllDelivered()
      }
      await drain()
      await checkAllConsumed()
      mail.close()
    }),
    { numRuns: runs },
  )
})
