import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { ProjectId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useSessionIds } from '../../data/sessions.ts'
import { sessionView, shellView, type ViewId } from './view-ids.ts'

/** Everything of a project that a tile can show: its sessions in the order of the sidebar, then its shells. */
export const useViews = (projectId: ProjectId): readonly ViewId[] => {
  const sessionIds = useSessionIds(projectId)
  const shells = useStore(
    useData().stores.terminals.store,
    useShallow((rows) =>
      [...rows.byId.values()]
        .filter((row) => row.kind === 'shell' && row.projectId === projectId)
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
        .map((row) => shellView(row.id)),
    ),
  )
  return useMemo(() => [...sessionIds.map(sessionView), ...shells], [sessionIds, shells])
}
