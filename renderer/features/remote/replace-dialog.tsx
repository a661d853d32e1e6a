import { TriangleAlert } from 'lucide-react'
import type { RemoteState } from '../../../shared/contract/remote.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { testId } from '../../lib/test-ids.ts'
import { Note } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

interface ReplaceDialogProps {
  readonly state: RemoteState
  readonly onClose: () => void
  readonly onReplace: (replaces: string) => void
}

/** Asks before commits are taken away from a branch that others may have. */
export const ReplaceDialog = ({ state, onClose, onReplace }: ReplaceDialogProps) => {
  const { remoteHead, branch, remote, behind, ahead } = state
  if (remoteHead === null || remote === null) return null
  const there = visibleLine(`${remote.name}/${branch ?? ''}`)
  const those = behind === 1 ? 'the commit there that is' : `the ${behind} commits there that are`
  return (
    <Dialog
      isOpen
      title="Replace the branch there?"
      width={480}
      onClose={onClose}
      testId={testId.remoteReplaceDialog}
      footer={
        <>
          <span className="spacer" />
          <Button onClick={onClose}>Leave it</Button>
          <Button
            variant="danger-fill"
            data-testid={testId.remoteReplaceNow}
            onClick={() => {
              onClose()
              onReplace(remoteHead)
            }}
          >
            Replace it
          </Button>
        </>
      }
    >
      <div className="remote-form">
        <p className="text-13">
          {there} gets {ahead === 1 ? 'your commit' : `your ${ahead} commits`} and loses {those} not in yours: {there}{' '}
          is at <span className="mono">{remoteHead.slice(0, 8)}</span> as far as is known here.
        </p>
        <Note icon={TriangleAlert} tone="warn">
          Nothing is replaced if somebody pushed since: then it is refused, and you can fetch and look.
        </Note>
      </div>
    </Dialog>
  )
}
