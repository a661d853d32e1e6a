import './bits.css'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

interface LinesProps {
  readonly added: number
  readonly removed: number
  readonly testId?: string
}

/** Lines added and removed. What there is none of is left out: a zero is noise. */
export const Lines = ({ added, removed, testId }: LinesProps) =>
  added === 0 && removed === 0 ? null : (
    <span className="lines num" data-testid={testId}>
      {added === 0 ? null : <span className="lines-added">+{added}</span>}
      {removed === 0 ? null : <span className="lines-removed">−{removed}</span>}
    </span>
  )

interface CountProps {
  readonly value: number
  readonly isAmber?: boolean
  readonly label?: string
  readonly testId?: string
}

export const Count = ({ value, isAmber = false, label, testId }: CountProps) => (
  <span className="count num" data-amber={isAmber || undefined} aria-label={label} data-testid={testId}>
    {value}
  </span>
)

interface TagProps {
  readonly tone?: 'plain' | 'warn' | 'bad' | 'accent'
  readonly children: ReactNode
}

export const Tag = ({ tone = 'plain', children }: TagProps) => (
  <span className="tag" data-tone={tone}>
    {children}
  </span>
)

/** A share from 0 to 100, amber from 80 on, where it begins to matter. The number belongs beside it. */
export const Meter = ({ percent }: { readonly percent: number }) => (
  <span className="meter" aria-hidden="true" data-warn={percent >= 80 || undefined}>
    <span style={{ width: `${Math.min(100, Math.max(0, percent))}%` }} />
  </span>
)

interface NoteProps {
  readonly icon: LucideIcon
  readonly tone?: 'plain' | 'warn' | 'bad'
  readonly children: ReactNode
  readonly role?: 'alert' | 'note'
  readonly testId?: string
}

/** A remark in the flow of a form or page. */
export const Note = ({ icon, tone = 'plain', children, role = 'note', testId }: NoteProps) => (
  <div className="note" data-tone={tone} role={role} data-testid={testId}>
    <Icon of={icon} size={14} />
    <div className="note-text">{children}</div>
  </div>
)

/** What stands between backticks is to be typed as it is. */
export const withCode = (text: string): ReactNode =>
  // eslint-disable-next-line react/no-array-index-key -- the parts of a text never move
  text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))

/** The reason of something, beside it. */
export const Why = ({ icon, children }: { readonly icon: LucideIcon; readonly children: ReactNode }) => (
  <div className="why">
    <Icon of={icon} size={14} />
    <span className="why-text">{children}</span>
  </div>
)

interface EmptyStateProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly children: ReactNode
  readonly actions?: ReactNode
}

export const EmptyState = ({ icon, title, children, actions }: EmptyStateProps) => (
  <div className="empty-state">
    <Icon of={icon} />
    <h2>{title}</h2>
    <p>{children}</p>
    {actions === undefined ? null : <div className="row">{actions}</div>}
  </div>
)

/** A grey bar in the place of text that is on its way. */
export const Skeleton = ({ width }: { readonly width: string }) => <span className="skeleton" style={{ width }} />
