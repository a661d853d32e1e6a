import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { isMac } from '../../lib/platform.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { hasText, type Typed } from './typing.ts'

interface CommentFormProps {
  readonly label: string
  readonly typed: Typed
  /** What a suggestion begins with; null where none can be made. */
  readonly lines: readonly string[] | null
  readonly submitLabel: string
  /** Asked again, the field has the focus again. */
  readonly focusTurn: number
  readonly onType: (typed: Typed) => void
  /** Under one request until it is taken, so that a lost answer says nothing twice. */
  readonly onSubmit: (typed: Typed, requestId: string) => Promise<string | null>
  readonly onCancel: () => void
  readonly heading?: ReactNode
}

/** A comment as it is written: words, and a change of the lines if one is suggested. */
export const CommentForm = (props: CommentFormProps) => {
  const { label, typed, lines, submitLabel, focusTurn, onType, onSubmit, onCancel, heading } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const suggested = useRef<HTMLTextAreaElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const request = useRef<{ readonly text: string; readonly id: string } | null>(null)
  useEffect(() => {
    if (focusTurn > 0) field.current?.focus({ preventScroll: true })
  }, [focusTurn])
  const submit = async () => {
    if (isBusy) return
    if (!hasText(typed)) return setProblem('Write something, or suggest a change.')
    setBusy(true)
    const text = JSON.stringify(typed)
    if (request.current?.text !== text) request.current = { text, id: crypto.randomUUID() }
    setProblem(await onSubmit(typed, request.current.id))
    setBusy(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      onCancel()
    }
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void submit()
  }
  const type = (part: Partial<Typed>) => {
    setProblem(null)
    onType({ ...typed, ...part })
  }
  return (
    <div className="comment-form" data-testid={testId.commentForm}>
      {heading}
      <textarea
        ref={field}
        className="input"
        rows={3}
        aria-label={label}
        placeholder="What should be different here?"
        aria-invalid={problem === null ? undefined : true}
        data-testid={testId.commentBody}
        value={typed.body}
        onChange={(event) => type({ body: event.target.value })}
        onKeyDown={onKeyDown}
      />
      {typed.suggestion === null ? null : (
        <textarea
          ref={suggested}
          className="input mono comment-suggested"
          rows={Math.min(12, typed.suggestion.split('\n').length + 1)}
          aria-label="These lines instead"
          spellCheck={false}
          data-testid={testId.commentSuggestion}
          value={typed.suggestion}
          onChange={(event) => type({ suggestion: event.target.value })}
          onKeyDown={onKeyDown}
        />
      )}
      {problem === null ? null : (
        <span className="field-error" role="alert" data-testid={testId.commentError}>
          {visibleText(problem)}
        </span>
      )}
      <div className="comment-actions">
        <Button
          size="small"
          variant="primary"
          isBusy={isBusy}
          keys={isMac ? '⌘↩' : 'Ctrl Enter'}
          data-testid={testId.commentAdd}
          onClick={() => void submit()}
        >
          {submitLabel}
        </Button>
        <Button size="small" variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
        <span className="spacer" />
        {lines === null && typed.suggestion === null ? null : (
          <Button
            size="small"
            variant="ghost"
            data-testid={testId.commentSuggest}
            onClick={() => {
              type({ suggestion: typed.suggestion === null ? (lines ?? []).join('\n') : null })
              requestAnimationFrame(() => (suggested.current ?? field.current)?.focus())
            }}
          >
            {typed.suggestion === null ? 'Suggest a change' : 'Without suggestion'}
          </Button>
        )}
      </div>
    </div>
  )
}
