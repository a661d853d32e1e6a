import type { AskId } from '../../../shared/lib/ids.ts'
import type { Ask } from '../../../shared/contract/asks.ts'
import { useAsk } from '../../data/asks.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { AnswerControls, onAnswerKey } from './answer-controls.tsx'
import { AskBody } from './ask-body.tsx'
import { askKindText, askQuestionText } from './ask-text.ts'
import { EntryRow, type EntryRowProps } from './entry-row.tsx'
import { useAnswer } from './use-answer.ts'

type AskRowProps = Pick<EntryRowProps, 'order' | 'isSelected' | 'onSelect' | 'onGoToTerminal'> & { readonly id: AskId }

/** One ask; chosen, it shows what it is about and how to answer. */
export const AskRow = ({ id, ...row }: AskRowProps) => {
  const ask = useAsk(id)
  return ask === undefined ? null : (
    <EntryRow
      {...row}
      sessionId={ask.sessionId}
      since={ask.openedAt}
      kind="needs-you"
      word={askKindText(ask.detail)}
      testId={testId.askRow}
      onKeyDown={onAnswerKey}
    >
      {row.isSelected ? <Answering ask={ask} onGoToTerminal={row.onGoToTerminal} /> : <Quote ask={ask} />}
    </EntryRow>
  )
}

const Answering = ({ ask, onGoToTerminal }: { readonly ask: Ask; readonly onGoToTerminal: () => void }) => {
  const root = useWorktree(useSessionValue(ask.sessionId, (session) => session.worktreeId))?.path ?? null
  return (
    <div className="entry-answer">
      <AskBody detail={ask.detail} root={root} />
      <AnswerControls ask={ask} answer={useAnswer(ask)} onGoToTerminal={onGoToTerminal} />
    </div>
  )
}

/** An agent's own question is worth reading before it is chosen; a command is not. */
const Quote = ({ ask }: { readonly ask: Ask }) =>
  ask.detail.kind === 'question' ? <p className="entry-quote">“{visibleText(askQuestionText(ask.detail))}”</p> : null
