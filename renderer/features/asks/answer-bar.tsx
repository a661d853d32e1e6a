import './answer-bar.css'
import type { Ask } from '../../../shared/contract/asks.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useOpenAskOf } from '../../data/asks.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { AnswerControls, onAnswerKey } from './answer-controls.tsx'
import { askQuestionText, pathWithin } from './ask-text.ts'
import { useAnswer } from './use-answer.ts'

interface AnswerBarProps {
  readonly sessionId: SessionId
}

/** The ask of a session beneath its terminal: answered here or in the terminal, whichever comes first. */
export const AnswerBar = ({ sessionId }: AnswerBarProps) => {
  const ask = useOpenAskOf(sessionId)
  // A key per ask: a new question starts with no answer on its way.
  return ask === undefined || !ask.canAnswerHere ? null : <Bar key={ask.id} ask={ask} />
}

const Bar = ({ ask }: { readonly ask: Ask }) => {
  const answer = useAnswer(ask)
  const { detail } = ask
  const root = useWorktree(useSessionValue(ask.sessionId, (session) => session.worktreeId))?.path ?? null
  const title = detail.kind === 'question' ? 'It asks' : askQuestionText(detail)
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Y and N are typed here
    <section
      className="answer-bar"
      aria-label={title}
      // Keys act only when the bar has the focus; a click on it, or F6, gives it.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- Y and N are typed here
      tabIndex={0}
      data-answer-bar={ask.sessionId}
      data-testid={testId.answerBar}
      onKeyDown={onAnswerKey}
    >
      <div className="row">
        <StatusMark kind="needs-you" />
        <span className="medium answer-bar-title">{title}</span>
        {detail.kind === 'permission' ? (
          <Tooltip text={<AskBrief subject={detail.subject} description={detail.description} />} side="top">
            <span className="mono cut answer-bar-subject">{visibleLine(pathWithin(detail.subject, root))}</span>
          </Tooltip>
        ) : null}
        <span className="spacer" />
        <span className="answer-bar-age">
          asked <AgeAgo at={ask.openedAt} />
        </span>
      </div>
      <AnswerControls ask={ask} answer={answer} onGoToTerminal={null} />
    </section>
  )
}

/** The whole of a command, for which the bar has one line, and what the agent says of it. */
const AskBrief = ({ subject, description }: { readonly subject: string; readonly description: string | null }) => (
  <span className="column">
    <span className="mono">{visibleText(subject)}</span>
    {description === null ? null : <span>{visibleText(description)}</span>}
  </span>
)
