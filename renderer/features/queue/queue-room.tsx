import './queue.css'
import { CirclePause, GitMerge, Pause, Play, TriangleAlert } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { mostInBatch, type MergeEntry, type MergeQueue } from '../../../shared/contract/queue-rows.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useProject } from '../../data/projects.ts'
import { isInLine, needsSomebody, useEntriesOf, useQueues } from '../../data/queue.ts'
import { queueKey } from '../../data/stores.ts'
import { nextIndex } from '../../lib/roving.ts'
import { testId } from '../../lib/test-ids.ts'
import { Count, EmptyState, Note } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Select } from '../../ui/select.tsx'
import { EntryRow } from './entry-row.tsx'
import { targetBefore } from './queue-order.ts'
import { wordOfQueue } from './queue-words.ts'
import { useQueueActions, type QueueActions } from './use-queue-actions.ts'

interface QueueRoomProps {
  readonly onGoToSession: (id: SessionId) => void
}

/** Every line before a branch: what is in it, what became of it, and whether it goes on. */
export const QueueRoom = ({ onGoToSession }: QueueRoomProps) => {
  const queues = useQueues(null)
  const actions = useQueueActions()
  return (
    <section className="queues scroll" aria-label="Merge queue" data-region data-testid={testId.queues}>
      {queues.length === 0 ? (
        <div className="queues-empty">
          <EmptyState icon={GitMerge} title="No branch is in line">
            Branches that you queue from their review are merged here one after the other, each only when the gates pass
            on it together with all that is merged before it.
          </EmptyState>
        </div>
      ) : (
        queues.map((queue) => (
          <QueuePart key={queueKey(queue)} queue={queue} actions={actions} onGoToSession={onGoToSession} />
        ))
      )}
    </section>
  )
}

interface QueuePartProps extends QueueRoomProps {
  readonly queue: MergeQueue
  readonly actions: QueueActions
}

const QueuePart = ({ queue, actions, onGoToSession }: QueuePartProps) => {
  const project = useProject(queue.projectId)
  const entries = useEntriesOf(queue)
  const inLine = entries.filter(({ state }) => isInLine(state))
  const stopped = entries.filter(({ state }) => needsSomebody(state))
  const ended = entries.filter(({ state }) => state === 'merged')
  const name = `${visibleLine(project?.name ?? '')} ${visibleLine(queue.target)}`
  const listed = { queue, actions, onGoToSession }
  return (
    <section className="queue" aria-label={`Merge queue of ${name}`} data-testid={testId.queue}>
      <header className="queue-bar">
        <h2>
          {visibleLine(project?.name ?? '')} <span className="mono">{visibleLine(queue.target)}</span>
        </h2>
        <Count value={inLine.length} />
        <span className="text-12 text-faint" role="status" data-testid={testId.queueState}>
          {wordOfQueue(queue, inLine.length)}
        </span>
        <span className="spacer" />
        <QueueSettings queue={queue} actions={actions} />
        {queue.hold?.by === 'person' ? (
          <Button
            size="small"
            icon={Play}
            onClick={() => void actions.resume(keyOf(queue))}
            data-testid={testId.queueResume}
          >
            Resume
          </Button>
        ) : (
          <Button
            size="small"
            icon={Pause}
            onClick={() => void actions.pause(keyOf(queue))}
            data-testid={testId.queuePause}
          >
            Pause
          </Button>
        )}
      </header>
      <HoldNote queue={queue} actions={actions} />
      <EntryList label={`In line for ${name}`} entries={inLine} isLine {...listed} />
      {stopped.length === 0 ? null : <h3 className="queue-heading">Wait for somebody</h3>}
      <EntryList label={`Not merged into ${name}`} entries={stopped} {...listed} />
      {ended.length === 0 ? null : <h3 className="queue-heading">Merged in the last day</h3>}
      <EntryList label={`Merged into ${name}`} entries={ended} {...listed} />
    </section>
  )
}

const keyOf = ({ projectId, target }: MergeQueue) => ({ projectId, target })

const HoldNote = ({ queue, actions }: Pick<QueuePartProps, 'queue' | 'actions'>) => {
  const { hold } = queue
  if (!hold) return null
  if (hold.by === 'person')
    return (
      <Note icon={CirclePause} testId={testId.queueHold}>
        {hold.reason === '' ? 'You paused it.' : visibleLine(hold.reason)} What is in line keeps its place.
      </Note>
    )
  return (
    <Note icon={TriangleAlert} tone="warn" testId={testId.queueHold}>
      {visibleLine(hold.reason)}{' '}
      <Button size="small" onClick={() => void actions.resume(keyOf(queue))}>
        Try now
      </Button>
    </Note>
  )
}

const sizes = Array.from({ length: mostInBatch }, (_, at) => ({
  value: String(at + 1),
  label: at === 0 ? 'One at a time' : `${at + 1} at a time`,
  hint: at === 0 ? 'The gates run on each commit.' : 'The gates run on the last of them.',
}))

const QueueSettings = ({ queue, actions }: Pick<QueuePartProps, 'queue' | 'actions'>) => {
  const { batchSize, needsApproval } = queue
  return (
    <>
      <Checkbox
        label="Ask me before agents merge"
        isChecked={needsApproval}
        onChange={(next) => void actions.configure(keyOf(queue), { batchSize, needsApproval: next })}
      />
      <Select
        label="How many are checked together"
        value={String(batchSize)}
        options={sizes}
        onChange={(next) => void actions.configure(keyOf(queue), { batchSize: Number(next), needsApproval })}
        testId={testId.queueBatch}
      />
    </>
  )
}

interface EntryListProps extends QueuePartProps {
  readonly label: string
  readonly entries: readonly MergeEntry[]
  readonly isLine?: boolean
}

/** One stop of the Tab key; arrows walk through the rows, with Alt they carry one along. */
const EntryList = ({ label, entries, isLine = false, queue, actions, onGoToSession }: EntryListProps) => {
  const list = useRef<HTMLUListElement>(null)
  const [at, setAt] = useState(0)
  const active = Math.min(at, entries.length - 1)
  const step = (event: KeyboardEvent) => {
    const next = nextIndex(event.key, active, entries.length)
    if (next === null) return
    event.preventDefault()
    setAt(next)
    list.current?.querySelectorAll<HTMLElement>(':scope > li')[next]?.focus()
  }
  if (entries.length === 0) return null
  return (
    <ul ref={list} aria-label={label} className="entry-list">
      {entries.map((entry, index) => (
        <EntryRow
          key={entry.id}
          entry={entry}
          queue={queue}
          place={isLine ? index + 1 : null}
          actions={actions}
          onGoToSession={onGoToSession}
          isStop={index === active}
          onStep={step}
          onShift={(moved, by) => {
            const before = targetBefore(entries, moved.id, by)
            if (before === undefined) return
            setAt(index + by)
            void actions.place(moved, before)
          }}
          onDrop={(id) => {
            const dropped = entries.find((each) => each.id === id)
            if (dropped) void actions.place(dropped, entry.id)
          }}
        />
      ))}
    </ul>
  )
}
