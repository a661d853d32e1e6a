import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Terminal } from '../../shared/contract/terminals.ts'
import type { ProjectId, TerminalId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

export const useTerminal = (id: TerminalId): Terminal | undefined =>
  useStore(useData().stores.terminals.store, (rows) => rows.byId.get(id))

/** The terminals of a project, oldest first; of all projects when null. */
export const useTerminalIds = (projectId: ProjectId | null): readonly TerminalId[] =>
  useStore(
    useData().stores.terminals.store,
    useShallow((rows) =>
      [...rows.byId.values()]
        .filter((row) => projectId === null || row.projectId === projectId)
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
        .map((row) => row.id),
    ),
  )
