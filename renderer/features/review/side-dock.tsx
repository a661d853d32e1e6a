import { ListChecks, PanelRight } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import type { SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import { useCommands } from '../../lib/command-context.tsx'
import type { Command } from '../../lib/commands.ts'
import { testId } from '../../lib/test-ids.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { useMedia } from '../../lib/use-media.ts'
import { CommandIconButton } from '../../ui/command-button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { BranchSlot } from './branch-slot.tsx'
import type { SideSlot } from './review-slots.ts'

/** Below this the changes would be too narrow to be read beside it. */
export const narrow = '(max-width: 1280px)'

/** What is known of the branch, beside its changes. */
export const SideDock = ({ children }: { readonly children: ReactNode }) => (
  <aside className="review-dock" aria-label="Beside the changes" data-testid={testId.reviewDock}>
    {children}
  </aside>
)

interface SideButtonProps {
  readonly slot: SideSlot
  readonly sessionId: SessionId
  readonly worktreeId: WorktreeId
}

/** The same behind a button, which says the most important of it. */
export const SideButton = ({ slot, ...place }: SideButtonProps) => (
  <Popover
    label="Beside the changes"
    testId={testId.reviewDock}
    button={{
      icon: ListChecks,
      content: <BranchSlot {...place} draw={slot.summary} />,
      testId: testId.reviewDockButton,
    }}
  >
    <div className="review-dock-popup">
      <BranchSlot {...place} draw={slot.panel} />
    </div>
  </Popover>
)

interface SideToggleProps {
  readonly isShown: boolean
  readonly onShow: (isShown: boolean) => void
}

/** Folds the panel away, where there is room for it at all. */
export const SideToggle = ({ isShown, onShow }: SideToggleProps) => {
  const isNarrow = useMedia(narrow)
  const latest = useLatest({ isShown, onShow, isNarrow })
  const commands = useMemo(
    (): readonly Command[] => [
      {
        id: 'review.side',
        group: 'Review',
        title: 'Show or fold the panel beside the changes',
        keywords: ['checks', 'conflicts', 'queue', 'side'],
        keys: [{ press: 'i', scope: 'outside-terminal' }],
        isEnabled: () => !latest.current.isNarrow,
        run: () => latest.current.onShow(!latest.current.isShown),
      },
    ],
    [latest],
  )
  useCommands(commands)
  return isNarrow ? null : (
    <CommandIconButton command="review.side" icon={PanelRight} label={isShown ? 'Fold the panel' : 'Show the panel'} />
  )
}
