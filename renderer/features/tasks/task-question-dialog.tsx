import { TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { Task } from '../../../shared/contract/task-rows.ts'
import { useKeptValue } from '../../data/kept-value.ts'
import { useTask } from '../../data/tasks.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { Note } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { dayFromField, fieldFromDay } from './day-field.ts'
import { hasAttempt } from './drop-plan.ts'
import type { TaskQuestion } from './task-question.ts'
import type { TaskActions, TaskVerb } from './use-task-actions.ts'

interface TaskQuestionDialogProps {
  readonly question: TaskQuestion
  readonly actions: TaskActions
  readonly onClose: () => void
}

/** Asks what an operation needs to know. It stays open, with what was typed, until the operation was taken. */
export const TaskQuestionDialog = ({ question, actions, onClose }: TaskQuestionDialogProps) => {
  const task = useTask(question.taskId)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  if (task === undefined) return null
  const perform = async (verb: TaskVerb): Promise<boolean> => {
    if (isBusy) return false
    setBusy(true)
    const { beforeId } = question
    const refusal = await actions.change(task.id, { verbs: [verb], ...(beforeId === undefined ? {} : { beforeId }) })
    setBusy(false)
    setProblem(refusal?.message ?? null)
    if (refusal === null) onClose()
    return refusal === null
  }
  const form = { task, problem, isBusy, perform, onClose }
  return question.kind === 'hold' ? (
    <HoldForm {...form} />
  ) : question.kind === 'take-back' ? (
    <TakeBackForm {...form} verb={{ kind: 'move', move: question.move }} />
  ) : (
    <TextForm {...form} kind={question.kind} />
  )
}

interface FormProps {
  readonly task: Task
  readonly problem: string | null
  readonly isBusy: boolean
  readonly perform: (verb: TaskVerb) => Promise<boolean>
  readonly onClose: () => void
}

const texts = {
  'request-changes': {
    title: 'Request changes',
    label: 'What is to be changed',
    hint: 'It is written as a comment, and the session that handed the work in goes on with it.',
    button: 'Request changes',
    isDangerous: false,
  },
  cancel: {
    title: 'Cancel the task',
    label: 'Why it is not needed',
    hint: 'It can be reopened.',
    button: 'Cancel the task',
    isDangerous: true,
  },
  fail: {
    title: 'Mark as failed',
    label: 'Why it failed',
    hint: 'Tasks that wait for a failure of this one go ahead. It can be reopened.',
    button: 'Mark as failed',
    isDangerous: true,
  },
} as const

const verbOf = (kind: keyof typeof texts, text: string): TaskVerb =>
  kind === 'request-changes'
    ? { kind, comment: text }
    : { kind: 'move', move: { to: kind === 'cancel' ? 'cancelled' : 'failed', reason: text } }

const parseText = (stored: unknown) => (typeof stored === 'string' ? stored : '')

const TextForm = ({ kind, ...form }: FormProps & { readonly kind: keyof typeof texts }) => {
  const words = texts[kind]
  const { task, perform } = form
  const [text, setText] = useKeptValue(`draft:${kind}:${task.id}`, parseText)
  const send = async () => {
    if (await perform(verbOf(kind, text.trim()))) setText('')
  }
  return (
    <QuestionFrame
      {...form}
      title={words.title}
      button={words.button}
      isDangerous={words.isDangerous}
      missing={text.trim() === '' ? 'Write it first.' : null}
      onSend={() => void send()}
    >
      {kind === 'request-changes' ? null : <AttemptWarning task={task} />}
      <TextArea label={words.label} hint={words.hint} value={text} onChange={setText} onSend={() => void send()} />
    </QuestionFrame>
  )
}

const HoldForm = (form: FormProps) => {
  const { task, perform } = form
  const [how, setHow] = useState<'blocked' | 'deferred'>('blocked')
  const [reason, setReason] = useKeptValue(`draft:hold:${task.id}`, parseText)
  const [day, setDay] = useState(fieldFromDay(task.deferUntil))
  const send = async () => {
    const move =
      how === 'blocked'
        ? ({ to: 'blocked', reason: reason.trim() } as const)
        : ({ to: 'deferred', until: dayFromField(day) } as const)
    if (await perform({ kind: 'move', move })) setReason('')
  }
  return (
    <QuestionFrame
      {...form}
      title="Put on hold"
      button={how === 'blocked' ? 'Block' : 'Defer'}
      missing={how === 'blocked' && reason.trim() === '' ? 'Say what it waits for.' : null}
      onSend={() => void send()}
    >
      <AttemptWarning task={task} />
      <Segmented
        label="How"
        value={how}
        isStretched
        testId={testId.taskHoldKind}
        options={[
          { value: 'blocked', label: 'Blocked' },
          { value: 'deferred', label: 'Deferred' },
        ]}
        onChange={setHow}
      />
      {how === 'blocked' ? (
        <TextArea
          label="What it waits for"
          hint="Nobody takes it up until a person opens it again."
          value={reason}
          onChange={setReason}
          onSend={() => void send()}
        />
      ) : (
        <Field label="Until" hint="It opens by itself on that day. Leave it empty when there is no day yet.">
          {(control) => (
            <input
              {...control}
              type="date"
              className="input"
              value={day}
              data-testid={testId.taskHoldDay}
              onChange={(event) => setDay(event.target.value)}
            />
          )}
        </Field>
      )}
    </QuestionFrame>
  )
}

const TakeBackForm = ({ verb, ...form }: FormProps & { readonly verb: TaskVerb }) => (
  <QuestionFrame
    {...form}
    title="Take the task back"
    button="Take it back"
    isDangerous
    missing={null}
    onSend={() => void form.perform(verb)}
  >
    <p>
      Its attempt ends: what its session hands in for it later is refused. The session goes on, and keeps its worktree
      and its branch. This cannot be undone.
    </p>
  </QuestionFrame>
)

const AttemptWarning = ({ task }: { readonly task: Task }) =>
  hasAttempt(task.state) ? (
    <Note icon={TriangleAlert} tone="warn">
      A session works on it. Its attempt ends, which cannot be undone; the session keeps its worktree and its branch.
    </Note>
  ) : null

interface TextAreaProps {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onSend: () => void
}

const TextArea = ({ label, hint, value, onChange, onSend }: TextAreaProps) => (
  <Field label={label} hint={hint}>
    {(control) => (
      <textarea
        {...control}
        className="input task-question-text"
        rows={4}
        value={value}
        data-testid={testId.taskQuestionText}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          onSend()
        }}
      />
    )}
  </Field>
)

