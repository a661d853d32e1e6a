import { ListPlus } from 'lucide-react'
import { useState } from 'react'
import type { NewEntry } from '../../../shared/contract/queue.ts'
import type { SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import { isInLine, useEntryOf } from '../../data/queue.ts'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { useQueueActions } from './use-queue-actions.ts'

export interface QueueButtonProps extends Pick<NewEntry, 'strategy' | 'message' | 'target'> {
  readonly sessionId: SessionId
  readonly worktreeId: WorktreeId
  readonly head: string
  /** Why it cannot be merged at all; null when it can. */
  readonly blocked: string | null
}

/** Puts the branch under review in line, at the commit that is looked at. */
export const QueueButton = ({ sessionId, worktreeId, blocked, ...wish }: QueueButtonProps) => {
  const actions = useQueueActions()
  const [isBusy, setBusy] = useState(false)
  const entry = useEntryOf(sessionId)
  const isQueued = entry !== undefined && isInLine(entry.state)
  const enqueue = async () => {
    setBusy(true)
    await actions.enqueue({ ...wish, source: { kind: 'worktree', worktreeId } })
    setBusy(false)
  }
  return isQueued ? (
    <Button icon={ListPlus} onClick={() => void actions.withdraw(entry)} data-testid={testId.queueLeave}>
      Withdraw from the queue
    </Button>
  ) : (
    <Button
      icon={ListPlus}
      isBusy={isBusy}
      disabledReason={blocked}
      title="Merge it when its turn has come and the gates pass"
      onClick={() => void enqueue()}
      data-testid={testId.queueAdd}
    >
      Queue when green
    </Button>
  )
}
