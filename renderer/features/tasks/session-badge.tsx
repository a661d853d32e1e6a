import type { SessionId, TaskId } from '../../../shared/lib/ids.ts'
import { useCheckMark } from '../../data/checks.ts'
import { useBadge, useSessionValue } from '../../data/sessions.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Lines } from '../../ui/bits.tsx'
import { CheckMarkView } from '../../ui/check-mark.tsx'
import { Status } from '../../ui/status-mark.tsx'
import { isAttemptLive } from './blockers.ts'
import { useTasksRoom } from './room-context.tsx'
import { useAttemptAt } from './task-index.tsx'
import { holderName } from './task-words.ts'

interface SessionBadgeProps {
  readonly taskId: TaskId
  /** The state alone, without lines and cost. */
  readonly isBrief?: boolean
}

/** Who works on a task, and how it goes: a way to its terminal. Nothing while nobody does. */
export const SessionBadge = ({ taskId, isBrief = false }: SessionBadgeProps) => {
  const attempt = useAttemptAt(taskId)
  if (attempt === undefined || !isAttemptLive(attempt.state)) return null
  return attempt.holder.kind === 'session' ? (
    <BadgeButton sessionId={attempt.holder.sessionId} isBrief={isBrief} />
  ) : (
    <div className="task-badge">
      <Status kind="working" word={visibleLine(holderName(attempt))} />
    </div>
  )
}

const BadgeButton = ({ sessionId, isBrief }: { readonly sessionId: SessionId; readonly isBrief: boolean }) => {
  const room = useTasksRoom()
  const badge = useBadge(sessionId)
  const title = useSessionValue(sessionId, (session) => session.title)
  const worktree = useWorktree(useSessionValue(sessionId, (session) => session.worktreeId))
  const checks = useCheckMark(worktree?.id ?? null)
  const costUsd = useSessionValue(sessionId, (session) => session.usage?.costUsd ?? null)
  if (badge === undefined) return null
  return (
    <div className="task-badge">
      <button
        type="button"
        className="task-badge-button"
        title={visibleLine(title ?? '')}
        aria-label={`${badge.word}: go to the session ${visibleLine(title ?? '')}`}
        data-session={sessionId}
        data-testid={testId.taskBadge}
        onClick={(event) => {
          event.stopPropagation()
          room.goToSession(sessionId)
        }}
      >
        <Status kind={badge.kind} word={badge.word} />
      </button>
      {worktree === undefined || isBrief ? null : <Lines added={worktree.added} removed={worktree.removed} />}
      {checks === null || isBrief ? null : <CheckMarkView {...checks} />}
      {costUsd == null || isBrief ? null : <span className="num task-cost">${costUsd.toFixed(2)}</span>}
    </div>
  )
}
