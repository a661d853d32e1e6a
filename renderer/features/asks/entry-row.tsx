import type { KeyboardEvent, ReactNode } from 'react'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useProject } from '../../data/projects.ts'
import { useSession } from '../../data/sessions.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Age } from '../../ui/age.tsx'
import { Status, type MarkKind } from '../../ui/status-mark.tsx'

export interface EntryRowProps {
  readonly order: number
  readonly sessionId: SessionId
  readonly since: number
  readonly kind: MarkKind
  readonly word: string
  readonly isSelected: boolean
  readonly onSelect: () => void
  readonly onGoToTerminal: () => void
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void
  readonly testId: string
  readonly children?: ReactNode
}

/** A row of the list: who, why, since when, and beneath it what can be done. */
export const EntryRow = (props: EntryRowProps) => {
  const session = useSession(props.sessionId)
  const title = visibleLine(session?.title ?? '')
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the row is a stop of the keyboard
    <li
      className="entry"
      aria-current={props.isSelected}
      aria-label={`${title}, ${props.word}`}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- one tab stop for the list; keys answer the row
      tabIndex={props.isSelected ? 0 : -1}
      data-entry-row
      data-session={props.sessionId}
      data-testid={props.testId}
      onFocus={(event) => {
        if (event.target === event.currentTarget && !props.isSelected) props.onSelect()
      }}
      onClick={() => {
        if (!props.isSelected) props.onSelect()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) props.onGoToTerminal()
        else props.onKeyDown?.(event)
      }}
    >
      <span className="entry-order num" aria-hidden="true">
        {props.order}
      </span>
      <div className="entry-text">
        <div className="row">
          <span className="medium cut">{title}</span>
          <span className="spacer" />
          <span className="entry-side">
            <Age at={props.since} />
          </span>
        </div>
        <div className="row">
          <Status kind={props.kind} word={props.word} />
          <span className="spacer" />
          <ProjectName projectId={session?.projectId} />
        </div>
        {props.children}
      </div>
    </li>
  )
}

const ProjectName = ({ projectId }: { readonly projectId: Parameters<typeof useProject>[0] | undefined }) =>
  projectId === undefined ? null : <NamedProject projectId={projectId} />

const NamedProject = ({ projectId }: { readonly projectId: Parameters<typeof useProject>[0] }) => (
  <span className="entry-side">{visibleLine(useProject(projectId)?.name ?? '')}</span>
)
