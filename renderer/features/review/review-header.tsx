import { ArrowRight, GitBranch, RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useWorkOf } from '../../data/coordination.ts'
import { useBadge, useSessionValue } from '../../data/sessions.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Tag } from '../../ui/bits.tsx'
import { CommandIconButton } from '../../ui/command-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status-mark.tsx'
import { useReviewState } from './review-context.tsx'
import { shortRef } from './review-words.ts'

interface ReviewHeaderProps {
  readonly sessionId: SessionId
  /** Beside how far the base has moved. */
  readonly children: ReactNode
}

/** Whose changes these are, against what, and how old this picture of them is. */
export const ReviewHeader = ({ sessionId, children }: ReviewHeaderProps) => {
  const title = useSessionValue(sessionId, (session) => session.title) ?? ''
  const worktree = useWorktree(useSessionValue(sessionId, (session) => session.worktreeId))
  const badge = useBadge(sessionId)
  const work = useWorkOf(sessionId)
  const base = useReviewState((state) => state.listing?.base)
  const readAt = useReviewState((state) => state.readAt)
  return (
    <header className="review-header">
      {badge === undefined ? null : <Status kind={badge.kind} word={badge.word} isPill testId={testId.sessionBadge} />}
      <h1 className="cut">{visibleLine(title)}</h1>
      {work === null ? null : <span className="text-12 text-faint num">{work.task.key}</span>}
      {worktree === undefined ? null : (
        <span className="review-branch mono" data-testid={testId.reviewBranch}>
          <Icon of={GitBranch} size={12} />
          <span className="cut">{worktree.branch === null ? 'detached' : visibleLine(worktree.branch)}</span>
          {base == null ? null : (
            <>
              <Icon of={ArrowRight} size={12} />
              <span className="cut">{visibleLine(shortRef(base.ref))}</span>
            </>
          )}
        </span>
      )}
      {base == null || base.movedBy === 0 ? null : <Tag>base moved by {base.movedBy}</Tag>}
      {children}
      <span className="spacer" />
      {readAt === null ? null : (
        <span className="text-12 text-faint review-read-at">
          Updated <AgeAgo at={readAt} />
          {badge?.kind === 'working' ? ', still working' : ''}
        </span>
      )}
      <CommandIconButton command="review.refresh" icon={RefreshCw} />
    </header>
  )
}
