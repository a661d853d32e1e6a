import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { badgeOf } from '../../../shared/contract/session-badge.ts'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useArchivedIds } from '../../data/sessions.ts'
import { matchesFilter, type SessionFilter } from './session-text.ts'

/** Those of these sessions that a filter lets through, by title, branch or the word of their state. */
export const useMatchingIds = (ids: readonly SessionId[], filter: SessionFilter): readonly SessionId[] => {
  const { sessions, worktrees } = useData().stores
  return useStore(
    sessions.store,
    useShallow((rows) =>
      filter.text.trim() === ''
        ? ids
        : ids.filter((id) => {
            const session = rows.byId.get(id)
            if (session === undefined) return false
            const branch = session.worktreeId === null ? null : (worktrees.get(session.worktreeId)?.branch ?? null)
            return matchesFilter({ title: session.title, branch, word: badgeOf(session).word }, filter)
          }),
    ),
  )
}

export const useArchivedMatches = (projectId: ProjectId, filterText: string): readonly SessionId[] =>
  useMatchingIds(useArchivedIds(projectId), { text: filterText })
