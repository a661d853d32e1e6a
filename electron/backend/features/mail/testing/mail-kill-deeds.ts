import type { NewMessage } from '../../../../../shared/contract/mail.ts'
import type { DeliveryId, MessageId, ThreadId } from '../../../../../shared/lib/ids.ts'
import { silentLog, type TestKernel } from '../../../kernel/testing.ts'
import type { Deed, Stage } from '../../../testing/kill-points.ts'
import { as, mailDepsOn, person, projectId, readerOf } from '../../../testing/mail-lab.ts'
import { createTestSessions, type TestSession } from '../../../testing/test-sessions.ts'
import { leaseMs, proofMs } from '../delivery-rules.ts'
import { createMailService, type MailService } from '../mail-service.ts'

export type MailWorld = ReturnType<typeof openMailWorld>
const openMailWorld = (kernel: TestKernel) => ({
  kernel,
  mail: createMailService({ ...mailDepsOn(kernel), log: silentLog }),
  sessions: createTestSessions(kernel, projectId),
})
export const mailStage: Stage<MailWorld> = {
  open: async (kernel) => openMailWorld(kernel),
  close: async ({ mail }) => mail.close(),
}

interface People {
  readonly anna: TestSession
  readonly bert: TestSession
}
type Sent = People & { readonly messageId: MessageId; readonly deliveryId: DeliveryId }
type MailDeed<What> = Deed<MailWorld, What>
/** What each deed is about differs; whoever runs them hands it from one half to the other. */
export type AnyMailDeed = MailDeed<never>
const deed = <What>(made: MailDeed<What>): AnyMailDeed => made as unknown as AnyMailDeed

export type MailRead = 'newest' | 'page' | 'inbox' | 'inboxOfPerson' | 'thread' | 'typingWork'

const letter = (part: Partial<NewMessage> = {}): NewMessage => ({
  to: ['@bert'],
  kind: 'note',
  subject: 'Parser',
  body: 'Hello',
  priority: 'normal',
  isAckRequired: false,
  expiresInMs: null,
  dedupKey: null,
  requestId: 'the-request',
  ...part,
})
const codeOf = (result: { readonly ok: boolean; readonly refusal?: { readonly code: string } }) =>
  result.refusal?.code ?? 'ok'
const inCommand = async ({ sessions }: MailWorld, work: Parameters<typeof sessions.command>[0]) => {
  await sessions.command(work)
  return 'ok'
}

const people = async ({ sessions }: MailWorld): Promise<People> => ({
  anna: await sessions.add('Anna', { role: 'reviewer' }),
  bert: await sessions.add('Bert', { role: 'reviewer' }),
})
const send =
  (part: Partial<NewMessage> = {}) =>
  async (world: MailWorld): Promise<Sent> => {
    const both = await people(world)
    const sent = await world.mail.send(both.anna.sessionId, letter({ requestId: 'before-it', ...part }), as(both.anna))
    const [delivery] = sent.ok ? sent.value.deliveries : []
    if (!delivery) throw new Error(JSON.stringify(sent))
    return { ...both, messageId: delivery.messageId, deliveryId: delivery.id }
  }
const sent = send()
const taken = async (world: MailWorld): Promise<Sent> => {
  const before = await sent(world)
  await world.mail.takeForInjection(before.bert)
  return before
}
const injected = async (world: MailWorld): Promise<Sent> => {
  const before = await taken(world)
  await world.mail.markInjected(before.bert, [before.deliveryId])
  return before
}
const takenForTyping = async (world: MailWorld): Promise<Sent> => {
  const before = await sent(world)
  await world.mail.takeForTyping(before.bert)
  return before
}
const typed = async (world: MailWorld): Promise<Sent> => {
  const before = await takenForTyping(world)
  await world.mail.markInjected(before.bert, [before.deliveryId])
  return before
}
const submitted = async (world: MailWorld): Promise<Sent> => {
  const before = await typed(world)
  await world.mail.markSubmitted(before.bert, before.deliveryId)
  return before
}
/** Answers what would be typed, in one word. */
const takeToType = async ({ mail }: MailWorld, { bert }: People) => {
  const got = await mail.takeForTyping(bert)
  return got === null ? 'nothing' : got.text.includes('told again') ? 'a repeat' : got.what
}

