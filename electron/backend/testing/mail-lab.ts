import type { Delivery, NewMessage, Sent } from '../../../shared/contract/mail.ts'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { createMailService, type MailDeps, type Reader } from '../features/mail/mail-service.ts'
import { findOwner } from '../features/sessions/find-owner.ts'
import { listSessions } from '../features/sessions/sessions-store.ts'
import type { Identity } from '../kernel/identity.ts'
import { createTestKernel, silentLog, type TestKernel } from '../kernel/testing.ts'
import { createTestSessions, type TestSession } from './test-sessions.ts'

export const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
export const otherProject = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAW' as ProjectId
export const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }
export const as = ({ sessionId }: Pick<TestSession, 'sessionId'>): Identity => ({
  kind: 'session',
  id: sessionId,
  right: 'full',
})
export const readerOf = (session: TestSession): Reader => ({ kind: 'session', ...session })

export type MailLab = Awaited<ReturnType<typeof openMailLab>>

export const mailDepsOn = (kernel: TestKernel): MailDeps => ({
  ...kernel,
  log: silentLog,
  sessions: { findOwner, list: async (tx) => (await listSessions(tx)).map(({ session }) => session) },
  hasProject: async (_tx, id) => id === projectId || id === otherProject,
  lookForSuspend: async () => undefined,
})

/** Mail on a real database with three sessions whose agents run, and a clock that is moved by hand. */
export const openMailLab = async (now = 1_000_000) => {
  const clock = { now, looks: 0 }
  const kernel = createTestKernel(() => clock.now)
  const sessions = createTestSessions(kernel, projectId)
  const deps = { ...mailDepsOn(kernel), lookForSuspend: async () => void (clock.looks += 1) }
  const [anna, bert, cleo] = [await sessions.add('Anna'), await sessions.add('Bert'), await sessions.add('Cleo')]
  let mail = createMailService(deps)

  const message = (part: Partial<NewMessage> = {}): NewMessage => ({
    to: ['@bert'],
    kind: 'note',
    subject: 'Parser',
    body: 'Hello',
    priority: 'normal',
    isAckRequired: false,
    expiresInMs: null,
    dedupKey: null,
    requestId: kernel.newId('int'),
    ...part,
  })
  const send = (from: TestSession, part?: Partial<NewMessage>) => mail.send(from.sessionId, message(part), as(from))
  const take = (who: TestSession, cap?: number) => mail.takeForInjection(who, cap)
  return {
    kernel,
    deps,
    clock,
    sessions,
    anna,
    bert,
    cleo,
    mail: () => mail,
    /** As if the app was started anew. */
    reopen: () => {
      mail.close()
      mail = createMailService(deps)
    },
    message,
    send,
    sent: async (from: TestSession, part?: Partial<NewMessage>): Promise<Sent> => {
      const result = await send(from, part)
      if (!result.ok) throw new Error(result.refusal.message)
      return result.value
    },
    take,
    /** Taken and put before the agent, as a hook does it. */
    inject: async (who: TestSession) => {
      const taken = await take(who)
      if (taken) await mail.markInjected(who, taken.deliveryIds)
      return taken
    },
    deliveries: async (): Promise<Delivery[]> => [...(await kernel.database.read(mail.newest)).deliveries],
    deliveryTo: async (sessionId: SessionId): Promise<Delivery> => {
      const { deliveries } = await kernel.database.read(mail.newest)
      const found = deliveries.find((one) => one.recipient.kind !== 'person' && one.recipient.sessionId === sessionId)
      if (!found) throw new Error(`There is no delivery to ${sessionId}.`)
      return found
    },
    lastSeq: () => kernel.changes.at(-1)?.seq,
    close: async () => {
      mail.close()
      await kernel.close()
    },
  }
}
