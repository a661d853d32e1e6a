import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { Check, GitBranch, RotateCcw, Undo2, X } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import type { MergeEntry, MergeQueue } from '../../../shared/contract/queue-rows.ts'
import type { MergeEntryId, SessionId } from '../../../shared/lib/ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useData } from '../../data/data-context.tsx'
import { isInLine, needsSomebody } from '../../data/queue.ts'
import { testId } from '../../lib/test-ids.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status-mark.tsx'
import { markOf, routeWords, wordOfEntry } from './queue-words.ts'
import type { QueueActions } from './use-queue-actions.ts'

export interface EntryRowProps {
  readonly entry: MergeEntry
  readonly queue: MergeQueue
  /** Its place in line, from 1; null for what is not in line. */
  readonly place: number | null
  readonly actions: QueueActions
  readonly onGoToSession: (id: SessionId) => void
  /** One place up or down, by the keyboard. */
  readonly onShift: (entry: MergeEntry, by: -1 | 1) => void
  /** Dropped above this one. */
  readonly onDrop: (id: MergeEntryId) => void
  readonly isStop: boolean
  readonly onStep: (event: KeyboardEvent) => void
}

/** One branch in line, why it is where it is, and what can be done with it. */
export const EntryRow = (props: EntryRowProps) => {
  const { entry, queue, place, actions, onShift, isStop, onStep } = props
  const { row, isOver } = useDrag(props)
  const canMove = entry.state === 'waiting' || entry.state === 'proposed'
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    if (canMove && event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown'))
      onShift(entry, event.key === 'ArrowUp' ? -1 : 1)
    else if (event.key === 'Delete' && entry.endedAt === null) void actions.withdraw(entry)
    else return onStep(event)
    event.preventDefault()
    return undefined
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the row is a stop of the keyboard
    <li
      ref={row}
      className="entry-row"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- one tab stop for the list; keys answer the row
      tabIndex={isStop ? 0 : -1}
      onKeyDown={onKey}
      data-entry={entry.id}
      data-state={entry.state}
      data-over={isOver || undefined}
      data-testid={testId.queueEntry}
    >
      <span className="entry-place num">{place ?? ''}</span>
      <div className="entry-text">
        <div className="entry-line">
          <span className="entry-title cut">{visibleLine(entry.title)}</span>
          <Branch entry={entry} />
          <span className="spacer" />
          <Status kind={markOf(entry.state)} word={wordOfEntry(entry, queue)} testId={testId.queueEntryState} />
        </div>
        <Reason entry={entry} />
      </div>
      <EntryButtons {...props} />
    </li>
  )
}

const Branch = ({ entry: { branch, head } }: { readonly entry: MergeEntry }) => (
  <span className="entry-branch mono cut">
    <Icon of={GitBranch} size={12} />
    {branch === null ? head.slice(0, 8) : visibleLine(branch)}
  </span>
)

const Reason = ({ entry }: { readonly entry: MergeEntry }) => {
  const said = [entry.reason, routeWords(entry)].filter((words) => words !== null)
  return (
    <div className="entry-reason text-12">
      {said.length > 0 ? <span>{visibleLine(said.join(' '))} </span> : null}
      <span className="text-faint">
        {entry.endedAt === null ? 'queued ' : ''}
        <AgeAgo at={entry.endedAt ?? entry.enqueuedAt} />
      </span>
    </div>
  )
}

const EntryButtons = ({ entry, actions, onGoToSession }: EntryRowProps) => {
  const { sessionId, state } = entry
  const isUndone = useIsUndone(entry)
  return (
    <div className="entry-buttons">
      {state === 'proposed' ? (
        <Button size="small" icon={Check} onClick={() => void actions.approve(entry)} data-testid={testId.queueApprove}>
          Approve
        </Button>
      ) : null}
      {needsSomebody(state) ? (
        <Button size="small" icon={RotateCcw} onClick={() => void actions.retry(entry)} data-testid={testId.queueRetry}>
          Queue again
        </Button>
      ) : null}
      {state === 'merged' && entry.mergeId !== null ? (
        <Button
          size="small"
          icon={Undo2}
          disabledReason={isUndone ? 'It was undone.' : null}
          onClick={() => void actions.undo(entry)}
          data-testid={testId.queueUndo}
        >
          {isUndone ? 'Undone' : 'Undo'}
        </Button>
      ) : null}
      {sessionId === null ? null : (
        <Button size="small" variant="ghost" onClick={() => onGoToSession(sessionId)}>
          Open session
        </Button>
      )}
      {entry.endedAt === null && (isInLine(state) || needsSomebody(state)) ? (
        <IconButton
          icon={X}
          label="Withdraw"
          keys="Delete"
          onClick={() => void actions.withdraw(entry)}
          data-testid={testId.queueWithdraw}
        />
      ) : null}
    </div>
  )
}

const useIsUndone = ({ mergeId }: MergeEntry): boolean => {
  const { stores } = useData()
  return useStore(stores.merges.store, ({ byId }) => mergeId !== null && byId.get(mergeId)?.state === 'undone')
}

const kindOfDrag = 'merge-entry'

/** The row can be carried above another one of its queue. */
const useDrag = ({ entry, onDrop }: EntryRowProps) => {
  const row = useRef<HTMLLIElement>(null)
  const [isOver, setOver] = useState(false)
  const { id, projectId, target, state } = entry
  const canMove = state === 'waiting' || state === 'proposed'
  const drop = useRef(onDrop)
  useEffect(() => {
    drop.current = onDrop
  })
  useEffect(() => {
    const element = row.current
    if (!element || !canMove) return undefined
    const queue = `${projectId} ${target}`
    const stopDrag = draggable({ element, getInitialData: () => ({ kind: kindOfDrag, id, queue }) })
    const stopDrop = dropTargetForElements({
      element,
      canDrop: ({ source: { data } }) => data['kind'] === kindOfDrag && data['queue'] === queue && data['id'] !== id,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false)
        drop.current(source.data['id'] as MergeEntryId)
      },
    })
    return () => {
      stopDrag()
      stopDrop()
    }
  }, [id, projectId, target, canMove])
  return { row, isOver }
}