/** Answers what was put before the agent, in one word. */
const take = async ({ mail }: MailWorld, { bert }: People) => {
  const got = await mail.takeForInjection(bert)
  return got === null ? 'nothing' : got.text.includes('repeat') ? 'a repeat' : 'mail'
}

/** Every operation of the mail that writes, each with what may come of it. */
export const mailDeeds: Record<Exclude<keyof MailService, MailRead | 'close'>, Record<string, AnyMailDeed>> = {
  send: {
    'to everyone': deed({
      prepare: people,
      act: async ({ mail }, { anna }) =>
        codeOf(await mail.send(anna.sessionId, letter({ to: ['everyone', 'role:reviewer', 'person'] }), as(anna))),
    }),
    'that is refused': deed({
      prepare: people,
      act: async ({ mail }, { anna }) =>
        codeOf(await mail.send(anna.sessionId, letter({ to: ['@bert', '@nobody'] }), as(anna))),
    }),
    'that was sent before under its own key': deed({
      prepare: send({ dedupKey: 'daily' }),
      act: async ({ mail }, { anna }) =>
        codeOf(await mail.send(anna.sessionId, letter({ dedupKey: 'daily' }), as(anna))),
    }),
  },
  sendFromPerson: {
    'to one': deed({
      prepare: people,
      act: async ({ mail }) => codeOf(await mail.sendFromPerson(projectId, letter(), person)),
    }),
  },
  reply: {
    'to whoever wrote it': deed({
      prepare: sent,
      act: async ({ mail }, { bert, messageId }) => {
        const answer = { messageId, to: [], body: 'Yes', priority: 'normal', isAckRequired: false } as const
        return codeOf(await mail.reply(readerOf(bert), { ...answer, to: [], requestId: 'the-request' }, as(bert)))
      },
    }),
  },
  read: {
    'by an agent': deed({
      prepare: sent,
      act: async ({ mail }, { bert, messageId }) => codeOf(await mail.read(readerOf(bert), messageId, as(bert))),
      isNewEachTime: true,
    }),
    'by the person': deed({
      prepare: send({ to: ['person'] }),
      act: async ({ mail }, { messageId }) =>
        codeOf(await mail.read({ kind: 'person', projectId: null }, messageId, person)),
    }),
  },
  ack: {
    'of one that asks for it': deed({
      prepare: send({ isAckRequired: true }),
      act: async ({ mail }, { bert, messageId }) => codeOf(await mail.ack(readerOf(bert), [messageId], as(bert))),
      isNewEachTime: true,
    }),
  },
  noteHook: {
    'that proves what was put before it': deed({
      prepare: injected,
      act: async ({ mail }, { bert }) => (await mail.noteHook(bert), 'ok'),
    }),
  },
  takeForInjection: {
    'of what waits': deed({ prepare: sent, act: take, again: 'nothing' }),
    'of the mail of a role': deed({ prepare: send({ to: ['role:reviewer'] }), act: take, again: 'nothing' }),
    'of what was taken and never sent': deed({
      prepare: async (world, time) => {
        const before = await taken(world)
        time.now += leaseMs
        return before
      },
      act: take,
      again: 'nothing',
    }),
    'of what was not proven': deed({
      prepare: async (world, time) => {
        const before = await injected(world)
        time.now += proofMs
        return before
      },
      act: take,
      again: 'nothing',
    }),
    'of what the process before had': deed({
      prepare: async (world) => {
        const before = await injected(world)
        await world.sessions.end(before.bert.sessionId)
        return { ...before, bert: await world.sessions.begin(before.bert.sessionId) }
      },
      act: take,
      again: 'nothing',
    }),
  },
  markInjected: {
    'once the answer was sent': deed({
      prepare: taken,
      act: async ({ mail }, { bert, deliveryId }) => {
        const seq = await mail.markInjected(bert, [deliveryId])
        return seq === null ? 'nothing' : 'marked'
      },
      again: 'nothing',
    }),
  },
  takeForTyping: {
    'of what waits': deed({ prepare: sent, act: takeToType, again: 'nothing' }),
    'of the mail of a role': deed({ prepare: send({ to: ['role:reviewer'] }), act: takeToType, again: 'nothing' }),
    'of what was taken and never typed': deed({
      prepare: async (world, time) => {
        const before = await takenForTyping(world)
        time.now += leaseMs
        return before
      },
      act: takeToType,
      again: 'nothing',
    }),
  },
  releaseTyped: {
    'of what was not typed after all': deed({
      prepare: takenForTyping,
      act: async ({ mail }, { bert, deliveryId }) => (await mail.releaseTyped(bert, deliveryId), 'ok'),
    }),
  },
  markSubmitted: {
    'once the return was pressed': deed({
      prepare: typed,
      act: async ({ mail }, { bert, deliveryId }) => (await mail.markSubmitted(bert, deliveryId), 'ok'),
    }),
  },
  noteProgress: {
    'after it was typed': deed({
      prepare: submitted,
      act: async ({ mail, kernel }, { bert }) => (await mail.noteProgress(bert, kernel.clock.now()), 'ok'),
    }),
  },
  giveUpTyped: {
    'of what was not taken': deed({
      prepare: async (world, time) => {
        const before = await typed(world)
        time.now += proofMs
        return before
      },
      act: async ({ mail }, { bert }) => (await mail.giveUpTyped(bert), 'ok'),
    }),
  },
  post: {
    'of two messages in the transaction of a review': deed({
      prepare: people,
      act: (world, { bert: { sessionId } }) =>
        inCommand(world, (context) =>
          world.mail.post(context, { projectId, sessionId, subject: 'Review', bodies: ['One', 'Two'] }),
        ),
      isNewEachTime: true,
    }),
  },
  notify: {
    'the person, in the transaction of what it is about': deed({
      prepare: people,
      act: (world) =>
        inCommand(world, (context) =>
          world.mail.notify(context, { projectId, subject: 'Not merged', body: 'Why.', recipient: { kind: 'person' } }),
        ),
      isNewEachTime: true,
    }),
  },
  tellGranted: {
    'in the transaction of the grant': deed({
      prepare: people,
      act: (world, { bert }) =>
        inCommand(world, (context) =>
          world.mail.tellGranted(context, { projectId, sessionId: bert.sessionId } as never, ['src/a.ts']),
        ),
      isNewEachTime: true,
    }),
  },
  sweep: {
    'of what has expired': deed({
      prepare: async (world, time) => {
        const before = await send({ expiresInMs: 1000 })(world)
        time.now += 1000
        return before
      },
      act: async ({ mail }) => (await mail.sweep(), 'ok'),
    }),
    'of the mail of a session that was deleted': deed({
      prepare: async (world) => {
        const before = await sent(world)
        await world.kernel.database.writer.run(
          `UPDATE sessions SET deletion = '{"kind":"deleted","rescueRef":null,"at":1}' WHERE id = ?`,
          before.bert.sessionId,
        )
        return before
      },
      act: async ({ mail }) => (await mail.sweep(), 'ok'),
      commits: 2,
      changes: 1,
    }),
    'of what an archived session took for its role': deed({
      prepare: async (world) => {
        const before = await send({ to: ['role:reviewer'] })(world)
        await world.mail.takeForInjection(before.bert)
        await world.sessions.change(before.bert.sessionId, { lifecycle: 'archived' })
        return before
      },
      act: async ({ mail }) => (await mail.sweep(), 'ok'),
      commits: 2,
      changes: 1,
    }),
  },
  creditSuspend: {
    'of a night': deed({
      prepare: async (world) => {
        await taken(world)
        await world.mail.sendFromPerson(projectId, letter({ expiresInMs: 60_000 }), person)
      },
      act: (world) => inCommand(world, (context) => world.mail.creditSuspend(context, 8 * 3_600_000)),
      isNewEachTime: true,
    }),
  },
  forgetProject: {
    'with all its threads': deed({
      prepare: taken,
      act: (world) => inCommand(world, (context) => world.mail.forgetProject(context, projectId)),
    }),
  },
}

export const mailReads: Record<MailRead, (world: MailWorld) => Promise<unknown>> = {
  newest: ({ kernel, mail }) => kernel.database.read(mail.newest),
  page: ({ mail }) => mail.page({ projectId, threadId: null, before: null }, 9),
  inbox: ({ mail }) => mail.inbox('ses_none' as never, { isAll: true, after: null, limit: 9 }),
  inboxOfPerson: ({ mail }) => mail.inboxOfPerson(projectId, { isAll: true, limit: 9 }),
  typingWork: ({ mail }) => mail.typingWork({ sessionId: 'ses_none' as never, incarnationId: 'inc_none' as never }),
  thread: ({ mail }) =>
    mail.thread({ kind: 'person', projectId: null }, 'thr_none' as ThreadId, { before: null, limit: 9 }),
}
