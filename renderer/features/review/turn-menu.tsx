import { ChevronDown } from 'lucide-react'
import type { ReviewListing, ReviewView } from '../../../shared/contract/review.ts'
import { testId } from '../../lib/test-ids.ts'
import { exactTime } from '../../lib/time.ts'
import { Count } from '../../ui/bits.tsx'
import { checked } from '../../ui/filter-bar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'

interface TurnMenuProps {
  readonly turns: ReviewListing['turns']
  readonly view: ReviewView
  readonly onShow: (view: ReviewView) => void
}

/** The turns of the agent, the newest first: what each of them changed. */
export const TurnMenu = ({ turns, view, onShow }: TurnMenuProps) => {
  const shown = view.kind === 'turn' ? view.number : null
  return (
    <Menu
      align="start"
      entries={[...turns].reverse().map((turn) => ({
        kind: 'item',
        id: `turn-${turn.number}`,
        label: `Turn ${turn.number}, ${filesWord(turn.files)}, ${exactTime(turn.at)}`,
        ...checked(turn.number === shown),
        onChoose: () => onShow({ kind: 'turn', number: turn.number }),
      }))}
    >
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

export const filesWord = (count: number): string => (count === 1 ? '1 file' : `${count} files`)
