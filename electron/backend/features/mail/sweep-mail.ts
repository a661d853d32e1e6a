import type { Delivery } from '../../../../shared/contract/mail.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok, valueOf } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { SuspendListener } from '../../kernel/suspend-watch.ts'
import { addDelivery, listExpired, listOpen, listOpenRecipients, listTimed } from './deliveries-store.ts'
import { endDelivery } from './delivery-rules.ts'
import { withMessage } from './find-mail.ts'
import { putDeliveries, type MailDeps } from './mail-parts.ts'
import { newDelivery, sendNotice } from './send-message.ts'

/** Ends what has expired. Writes nothing when there is nothing to end. */
export const expireMail = async (deps: MailDeps): Promise<void> => {
  await deps.lookForSuspend()
  if ((await deps.database.read((tx) => listExpired(tx, deps.clock.now()))).length === 0) return
  await deps.runCommand({ name: 'expire-mail', by: systemIdentity }, async (context) => {
    const expired = await listExpired(context.tx, context.now)
    await putDeliveries(
      context,
      expired.map((delivery) => endDelivery(delivery, 'expired', null, context.now)),
    )
    return ok(undefined)
  })
}

/** At a time, so that a mailbox of thousands does not hold up everybody else. */
const mostAtOnce = 200

/**
 * Ends the mail of sessions that were deleted, telling who wrote it, and gives back to its role what a session took that
 * will not do it any more. What waits for an archived session stays: it may come back.
 */
export const bounceMail = async (deps: MailDeps): Promise<void> => {
  const gone = await deps.database.read(async (tx) => {
    const sessions = new Map((await deps.sessions.list(tx)).map((session) => [session.id, session]))
    return (await listOpenRecipients(tx))
      .map((id) => ({ id, lifecycle: sessions.get(id)?.lifecycle ?? null }))
      .filter(({ lifecycle }) => lifecycle === null || lifecycle === 'archived')
  })
  for (const { id, lifecycle } of gone) {
    for (let after: Delivery | null = null, isDone = false; !isDone;) {
      const done = await deps.runCommand({ name: 'bounce-mail', by: systemIdentity }, async (context) => {
        const open = await listOpen(context.tx, id, mostAtOnce, after)
        for (const delivery of open) await bounceOne(deps, context, delivery, lifecycle === null)
        return ok(open.at(-1) ?? null)
      })
      after = valueOf(done)
      isDone = after === null
    }
  }
}

const bounceOne = async (deps: MailDeps, context: CommandContext, delivery: Delivery, isDeleted: boolean) => {
  const { recipient } = delivery
  if (recipient.kind === 'session' && !isDeleted) return
  const why = isDeleted ? 'The session was deleted.' : 'The session was archived.'
  await putDeliveries(context, [endDelivery(delivery, 'bounced', why, context.now)])
  const { message, thread } = await withMessage(context.tx, delivery)
  if (recipient.kind === 'role') {
    const again = newDelivery(context, message, { ...recipient, sessionId: null })
    await addDelivery(context.tx, again)
    await context.emit('deliveries.changed', again.id, again)
    return
  }
  if (message.from.kind !== 'session') return
  const sender: SessionId = message.from.sessionId
  if (!(await deps.sessions.findOwner(context.tx, sender))) return
  const body = `Your message ${message.id} did not arrive. ${why} Write to another session, or to the person.`
  const { projectId } = message
  await sendNotice(context, {
    projectId,
    thread,
    subject: thread.subject,
    body,
    recipient: { kind: 'session', sessionId: sender },
  })
}

/** Moves every deadline by the time in which nobody could work. */
export const creditSuspend: SuspendListener = async (context, gapMs) => {
  const moved = (await listTimed(context.tx)).map((delivery) => ({
    ...delivery,
    dueAt: delivery.dueAt === null ? null : delivery.dueAt + (delivery.incarnationId === null ? 0 : gapMs),
    expiresAt: delivery.expiresAt === null ? null : delivery.expiresAt + gapMs,
    rev: delivery.rev + 1,
  }))
  await putDeliveries(context, moved)
}
