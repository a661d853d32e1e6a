import { useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { completeMention, mentionAt } from '../../../shared/lib/mention.ts'
import { testId } from '../../lib/test-ids.ts'
import type { ControlProps } from '../../ui/field.tsx'
import { matchAddresses, mentionNameOf, type AddressOption } from './addresses.ts'
import { CompletionList } from './completion-list.tsx'
import { useCompletion } from './use-completion.ts'

interface BodyFieldProps {
  readonly body: string
  readonly options: readonly AddressOption[]
  readonly label: string
  readonly placeholder: string
  readonly rows: number
  readonly onChange: (body: string) => void
  /** Somebody was mentioned by choosing their name. */
  readonly onMention: (option: AddressOption) => void
  readonly onSend: () => void
  readonly control?: ControlProps
  readonly fieldRef?: RefObject<HTMLTextAreaElement | null>
}

/** Above the text there is room for as many. */
const mostOffered = 5

/** What is to be said. "@" and a few letters offer the sessions there are; whoever is chosen also gets the message. */
export const BodyField = (props: BodyFieldProps) => {
  const { body, options, onChange, onMention, onSend } = props
  const ownRef = useRef<HTMLTextAreaElement>(null)
  const field = props.fieldRef ?? ownRef
  // Null while the caret stands at no mention, or the list was dismissed there.
  const [caret, setCaret] = useState<number | null>(null)
  const mention = caret === null ? null : mentionAt(body, caret)
  const moveTo = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (moveTo.current === null) return
    field.current?.setSelectionRange(moveTo.current, moveTo.current)
    moveTo.current = null
  })
  const named = mention === null ? [] : options.filter((option) => mentionNameOf(option) !== null)
  const completion = useCompletion({
    options: mention === null ? [] : matchAddresses(named, mention.text, []).slice(0, mostOffered),
    onChoose: (option) => {
      const name = mentionNameOf(option)
      if (mention === null || name === null) return
      const completed = completeMention(body, mention, name)
      moveTo.current = completed.caret
      setCaret(null)
      onChange(completed.text)
      onMention(option)
    },
    onDismiss: () => setCaret(null),
  })
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (completion.onKey(event)) return
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return
    event.preventDefault()
    onSend()
  }
  return (
    <div className="mail-body-field">
      <textarea
        {...props.control}
        {...completion.field}
        ref={field}
        className="input"
        rows={props.rows}
        aria-label={props.label}
        placeholder={props.placeholder}
        value={body}
        data-testid={testId.mailBody}
        onChange={(event) => {
          setCaret(event.target.selectionStart)
          onChange(event.target.value)
        }}
        onBlur={() => setCaret(null)}
        onKeyDown={onKeyDown}
      />
      <CompletionList completion={completion} label="Sessions to mention" />
    </div>
  )
}
