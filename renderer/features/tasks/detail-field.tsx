import { TriangleAlert } from 'lucide-react'
import { useId, useRef, type KeyboardEvent, type RefObject } from 'react'
import type { Task } from '../../../shared/contract/task-rows.ts'
import { testId } from '../../lib/test-ids.ts'
import { isMac } from '../../lib/platform.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { Note } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import type { TextField } from './field-drafts.ts'
import { useField, type FieldHandle } from './use-field.ts'

interface DetailFieldProps {
  readonly task: Task
  readonly field: TextField
  readonly label: string
  readonly placeholder: string
  readonly isMultiline?: boolean
  readonly isCode?: boolean
  readonly isDisabled?: boolean
  readonly fieldRef?: RefObject<HTMLTextAreaElement | null>
}

/**
 * A field that is edited where it stands. One line is saved by Enter or by leaving it; several lines by a button or
 * Ctrl Enter, so that a half-written thought is not saved by a glance elsewhere.
 */
export const DetailField = (props: DetailFieldProps) => {
  const { task, field, label, placeholder, isMultiline = false, isCode = false, isDisabled = false } = props
  const handle = useField(task, field)
  const noteId = useId()
  const hasNote = handle.state === 'overtaken' || handle.problem !== null
  const isLeaving = useRef(false)
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') {
      // Leaves the field and nothing else; what was typed stays.
      event.stopPropagation()
      isLeaving.current = true
      event.currentTarget.closest<HTMLElement>('[data-detail]')?.focus()
      isLeaving.current = false
    }
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    if (isMultiline && !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void handle.save()
  }
  return (
    <div className="detail-field" data-field={field} data-state={handle.state} data-testid={testId.taskField}>
      <textarea
        {...(props.fieldRef === undefined ? {} : { ref: props.fieldRef })}
        className={`input detail-input${isCode ? ' mono' : ''}`}
        rows={1}
        aria-label={label}
        aria-invalid={handle.problem === null ? undefined : true}
        aria-describedby={hasNote ? noteId : undefined}
        placeholder={placeholder}
        readOnly={isDisabled}
        spellCheck={!isCode}
        value={handle.text}
        onChange={(event) => handle.type(isMultiline ? event.target.value : event.target.value.replaceAll('\n', ' '))}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (!isMultiline && !isLeaving.current) void handle.save()
        }}
      />
      {handle.state === 'typed' && isMultiline ? <SaveRow handle={handle} /> : null}
      <FieldNotes id={noteId} handle={handle} />
    </div>
  )
}

const SaveRow = ({ handle }: { readonly handle: FieldHandle }) => (
  <div className="detail-save">
    <span className="text-faint text-12">Not saved yet</span>
    <span className="spacer" />
    <Button size="small" variant="ghost" onClick={handle.discard}>
      Discard
    </Button>
    <Button
      size="small"
      variant="primary"
      keys={isMac ? '⌘↩' : 'Ctrl Enter'}
      data-testid={testId.taskFieldSave}
      onClick={() => void handle.save()}
    >
      Save
    </Button>
  </div>
)

const FieldNotes = ({ id, handle }: { readonly id: string; readonly handle: FieldHandle }) => {
  if (handle.state === 'overtaken')
    return (
      <div id={id}>
        <Note icon={TriangleAlert} tone="warn" role="alert" testId={testId.taskFieldNote}>
          <p>It was changed meanwhile. It says now:</p>
          <p className="detail-theirs selectable">{handle.current === '' ? 'nothing' : visibleText(handle.current)}</p>
          <div className="row">
            <Button size="small" data-testid={testId.taskFieldMine} onClick={handle.keepMine}>
              Go on with mine
            </Button>
            <Button size="small" data-testid={testId.taskFieldTheirs} onClick={handle.discard}>
              Take theirs
            </Button>
          </div>
        </Note>
      </div>
    )
  return handle.problem === null ? null : (
    <span id={id} className="field-error" role="alert" data-testid={testId.taskFieldError}>
      {visibleText(handle.problem)}
    </span>
  )
}
