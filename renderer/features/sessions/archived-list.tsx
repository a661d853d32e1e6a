import { ArchiveRestore, ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { useSession } from '../../data/sessions.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Age } from '../../ui/age.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import './archived-list.css'
import { useArchivedMatches } from './use-matching-ids.ts'
import { useSessionActions, type SessionActions } from './use-session-actions.ts'

interface ArchivedListProps {
  readonly projectId: ProjectId
  /** What the sessions of the project are filtered for; empty when they are not. */
  readonly filterText: string
}

/** What was put away, folded up; nothing when there is nothing. Whoever filters for something finds it here as well. */
export const ArchivedList = ({ projectId, filterText }: ArchivedListProps) => {
  const ids = useArchivedMatches(projectId, filterText)
  const actions = useSessionActions()
  const [isUnfolded, setUnfolded] = useState(false)
  if (ids.length === 0) return null
  const isFiltering = filterText.trim() !== ''
  const isOpen = isUnfolded || isFiltering
  return (
    <>
      {isFiltering ? (
        <p className="archived-found">{ids.length} in the archive</p>
      ) : (
        <button
          type="button"
          className="archived-toggle"
          aria-expanded={isOpen}
          data-testid={testId.archivedToggle}
          onClick={() => setUnfolded(!isUnfolded)}
        >
          <Icon of={isOpen ? ChevronDown : ChevronRight} size={14} />
          {ids.length} archived
        </button>
      )}
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
