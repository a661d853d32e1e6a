import {
  Ban,
  CircleHelp,
  FolderGit2,
  KeyRound,
  ListChecks,
  Mail,
  ShieldAlert,
  SquareKanban,
  SquareTerminal,
  type LucideIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { ActivityEntry, ActivityGroup, ActivityObject } from '../../../shared/contract/activity.ts'
import { testId } from '../../lib/test-ids.ts'
import { exactTime } from '../../lib/time.ts'
import { Icon } from '../../ui/icon.tsx'
import { groupWord } from './activity-filter.ts'
import { clockText, splitAtLabel } from './log-items.ts'

const icons: Readonly<Record<ActivityGroup, LucideIcon>> = {
  tasks: SquareKanban,
  sessions: SquareTerminal,
  questions: CircleHelp,
  leases: KeyRound,
  mail: Mail,
  checks: ListChecks,
  worktrees: FolderGit2,
  guard: ShieldAlert,
  refusals: Ban,
}

export interface EntryTextProps {
  readonly entry: ActivityEntry
  /** Null when it leads nowhere. */
  readonly onFollow: ((object: ActivityObject) => void) | null
}

/** Time, kind, who did what, and why beneath. */
export const EntryCells = ({ entry, onFollow }: EntryTextProps) => (
  <>
    <time className="activity-time num" dateTime={new Date(entry.at).toISOString()} title={exactTime(entry.at)}>
      {clockText(entry.at)}
    </time>
    <span className="activity-icon" data-group={entry.group} role="img" aria-label={groupWord(entry.group)}>
      <Icon of={icons[entry.group]} size={14} />
    </span>
    <span className="activity-text">
      <Sentence entry={entry} onFollow={onFollow} />
      {entry.reason === null ? null : (
        <span className="activity-reason" data-testid={testId.activityReason}>
          {entry.reason}
        </span>
      )}
    </span>
  </>
)

const Sentence = ({ entry: { who, what, object }, onFollow }: EntryTextProps) => {
  const link = (text: string): ReactNode =>
    object === null || onFollow === null ? (
      <span className="medium">{text}</span>
    ) : (
      <button
        type="button"
        className="activity-link"
        tabIndex={-1}
        data-testid={testId.activityLink}
        onClick={(event) => {
          event.stopPropagation()
          onFollow(object)
        }}
      >
        {text}
      </button>
    )
  const isWho = object !== null && object.label === who
  const parts = object === null || isWho ? null : splitAtLabel(what, object.label)
  return (
    <span className="activity-sentence">
      {isWho ? link(who) : <span className="medium">{who}</span>}{' '}
      {parts === null ? (
        what
      ) : (
        <>
          {parts[0]}
          {link(parts[1])}
          {parts[2]}
        </>
      )}
    </span>
  )
}
