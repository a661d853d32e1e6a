import type { EndedQuery, HistoryEntry, HistoryQuery, TaskDetail } from '../../../../shared/contract/tasks.ts'
import type { Attempt, Dependency, Dispatch, Holder, Task } from '../../../../shared/contract/task-rows.ts'
import type { ProjectId, SessionId, TaskId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import { historyOf } from '../../kernel/events-store.ts'
import {
  findLastAttemptOfHolder,
  listAttempts,
  listLiveAttemptsOfHolder,
  listLiveAttemptsOfSession,
  listShownAttempts,
  listSubmittedIn,
} from './attempts-store.ts'
import { listReadyTasks } from './claim-task.ts'
import { listDependenciesOf, listShownDependencies, listWaits } from './dependencies-store.ts'
import { readDispatch } from './dispatch-store.ts'
import { judgeReady } from './ready-rules.ts'
import { listCheckpoints, listComments } from './task-notes-store.ts'
import { noTask, type TasksDeps } from './task-parts.ts'
import { findTask, findTaskByKey, listEndedTasks, listShownTasks } from './tasks-store.ts'

/** What every page knows of tasks from its start: those that are not ended, the newest ends, and what belongs to them. */
export interface ShownTasks {
  readonly tasks: Task[]
  readonly dependencies: Dependency[]
  readonly attempts: Attempt[]
  readonly dispatch: Dispatch
}

export interface TaskReads {
  listShown(tx: Tx): Promise<ShownTasks>
  detail(taskId: TaskId): Promise<Result<TaskDetail, 'NOT_FOUND'>>
  findByKey(projectId: ProjectId, key: string): Promise<Task | undefined>
  history(query: HistoryQuery): Promise<HistoryEntry[]>
  listEnded(query: EndedQuery): Promise<Task[]>
  listReady(projectId: ProjectId): Promise<Task[]>
  /** What a session works on or has in review, oldest first. */
  listOfSession(tx: Tx, sessionId: SessionId): Promise<Attempt[]>
  /** The same of any holder in one project; all starts of a session are one. */
  listOfHolder(tx: Tx, projectId: ProjectId, holder: Holder): Promise<Attempt[]>
  /** Its newest attempt at a task, or at any of a project, whatever became of it. */
  findLastOfHolder(
    tx: Tx,
    holder: Holder,
    at: { readonly projectId: ProjectId; readonly taskId: TaskId | null },
  ): Promise<Attempt | undefined>
  /** What was submitted from a worktree and waits for its review, oldest first. */
  listSubmittedIn(tx: Tx, worktreeId: WorktreeId): Promise<Attempt[]>
  find(tx: Tx, taskId: TaskId): Promise<Task | undefined>
}

export const createTaskReads = ({ database, clock }: Pick<TasksDeps, 'database' | 'clock'>): TaskReads => ({
  listShown: async (tx) => ({
    tasks: await listShownTasks(tx),
    dependencies: await listShownDependencies(tx),
    attempts: await listShownAttempts(tx),
    dispatch: (await readDispatch(tx)).dispatch,
  }),
  detail: (taskId) =>
    database.read(async (tx) => {
      const task = await findTask(tx, taskId)
      if (!task) return noTask()
      const ready = judgeReady(task, await listWaits(tx, taskId), clock.now())
      return ok({
        task,
        notReady: ready.ok ? null : ready.refusal.message,
        attempts: await listAttempts(tx, taskId),
        checkpoints: await listCheckpoints(tx, taskId),
        comments: await listComments(tx, taskId),
        dependencies: await listDependenciesOf(tx, taskId),
      })
    }),
  findByKey: (projectId, key) => database.read((tx) => findTaskByKey(tx, projectId, key)),
  history: ({ taskId, ...page }) => database.read(async (tx) => [...(await historyOf(tx, taskId, page))]),
  listEnded: (query) => database.read((tx) => listEndedTasks(tx, query)),
  listOfSession: listLiveAttemptsOfSession,
  listOfHolder: listLiveAttemptsOfHolder,
  findLastOfHolder: findLastAttemptOfHolder,
  listSubmittedIn,
  find: findTask,
  listReady: (projectId) => database.read((tx) => listReadyTasks(tx, projectId, clock.now())),
})
