import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Project } from '../../../shared/contract/projects.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { Note } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import type { ProjectActions } from './use-project-actions.ts'

interface ProjectProblemProps {
  readonly project: Project
  readonly actions: ProjectActions
}

/** Why a project cannot be used as it is, with the next step beside it. */
export const ProjectProblem = ({ project, actions }: ProjectProblemProps) => {
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  if (project.state.kind === 'ok') return null
  const attempt = async (step: Promise<string | null>) => {
    setBusy(true)
    setRefusal(await step)
    setBusy(false)
  }
  return (
    <div className="project-problem">
      <Note icon={TriangleAlert} tone="warn" testId={testId.projectProblem}>
        {visibleText(refusal ?? project.state.message)}
        <div className="project-problem-actions">
          {project.state.kind === 'no-commits' ? (
            <Button size="small" isBusy={isBusy} onClick={() => void attempt(actions.createFirstCommit(project.id))}>
              Create the first commit
            </Button>
          ) : (
            <Button size="small" isBusy={isBusy} onClick={() => void attempt(actions.reopen(project))}>
              Look again
            </Button>
          )}
          <Button size="small" variant="ghost" onClick={() => actions.forget(project)}>
            Take off the list
          </Button>
        </div>
      </Note>
    </div>
  )
}
