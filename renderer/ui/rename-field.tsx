import { useEffect, useRef, useState } from 'react'
import { testId } from '../lib/test-ids.ts'

interface RenameFieldProps {
  readonly title: string
  /** Resolves to false when the name was refused; then the field stays, with what was typed. */
  readonly onRename: (title: string) => Promise<boolean>
  readonly onDone: () => void
}

/** A title while it is typed anew: Enter keeps it, Escape leaves it as it was. */
export const RenameField = ({ title, onRename, onDone }: RenameFieldProps) => {
  const [text, setText] = useState(title)
  const field = useRef<HTMLInputElement>(null)
  const isSettled = useRef(false)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])

  const keep = async () => {
    if (isSettled.current) return
    const wanted = text.trim()
    isSettled.current = true
    if (wanted === '' || wanted === title || (await onRename(wanted))) return onDone()
    isSettled.current = false
    field.current?.focus()
  }

  return (
    <input
      ref={field}
      className="input"
      data-size="small"
      aria-label="Title"
      data-testid={testId.sessionRename}
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => void keep()}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) void keep()
        if (event.key === 'Escape') {
          isSettled.current = true
          onDone()
        }
      }}
    />
  )
}
