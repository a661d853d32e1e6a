import './task-list.css'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { memo, useCallback, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useTask } from '../../data/tasks.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Age } from '../../ui/age.tsx'
import { Tag } from '../../ui/bits.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ContextMenu } from '../../ui/menu.tsx'
import { useRowFocus, useRowsInSight } from '../../ui/use-rows-in-sight.ts'
import { NewTaskField } from './new-task-field.tsx'
import { rowStep } from './row-step.ts'
import { useTasksRoom } from './room-context.tsx'
import { SessionBadge } from './session-badge.tsx'
import { useBlockers, useListedIds } from './task-index.tsx'
import { taskMenu } from './task-menu.ts'
import { nextSort, type ListQuestion, type TaskSort } from './task-sort.ts'
import { TaskStateMark } from './task-state-mark.tsx'
import { priorityName } from './task-words.ts'
import type { NewTaskDrafts } from './use-new-task-drafts.ts'

interface TaskListProps {
  readonly question: ListQuestion
  readonly openId: TaskId | null
  readonly drafts: NewTaskDrafts
  readonly onSort: (sort: TaskSort) => void
}

const rowHeight = 32
const drawnBeyond = 12

/** The tasks of a project as rows. However many there are, only those in sight are drawn. */
export const TaskList = ({ question, openId, drafts, onSort }: TaskListProps) => {
  const ids = useListedIds(question)
  const room = useTasksRoom()
  const scroller = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<TaskId | null>(null)
  const active = Math.max(0, ids.indexOf(focusedId ?? openId ?? ('' as TaskId)))
  const virtual = useRowsInSight({
    scroller,
    count: ids.length,
    keyOf: (index) => ids[index] ?? '',
    usualHeight: rowHeight,
    gap: 0,
    beyond: drawnBeyond,
    kept: useMemo(() => [active], [active]),
  })
  const focusRow = useRowFocus({ scroller, virtual, indexOf: (id) => ids.indexOf(id as TaskId) })
  const onKeyDown = (event: KeyboardEvent) => {
    const id = event.target instanceof HTMLElement ? event.target.dataset['task'] : undefined
    if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      return room.open(id as TaskId, true)
    }
    const next = rowStep(event.key, ids.indexOf(id as TaskId), ids.length)
    const nextId = next === null ? undefined : ids[next]
    if (nextId === undefined) return
    event.preventDefault()
    setFocusedId(nextId)
    focusRow(nextId)
  }
  const draft = drafts.of.open
  return (
    <div className="task-list-frame">
      {draft.isOpen ? (
        <NewTaskField
          state="open"
          text={draft.text}
          onText={(text) => drafts.set('open', { text, isOpen: true })}
          onClose={() => drafts.set('open', { ...draft, isOpen: false })}
        />
      ) : null}
      <div
        className="task-list"
        role="grid"
        aria-label="Tasks"
        aria-rowcount={ids.length + 1}
        data-testid={testId.taskList}
      >
        <ListHead sort={question.sort} onSort={onSort} />
        <div ref={scroller} className="task-list-rows scroll" role="rowgroup">
          <div className="task-list-all" role="presentation" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start, key }) => {
              const id = ids[index]
              return id === undefined ? null : (
                <TaskRow
                  key={key}
                  id={id}
                  index={index}
                  top={start}
                  isOpen={id === openId}
                  isTabStop={index === active}
                  onFocus={setFocusedId}
                  onKeyDown={onKeyDown}
                />
              )
            })}
          </div>
        </div>
      </div>
    </div>
  )
}

const heads: readonly { readonly by: TaskSort['by']; readonly name: string; readonly className: string }[] = [
  { by: 'key', name: 'Key', className: 'task-cell-key' },
  { by: 'title', name: 'Title', className: 'task-cell-title' },
  { by: 'state', name: 'State', className: 'task-cell-state' },
  { by: 'priority', name: 'Priority', className: 'task-cell-priority' },
  { by: 'changed', name: 'Changed', className: 'task-cell-changed' },
]

const ListHead = ({ sort, onSort }: Pick<TaskListProps, 'onSort'> & { readonly sort: TaskSort }) => (
  <div className="task-list-head" role="rowgroup">
    <div className="task-row-cells" role="row" aria-rowindex={1}>
      {heads.map(({ by, name, className }) => (
        <span
          key={by}
          role="columnheader"
          className={className}
          aria-sort={sort.by === by ? (sort.isDown ? 'descending' : 'ascending') : 'none'}
        >
          <button
            type="button"
            className="task-sort"
            data-by={by}
            data-testid={testId.taskSort}
            onClick={() => onSort(nextSort(sort, by))}
          >
            {name}
            {sort.by === by ? <Icon of={sort.isDown ? ArrowDown : ArrowUp} size={12} /> : null}
          </button>
        </span>
      ))}
    </div>
  </div>
)

interface TaskRowProps {
  readonly id: TaskId
  readonly index: number
  readonly top: number
  readonly isOpen: boolean
  readonly isTabStop: boolean
  readonly onFocus: (id: TaskId) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

const TaskRow = memo(({ id, index, top, isOpen, isTabStop, onFocus, onKeyDown }: TaskRowProps) => {
  const task = useTask(id)
  const room = useTasksRoom()
  const { stores } = useData()
  const entries = useCallback(() => {
    const current = stores.tasks.get(id)
    return current === undefined ? [] : taskMenu(current, room)
  }, [stores, id, room])
  if (task === undefined) return null
  return (
    <ContextMenu entries={entries}>
      <div
        role="row"
        className="task-row task-row-cells"
        tabIndex={isTabStop ? 0 : -1}
        aria-rowindex={index + 2}
        aria-selected={isOpen}
        style={{ transform: `translateY(${top}px)` }}
        data-index={index}
        data-task={id}
        data-testid={testId.taskRow}
        onFocus={() => onFocus(id)}
        onKeyDown={onKeyDown}
        onClick={() => room.open(id, false)}
      >
        <span role="gridcell" className="task-cell-key num">
          {task.key}
        </span>
        <span role="gridcell" className="task-cell-title">
          <span className="cut medium">{visibleLine(task.title)}</span>
          <RowBlockers id={id} />
          {task.labels.map((label) => (
            <Tag key={label}>{visibleLine(label)}</Tag>
          ))}
          <span className="spacer" />
          <SessionBadge taskId={id} isBrief />
        </span>
        <span role="gridcell" className="task-cell-state">
          <TaskStateMark state={task.state} />
        </span>
        <span role="gridcell" className="task-cell-priority">
          {priorityName(task.priority)}
        </span>
        <span role="gridcell" className="task-cell-changed">
          <Age at={task.changedAt} />
        </span>
      </div>
    </ContextMenu>
  )
})
TaskRow.displayName = 'TaskRow'

const RowBlockers = ({ id }: { readonly id: TaskId }) => {
  const blockers = useBlockers(id)
  return blockers.length === 0 ? null : (
    <span className="task-row-blockers num">waits for {blockers.map(({ other }) => other.key).join(', ')}</span>
  )
}
