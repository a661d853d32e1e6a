import './session-stage.css'
import { Archive, CircleHelp, Play } from 'lucide-react'
import { badgeOf } from '../../../shared/contract/session-badge.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useSession } from '../../data/sessions.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { testId } from '../../lib/test-ids.ts'
import { useAskWhy } from '../../lib/why-context.tsx'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Status } from '../../ui/status-mark.tsx'
import { MissingFolder } from './missing-folder.tsx'
import { stateSince } from './session-text.ts'
import { useSessionActions } from './use-session-actions.ts'

/** Beneath the last screen of a session whose agent does not run: why, since when, and how to go on. */
export const SessionEndBar = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const session = useSession(sessionId)
  const worktree = useWorktree(session?.worktreeId)
  const actions = useSessionActions()
  const askWhy = useAskWhy()
  if (session === undefined || !hasEnded(session)) return null
  const badge = badgeOf(session)
  const missing = worktree?.state.kind === 'missing' ? worktree.state.message : null
  return (
    <section className="session-end" aria-label={badge.word} data-testid={testId.sessionEnd} data-session={sessionId}>
      <div className="session-end-what">
        <Status kind={badge.kind} word={badge.word} />
        <span className="session-end-why">
          <AgeAgo at={stateSince(session)} />
          {whyOf(session, missing)}
        </span>
      </div>
      <div className="session-end-ways">
        <Button
          icon={CircleHelp}
          variant="ghost"
          data-testid={testId.askWhy}
          onClick={() => askWhy({ kind: 'session', id: sessionId })}
        >
          Why?
        </Button>
        <Button icon={Archive} variant="ghost" onClick={() => actions.archive(session)}>
          Archive
        </Button>
        {missing !== null && worktree !== undefined ? <MissingFolder worktree={worktree} /> : null}
        {missing === null ? (
          <Button
            icon={Play}
            variant="primary"
            data-testid={testId.sessionResume}
            disabledReason={session.canResume ? null : 'This agent cannot take up its conversation again.'}
            onClick={() => actions.resume(sessionId)}
          >
            Resume
          </Button>
        ) : null}
      </div>
    </section>
  )
}

export const hasEnded = (session: Session): boolean =>
  (session.lifecycle === 'running' || session.lifecycle === 'stopped') && session.runtime.kind !== 'alive'

const whyOf = (session: Session, missing: string | null): string => {
  const reason = missing ?? session.lifecycleReason ?? (session.runtime.kind === 'lost' ? session.runtime.reason : null)
  return reason === null ? '' : `. ${visibleText(reason)}`
}
