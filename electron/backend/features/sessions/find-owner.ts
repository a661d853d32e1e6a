import type { IncarnationId, ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'
import { findLiveIncarnation } from './incarnations-store.ts'
import { findSession } from './sessions-store.ts'

/** Whose a session is, and the process that speaks for it; a null one when none runs. */
export interface SessionOwner {
  readonly projectId: ProjectId
  readonly title: string
  readonly role: string | null
  readonly incarnationId: IncarnationId | null
}

export const findOwner = async (tx: Tx, id: SessionId): Promise<SessionOwner | undefined> => {
  const record = await findSession(tx, id)
  if (!record || record.deletion?.kind === 'deleted') return undefined
  const { projectId, title, role } = record.session
  return { projectId, title, role, incarnationId: (await findLiveIncarnation(tx, id))?.id ?? null }
}
