import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { badgeOf, badgeOfMerged, type Badge } from '../../shared/contract/session-badge.ts'
import type { Session } from '../../shared/contract/sessions.ts'
import type { ProjectId, SessionId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'
import { useIsMerged } from './merges.ts'

const useSessions = () => useData().stores.sessions.store

export const useSession = (id: SessionId): Session | undefined => useStore(useSessions(), (rows) => rows.byId.get(id))

/** One value of a session: the component renders only when that value changes. */
export const useSessionValue = <Value>(id: SessionId, select: (session: Session) => Value): Value | undefined =>
  useStore(
    useSessions(),
    useShallow((rows) => {
      const session = rows.byId.get(id)
      return session === undefined ? undefined : select(session)
    }),
  )

/** Its state, and that its work has landed. */
export const useBadge = (id: SessionId): Badge | undefined => {
  const badge = useSessionValue(id, badgeOf)
  const isMerged = useIsMerged(useSessionValue(id, (session) => session.worktreeId))
  return badge !== undefined && isMerged ? badgeOfMerged(badge) : badge
}

/** The sessions of a project that are not archived, in the order of the sidebar; of all projects when null. */
export const useSessionIds = (projectId: ProjectId | null): readonly SessionId[] =>
  useStore(
    useSessions(),
    useShallow((rows) => orderedIds([...rows.byId.values()].filter((row) => isListed(row, projectId)))),
  )

export const useArchivedIds = (projectId: ProjectId): readonly SessionId[] =>
  useStore(
    useSessions(),
    useShallow((rows) =>
      [...rows.byId.values()]
        .filter((row) => row.projectId === projectId && row.lifecycle === 'archived')
        .sort((a, b) => (b.archivedAt ?? 0) - (a.archivedAt ?? 0))
        .map((row) => row.id),
    ),
  )

/** How many sessions have a running agent. */
export const useRunningCount = (): number =>
  useStore(useSessions(), (rows) => countWhere(rows.byId.values(), (row) => row.runtime.kind === 'alive'))

const isListed = (session: Session, projectId: ProjectId | null) =>
  session.lifecycle !== 'archived' && (projectId === null || session.projectId === projectId)

/** Pinned first, then by position; the id breaks ties, so that the order never flickers. */
export const orderedIds = (sessions: readonly Session[]): SessionId[] =>
  [...sessions].sort(bySidebarOrder).map((session) => session.id)

const bySidebarOrder = (a: Session, b: Session) =>
  Number(b.isPinned) - Number(a.isPinned) || a.position - b.position || (a.id < b.id ? -1 : 1)

const countWhere = <Row>(rows: Iterable<Row>, matches: (row: Row) => boolean) => {
  let count = 0
  for (const row of rows) if (matches(row)) count += 1
  return count
}
