import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { isByVerb, newWatch, type Watch } from './activity-rules.ts'
import { findLiveIncarnation, listLiveIncarnations, putIncarnation, type Incarnation } from './incarnations-store.ts'
import { planLaunch, writeFiles, sessionFolderOf, type LaunchParts } from './launch-agent.ts'
import { bookEnd } from './session-ends.ts'
import { findWorktree } from './start-session.ts'
import { findSession, type SessionRecord } from './sessions-store.ts'

/**
 * After a start of the app: agents that run are listened to again, those that are gone are booked as such. Starts and
 * stops that were under way are intents, and go on by themselves.
 */
export const reconcileSessions = async (parts: LaunchParts): Promise<void> => {
  const incarnations = await parts.deps.database.read(listLiveIncarnations)
  // One that cannot be found again must not keep the others from it.
  const outcomes = await Promise.allSettled(incarnations.map((incarnation) => reconcileOne(parts, incarnation)))
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') parts.deps.log.error({ err: outcome.reason }, 'a session was not found again')
  }
}

const reconcileOne = async (parts: LaunchParts, incarnation: Incarnation) => {
  const { deps } = parts
  const { record, terminal } = await deps.database.read(async (tx) => ({
    record: await findSession(tx, incarnation.sessionId),
    terminal: (await deps.terminals.listOfSession(tx, incarnation.sessionId)).find(
      ({ id }) => id === incarnation.terminalId,
    ),
  }))
  if (!record) return
  // Its start is still to be booked by the intent; what it says meanwhile counts.
  if (incarnation.state === 'starting') return listen(parts, incarnation, record)
  const state = terminal?.state
  if (state?.kind === 'exited')
    return bookEnd(parts, incarnation, { kind: 'exited', code: state.code, signal: state.signal })
  if (state?.kind !== 'alive')
    return bookEnd(parts, incarnation, {
      kind: 'lost',
      reason: 'Its terminal was not there any more when Switchyard started.',
    })
  listen(parts, incarnation, record, await watchFrom(parts, record))
  await parts.watches.follow(incarnation.sessionId, state.pid)
}

/** A token opens only once its agent is listened to: a hook that comes earlier is sent again, not lost. */
const listen = ({ tokens, watches }: LaunchParts, incarnation: Incarnation, record: SessionRecord, watch?: Watch) => {
  watches.begin(incarnation, record, watch)
  tokens.admit(incarnation)
}

/**
 * What may still be believed after a time in which nothing was heard: the state with its old evidence. An open ask is
 * believed only of an agent whose own file will say at once whether it still stands, and it cannot be answered here any
 * more, because the request that was held open died with the app.
 */
const watchFrom = async ({ deps }: LaunchParts, record: SessionRecord): Promise<Watch> => {
  const { session } = record
  const fresh = newWatch(deps.clock.now())
  const { kind, evidence, at } = session.activity
  const asks = await deps.database.read((tx) => deps.asks.listOpen(tx, session.id))
  const canVerify = deps.agents.adapterOf(session.agentId).watchStatus !== undefined
  // A title that was set meanwhile was not seen; it is told again and says what is true now.
  const isBelieved = kind !== 'needs-you' && deps.agents.adapterOf(session.agentId).statusSource !== 'title'
  // What was asked by a verb needs no request that is held open.
  const own = asks.filter(isByVerb)
  const others = asks.filter((ask) => !isByVerb(ask))
  const kept = canVerify ? others.map((ask) => ({ ...ask, canAnswerHere: false })) : []
  await deps.runCommand({ name: 'reconcile-asks', by: systemIdentity }, async (context) => {
    for (const ask of kept) await deps.asks.record(context, session.id, { kind: 'updated', ask })
    const state = { kind: 'gone', why: 'Switchyard was not running.', at: context.now } as const
    for (const ask of canVerify ? [] : others)
      await deps.asks.record(context, session.id, { kind: 'closed', ask, state })
    return ok(undefined)
  })
  return { ...fresh, asks: [...own, ...kept], base: isBelieved ? { kind, evidence, at } : fresh.base }
}

/**
 * Tells agents where the gateway listens now, where that has changed. Those that read their settings again take it up at
 * once, others at their next start; until then the gateway listens on the old port too.
 */
export const rewriteSettings = async (parts: LaunchParts, gatewayUrl: string): Promise<void> => {
  const { deps } = parts
  const incarnations = await deps.database.read(listLiveIncarnations)
  for (const incarnation of incarnations.filter((each) => each.state === 'alive' && each.gatewayUrl !== gatewayUrl)) {
    const record = await deps.database.read((tx) => findSession(tx, incarnation.sessionId))
    if (!record) continue
    const agent = await deps.agents.findLaunchable(record.session.agentId)
    const worktree = await findWorktree(parts, record.session)
    if (!agent.ok || !worktree.ok) continue
    const wish = { record, gatewayUrl, worktree: worktree.value }
    await writeFiles(
      sessionFolderOf(deps, record.session.id),
      await planLaunch(parts, { agent: agent.value, wish, kind: 'resume' }),
    )
    await deps.runCommand({ name: 'move-gateway', by: systemIdentity }, async ({ tx }) => {
      // It may have ended while its settings were written.
      const current = await findLiveIncarnation(tx, incarnation.sessionId)
      if (current?.id === incarnation.id) await putIncarnation(tx, { ...current, gatewayUrl })
      return ok(undefined)
    })
  }
}
