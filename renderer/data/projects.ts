import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Project } from '../../shared/contract/projects.ts'
import type { ProjectId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

export const useProject = (id: ProjectId): Project | undefined =>
  useStore(useData().stores.projects.store, (rows) => rows.byId.get(id))

/** Every open project, in the order they were first opened. */
export const useProjectIds = (): readonly ProjectId[] =>
  useStore(
    useData().stores.projects.store,
    useShallow((rows) =>
      [...rows.byId.values()]
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
        .map((project) => project.id),
    ),
  )
