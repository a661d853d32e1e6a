import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { testId } from '../../lib/test-ids.ts'
import { IconButton } from '../../ui/button.tsx'
import type { Finding } from './use-find.ts'

/** Finds text in the changed lines of every file. Enter goes to the next, Shift+Enter to the one before. */
export const FindBar = ({ finding, onClose }: { readonly finding: Finding; readonly onClose: () => void }) => {
  const field = useRef<HTMLInputElement>(null)
  const { turn } = finding
  useEffect(() => {
    if (turn === 0) return
    field.current?.focus()
    field.current?.select()
  }, [turn])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
    else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) finding.step(event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the field and its buttons
    <div role="search" className="review-find" data-testid={testId.reviewFind} onKeyDown={onKeyDown}>
      <input
        ref={field}
        className="review-find-field"
        aria-label="Find in the changes"
        placeholder="Find"
        spellCheck={false}
        autoComplete="off"
        value={finding.text}
        onChange={(event) => finding.setText(event.target.value)}
      />
      <span className="review-find-count num" role="status" data-testid={testId.reviewFindCount}>
        {finding.words}
      </span>
      <IconButton icon={ArrowUp} label="Previous" keys="Shift Enter" onClick={() => finding.step(-1)} />
      <IconButton icon={ArrowDown} label="Next" keys="Enter" onClick={() => finding.step(1)} />
      <IconButton icon={X} label="Close" keys="Esc" onClick={onClose} />
    </div>
  )
}
