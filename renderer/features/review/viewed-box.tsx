import '../../ui/checkbox.css'
import { Check, Minus, RotateCw } from 'lucide-react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import type { FolderMark } from './file-tree.ts'

type BoxState = ReviewFile['mark'] | FolderMark

interface ViewedBoxProps {
  readonly state: BoxState
  readonly label: string
  /** -1 in a list whose rows are walked with the arrows and marked with a letter. */
  readonly tabIndex?: number
  readonly onToggle: () => void
}

/** Whether something was viewed; amber when it changed after that. */
export const ViewedBox = ({ state, label, tabIndex, onToggle }: ViewedBoxProps) => {
  const shown = state === 'all' ? 'viewed' : state
  return (
    <button
      type="button"
      role="checkbox"
      className="checkbox-box viewed-box"
      aria-checked={shown === 'viewed' ? true : shown === 'none' ? false : 'mixed'}
      aria-label={shown === 'stale' ? `${label}, changed since` : label}
      data-checked={shown === 'viewed' || undefined}
      data-state={shown}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.stopPropagation()
        onToggle()
      }}
    >
      {icons[shown]}
    </button>
  )
}

const look = { size: 12, strokeWidth: 2.6, 'aria-hidden': true } as const

const icons = {
  none: null,
  viewed: <Check {...look} />,
  some: <Minus {...look} />,
  stale: <RotateCw {...look} strokeWidth={2.2} />,
} as const
