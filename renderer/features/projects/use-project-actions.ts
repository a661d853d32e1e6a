import { FolderMinus } from 'lucide-react'
import { useMemo } from 'react'
import type { Project } from '../../../shared/contract/projects.ts'
import type { ProjectId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { copyText } from '../../lib/copy-text.ts'
import { useNotices } from '../../lib/notices.tsx'
import { visibleLine } from '../../../shared/lib/visible-text.ts'

export interface ProjectActions {
  readonly rename: (id: ProjectId, name: string) => Promise<boolean>
  readonly forget: (project: Project) => void
  readonly createFirstCommit: (id: ProjectId) => Promise<string | null>
  /** Looks at the folder again: it may have come back. */
  readonly reopen: (project: Project) => Promise<string | null>
  readonly copyPath: (path: string) => void
}

/** What a person can do with a project. */
export const useProjectActions = (): ProjectActions => {
  const { api, stores } = useData()
  const notices = useNotices()
  return useMemo(() => {
    const change = async (call: Promise<Project>): Promise<string | null> => {
      const result = await settle(call)
      if (!result.ok) return result.refusal.message
      stores.projects.put([result.value])
      return null
    }
    const reopen = (project: Project) => change(api.projects.open({ path: project.rootPath, initialise: false }))
    const forget = async (project: Project) => {
      const result = await settle(api.projects.forget({ projectId: project.id }))
      if (!result.ok) return notices.refuse(result.refusal.message)
      notices.show({
        icon: FolderMinus,
        text: `${visibleLine(project.name)} is off the list. Nothing in its folder was changed.`,
        action: { label: 'Undo', run: () => void reopen(project) },
      })
      return undefined
    }
    return {
      reopen,
      forget: (project) => void forget(project),
      rename: async (projectId, name) => {
        const problem = await change(api.projects.rename({ projectId, name }))
        if (problem !== null) notices.refuse(problem)
        return problem === null
      },
      createFirstCommit: (projectId) => change(api.projects.createFirstCommit({ projectId })),
      copyPath: (path) =>
        void copyText(path).then((isCopied) => {
          if (!isCopied) notices.refuse('The browser did not let Switchyard copy the path.')
        }),
    }
  }, [api, stores, notices])
}
