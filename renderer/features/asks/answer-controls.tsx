import './answer-controls.css'
import { SquareTerminal } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import type { Ask } from '../../../shared/contract/asks.ts'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { useAskDraft } from './ask-drafts.tsx'
import { QuestionForm } from './question-form.tsx'
import type { AnswerState } from './use-answer.ts'

interface AnswerControlsProps {
  readonly ask: Ask
  readonly answer: AnswerState
  readonly onGoToTerminal: (() => void) | null
}

/** The ways to answer an ask, wherever it is shown. */
export const AnswerControls = ({ ask, answer, onGoToTerminal }: AnswerControlsProps) => (
  <>
    <Ways ask={ask} answer={answer} onGoToTerminal={onGoToTerminal} />
    {answer.problem === null ? null : (
      <p className="answer-problem" role="alert" data-testid={testId.answerError}>
        {answer.problem}
      </p>
    )}
  </>
)

const Ways = ({ ask, answer, onGoToTerminal }: AnswerControlsProps) => {
  if (!ask.canAnswerHere || ask.detail.kind === 'terminal')
    return (
      <div className="answer-ways">
        <GoToTerminal onGo={onGoToTerminal} isPrimary />
      </div>
    )
  if (ask.detail.kind === 'question') {
    return <QuestionForm ask={ask} questions={ask.detail.questions} answer={answer} />
  }
  return <Permission ask={ask} answer={answer} onGoToTerminal={onGoToTerminal} />
}

const Permission = ({ ask, answer, onGoToTerminal }: AnswerControlsProps) => {
  const [draft, change] = useAskDraft(ask.id)
  if (draft.isNoting) return <DenyNote ask={ask} answer={answer} />
  const isPlan = ask.detail.kind === 'plan'
  const wider = ask.detail.kind === 'permission' ? ask.detail.wider : []
  return (
    <div className="answer-ways">
      <Button
        variant="primary"
        keys="Y"
        isBusy={answer.isSending}
        data-answer="allow"
        data-testid={testId.answerAllow}
        onClick={() => answer.send({ kind: 'allow', widerId: null })}
      >
        {isPlan ? 'Go ahead' : 'Allow once'}
      </Button>
      {wider.map((scope) => (
        <Button
          key={scope.id}
          data-testid={testId.answerWider}
          title={scope.label}
          onClick={() => answer.send({ kind: 'allow', widerId: scope.id })}
        >
          <span className="cut">{scope.label}</span>
        </Button>
      ))}
      <Button keys="N" data-answer="deny" data-testid={testId.answerDeny} onClick={() => change({ isNoting: true })}>
        {isPlan ? 'Keep planning' : 'Deny with a note'}
      </Button>
      <span className="spacer" />
      <GoToTerminal onGo={onGoToTerminal} />
    </div>
  )
}

const DenyNote = ({ ask, answer }: Pick<AnswerControlsProps, 'ask' | 'answer'>) => {
  const [draft, change] = useAskDraft(ask.id)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const deny = () => answer.send({ kind: 'deny', note: draft.note.trim() === '' ? null : draft.note.trim() })
  return (
    <div className="answer-ways">
      <input
        ref={field}
        className="input grow"
        data-size="small"
        aria-label="Note to the agent"
        placeholder="What should it do instead? (optional)"
        maxLength={4000}
        data-testid={testId.answerNote}
        value={draft.note}
        onChange={(event) => change({ note: event.target.value })}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) deny()
          if (event.key === 'Escape') change({ isNoting: false })
        }}
      />
      <Button variant="primary" isBusy={answer.isSending} data-testid={testId.answerSend} onClick={deny}>
        Deny
      </Button>
      <Button variant="ghost" onClick={() => change({ isNoting: false })}>
        Back
      </Button>
    </div>
  )
}

const GoToTerminal = ({ onGo, isPrimary = false }: { onGo: (() => void) | null; isPrimary?: boolean }) =>
  onGo === null ? (
    <span className="answer-aside">or in the terminal</span>
  ) : (
    <Button
      variant={isPrimary ? 'primary' : 'ghost'}
      icon={SquareTerminal}
      data-testid={testId.goToTerminal}
      onClick={onGo}
    >
      {isPrimary ? 'Go to terminal' : 'Terminal'}
    </Button>
  )

/** Y and N, and the digits of a question's options, while the focus is on the ask and not in a field. */
export const onAnswerKey = (event: KeyboardEvent<HTMLElement>): void => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return
  const wanted = keyTarget(event.key.toLowerCase())
  const button = wanted === null ? null : event.currentTarget.querySelector<HTMLButtonElement>(wanted)
  if (button === null) return
  event.preventDefault()
  event.stopPropagation()
  button.click()
}

const keyTarget = (key: string): string | null => {
  if (key === 'y') return '[data-answer="allow"]'
  if (key === 'n') return '[data-answer="deny"]'
  return /^[1-9]$/.test(key) ? `[data-answer="option-${key}"]` : null
}
