import { GitCompareArrows } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { Strategy } from '../../../shared/contract/merge.ts'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import { testId } from '../../lib/test-ids.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { ConflictEditor } from './conflict-editor.tsx'
import type { MergeDesk, MergePlace } from './merge-desk.ts'

interface ConflictsProps {
  readonly desk: MergeDesk
  readonly place: MergePlace
  readonly strategy: Strategy
  readonly worktreeId: WorktreeId
  readonly isInConflict: boolean
  /** Nothing else is to be done first. */
  readonly isNext: boolean
  readonly isResolved: boolean
}

/** Opens the conflicts of a merge, also to think again about those that were resolved. */
export const Conflicts = ({ desk, place, strategy, worktreeId, isInConflict, isNext, isResolved }: ConflictsProps) => {
  const [isOpen, setOpen] = useState(false)
  const { projectId, head, branch, target, baseSha } = place
  // The editor reads anew when this is another function: when there is something else to merge.
  const read = useCallback(
    () => desk.conflicts({ projectId, head, branch, target, baseSha }, strategy),
    [desk, projectId, head, branch, target, baseSha, strategy],
  )
  return (
    <>
      {isInConflict ? (
        <Button
          variant={isNext ? 'primary' : 'default'}
          icon={GitCompareArrows}
          onClick={() => setOpen(true)}
          data-testid={testId.mergeResolve}
        >
          Resolve
        </Button>
      ) : isResolved && strategy !== 'rebase' ? (
        <IconButton
          icon={GitCompareArrows}
          label="Change how conflicts were resolved"
          onClick={() => setOpen(true)}
          data-testid={testId.mergeResolve}
        />
      ) : null}
      {isOpen ? (
        <ConflictEditor
          worktreeId={worktreeId}
          target={target}
          onRead={read}
          onUse={(resolutions) => {
            setOpen(false)
            void desk.resolve(place, strategy, resolutions)
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  )
}
