import './task-detail.css'
import { CircleHelp, Copy, Ellipsis, Hourglass, Link2, TriangleAlert, X } from 'lucide-react'
import { useEffect, useRef, type RefObject } from 'react'
import type { Task } from '../../../shared/contract/task-rows.ts'
import { isEnded } from '../../../shared/contract/task-waits.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { useTask } from '../../data/tasks.ts'
import { copyText } from '../../lib/copy-text.ts'
import { testId } from '../../lib/test-ids.ts'
import { useNow } from '../../lib/use-now.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { EmptyState, Skeleton, Why } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { DetailActions } from './detail-actions.tsx'
import { DetailAttempts } from './detail-attempts.tsx'
import { DetailComments } from './detail-comments.tsx'
import { DetailDependencies } from './detail-dependencies.tsx'
import { DetailField } from './detail-field.tsx'
import { DetailHistory } from './detail-history.tsx'
import { DetailProperties } from './detail-properties.tsx'
import { Section } from './detail-section.tsx'
import { useTasksRoom } from './room-context.tsx'
import { SessionBadge } from './session-badge.tsx'
import { taskMenu } from './task-menu.ts'
import { stateIcon, TaskStateMark } from './task-state-mark.tsx'
import { reasonLine } from './task-words.ts'
import { TaskDraftsProvider, useTaskDrafts } from './use-field.ts'
import { useTaskDetail, type DetailState } from './use-task-detail.ts'

interface TaskDetailProps {
  readonly id: TaskId
  /** Counts up when a key opened it: then it takes the focus. */
  readonly focusTurn: number
  readonly onClose: () => void
}

/** Everything about one task, beside the board. */
export const TaskDetail = ({ id, focusTurn, onClose }: TaskDetailProps) => {
  const task = useTask(id)
  const { state, retry } = useTaskDetail(id)
  const drafts = useTaskDrafts(id)
  const element = useRef<HTMLElement>(null)
  useFocusTurn(element, focusTurn)
  return (
    <TaskDraftsProvider value={drafts}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it from anywhere inside */}
      <section
        ref={element}
        className="task-detail"
        aria-label={task === undefined ? 'Task' : `Task ${task.key}`}
        tabIndex={-1}
        data-region
        data-region-focus
        data-detail
        data-testid={testId.taskDetail}
        onKeyDown={(event) => {
          // Menus and lists that open outside hand their keys up through React: theirs is theirs.
          const isOurs = event.target instanceof Node && event.currentTarget.contains(event.target)
          if (event.key !== 'Escape' || !isOurs) return
          event.stopPropagation()
          onClose()
        }}
      >
        <DetailHeader task={task} onClose={onClose} />
        {task === undefined ? (
          <DetailMissing state={state} onRetry={retry} />
        ) : (
          <DetailBody task={task} state={state} onRetry={retry} />
        )}
      </section>
    </TaskDraftsProvider>
  )
}

const useFocusTurn = (element: RefObject<HTMLElement | null>, turn: number) => {
  const before = useRef(0)
  useEffect(() => {
    if (turn > before.current) element.current?.focus()
    before.current = turn
  }, [element, turn])
}

const DetailHeader = ({ task, onClose }: { readonly task: Task | undefined; readonly onClose: () => void }) => {
  const room = useTasksRoom()
  return (
    <header className="task-detail-header">
      {task === undefined ? null : (
        <>
          <span className="num medium" data-testid={testId.taskDetailKey}>
            {task.key}
          </span>
          <IconButton
            icon={CircleHelp}
            label="Why?"
            data-testid={testId.askWhy}
            onClick={() => room.askWhy({ kind: 'task', id: task.id })}
          />
          <IconButton icon={Copy} label={`Copy ${task.key}`} onClick={() => void copyText(task.key)} />
        </>
      )}
      <span className="spacer" />
      {task === undefined ? null : (
        <Menu entries={taskMenu(task, room).filter(({ id }) => !['open', 'why', 'line-work'].includes(id))}>
          <IconButton icon={Ellipsis} label="More" data-testid={testId.taskDetailMore} />
        </Menu>
      )}
      <IconButton icon={X} label="Close" keys="Esc" data-testid={testId.taskDetailClose} onClick={onClose} />
    </header>
  )
}

interface StateProps {
  readonly state: DetailState
  readonly onRetry: () => void
}

const DetailMissing = ({ state, onRetry }: StateProps) =>
  state.kind === 'failed' ? (
    <div className="task-detail-empty">
      <EmptyState
        icon={TriangleAlert}
        title="It cannot be shown"
        actions={<Button onClick={onRetry}>Try again</Button>}
      >
        {visibleText(state.message)}
      </EmptyState>
    </div>
  ) : (
    <div className="task-detail-empty column" aria-busy="true">
      <Skeleton width="70%" />
      <Skeleton width="40%" />
      <Skeleton width="90%" />
    </div>
  )

const DetailBody = ({ task, state, onRetry }: StateProps & { readonly task: Task }) => {
  const title = useRef<HTMLTextAreaElement>(null)
  const hasEnded = isEnded(task.state)
  return (
    <div className="task-detail-body scroll">
      <div className="task-detail-top">
        <DetailField
          task={task}
          field="title"
          label="Title"
          placeholder="Title"
          isDisabled={hasEnded}
          fieldRef={title}
        />
        <div className="task-detail-state">
          <TaskStateMark state={task.state} testId={testId.taskDetailState} />
          <SessionBadge taskId={task.id} />
        </div>
        <Reasons task={task} state={state} />
        <DetailActions task={task} />
      </div>
      <Section title="Description">
        <DetailField
          task={task}
          field="body"
          label="Description"
          placeholder={hasEnded ? 'Nothing was written.' : 'What is to be done, in Markdown'}
          isMultiline
          isDisabled={hasEnded}
        />
      </Section>
      <Section title="Properties">
        <DetailProperties task={task} />
      </Section>
      <Section title="Dependencies">
        <DetailDependencies task={task} />
      </Section>
      {state.kind === 'failed' ? (
        <Section title="Attempts and comments">
          <Why icon={TriangleAlert}>
            {visibleText(state.message)}{' '}
            <button type="button" className="link-button" onClick={onRetry}>
              Try again
            </button>
          </Why>
        </Section>
      ) : null}
      <DetailAttempts taskId={task.id} />
      <DetailComments taskId={task.id} isLoading={state.kind === 'loading'} />
      <DetailHistory key={task.rev} taskId={task.id} />
    </div>
  )
}

// A pause is minutes long.
const pauseLookMs = 30_000

const Reasons = ({ task, state }: { readonly task: Task; readonly state: DetailState }) => {
  const line = reasonLine(task, useNow(pauseLookMs))
  const notReady = state.kind === 'ready' && task.state === 'open' ? state.notReady : null
  return (
    <>
      {line === null ? null : (
        <div data-testid={testId.taskDetailReason}>
          <Why icon={task.state === 'open' ? Hourglass : stateIcon(task.state)}>{visibleText(line)}</Why>
        </div>
      )}
      {notReady === null ? null : <Why icon={Link2}>{visibleText(notReady)}</Why>}
    </>
  )
}
