import { useState } from 'react'
import type { CheckFields } from '../../../shared/contract/checks.ts'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Field } from '../../ui/field.tsx'
import { readDraft, type CheckDraft, type DraftProblems } from './check-form.ts'

interface CheckFieldsFormProps {
  readonly initial: CheckDraft
  readonly action: 'Add' | 'Save'
  /** Answers what stands in the way; null when it is done. */
  readonly onSave: (fields: CheckFields) => Promise<string | null>
  readonly onCancel: () => void
}

/** What one check is called and runs. Enter saves. */
export const CheckFieldsForm = ({ initial, action, onSave, onCancel }: CheckFieldsFormProps) => {
  const [draft, setDraft] = useState(initial)
  const [problems, setProblems] = useState<DraftProblems>({})
  const [isBusy, setBusy] = useState(false)
  const change = (part: Partial<CheckDraft>) => setDraft((before) => ({ ...before, ...part }))
  const submit = () => {
    const read = readDraft(draft)
    if ('problems' in read) return setProblems(read.problems)
    setBusy(true)
    return void onSave(read.fields)
      // What is refused is that its name is taken, or that there are too many: both are about the name.
      .then((problem) => setProblems(problem === null ? {} : { name: problem }))
      .finally(() => setBusy(false))
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leaves what is written in it
    <form
      className="check-form"
      noValidate
      data-testid={testId.checkForm}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // The dialog stays open: only what is written here is left.
        event.stopPropagation()
        onCancel()
      }}
    >
      <div className="check-form-line">
        <Field label="Name" error={problems.name ?? null}>
          {(control) => (
            <input
              {...control}
              className="input"
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was opened to be written in
              autoFocus
              value={draft.name}
              placeholder="unit"
              maxLength={60}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Time limit, minutes" error={problems.minutes ?? null}>
          {(control) => (
            <input
              {...control}
              className="input num"
              inputMode="decimal"
              value={draft.minutes}
              onChange={(event) => change({ minutes: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field
        label="Command"
        error={problems.command ?? null}
        hint="With CI=true, so that a test runner ends when it is done."
      >
        {(control) => (
          <input
            {...control}
            className="input mono"
            spellCheck={false}
            value={draft.command}
            placeholder="npm test"
            onChange={(event) => change({ command: event.target.value })}
          />
        )}
      </Field>
      <Checkbox
        label="A gate"
        hint="A branch is merged only when it passed on the very commit."
        isChecked={draft.isGate}
        onChange={(isGate) => change({ isGate })}
      />
      <div className="row">
        <Button type="submit" variant="primary" isBusy={isBusy}>
          {action}
        </Button>
        <Button variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
