import { createContext, useContext } from 'react'
import type { ProjectId, SessionId, TaskId } from '../../../shared/lib/ids.ts'
import type { AskWhy } from '../../lib/why-context.tsx'
import type { TaskQuestion } from './task-question.ts'
import type { TaskActions } from './use-task-actions.ts'

/** What every card, row and part of the detail can ask of the room they are in. */
export interface TasksRoomParts {
  readonly projectId: ProjectId
  readonly actions: TaskActions
  /** Shows a task beside the board, and gives it the focus when a key asked for it; null closes it. */
  readonly open: (taskId: TaskId | null, isByKey?: boolean) => void
  /** Asks what an operation still needs to know; resolves when the dialog is closed, whatever came of it. */
  readonly ask: (question: TaskQuestion) => Promise<void>
  /** Starts a session on a task at once. */
  readonly start: (taskId: TaskId) => Promise<void>
  /** Lets the person choose agent, model and base first. */
  readonly configureStart: (taskId: TaskId) => Promise<void>
  readonly goToSession: (sessionId: SessionId) => void
  readonly askWhy: AskWhy
}

const RoomContext = createContext<TasksRoomParts | null>(null)
export const TasksRoomProvider = RoomContext.Provider

export const useTasksRoom = (): TasksRoomParts => {
  const room = useContext(RoomContext)
  if (room === null) throw new Error('A task was drawn outside its room.')
  return room
}
