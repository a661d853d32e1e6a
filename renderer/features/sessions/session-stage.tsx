import './session-stage.css'
import { CircleHelp, FolderX, Hourglass, PencilLine, Play, RotateCcw, Square } from 'lucide-react'
import type { ReactNode } from 'react'
import { badgeOf } from '../../../shared/contract/session-badge.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useSession } from '../../data/sessions.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { testId } from '../../lib/test-ids.ts'
import { useAskWhy } from '../../lib/why-context.tsx'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { Why } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { StatusMark, type MarkKind } from '../../ui/status-mark.tsx'
import { MissingFolder } from './missing-folder.tsx'
import { isGettingReady } from './session-text.ts'
import { useSessionActions } from './use-session-actions.ts'

type Step = Session['preparation'][number]

interface SessionStageProps {
  readonly sessionId: SessionId
  /** What could not be set up as it was chosen is started in another way. */
  readonly onStartAgain: (session: Session) => void
}

/** A session that has no terminal to show: it waits, gets ready, failed on the way, or ended before it had one. */
export const SessionStage = ({ sessionId, onStartAgain }: SessionStageProps) => {
  const session = useSession(sessionId)
  const worktree = useWorktree(session?.worktreeId)
  const actions = useSessionActions()
  const askWhy = useAskWhy()
  if (session === undefined) return null
  const failed = session.preparation.find((step) => step.state === 'failed')
  return (
    <div className="session-stage scroll" data-testid={testId.sessionStage} data-session={sessionId}>
      <div className="session-stage-text">
        <h2>{headingOf(session)}</h2>
        {session.lifecycleReason === null || failed !== undefined ? null : (
          <Why icon={worktree?.state.kind === 'missing' ? FolderX : Hourglass}>
            {visibleText(session.lifecycleReason)}
          </Why>
        )}
        {session.preparation.length === 0 ? null : (
          <ol className="steps" data-testid={testId.sessionSteps}>
            {session.preparation.map((step) => (
              <StepRow key={step.name} step={step} />
            ))}
          </ol>
        )}
        <div className="row">
          {isGettingReady(session) ? (
            <Button icon={Square} onClick={() => actions.stop(sessionId)}>
              Stop
            </Button>
          ) : null}
          {failed === undefined ? null : (
            <Button
              variant="primary"
              icon={RotateCcw}
              data-testid={testId.sessionRetry}
              onClick={() => actions.retry(sessionId)}
            >
              Retry
            </Button>
          )}
          {failed === undefined ? null : (
            <Button icon={PencilLine} data-testid={testId.sessionStartAgain} onClick={() => onStartAgain(session)}>
              Start another way
            </Button>
          )}
          {canResumeHere(session) && worktree?.state.kind === 'missing' ? <MissingFolder worktree={worktree} /> : null}
          {canResumeHere(session) && worktree?.state.kind !== 'missing' ? (
            <Button
              variant="primary"
              icon={Play}
              data-testid={testId.sessionResume}
              onClick={() => actions.resume(sessionId)}
            >
              Resume
            </Button>
          ) : null}
          {failed === undefined && !canResumeHere(session) ? null : (
            <Button variant="ghost" onClick={() => actions.archive(session)}>
              Archive
            </Button>
          )}
          <Button
            icon={CircleHelp}
            variant="ghost"
            data-testid={testId.askWhy}
            onClick={() => askWhy({ kind: 'session', id: sessionId })}
          >
            Why?
          </Button>
        </div>
      </div>
    </div>
  )
}

const canResumeHere = (session: Session) =>
  session.canResume && session.runtime.kind !== 'alive' && ['running', 'stopped'].includes(session.lifecycle)

const headingOf = (session: Session): string => {
  const title = visibleLine(session.title)
  const { kind } = badgeOf(session)
  if (kind === 'queued') return `${title} waits for its turn`
  if (kind === 'setting-up') return `Getting ${title} ready`
  if (kind === 'failed') return `${title} could not be started`
  return session.runtime.kind === 'alive' ? `Starting ${title}` : title
}

const marks: Readonly<Record<Step['state'], MarkKind>> = {
  waiting: 'idle',
  running: 'setting-up',
  done: 'passed',
  failed: 'failed',
}
const stepNames: Readonly<Record<Step['name'], string>> = { worktree: 'Worktree', agent: 'Agent' }
const stepWords: Readonly<Record<Step['state'], string>> = {
  waiting: 'waits',
  running: 'in progress',
  done: 'done',
  failed: 'failed',
}

const StepRow = ({ step }: { readonly step: Step }): ReactNode => (
  <li className="step" data-state={step.state}>
    <StatusMark kind={marks[step.state]} />
    <span className="medium step-name">{stepNames[step.name]}</span>
    <span className="step-detail selectable">
      {step.detail === '' ? stepWords[step.state] : visibleText(step.detail)}
      <span className="visually-hidden">, {stepWords[step.state]}</span>
    </span>
  </li>
)
