import './find-bar.css'
import { ArrowDown, ArrowUp, X } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { IconButton } from './button.tsx'

interface FindBarProps {
  /** Its name for those who do not see it. */
  readonly label: string
  readonly text: string
  /** How many were found, in words. */
  readonly words: string
  /** Why what was typed cannot be looked for. */
  readonly problem?: string | null
  /** With every other value the field is made anew: it is focused, and what was typed is selected. */
  readonly turn: number
  readonly testId: string
  readonly countTestId: string
  /** Further buttons, before those that step. */
  readonly children?: ReactNode
  readonly onText: (text: string) => void
  readonly onStep: (by: 1 | -1) => void
  readonly onClose: () => void
}

/** Finds text in what lies beneath it. Enter goes to the next, Shift+Enter to the one before, Escape back. */
export const FindBar = (props: FindBarProps) => {
  const { label, text, words, problem = null, turn, testId, countTestId, children, onText, onStep, onClose } = props
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the field and its buttons
    <div role="search" className="find-bar" data-testid={testId} onKeyDown={onKey({ onStep, onClose })}>
      <input
        key={turn}
        ref={takeFocus}
        className="find-bar-field"
        aria-label={label}
        aria-invalid={problem !== null}
        placeholder="Find"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
      <span className="find-bar-count num" role="status" title={problem ?? undefined} data-testid={countTestId}>
        {words}
      </span>
      {children}
      <IconButton icon={ArrowUp} label="Previous" keys="Shift Enter" onClick={() => onStep(-1)} />
      <IconButton icon={ArrowDown} label="Next" keys="Enter" onClick={() => onStep(1)} />
      <IconButton icon={X} label="Close" keys="Esc" onClick={onClose} />
    </div>
  )
}

const takeFocus = (field: HTMLInputElement | null) => {
  field?.focus()
  field?.select()
}

const onKey =
  ({ onStep, onClose }: Pick<FindBarProps, 'onStep' | 'onClose'>) =>
  (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
    else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) onStep(event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
