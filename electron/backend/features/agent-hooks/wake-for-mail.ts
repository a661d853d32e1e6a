import type { Change } from '../../../../shared/contract/changes.ts'
import type { DeliveryId, SessionId } from '../../../../shared/lib/ids.ts'
import type { HooksDeps } from './hook-parts.ts'

/** Several messages that come together wake an agent once. */
const gatherMs = 300

/**
 * Brings mail to agents that are idle: nothing they do would fetch it. One that is at work gets it by its next hook. What
 * cannot be brought now waits for the next hook as well, so nothing is lost where an agent takes no messages.
 */
export const createMailWaker = (deps: HooksDeps) => {
  const due = new Map<SessionId, NodeJS.Timeout>()

  const wake = async (sessionId: SessionId) => {
    const inbox = await deps.mail.inbox(sessionId, { isAll: false, after: null, limit: 40 })
    const isDue = inbox.items.some(({ delivery }) => delivery.seenAt === null && delivery.priority !== 'low')
    const owner = await deps.database.read((tx) => deps.sessions.findOwner(tx, sessionId))
    // What is for later is no reason to begin a turn.
    if (!isDue || !owner?.incarnationId) return
    const holder = { sessionId, incarnationId: owner.incarnationId }
    let taken: readonly DeliveryId[] = []
    const isAwake = await deps.sessions.wake(holder, async () => {
      const mail = await deps.mail.takeForInjection(holder)
      taken = mail?.deliveryIds ?? []
      return mail?.text ?? null
    })
    if (isAwake) await deps.mail.markInjected(holder, taken)
  }

  const soon = (sessionId: SessionId) => {
    if (due.has(sessionId)) return
    const timer = setTimeout(() => {
      due.delete(sessionId)
      wake(sessionId).catch((error: unknown) =>
        deps.log.error({ err: error, session: sessionId }, 'an idle agent was not woken for its mail'),
      )
    }, gatherMs)
    timer.unref()
    due.set(sessionId, timer)
  }

  return {
    follow: (changes: readonly Change[]) => {
      for (const { topic, payload } of changes) {
        if (topic === 'deliveries.changed' && payload.state === 'queued' && payload.recipient.kind === 'session')
          soon(payload.recipient.sessionId)
        if (topic === 'sessions.changed' && hasEndedItsTurn(payload)) soon(payload.id)
      }
    },
    /** Looks after idle agents whose mail was not proved to have been seen. */
    wakeIdle: async (): Promise<void> => {
      const sessions = await deps.database.read((tx) => deps.sessions.list(tx))
      for (const session of sessions) if (hasEndedItsTurn(session)) await wake(session.id)
    },
    close: () => {
      for (const timer of due.values()) clearTimeout(timer)
      due.clear()
    },
  }
}

/** By itself, as its hook told. One that was interrupted by the person is not set to work again by old mail. */
const hasEndedItsTurn = ({ activity, runtime }: Extract<Change, { topic: 'sessions.changed' }>['payload']) =>
  runtime.kind === 'alive' && activity.kind === 'idle' && activity.evidence.source === 'hook'
