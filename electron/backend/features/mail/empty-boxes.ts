import type { Change } from '../../../../shared/contract/changes.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'
import { countOpen, findForRole } from './deliveries-store.ts'
import type { MailDeps } from './mail-parts.ts'

/**
 * Sessions that have no mail at all, neither for them nor for their role. Every hook asks whether there is some, and most
 * sessions have none most of the time: until a delivery of theirs is committed, they need not be looked up again.
 */
export interface EmptyBoxes {
  has(sessionId: SessionId): boolean
  /** To be asked before the transaction of a look begins. */
  commits(): number
  /** Looks, and remembers a session that has none, unless something was committed since. */
  look(tx: Tx, sessionId: SessionId, since: number): Promise<void>
  /** Takes what was committed. */
  follow(changes: readonly Change[]): void
}

/** More sessions than anybody has at work; beyond that all are looked up again. */
const mostRemembered = 1000

export const createEmptyBoxes = ({ sessions }: Pick<MailDeps, 'sessions'>): EmptyBoxes => {
  const roleOf = new Map<SessionId, string | null>()
  /** What was read before a commit says nothing of what is there after it. */
  let commits = 0
  return {
    has: (sessionId) => roleOf.has(sessionId),
    commits: () => commits,
    look: async (tx, sessionId, since) => {
      const owner = await sessions.findOwner(tx, sessionId)
      if (!owner || (await countOpen(tx, sessionId)) > 0) return
      if (owner.role !== null && (await findForRole(tx, owner.projectId, owner.role))) return
      if (commits !== since) return
      if (roleOf.size >= mostRemembered) roleOf.clear()
      roleOf.set(sessionId, owner.role)
    },
    follow: (changes) => {
      for (const change of changes) {
        if (change.topic === 'deliveries.changed') {
          commits += 1
          const { recipient } = change.payload
          if (recipient.kind === 'session') roleOf.delete(recipient.sessionId)
          else roleOf.clear()
        } else if (change.topic === 'sessions.changed') {
          commits += 1
          const { id, role } = change.payload
          if (roleOf.get(id) !== role) roleOf.delete(id)
        }
      }
    },
  }
}
