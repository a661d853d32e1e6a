import { PreviewCard } from '@base-ui/react/preview-card'
import type { ReactElement } from 'react'
import { badgeOf } from '../../../shared/contract/session-badge.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import { useAgent } from '../../data/agents.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { exactTime } from '../../lib/time.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { evidenceText, stateSince } from './session-text.ts'

interface SessionHoverCardProps {
  readonly session: Session
  readonly children: ReactElement<Record<string, unknown>>
}

// Longer than a tooltip: the pointer crosses many rows on its way to one.
const openDelayMs = 700

/** What a row has no room for: the evidence, the branch in full, the path and the exact times. */
export const SessionHoverCard = ({ session, children }: SessionHoverCardProps) => (
  <PreviewCard.Root>
    <PreviewCard.Trigger delay={openDelayMs} closeDelay={50} render={children} />
    <PreviewCard.Portal>
      <PreviewCard.Positioner
        className="popup-positioner"
        side="right"
        align="start"
        sideOffset={12}
        collisionPadding={8}
      >
        <PreviewCard.Popup className="hover-card">
          <CardText session={session} />
        </PreviewCard.Popup>
      </PreviewCard.Positioner>
    </PreviewCard.Portal>
  </PreviewCard.Root>
)

const CardText = ({ session }: { readonly session: Session }) => {
  const worktree = useWorktree(session.worktreeId)
  const agent = useAgent(session.agentId)
  const rows: readonly (readonly [string, string | null])[] = [
    ['State', `${badgeOf(session).word}, since ${exactTime(stateSince(session))}`],
    ['Reason', session.lifecycleReason ?? session.activity.reason],
    ['Evidence', session.runtime.kind === 'alive' ? evidenceText(session) : null],
    ['Agent', [agent?.name ?? session.agentId, session.model, session.permissionMode].filter(Boolean).join(', ')],
    ['Branch', worktree?.branch ?? null],
    ['Folder', worktree?.path ?? null],
    ['Changes', worktree === undefined ? null : changesText(worktree.changedFiles, worktree.untrackedFiles)],
    ['Started', exactTime(session.createdAt)],
  ]
  return (
    <>
      <h4>{visibleLine(session.title)}</h4>
      <dl>
        {rows.map(([name, value]) =>
          value === null || value === '' ? null : (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{visibleText(value)}</dd>
            </div>
          ),
        )}
      </dl>
    </>
  )
}

const changesText = (changed: number, untracked: number) =>
  changed === 0 && untracked === 0
    ? 'No changed files'
    : `${changed} changed ${changed === 1 ? 'file' : 'files'}, ${untracked} of them new`
