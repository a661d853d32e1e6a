import type { Lease } from '../../../../shared/contract/leases.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import { readTitles } from './acquire-leases.ts'
import type { LeaseIndex } from './lease-index.ts'
import type { LeasesDeps } from './lease-parts.ts'
import { judgeEdit } from './lease-rules.ts'
import { editMessage } from './lease-words-rules.ts'

export type EditCheck =
  | { readonly kind: 'free' | 'own' }
  /** `message` says by whom it is leased and what to do, in words for the agent. */
  | { readonly kind: 'warn' | 'refused'; readonly leases: readonly Lease[]; readonly message: string }

/**
 * Judges edits. The database is asked once for each session, for its project, and then only for the titles in a message. A
 * path outside of the repository is no lease's business: free.
 */
export const createEditCheck = (deps: LeasesDeps, index: LeaseIndex) => {
  const projectOf = new Map<SessionId, ProjectId>()
  const judge = async (projectId: ProjectId, sessionId: SessionId | null, path: string): Promise<EditCheck> => {
    const verdict = judgeEdit(index.covering(projectId, path), sessionId)
    if (verdict.kind !== 'warn' && verdict.kind !== 'refused') return { kind: verdict.kind }
    const { kind, leases } = verdict
    const titleOf = await deps.database.read((tx) => readTitles(deps, tx, { holders: leases, ahead: [] }))
    return { kind, leases, message: editMessage(leases, kind === 'refused', titleOf, deps.clock.now()) }
  }
  return {
    checkEdit: async (sessionId: SessionId, path: string): Promise<EditCheck> => {
      const known = projectOf.get(sessionId)
      const projectId =
        known ?? (await deps.database.read((tx) => deps.sessions.findOwner(tx, sessionId)))?.projectId ?? null
      if (projectId === null) return { kind: 'free' }
      projectOf.set(sessionId, projectId)
      return judge(projectId, sessionId, path)
    },
    checkEditOfPerson: (projectId: ProjectId, path: string) => judge(projectId, null, path),
  }
}
