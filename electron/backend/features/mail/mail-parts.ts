import type { Delivery, Message, Party, Thread } from '../../../../shared/contract/mail.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { IncarnationId, ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Change } from '../../../../shared/contract/changes.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import { addDelivery, putDelivery } from './deliveries-store.ts'
import { addMessage, putThread } from './messages-store.ts'

/** What mail needs of the sessions. */
export interface MailSessions {
  /** Those that are not deleted. */
  list(tx: Tx): Promise<Session[]>
  /** A session and the process that speaks for it; a null one when none runs. Undefined when it is not there any more. */
  findOwner(
    tx: Tx,
    id: SessionId,
  ): Promise<
    | {
        readonly projectId: ProjectId
        readonly title: string
        readonly role: string | null
        readonly incarnationId: IncarnationId | null
      }
    | undefined
  >
}

export interface MailDeps {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly runCommand: RunCommand
  readonly onCommit: (listener: (changes: readonly Change[]) => void) => () => void
  readonly sessions: MailSessions
  /** True for a project that is open. */
  readonly hasProject: (tx: Tx, id: ProjectId) => Promise<boolean>
  /** Credits a sleep that was not noticed yet; asked before a deadline is called passed. */
  readonly lookForSuspend: () => Promise<void>
}

/**
 * Who reads or answers: an agent by its token, or the person, in one project (a command in its folder) or, in the app's own
 * windows, in all of them.
 */
export type Reader =
  | { readonly kind: 'session'; readonly sessionId: SessionId; readonly incarnationId: IncarnationId }
  | { readonly kind: 'person'; readonly projectId: ProjectId | null }

export const partyOf = (reader: Reader): Party =>
  reader.kind === 'person' ? { kind: 'person' } : { kind: 'session', sessionId: reader.sessionId }

/** Changes deliveries and tells them. Answers the last event's number; 0 when there were none. */
export const putDeliveries = async ({ tx, emit }: CommandContext, deliveries: readonly Delivery[]): Promise<number> => {
  let seq = 0
  for (const delivery of deliveries)
    if (await putDelivery(tx, delivery)) seq = await emit('deliveries.changed', delivery.id, delivery)
  return seq
}

export interface Outgoing {
  readonly thread: Thread
  readonly message: Message
  readonly deliveries: readonly Delivery[]
  readonly dedupKey: string | null
}

/** Writes a message with all of its deliveries and tells them. Answers the number of the message's event. */
export const writeMessage = async (context: CommandContext, outgoing: Outgoing): Promise<number> => {
  const { tx, emit } = context
  const { message, deliveries, dedupKey } = outgoing
  const thread = {
    ...outgoing.thread,
    lastMessageAt: message.sentAt,
    messageCount: outgoing.thread.messageCount + 1,
  }
  await putThread(tx, thread)
  await emit('threads.changed', thread.id, thread)
  const seq = await emit('messages.changed', message.id, message)
  await addMessage(tx, message, { dedupKey, seq })
  for (const delivery of deliveries) {
    await addDelivery(tx, delivery)
    await emit('deliveries.changed', delivery.id, delivery)
  }
  return seq
}
