import { Send, Trash2, X } from 'lucide-react'
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react'
import type { ProjectId, ThreadId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useKeptValue } from '../../data/kept-value.ts'
import { useProjectIds } from '../../data/projects.ts'
import { isMac } from '../../lib/platform.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { addressOptions } from './addresses.ts'
import { Arrivals } from './arrivals.tsx'
import { BodyField } from './body-field.tsx'
import {
  draftAfterSending,
  draftKeyOf,
  draftProblem,
  emptyMailDraft,
  parseMailDraft,
  type MailDraft,
  type MailPreset,
} from './mail-place.ts'
import { kindWords } from './mail-words.ts'
import { PrioritySelect } from './priority-select.tsx'
import { RecipientsField } from './recipients-field.tsx'
import { useMailActions } from './use-mail-actions.ts'
import { useSessionsOf } from './use-mail.ts'
import { useSending } from './use-sending.ts'

interface ComposerProps {
  readonly preset: MailPreset | null
  /** The project to write in unless the draft names one. */
  readonly usualProject: ProjectId | null
  readonly onSent: (threadId: ThreadId) => void
  readonly onClose: () => void
}

const kinds = ['note', 'question', 'handoff', 'status'] as const

/** A new message. What is written stays, whatever else is looked at, until it is sent or thrown away. */
export const Composer = ({ preset, usualProject, onSent, onClose }: ComposerProps) => {
  const [kept, setDraft] = useKeptValue(draftKeyOf(preset), parseMailDraft(preset))
  const draft: MailDraft = { ...kept, projectId: kept.projectId ?? usualProject }
  const change = (part: Partial<MailDraft>) => setDraft((now) => ({ ...now, ...part }))
  const sessions = useSessionsOf(draft.projectId)
  const options = useMemo(() => addressOptions(sessions), [sessions])
  const actions = useMailActions()
  const root = useRef<HTMLFormElement>(null)
  const sending = useSending({
    send: actions.send,
    onSent: ({ message }, input, isLate) => {
      setDraft((now) => draftAfterSending(now, input, emptyMailDraft))
      if (!isLate) onSent(message.threadId)
    },
  })
  useEffect(() => focusFirstEmpty(root.current), [])
  const send = () => {
    const problem = draftProblem(draft)
    if (problem !== null || draft.projectId === null) return sending.setProblem(problem)
    const { projectId, to, subject, ...rest } = draft
    const fixed = { expiresInMs: null, dedupKey: null }
    return void sending.submit({ ...rest, ...fixed, projectId, to: [...to], subject: subject.trim() })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.stopPropagation()
      onClose()
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) send()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys that count in each of its fields
    <form
      ref={root}
      className="composer"
      aria-label="New message"
      data-testid={testId.mailComposer}
      onKeyDown={onKeyDown}
      onSubmit={(event) => event.preventDefault()}
    >
      <header className="mail-pane-header">
        <h2 className="grow">New message</h2>
        <IconButton icon={X} label="Close; what is written is kept" keys="Esc" onClick={onClose} />
      </header>
      <div className="composer-fields scroll">
        <ProjectField
          projectId={draft.projectId}
          onProject={(projectId) => change({ projectId, to: draft.projectId === projectId ? draft.to : [] })}
        />
        <Field label="To">
          {(control) => (
            <RecipientsField
              control={control}
              to={draft.to}
              options={options}
              onChange={(to) => {
                sending.setProblem(null)
                change({ to: [...to] })
              }}
            />
          )}
        </Field>
        <Field label="Subject">
          {(control) => (
            <input
              {...control}
              className="input"
              type="text"
              maxLength={200}
              value={draft.subject}
              data-testid={testId.mailSubject}
              onChange={(event) => change({ subject: event.target.value })}
            />
          )}
        </Field>
        <BodyField
          body={draft.body}
          options={options}
          label="Message"
          placeholder="What is to be said. @ mentions a session."
          rows={8}
          onChange={(body) => change({ body })}
          onMention={({ value }) => setDraft((now) => ({ ...now, to: [...new Set([...now.to, value])] }))}
          onSend={send}
        />
        <Choices draft={draft} onChange={change} />
        <Arrivals to={draft.to} sessions={sessions} priority={draft.priority} />
      </div>
      <footer className="mail-pane-footer">
        {sending.problem === null ? null : (
          <span className="field-error grow" role="alert" data-testid={testId.mailError}>
            {visibleText(sending.problem)}
          </span>
        )}
        <span className="spacer" />
        <Button
          variant="ghost"
          icon={Trash2}
          data-testid={testId.mailDiscard}
          onClick={() => {
            setDraft(emptyMailDraft)
            onClose()
          }}
        >
          Throw away
        </Button>
        <Button
          variant="primary"
          icon={Send}
          isBusy={sending.isBusy}
          keys={isMac ? '⌘↩' : 'Ctrl Enter'}
          data-testid={testId.mailSend}
          onClick={send}
        >
          Send
        </Button>
      </footer>
    </form>
  )
}

interface ChoicesProps {
  readonly draft: MailDraft
  readonly onChange: (part: Partial<MailDraft>) => void
}

/** What kind of message it is, how urgent, and whether its readers have to say that they have done with it. */
const Choices = ({ draft, onChange }: ChoicesProps) => (
  <>
    <div className="composer-choices">
      <Field label="Kind">
        {(control) => (
          <Select
            control={control}
            value={draft.kind}
            testId={testId.mailKind}
            options={kinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
            onChange={(kind) => onChange({ kind: kind as MailDraft['kind'] })}
          />
        )}
      </Field>
      <Field label="Priority">
        {(control) => (
          <PrioritySelect control={control} priority={draft.priority} onChange={(priority) => onChange({ priority })} />
        )}
      </Field>
    </div>
    <Checkbox
      label="Ask for an acknowledgement"
      isChecked={draft.isAckRequired}
      onChange={(isAckRequired) => onChange({ isAckRequired })}
    />
  </>
)

/** The first field that still has to be filled in; the text when none has. */
const focusFirstEmpty = (form: HTMLFormElement | null) => {
  const fields = [
    ...(form?.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input[type="text"], textarea') ?? []),
  ]
  const hasRecipient = form?.querySelector('.recipient') !== null
  const empty = fields.find((field) => field.value === '' && !(field.role === 'combobox' && hasRecipient))
  ;(empty ?? fields.at(-1))?.focus()
}

interface ProjectFieldProps {
  readonly projectId: ProjectId | null
  readonly onProject: (id: ProjectId) => void
}

/** Sessions of one project know nobody of another: which one it is has to be chosen, where there are several. */
const ProjectField = ({ projectId, onProject }: ProjectFieldProps) => {
  const ids = useProjectIds()
  const { stores } = useData()
  return ids.length < 2 ? null : (
    <Field label="Project">
      {(control) => (
        <Select
          control={control}
          value={projectId ?? ''}
          placeholder="Choose one"
          testId={testId.mailProject}
          options={ids.map((id) => ({ value: id, label: visibleLine(stores.projects.get(id)?.name ?? '') }))}
          onChange={(id) => onProject(id as ProjectId)}
        />
      )}
    </Field>
  )
}
