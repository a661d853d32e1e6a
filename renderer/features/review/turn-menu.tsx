import { ChevronDown } from 'lucide-react'
import type { ReviewListing, ReviewView } from '../../../shared/contract/review.ts'
import { testId } from '../../lib/test-ids.ts'
import { exactTime } from '../../lib/time.ts'
import { Count } from '../../ui/bits.tsx'
import { checked } from '../../ui/filter-bar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'

interface TurnMenuProps {
  readonly turns: ReviewListing['turns']
  readonly view: ReviewView
  readonly onShow: (view: ReviewView) => void
}

/** The turns of the agent, the newest first: what each of them changed. */
export const TurnMenu = ({ turns, view, onShow }: TurnMenuProps) => {
  const shown = view.kind === 'turn' ? view.number : null
  return (
    <Menu align="start" entries={turnEntries({ turns, view, onShow })}>
      <button
        type="button"
        className="review-view"
        aria-current={shown === null ? undefined : 'true'}
        data-testid={testId.reviewTurns}
      >
        {shown === null ? 'Turns' : `Turn ${shown}`}
        <Count value={turns.length} />
        <Icon of={ChevronDown} size={14} />
      </button>
    </Menu>
  )
}

export const turnEntries = ({ turns, view, onShow }: TurnMenuProps): readonly MenuEntry[] => {
  const entries = turns.toReversed().map((turn): MenuEntry => ({
    kind: 'item',
    id: `turn-${turn.number}`,
    label: `Turn ${turn.number}, ${filesWord(turn.files)}, ${exactTime(turn.at)}`,
    ...checked(view.kind === 'turn' && turn.number === view.number),
    onChoose: () => onShow({ kind: 'turn', number: turn.number }),
  }))
  const first = turns[0]?.number ?? 1
  if (first === 1) return entries
  const older: MenuEntry = {
    kind: 'item',
    id: 'older',
    label: first === 2 ? 'Turn 1 is not kept' : `Turns 1 to ${first - 1} are not kept`,
    disabledReason: 'Of a worktree the last 50 turns are kept, and no more than 500 MB of them.',
    onChoose: () => {},
  }
  return [...entries, older]
}

export const filesWord = (count: number): string => (count === 1 ? '1 file' : `${count} files`)
