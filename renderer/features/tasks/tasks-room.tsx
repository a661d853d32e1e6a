import './tasks-room.css'
import { ListTodo, SearchX } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { ProjectId, SessionId, TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useKeptValue } from '../../data/kept-value.ts'
import { useAskWhy } from '../../lib/why-context.tsx'
import { testId } from '../../lib/test-ids.ts'
import { EmptyState } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { CommandButton } from '../../ui/command-button.tsx'
import { Board } from './board.tsx'
import { DispatchNote } from './dispatch-note.tsx'
import { TasksRoomProvider, type TasksRoomParts } from './room-context.tsx'
import { TaskDetail } from './task-detail.tsx'
import { emptyFilter, isFiltering } from './task-filter.ts'
import { TaskIndexProvider, useListedIds } from './task-index.tsx'
import { TaskList } from './task-list.tsx'
import type { TaskQuestion } from './task-question.ts'
import { TaskQuestionDialog } from './task-question-dialog.tsx'
import { usualSort } from './task-sort.ts'
import { parseTaskView, type TaskView } from './task-view.ts'
import { TasksBar } from './tasks-bar.tsx'
import { useNewTaskDrafts, type NewTaskDrafts } from './use-new-task-drafts.ts'
import { useTaskActions } from './use-task-actions.ts'

export interface TasksRoomProps {
  readonly projectId: ProjectId
  /** The task shown beside the board. */
  readonly openId: TaskId | null
  readonly onOpen: (id: TaskId | null) => void
  readonly onProject: (id: ProjectId) => void
  readonly onStart: (id: TaskId) => Promise<void>
  readonly onConfigureStart: (id: TaskId) => Promise<void>
  readonly onGoToSession: (id: SessionId) => void
}

/** The tasks of a project: on a board or in a list, and one of them in detail. */
export const TasksRoom = (props: TasksRoomProps) => (
  <TaskIndexProvider key={props.projectId}>
    <Room {...props} />
  </TaskIndexProvider>
)

const Room = (props: TasksRoomProps) => {
  const { projectId, openId, onOpen, onStart, onConfigureStart, onGoToSession } = props
  const [view, setView] = useKeptValue(`layout:tasks:${projectId}`, parseTaskView, 0)
  const actions = useTaskActions()
  const askWhy = useAskWhy()
  const drafts = useNewTaskDrafts(projectId)
  const { question, ask, close } = useAsking()
  const [focusTurn, setFocusTurn] = useState(0)
  const element = useRef<HTMLElement>(null)
  const open = useCallback(
    (id: TaskId | null, isByKey = false) => {
      onOpen(id)
      if (id !== null && isByKey) setFocusTurn((turn) => turn + 1)
    },
    [onOpen],
  )
  const parts = useMemo(
    (): TasksRoomParts => ({
      projectId,
      actions,
      open,
      ask,
      start: onStart,
      configureStart: onConfigureStart,
      goToSession: onGoToSession,
      askWhy,
    }),
    [projectId, actions, open, ask, onStart, onConfigureStart, onGoToSession, askWhy],
  )
  const closeDetail = () => {
    open(null)
    element.current?.querySelector<HTMLElement>(`[data-task="${openId}"]`)?.focus()
  }
  return (
    <TasksRoomProvider value={parts}>
      <section ref={element} className="tasks" aria-label="Tasks" data-region data-testid={testId.tasks}>
        <TasksBar projectId={projectId} view={view} onView={setView} onProject={props.onProject} />
        <DispatchNote />
        <div className="tasks-body">
          <Shown projectId={projectId} view={view} openId={openId} drafts={drafts} onView={setView} />
          {openId === null ? null : <TaskDetail key={openId} id={openId} focusTurn={focusTurn} onClose={closeDetail} />}
        </div>
      </section>
      {question === null ? null : <TaskQuestionDialog question={question} actions={actions} onClose={close} />}
    </TasksRoomProvider>
  )
}

/** One question at a time; who asked waits until its dialog is closed. */
const useAsking = () => {
  const [question, setQuestion] = useState<TaskQuestion | null>(null)
  const settle = useRef<(() => void) | null>(null)
  const close = useCallback(() => {
    setQuestion(null)
    settle.current?.()
    settle.current = null
  }, [])
  const ask = useCallback((asked: TaskQuestion) => {
    settle.current?.()
    const { promise, resolve } = Promise.withResolvers<void>()
    settle.current = resolve
    setQuestion(asked)
    return promise
  }, [])
  useEffect(() => () => settle.current?.(), [])
  return { question, ask, close }
}

interface ShownProps {
  readonly projectId: ProjectId
  readonly view: TaskView
  readonly openId: TaskId | null
  readonly drafts: NewTaskDrafts
  readonly onView: (view: TaskView) => void
}

const Shown = ({ projectId, view, openId, drafts, onView }: ShownProps) => {
  const { filter, sort } = view
  const isEmpty = useListedIds({ projectId, filter, sort: usualSort }).length === 0
  const hasAny = useStore(useData().stores.tasks.store, (rows) => {
    for (const task of rows.byId.values()) if (task.projectId === projectId) return true
    return false
  })
  if (isEmpty && isFiltering(filter) && hasAny)
    return (
      <div className="tasks-empty">
        <EmptyState
          icon={SearchX}
          title="No task matches"
          actions={<Button onClick={() => onView({ ...view, filter: emptyFilter })}>Clear the filter</Button>}
        >
          No task of this project is what you filter for.
        </EmptyState>
      </div>
    )
  if (isEmpty && view.mode === 'list' && !drafts.of.open.isOpen)
    return (
      <div className="tasks-empty">
        <EmptyState
          icon={ListTodo}
          title="No tasks yet"
          actions={
            <CommandButton command="tasks.new" variant="primary">
              New task
            </CommandButton>
          }
        >
          Write down what is to be done; sessions take tasks up, hand their work in, and you accept it.
        </EmptyState>
      </div>
    )
  return view.mode === 'board' ? (
    <Board question={{ projectId, filter }} openId={openId} drafts={drafts} />
  ) : (
    <TaskList
      question={{ projectId, filter, sort }}
      openId={openId}
      drafts={drafts}
      onSort={(next) => onView({ ...view, sort: next })}
    />
  )
}
