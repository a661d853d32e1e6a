import { ChevronDown, type LucideIcon } from 'lucide-react'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { useData } from '../../../data/data-context.tsx'
import { useProject, useProjectIds } from '../../../data/projects.ts'
import { testId } from '../../../lib/test-ids.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'
import { Button } from '../../../ui/button.tsx'
import { Menu, type MenuEntry } from '../../../ui/menu.tsx'

interface ProjectChoiceProps {
  readonly icon: LucideIcon
  readonly projectId: ProjectId
  readonly onChange: (id: ProjectId) => void
}

/** The project a session is started in. */
export const ProjectChoice = ({ icon, projectId, onChange }: ProjectChoiceProps) => {
  const { stores } = useData()
  const ids = useProjectIds()
  const name = visibleLine(useProject(projectId)?.name ?? '')
  const entries = ids.map((id): MenuEntry => ({
    kind: 'item',
    id,
    icon,
    label: visibleLine(stores.projects.get(id)?.name ?? ''),
    onChoose: () => onChange(id),
  }))
  return (
    <Menu entries={entries} align="start">
      <Button size="small" variant="ghost" icon={icon} iconAfter={ChevronDown} data-testid={testId.newSessionProject}>
        <span className="cut">{name}</span>
      </Button>
    </Menu>
  )
}
