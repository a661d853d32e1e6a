import { targetText } from '../../../../shared/contract/lease-claims.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Tx } from '../../db/tx.ts'
import { listReports } from './reports-store.ts'
import { isLive } from './verb-lines-rules.ts'
import type { VerbDeps, Yard } from './verb-parts.ts'

/** The other sessions of a project whose agents run. */
export const readPeers = async (
  deps: VerbDeps,
  tx: Tx,
  { yard, own }: { readonly yard: Yard; readonly own: Session | null },
) => {
  const { tasks, attempts } = await deps.tasks.listShown(tx)
  const leases = await deps.leases.list(tx)
  const reports = await listReports(tx)
  const keyOf = new Map(tasks.map(({ id, key }) => [id, key]))
  return yard.sessions
    .filter((session) => session.id !== own?.id && session.runtime.kind === 'alive' && session.archivedAt === null)
    .map((session) => {
      const work = attempts.find(
        (attempt) => isLive(attempt) && attempt.holder.kind === 'session' && attempt.holder.sessionId === session.id,
      )
      return {
        ...whoOf(session, yard),
        activity: session.activity.kind,
        task: work ? (keyOf.get(work.taskId) ?? null) : null,
        leases: leases.filter(({ sessionId }) => sessionId === session.id).map(({ target }) => targetText(target)),
        report: reports.find(({ sessionId }) => sessionId === session.id)?.text ?? null,
      }
    })
}

export const whoOf = (session: Session, yard: Yard) => ({
  sessionId: session.id,
  name: session.title,
  agent: session.agentId,
  branch: yard.branchOf(session),
})
