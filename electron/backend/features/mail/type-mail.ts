import type { Delivery } from '../../../../shared/contract/mail.ts'
import type { DeliveryId } from '../../../../shared/lib/ids.ts'
import { ok, valueOf } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import {
  findDelivery,
  findForRole,
  hasRoleWork,
  listDue,
  listHandedToOthers,
  listUnproven,
} from './deliveries-store.ts'
import {
  isProvable,
  isRepeat,
  missTyping,
  proveDelivery,
  releaseTyping,
  submitTyping,
  takeForTyping,
} from './delivery-rules.ts'
import { withMessage } from './find-mail.ts'
import { senderName, takeBack, type MailHolder } from './inject-mail.ts'
import { putDeliveries, type MailDeps } from './mail-parts.ts'
import { composeTyped, type TypedMail } from './typed-text-rules.ts'

export interface TypingWork {
  /** What was put before the process and not proved to have been taken, by typing or as the answer to a verb. */
  readonly unproven: readonly Delivery[]
  /** Something waits that may begin a turn of its agent. */
  readonly hasDue: boolean
}

export interface TypedTake extends TypedMail {
  readonly deliveryId: DeliveryId
}

/** Beyond these nothing of what waits is looked at: one message is typed at a time. */
const mostLookedAt = 40

/** What there is to type for a process, and what it was given already. */
export const readTypingWork = async (deps: MailDeps, holder: MailHolder): Promise<TypingWork> => {
  await deps.lookForSuspend()
  return deps.database.read(async (tx) => ({
    unproven: await listUnproven(tx, holder.incarnationId),
    hasDue: await hasDue(deps, tx, holder, deps.clock.now()),
  }))
}

const hasDue = async (deps: MailDeps, tx: Tx, holder: MailHolder, now: number) => {
  const { sessionId } = holder
  const waiting = [
    ...(await listDue(tx, sessionId, now, mostLookedAt)),
    ...(await listHandedToOthers(tx, holder, mostLookedAt)),
  ]
  if (waiting.some(mayBeginTurn)) return true
  const owner = await deps.sessions.findOwner(tx, sessionId)
  if (!owner || owner.role === null || (await hasRoleWork(tx, sessionId))) return false
  const ofRole = await findForRole(tx, owner.projectId, owner.role)
  return ofRole !== undefined && mayBeginTurn(ofRole)
}

/** What is for later is no reason to begin a turn. */
const mayBeginTurn = ({ priority }: Delivery) => priority !== 'low'

/**
 * The next message for a session as a line to type, leased to the process that reads there. Null when there is nothing.
 * `markInjected` has to follow before it is sent off, and `markSubmitted` after that; or `releaseTyped` when it was not typed.
 */
export const takeMailForTyping = async (deps: MailDeps, holder: MailHolder): Promise<TypedTake | null> => {
  await deps.lookForSuspend()
  const taken = await deps.runCommand({ name: 'take-mail-for-typing', by: systemIdentity }, async (context) => {
    const { tx, now } = context
    const owner = await deps.sessions.findOwner(tx, holder.sessionId)
    if (owner?.incarnationId !== holder.incarnationId) return ok(null)
    await takeBack(deps, context, holder, mostLookedAt)
    const delivery = (await listDue(tx, holder.sessionId, now, mostLookedAt)).find(mayBeginTurn)
    if (!delivery) return ok(null)
    const { message, thread } = await withMessage(tx, delivery)
    const sender = await senderName(deps, tx, message.from)
    const typed = composeTyped({ message, subject: thread.subject, sender, isRepeat: isRepeat(delivery) })
    await putDeliveries(context, [takeForTyping(delivery, holder.incarnationId, typed.what, now)])
    return ok({ ...typed, deliveryId: delivery.id })
  })
  return valueOf(taken)
}

/** It was not typed: it may be at once. */
export const releaseTyped = async (deps: MailDeps, holder: MailHolder, id: DeliveryId): Promise<void> => {
  await deps.runCommand({ name: 'release-typed-mail', by: systemIdentity }, async (context) => {
    const delivery = await findDelivery(context.tx, id)
    const isOurs = delivery?.incarnationId === holder.incarnationId && delivery.endedAt === null
    if (isOurs && delivery.injectedAt === null && delivery.typing?.isUnanswered === false)
      await putDeliveries(context, [releaseTyping(delivery, context.now)])
    return ok(undefined)
  })
}

/** The return behind it was pressed: from now on what the agent does proves that it took it. */
export const markSubmitted = async (deps: MailDeps, holder: MailHolder, id: DeliveryId): Promise<void> => {
  await deps.runCommand({ name: 'mark-typed-mail-submitted', by: systemIdentity }, async (context) => {
    const delivery = await findDelivery(context.tx, id)
    const submitted = delivery && submitTyping(delivery, holder.incarnationId)
    if (submitted) await putDeliveries(context, [submitted])
    return ok(undefined)
  })
}

/** The process went on at this time: what was put before it until then was taken. */
export const noteProgress = async (deps: MailDeps, { incarnationId }: MailHolder, at: number): Promise<void> => {
  const listTaken = async (tx: Tx) =>
    (await listUnproven(tx, incarnationId)).filter(
      (delivery) => isProvable(delivery) && delivery.injectedAt !== null && delivery.injectedAt <= at,
    )
  if ((await deps.database.read(listTaken)).length === 0) return
  await deps.runCommand({ name: 'prove-mail-taken', by: systemIdentity }, async (context) => {
    const taken = await listTaken(context.tx)
    await putDeliveries(
      context,
      taken.map((delivery) => proveDelivery(delivery, context.now)),
    )
    return ok(undefined)
  })
}

/** What was typed and never taken is not delivered, and is shown to wait. */
export const giveUpTyped = async (deps: MailDeps, { incarnationId }: MailHolder): Promise<void> => {
  await deps.lookForSuspend()
  const listLate = async (tx: Tx, now: number) =>
    (await listUnproven(tx, incarnationId)).flatMap((delivery) => {
      const { typing, dueAt } = delivery
      return typing !== null && dueAt !== null && dueAt <= now ? [missTyping(delivery, typing, now)] : []
    })
  if ((await deps.database.read((tx) => listLate(tx, deps.clock.now()))).length === 0) return
  await deps.runCommand({ name: 'miss-typed-mail', by: systemIdentity }, async (context) => {
    await putDeliveries(context, await listLate(context.tx, context.now))
    return ok(undefined)
  })
}
