import { Check } from 'lucide-react'
import type { z } from 'zod'
import type { Ask, questionSchema } from '../../../shared/contract/asks.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useAskDraft, type AskDraft } from './ask-drafts.tsx'
import { joinChoices } from './ask-text.ts'
import type { AnswerState } from './use-answer.ts'

type Question = z.infer<typeof questionSchema>

interface QuestionFormProps {
  readonly ask: Ask
  readonly questions: readonly Question[]
  readonly answer: AnswerState
}

/** The options of an agent's questions. A single choice is sent as it is made; more are sent together. */
export const QuestionForm = ({ ask, questions, answer }: QuestionFormProps) => {
  const [draft, change] = useAskDraft(ask.id)
  const only = questions.length === 1 ? questions[0] : undefined
  const isDirect = only !== undefined && !only.multiSelect
  const answers = answersOf(questions, draft)
  const send = (given: Readonly<Record<string, string>>) => answer.send({ kind: 'choose', answers: given })

  const choose = (question: Question, label: string) => {
    const others = { ...draft.others, [question.question]: '' }
    if (isDirect) return send({ [question.question]: label })
    return change({ others, choices: { ...draft.choices, [question.question]: toggled(question, draft, label) } })
  }

  return (
    <div className="column" style={{ gap: 8 }}>
      {questions.map((question) => (
        <fieldset key={question.question} className="question" style={{ border: 0, margin: 0, padding: 0 }}>
          <legend className="question-text">{visibleText(question.question)}</legend>
          <div className="question-options">
            {question.options.map((option, index) => (
              <button
                key={option.label}
                type="button"
                className="question-option"
                aria-pressed={draft.choices[question.question]?.includes(option.label) ?? false}
                data-answer={isDirect ? `option-${index + 1}` : undefined}
                data-testid={testId.answerOption}
                onClick={() => choose(question, option.label)}
              >
                {isDirect && index < 9 ? <Kbd keys={String(index + 1)} /> : null}
                <span className="grow">
                  {visibleText(option.label)}
                  {option.description === '' ? null : <small>{visibleText(option.description)}</small>}
                </span>
                {draft.choices[question.question]?.includes(option.label) === true ? (
                  <Icon of={Check} size={14} />
                ) : null}
              </button>
            ))}
            <input
              className="input"
              data-size="small"
              aria-label={`Another answer to: ${question.question}`}
              placeholder="Something else"
              maxLength={4000}
              value={draft.others[question.question] ?? ''}
              onChange={(event) => change({ others: { ...draft.others, [question.question]: event.target.value } })}
              onKeyDown={(event) => {
                event.stopPropagation()
                if (event.key === 'Enter' && !event.nativeEvent.isComposing && answers !== null) send(answers)
              }}
            />
          </div>
        </fieldset>
      ))}
      {isDirect && (draft.others[only.question] ?? '').trim() === '' ? null : (
        <div className="answer-ways">
          <Button
            variant="primary"
            isBusy={answer.isSending}
            data-testid={testId.answerSend}
            disabledReason={answers === null ? 'Answer each question first.' : null}
            onClick={() => {
              if (answers !== null) send(answers)
            }}
          >
            Send answer
          </Button>
        </div>
      )}
    </div>
  )
}

const toggled = (question: Question, draft: AskDraft, label: string): readonly string[] => {
  const chosen = draft.choices[question.question] ?? []
  if (!question.multiSelect) return [label]
  return chosen.includes(label) ? chosen.filter((other) => other !== label) : [...chosen, label]
}

/** The answers as they would be sent: free text before choices; null while a question has neither. */
export const answersOf = (
  questions: readonly Question[],
  draft: Pick<AskDraft, 'choices' | 'others'>,
): Record<string, string> | null => {
  const entries = questions.map((question) => {
    const other = (draft.others[question.question] ?? '').trim()
    const chosen = draft.choices[question.question] ?? []
    // In the order of the options, not of the clicks.
    const labels = question.options.map((option) => option.label).filter((label) => chosen.includes(label))
    return [question.question, other === '' ? joinChoices(labels) : other] as const
  })
  return entries.every(([, text]) => text !== '') ? Object.fromEntries(entries) : null
}
