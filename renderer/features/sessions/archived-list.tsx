import { ArchiveRestore, ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { useArchivedIds, useSession } from '../../data/sessions.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../lib/visible-text.ts'
import { Age } from '../../ui/age.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import './archived-list.css'
import { useSessionActions, type SessionActions } from './use-session-actions.ts'

/** What was put away, folded up; nothing when there is nothing. */
export const ArchivedList = ({ projectId }: { readonly projectId: ProjectId }) => {
  const ids = useArchivedIds(projectId)
  const actions = useSessionActions()
  const [isOpen, setOpen] = useState(false)
  if (ids.length === 0) return null
  return (
    <>
      <button
        type="button"
        className="archived-toggle"
        aria-expanded={isOpen}
        data-testid={testId.archivedToggle}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon of={isOpen ? ChevronDown : ChevronRight} size={14} />
        {ids.length} archived
      </button>
      {isOpen ? (
        <ul aria-label="Archived sessions">
          {ids.map((id) => (
            <ArchivedRow key={id} id={id} actions={actions} />
          ))}
        </ul>
      ) : null}
    </>
  )
}

const ArchivedRow = ({ id, actions }: { readonly id: SessionId; readonly actions: SessionActions }) => {
  const session = useSession(id)
  return session === undefined ? null : (
    <li className="archived-row" data-testid={testId.archivedRow} data-session={id}>
      <span className="cut grow">{visibleLine(session.title)}</span>
      <Age at={session.archivedAt ?? session.changedAt} />
      <IconButton
        icon={ArchiveRestore}
        label={`Take ${visibleLine(session.title)} out of the archive`}
        onClick={() => actions.unarchive(id)}
      />
    </li>
  )
}
