import './queue.css'
import { GitMerge } from 'lucide-react'
import type { MergeEntry } from '../../../shared/contract/queue-rows.ts'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { isInLine, useEntriesOf, useEntryOf, useQueue } from '../../data/queue.ts'
import { testId } from '../../lib/test-ids.ts'
import { Count } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Status } from '../../ui/status-mark.tsx'
import { markOf, wordOfEntry, wordOfQueue } from './queue-words.ts'

interface QueuePanelProps {
  readonly projectId: ProjectId
  /** The branch it would go into. */
  readonly target: string
  readonly sessionId: SessionId
  readonly onOpen: () => void
}

/** Who is ahead of the branch under review, and where it stands itself. */
export const QueuePanel = ({ projectId, target, sessionId, onOpen }: QueuePanelProps) => {
  const key = { projectId, target }
  const queue = useQueue(key)
  const inLine = useEntriesOf(key).filter(({ state }) => isInLine(state))
  const own = useEntryOf(sessionId)
  return (
    <section className="queue-panel" aria-label="Merge queue" data-testid={testId.queuePanel}>
      <header className="queue-panel-bar">
        <h3>Merge queue</h3>
        <Count value={inLine.length} />
        <span className="spacer" />
        <Button size="small" variant="ghost" icon={GitMerge} onClick={onOpen}>
          Open
        </Button>
      </header>
      {queue?.hold ? (
        <p className="queue-panel-hold text-12">
          {wordOfQueue(queue, inLine.length)}: {visibleLine(queue.hold.reason)}
        </p>
      ) : null}
      <ol className="queue-panel-list">
        {inLine.map((entry, index) => (
          <PanelRow key={entry.id} entry={entry} place={index + 1} queue={queue} isOwn={entry.id === own?.id} />
        ))}
        {own && isInLine(own.state) ? null : (
          <li className="queue-panel-row text-faint">
            <span className="num">{inLine.length + 1}</span>
            <span className="cut">{own?.reason ? visibleLine(own.reason) : 'This branch would be next'}</span>
          </li>
        )}
      </ol>
    </section>
  )
}

interface PanelRowProps {
  readonly entry: MergeEntry
  readonly place: number
  readonly queue: Parameters<typeof wordOfEntry>[1]
  readonly isOwn: boolean
}

const PanelRow = ({ entry, place, queue, isOwn }: PanelRowProps) => (
  <li className="queue-panel-row" data-own={isOwn || undefined} title={entry.reason ?? undefined}>
    <span className="num text-faint">{place}</span>
    <span className="cut">{visibleLine(entry.title)}</span>
    <span className="spacer" />
    <Status kind={markOf(entry.state)} word={wordOfEntry(entry, queue)} />
  </li>
)
