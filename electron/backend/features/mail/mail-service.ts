import type { Delivery, MailPage, NewMessage, NewReply, Sent } from '../../../../shared/contract/mail.ts'
import type { LeaseWaiter } from '../../../../shared/contract/leases.ts'
import type { DeliveryId, MessageId, ProjectId, SessionId, ThreadId } from '../../../../shared/lib/ids.ts'
import { refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { SuspendListener } from '../../kernel/suspend-watch.ts'
import { removeDeliveriesOf } from './deliveries-store.ts'
import { createEmptyBoxes } from './empty-boxes.ts'
import {
  readInbox,
  readInboxOfPerson,
  readNewest,
  readPage,
  readThread,
  type Inbox,
  type InboxPage,
} from './find-mail.ts'
import { markInjected, noteHook, takeForInjection, type Injection, type MailHolder } from './inject-mail.ts'
import type { MailDeps, Reader } from './mail-parts.ts'
import { removeMailOf, type MessageFilter } from './messages-store.ts'
import { acknowledge, readMessage, type ReadMessage } from './read-message.ts'
import {
  postMessages,
  replyToMessage,
  sendMessage,
  sendNotice,
  type Post,
  type Posted,
  type SendRefusal,
} from './send-message.ts'
import { bounceMail, creditSuspend, expireMail } from './sweep-mail.ts'
import {
  giveUpTyped,
  markSubmitted,
  noteProgress,
  readTypingWork,
  releaseTyped,
  takeMailForTyping,
  type TypedTake,
  type TypingWork,
} from './type-mail.ts'

export type { Inbox, InboxItem, InboxPage } from './find-mail.ts'
export type { Injection, MailHolder } from './inject-mail.ts'
export type { MailDeps, Reader } from './mail-parts.ts'
export type { Posted } from './send-message.ts'
export type { ReadMessage } from './read-message.ts'
export type { TypedTake, TypingWork } from './type-mail.ts'

export interface MailService {
  /** The newest messages with their threads and deliveries; older ones come by `page`. */
  newest(tx: Tx): Promise<Omit<MailPage, 'hasMore'>>
  page(filter: MessageFilter, limit: number): Promise<MailPage>
  /** To everyone it names, or to nobody. */
  send(sessionId: SessionId, input: NewMessage, by: Identity): Promise<Result<Sent, SendRefusal>>
  sendFromPerson(projectId: ProjectId, input: NewMessage, by: Identity): Promise<Result<Sent, SendRefusal>>
  /** To whoever wrote the message, in its thread. */
  reply(reader: Reader, input: NewReply, by: Identity): Promise<Result<Sent, SendRefusal>>
  /** What a session has not done with, the most urgent and newest first. */
  inbox(sessionId: SessionId, page: InboxPage): Promise<Inbox>
  /** What the person has not done with in a project, the newest first. */
  inboxOfPerson(projectId: ProjectId, page: Pick<InboxPage, 'isAll' | 'limit'>): Promise<Inbox>
  /** To an agent it is handed over: `markInjected` has to follow once the answer was sent, or it comes again. */
  read(reader: Reader, id: MessageId, by: Identity): Promise<Result<ReadMessage, 'NOT_FOUND'>>
  thread(
    reader: Reader,
    id: ThreadId,
    page: { readonly before: MessageId | null; readonly limit: number },
  ): Promise<Result<MailPage, 'NOT_FOUND'>>
  /** All of them or none. */
  ack(
    reader: Reader,
    ids: readonly MessageId[],
    by: Identity,
  ): Promise<Result<{ deliveries: Delivery[]; seq: number }, 'NOT_FOUND'>>

  /** For the gateway, in this order: when a hook comes in, for its answer, and once that was sent. */
  noteHook(holder: MailHolder): Promise<void>
  takeForInjection(holder: MailHolder, cap?: number): Promise<Injection | null>
  markInjected(holder: MailHolder, deliveryIds: readonly DeliveryId[]): Promise<number | null>

  /** For the typing of mail at prompts: what there is to do for a process, the next message, and what became of it. */
  typingWork(holder: MailHolder): Promise<TypingWork>
  takeForTyping(holder: MailHolder): Promise<TypedTake | null>
  releaseTyped(holder: MailHolder, id: DeliveryId): Promise<void>
  markSubmitted(holder: MailHolder, id: DeliveryId): Promise<void>
  noteProgress(holder: MailHolder, at: number): Promise<void>
  giveUpTyped(holder: MailHolder): Promise<void>

  /** For the comments: what the person says to a session, all of it or nothing. */
  post(context: CommandContext, post: Post): Promise<Posted>
  /** For the leases: somebody who stood in line has had their turn. */
  tellGranted(context: CommandContext, waiter: LeaseWaiter, targets: readonly string[]): Promise<void>
  /** For the features to the right: what Switchyard itself tells somebody, in the transaction of what it is about. */
  notify(context: CommandContext, notice: Omit<Parameters<typeof sendNotice>[1], 'thread'>): Promise<void>
  /** Ends what has expired and what can reach nobody any more. */
  sweep(): Promise<void>
  readonly creditSuspend: SuspendListener
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
  close(): void
}

export const createMailService = (deps: MailDeps): MailService => {
  // Until the first sweep nobody knows what happened while the app was not there.
  let mayBounce = true
  const emptyBoxes = createEmptyBoxes(deps)
  const injecting = { ...deps, emptyBoxes }
  const stopListening = deps.onCommit((changes) => {
    emptyBoxes.follow(changes)
    mayBounce ||= changes.some(
      ({ topic, payload }) =>
        topic === 'sessions.removed' || (topic === 'sessions.changed' && payload.lifecycle === 'archived'),
    )
  })
  return {
    newest: readNewest,
    page: (filter, limit) => deps.database.read((tx) => readPage(tx, filter, limit)),
    send: async (sessionId, input, by) => {
      const owner = await deps.database.read((tx) => deps.sessions.findOwner(tx, sessionId))
      if (!owner) return refuse('NOT_FOUND', 'This session is not there any more.')
      return sendMessage(deps, { kind: 'session', sessionId }, owner.projectId, input, by)
    },
    sendFromPerson: (projectId, input, by) => sendMessage(deps, { kind: 'person' }, projectId, input, by),
    reply: (reader, input, by) => replyToMessage(deps, reader, input, by),
    inbox: (sessionId, page) => deps.database.read((tx) => readInbox(tx, sessionId, page)),
    inboxOfPerson: (projectId, page) => deps.database.read((tx) => readInboxOfPerson(tx, projectId, page)),
    read: (reader, id, by) => readMessage(deps, reader, id, by),
    thread: (reader, id, page) => deps.database.read((tx) => readThread(tx, reader, id, page)),
    ack: (reader, ids, by) => acknowledge(deps, reader, ids, by),
    noteHook: (holder) => noteHook(injecting, holder),
    takeForInjection: (holder, cap) => takeForInjection(injecting, holder, cap),
    markInjected: (holder, deliveryIds) => markInjected(deps, holder, deliveryIds),
    typingWork: (holder) => readTypingWork(deps, holder),
    takeForTyping: (holder) => takeMailForTyping(deps, holder),
    releaseTyped: (holder, id) => releaseTyped(deps, holder, id),
    markSubmitted: (holder, id) => markSubmitted(deps, holder, id),
    noteProgress: (holder, at) => noteProgress(deps, holder, at),
    giveUpTyped: (holder) => giveUpTyped(deps, holder),
    post: postMessages,
    tellGranted: async (context, { projectId, sessionId }, targets) => {
      const body = `You waited for ${targets.join(', ')} and have it now. Release it when you are done (lease release).`
      const recipient = { kind: 'session', sessionId } as const
      await sendNotice(context, { projectId, thread: null, subject: 'Your lease was granted', body, recipient })
    },
    notify: async (context, notice) => {
      await sendNotice(context, { ...notice, thread: null })
    },
    sweep: async () => {
      await expireMail(deps)
      if (!mayBounce) return
      mayBounce = false
      await bounceMail(deps).catch((error: unknown) => {
        mayBounce = true
        throw error
      })
    },
    creditSuspend,
    forgetProject: async ({ tx, emit }, projectId) => {
      await removeDeliveriesOf(tx, projectId)
      for (const id of await removeMailOf(tx, projectId)) await emit('threads.removed', id, { id })
    },
    close: stopListening,
  }
}
