import './task-card.css'
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { Hourglass, Link2 } from 'lucide-react'
import { memo, useCallback, useEffect, useRef, type KeyboardEvent } from 'react'
import type { Task } from '../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useTask } from '../../data/tasks.ts'
import { testId } from '../../lib/test-ids.ts'
import { useNow } from '../../lib/use-now.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Tag, Why } from '../../ui/bits.tsx'
import { ContextMenu } from '../../ui/menu.tsx'
import { dragOfTask } from './board-pointer.ts'
import { useTasksRoom } from './room-context.tsx'
import { SessionBadge } from './session-badge.tsx'
import { useBlockers } from './task-index.tsx'
import { taskMenu } from './task-menu.ts'
import { stateIcon } from './task-state-mark.tsx'
import { priorityName, reasonLine, stateWord, usualPriority, waitWord } from './task-words.ts'

interface TaskCardProps {
  readonly id: TaskId
  /** `held`: in the hand of the keyboard. `left`: what stays behind while the mouse carries it. */
  readonly look: 'rest' | 'held' | 'left'
  readonly isOpen: boolean
  readonly isTabStop: boolean
  readonly onFocus: (id: TaskId) => void
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

/** One task on the board. It draws itself again when its own task changes, and for no other. */
export const TaskCard = memo(({ id, look, isOpen, isTabStop, onFocus, onKeyDown }: TaskCardProps) => {
  const task = useTask(id)
  const room = useTasksRoom()
  const { stores } = useData()
  const element = useRef<HTMLElement>(null)
  const entries = useCallback(() => {
    const current = stores.tasks.get(id)
    return current === undefined ? [] : taskMenu(current, room)
  }, [stores, id, room])
  const isKnown = task !== undefined
  useEffect(
    () =>
      isKnown && element.current !== null
        ? draggable({ element: element.current, getInitialData: () => dragOfTask(id) })
        : undefined,
    [id, isKnown],
  )
  if (task === undefined) return null
  return (
    <ContextMenu entries={entries}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it holds buttons, so it can be none */}
      <article
        ref={element}
        className="task-card"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the board's keys work on the card with the focus
        tabIndex={isTabStop ? 0 : -1}
        aria-label={cardName(task)}
        aria-current={isOpen || undefined}
        data-look={look}
        data-task={id}
        data-state={task.state}
        data-testid={testId.taskCard}
        onFocus={() => onFocus(id)}
        onKeyDown={onKeyDown}
        onClick={() => room.open(id)}
      >
        <CardTop task={task} />
        <div className="task-card-title" data-testid={testId.taskCardTitle}>
          {visibleLine(task.title)}
        </div>
        <Labels labels={task.labels} />
        <Reason task={task} />
        <Blockers id={id} />
        <SessionBadge taskId={id} />
      </article>
    </ContextMenu>
  )
})
TaskCard.displayName = 'TaskCard'

const cardName = (task: Task) =>
  [
    `${task.key} ${visibleLine(task.title)}`,
    stateWord(task.state),
    ...(task.priority === usualPriority ? [] : [priorityName(task.priority)]),
  ].join(', ')

// So many fit on one line of a narrow column; the rest is in the detail.
const shownLabels = 2

const CardTop = ({ task }: { readonly task: Task }) => (
  <div className="task-card-top">
    <span className="num task-key">{task.key}</span>
    <span className="spacer" />
    {task.priority === usualPriority ? null : (
      <span className="task-priority" data-priority={task.priority}>
        {priorityName(task.priority)}
      </span>
    )}
  </div>
)

const Labels = ({ labels }: { readonly labels: readonly string[] }) => {
  const hidden = labels.slice(shownLabels).map(visibleLine)
  return labels.length === 0 ? null : (
    <div className="task-labels">
      {labels.slice(0, shownLabels).map((label) => (
        <Tag key={label}>
          <span className="cut">{visibleLine(label)}</span>
        </Tag>
      ))}
      {hidden.length === 0 ? null : (
        <span className="task-more-labels" title={hidden.join(', ')}>
          +{hidden.length}
        </span>
      )}
    </div>
  )
}

// A pause is minutes long.
const pauseLookMs = 30_000

const Reason = ({ task }: { readonly task: Task }) => {
  const now = useNow(pauseLookMs)
  const line = reasonLine(task, now)
  return line === null ? null : (
    <Why icon={task.state === 'open' ? Hourglass : stateIcon(task.state)}>{visibleLine(line)}</Why>
  )
}

const Blockers = ({ id }: { readonly id: TaskId }) => {
  const blockers = useBlockers(id)
  const room = useTasksRoom()
  return blockers.map(({ other, kind }) => (
    <Why key={`${other.id} ${kind}`} icon={Link2}>
      Waits for{' '}
      <button
        type="button"
        className="link-button num"
        data-testid={testId.taskBlocker}
        onClick={(event) => {
          event.stopPropagation()
          room.open(other.id)
        }}
      >
        {other.key}
      </button>{' '}
      {visibleLine(other.title)}, {waitWord(kind, other)}
    </Why>
  ))
}
