import { GitMerge } from 'lucide-react'
import { useQueueSummary } from '../../data/queue.ts'
import { testId } from '../../lib/test-ids.ts'
import { Icon } from '../../ui/icon.tsx'
import { summaryWords } from './queue-words.ts'

/** How many branches are in line, for the status bar; nothing while there are none. */
export const QueueStatus = ({ onOpen }: { readonly onOpen: () => void }) => {
  const { inLine, state } = useQueueSummary()
  const words = summaryWords(state)
  return inLine === 0 && state !== 'held' ? null : (
    <button type="button" className="status-part" onClick={onOpen} data-testid={testId.queueStatus}>
      <Icon of={GitMerge} size={14} />
      <span>
        Merge queue <b className="num">{inLine}</b>
        {words === null ? '' : `, ${words}`}
      </span>
    </button>
  )
}