interface QuestionFrameProps extends FormProps {
  readonly title: string
  readonly button: string
  readonly isDangerous?: boolean
  /** Why it cannot be sent yet. */
  readonly missing: string | null
  readonly onSend: () => void
  readonly children: ReactNode
}

const QuestionFrame = (props: QuestionFrameProps) => (
  <Dialog
    isOpen
    title={props.title}
    heading={<span className="text-faint cut">{`${props.task.key} ${visibleLine(props.task.title)}`}</span>}
    width={480}
    testId={testId.taskQuestion}
    onClose={props.onClose}
    footer={
      <>
        <span className="spacer" />
        <Button size="large" keys="Esc" onClick={props.onClose}>
          Leave it
        </Button>
        <Button
          size="large"
          variant={props.isDangerous === true ? 'danger-fill' : 'primary'}
          isBusy={props.isBusy}
          disabledReason={props.missing}
          data-testid={testId.taskQuestionSend}
          onClick={props.onSend}
        >
          {props.button}
        </Button>
      </>
    }
  >
    <div className="dialog-body">
      {props.children}
      {props.problem === null ? null : (
        <Note icon={TriangleAlert} tone="bad" role="alert" testId={testId.taskQuestionError}>
          {visibleText(props.problem)}
        </Note>
      )}
    </div>
  </Dialog>
)
