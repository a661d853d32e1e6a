import type { Delivery, Party } from '../../../../shared/contract/mail.ts'
import type { DeliveryId, IncarnationId, SessionId } from '../../../../shared/lib/ids.ts'
import { ok, valueOf } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import {
  countDue,
  findDelivery,
  findForRole,
  hasRoleWork,
  listDue,
  listHandedToOthers,
  listUnproven,
} from './deliveries-store.ts'
import { injectDelivery, proveDelivery, returnDelivery, takeDelivery } from './delivery-rules.ts'
import type { EmptyBoxes } from './empty-boxes.ts'
import { withMessage } from './find-mail.ts'
import { putDeliveries, type MailDeps } from './mail-parts.ts'
import { composeMail, mostCounted, type MailItem } from './mail-text-rules.ts'

/** A process that speaks for its session; who it is comes from its token. */
export interface MailHolder {
  readonly sessionId: SessionId
  readonly incarnationId: IncarnationId
}

export interface InjectionDeps extends MailDeps {
  readonly emptyBoxes: EmptyBoxes
}

export interface Injection {
  /** To be put before the agent as it is: wrapped, with nothing in it that could pass for more than data. */
  readonly text: string
  /** To be said again once the answer that carries the text was sent. */
  readonly deliveryIds: readonly DeliveryId[]
}

/** What Claude Code takes from one hook without cutting it. */
export const usualCap = 8000
/** More than fit into one text of the usual cap. */
const mostItems = 40
/** Of what an earlier process got, so many come back at a time; its successor's next hook brings on the others. */
const mostReturned = 60

/**
 * What waits for a session, as a text for its agent, and leases it to the process that asks. Null when there is nothing.
 * What is not known to have arrived comes again with the same id, marked as a repeat.
 */
export const takeForInjection = async (
  deps: InjectionDeps,
  holder: MailHolder,
  cap: number = usualCap,
): Promise<Injection | null> => {
  await deps.lookForSuspend()
  // Most hooks have no mail: a look that writes nothing comes first.
  if (!(await lookForMail(deps, holder))) return null
  const taken = await deps.runCommand({ name: 'take-mail', by: systemIdentity }, async (context) => {
    const { tx, now } = context
    const owner = await deps.sessions.findOwner(tx, holder.sessionId)
    if (owner?.incarnationId !== holder.incarnationId) return ok(null)
    await takeBack(deps, context, holder, mostReturned)
    const due = await listDue(tx, holder.sessionId, now, mostItems)
    const waiting = await countDue(tx, holder.sessionId, now, mostCounted)
    const composed = composeMail(await readItems(deps, tx, due), waiting, cap)
    if (!composed) return ok(null)
    const chosen = due.filter(({ id }) => composed.deliveryIds.includes(id))
    await putDeliveries(
      context,
      chosen.map((delivery) => takeDelivery(delivery, holder.incarnationId, now)),
    )
    return ok(composed)
  })
  return valueOf(taken)
}

const lookForMail = (deps: InjectionDeps, holder: MailHolder): boolean | Promise<boolean> => {
  const { database, emptyBoxes, clock } = deps
  if (emptyBoxes.has(holder.sessionId)) return false
  const since = emptyBoxes.commits()
  return database.read(async (tx) => {
    if (await hasMail(deps, tx, holder, clock.now())) return true
    await emptyBoxes.look(tx, holder.sessionId, since)
    return false
  })
}

const hasMail = async (deps: MailDeps, tx: Tx, holder: MailHolder, now: number) => {
  const { sessionId } = holder
  if ((await countDue(tx, sessionId, now, 1)) > 0) return true
  if ((await listHandedToOthers(tx, holder, 1)).length > 0) return true
  const owner = await deps.sessions.findOwner(tx, sessionId)
  if (!owner || owner.role === null) return false
  return (await findForRole(tx, owner.projectId, owner.role)) !== undefined && !(await hasRoleWork(tx, sessionId))
}

/** What comes to a process beside its own: what an earlier one was handed, so many at a time, and a message of its role. */
export const takeBack = async (deps: MailDeps, context: CommandContext, holder: MailHolder, most: number) => {
  const handed = await listHandedToOthers(context.tx, holder, most)
  await putDeliveries(
    context,
    handed.map((delivery) => returnDelivery(delivery, context.now)),
  )
  await takeRoleWork(deps, context, holder)
}

/** One message of its role at a time: the next one is for whoever is free first. */
const takeRoleWork = async (deps: MailDeps, context: CommandContext, { sessionId }: MailHolder) => {
  const { tx, now } = context
  const owner = await deps.sessions.findOwner(tx, sessionId)
  if (!owner || owner.role === null || (await hasRoleWork(tx, sessionId))) return
  const delivery = await findForRole(tx, owner.projectId, owner.role)
  if (!delivery || (delivery.expiresAt !== null && delivery.expiresAt <= now)) return
  const recipient = { kind: 'role', role: owner.role, sessionId } as const
  await putDeliveries(context, [{ ...delivery, recipient, rev: delivery.rev + 1 }])
}

const readItems = async (deps: MailDeps, tx: Tx, deliveries: readonly Delivery[]): Promise<MailItem[]> => {
  const items: MailItem[] = []
  for (const each of deliveries) {
    const { delivery, message, thread } = await withMessage(tx, each)
    items.push({ delivery, message, subject: thread.subject, sender: await senderText(deps, tx, message.from) })
  }
  return items
}

const senderText = async (deps: MailDeps, tx: Tx, from: Party): Promise<string> => {
  if (from.kind === 'person') return 'the person you work for'
  if (from.kind === 'system') return 'Switchyard'
  // The id first: a title may say anything.
  return `session ${from.sessionId} “${await senderName(deps, tx, from)}”`
}

/** What a session is called; nothing for others. */
export const senderName = async (deps: MailDeps, tx: Tx, from: Party): Promise<string> =>
  from.kind === 'session'
    ? ((await deps.sessions.findOwner(tx, from.sessionId))?.title ?? 'a session that was deleted')
    : ''

/** The answer that carried these was sent. Answers the number of the event; null when none of them is the process's any more. */
export const markInjected = async (
  deps: MailDeps,
  holder: MailHolder,
  deliveryIds: readonly DeliveryId[],
): Promise<number | null> => {
  const marked = await deps.runCommand({ name: 'mark-mail-injected', by: systemIdentity }, async (context) => {
    const injected: Delivery[] = []
    for (const id of new Set(deliveryIds)) {
      const delivery = await findDelivery(context.tx, id)
      const after = delivery && injectDelivery(delivery, holder.incarnationId, context.now)
      if (after) injected.push(after)
    }
    return ok((await putDeliveries(context, injected)) || null)
  })
  return valueOf(marked)
}

/**
 * The process said something: it went on after all that was put before it, which is the proof that it saw it. To be called
 * when a hook comes in, before anything is taken for its answer.
 */
export const noteHook = async (deps: InjectionDeps, { sessionId, incarnationId }: MailHolder): Promise<void> => {
  // Whoever has no mail was told none that it has not been proven to have seen.
  if (deps.emptyBoxes.has(sessionId)) return
  const listTold = async (tx: Tx) => (await listUnproven(tx, incarnationId)).filter(({ typing }) => typing === null)
  if ((await deps.database.read(listTold)).length === 0) return
  await deps.runCommand({ name: 'prove-mail-seen', by: systemIdentity }, async (context) => {
    const unproven = await listTold(context.tx)
    await putDeliveries(
      context,
      unproven.map((delivery) => proveDelivery(delivery, context.now)),
    )
    return ok(undefined)
  })
}
