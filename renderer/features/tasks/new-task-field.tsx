import { useEffect, useRef, useState } from 'react'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { useTasksRoom } from './room-context.tsx'
import { newTask } from './new-task.ts'

interface NewTaskFieldProps {
  readonly state: 'draft' | 'open'
  /** What was typed and not yet sent; kept when the field is closed. */
  readonly text: string
  readonly onText: (text: string) => void
  readonly onClose: () => void
}

/** A title and Enter make a task; the field stays for the next one. Escape closes it and keeps what was typed. */
export const NewTaskField = ({ state, text, onText, onClose }: NewTaskFieldProps) => {
  const { projectId, actions } = useTasksRoom()
  const field = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  // The same request until it was taken, so that a lost answer makes no second task.
  const request = useRef<{ readonly title: string; readonly id: string } | null>(null)
  const isSending = useRef(false)
  useEffect(() => field.current?.focus(), [])

  const send = async () => {
    const title = text.trim()
    if (title === '' || isSending.current) return
    isSending.current = true
    if (request.current?.title !== title) request.current = { title, id: crypto.randomUUID() }
    const created = await actions.create(newTask({ projectId, title, state, requestId: request.current.id }))
    isSending.current = false
    if (!created.ok) return setProblem(created.refusal.message)
    request.current = null
    setProblem(null)
    // Whatever was typed while the answer was on its way is the next title.
    const now = field.current?.value ?? ''
    return onText(now.startsWith(text) ? now.slice(text.length) : now)
  }

  return (
    <div className="new-task">
      <input
        ref={field}
        className="input"
        data-size="small"
        placeholder="Title, then Enter"
        aria-label={state === 'draft' ? 'Title of a new draft' : 'Title of a new task'}
        aria-invalid={problem === null ? undefined : true}
        data-testid={testId.newTaskField}
        maxLength={200}
        value={text}
        onChange={(event) => {
          setProblem(null)
          onText(event.target.value)
        }}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) void send()
          if (event.key === 'Escape') onClose()
        }}
      />
      {problem === null ? null : (
        <span className="field-error" role="alert" data-testid={testId.newTaskError}>
          {visibleText(problem)}
        </span>
      )}
    </div>
  )
}
