import type {
  Failure,
  NewCheckpoint,
  NewTask,
  Release,
  StartSession,
  Submission,
} from '../../../../shared/contract/tasks.ts'
import type { Checkpoint, Comment, Dependency, Dispatch, Task } from '../../../../shared/contract/task-rows.ts'
import type { AttemptId, ProjectId, SessionId, TaskId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { SuspendListener } from '../../kernel/suspend-watch.ts'
import { acceptMerged } from './accept-merged.ts'
import { removeAttemptsOf } from './attempts-store.ts'
import { claimTask, type ClaimResult, type ClaimWish } from './claim-task.ts'
import {
  createTask,
  createWaitingTask,
  placeTask,
  updateTaskFields,
  type TaskResult,
  type TaskUpdate,
} from './create-task.ts'
import { addDependency, removeTaskDependency, type DependRefusal, type NewDependency } from './depend-task.ts'
import { removeDependenciesOf, type EdgeKey } from './dependencies-store.ts'
import { resumeDispatch } from './expire-attempt.ts'
import {
  acceptTask,
  addComment,
  cancelTask,
  moveTask,
  reopenTask,
  requestChanges,
  retryTask,
  type BoardSpot,
  type ChangeRequest,
  type MoveInput,
  type Reopening,
  sendBackOfSession,
  type ReviewResult,
} from './move-task.ts'
import { createActivityNotes, type SessionStart } from './note-activity.ts'
import { createTaskReads, type TaskReads } from './read-tasks.ts'
import { createRescueHandler, rescueKind } from './rescue-attempt.ts'
import { startOnTask, type StartResult } from './start-on-task.ts'
import { removeNotesOf } from './task-notes-store.ts'
import { commandOptions, noTask, type Recorded, type Speaker, type TasksDeps } from './task-parts.ts'
import { findTask, removeTasksOf } from './tasks-store.ts'
import { createAttemptWatch, creditAttempts } from './watch-attempts.ts'
import {
  failAttempt,
  releaseAttempt,
  renewAttempt,
  submitAttempt,
  takeCheckpoint,
  type AttemptRefusal,
  type AttemptWord,
  type Written,
} from './write-attempt.ts'

export type { AttemptRef, Speaker, TasksDeps, Verdict } from './task-parts.ts'
export type { ClaimWish } from './claim-task.ts'
export type { AttemptWord } from './write-attempt.ts'

type OfAttempt<Value> = Promise<Result<Value, AttemptRefusal>>

export interface TasksService extends TaskReads {
  create(input: NewTask, by: Identity): TaskResult<'NOT_FOUND' | 'INVALID'>
  /** With what it waits for from the beginning: all of that, or no task. */
  createWaiting(input: NewTask, dependsOn: readonly TaskId[], by: Identity): TaskResult<'NOT_FOUND' | DependRefusal>
  update(input: TaskUpdate, by: Identity): TaskResult<'NOT_FOUND' | 'STALE_REV' | 'TERMINAL'>
  move(input: MoveInput, by: Identity): TaskResult<'NOT_FOUND' | 'STALE_REV' | 'TERMINAL' | 'NOT_ALLOWED'>
  place(taskId: TaskId, beforeId: TaskId | null, by: Identity): TaskResult<'NOT_FOUND'>
  depend(
    wish: NewDependency,
    by: Identity,
  ): Promise<
    Result<Recorded<{ readonly dependency: Dependency }>, 'NOT_FOUND' | 'INVALID' | 'CYCLE' | 'EXISTS' | 'TERMINAL'>
  >
  undepend(key: EdgeKey, by: Identity): Promise<Result<{ readonly seq: number }, 'NOT_FOUND'>>
  comment(
    input: { readonly taskId: TaskId; readonly body: string; readonly requestId: string },
    by: Identity,
  ): Promise<Result<Recorded<{ readonly comment: Comment }>, 'NOT_FOUND'>>
  cancel(
    input: { readonly taskId: TaskId; readonly reason: string },
    by: Identity,
  ): TaskResult<'NOT_FOUND' | 'TERMINAL' | 'NOT_ALLOWED'>
  reopen(taskId: TaskId, by: Identity, wish?: Reopening): TaskResult<'NOT_FOUND' | 'NOT_ALLOWED'>
  retry(taskId: TaskId, by: Identity, spot?: BoardSpot): TaskResult<'NOT_FOUND' | 'TERMINAL' | 'NOT_ALLOWED'>
  accept(taskId: TaskId, by: Identity, spot?: BoardSpot): ReviewResult
  requestChanges(input: ChangeRequest, by: Identity): ReviewResult
  /** Whatever a session has in review goes back to it, in the transaction of what it is asked to change. */
  requestChangesOf(
    context: CommandContext,
    input: { readonly sessionId: SessionId; readonly comment: string },
    by: Identity,
  ): Promise<readonly Task[]>
  resumeDispatch(by: Identity): Promise<Result<Recorded<{ readonly dispatch: Dispatch }>>>

  /** Makes a session whose work is this task. */
  startSession(input: StartSession, by: Identity): Promise<StartResult>

  /** What agents and workers say. Each names its attempt and epoch; who speaks comes from the token or the process. */
  claim(wish: ClaimWish, speaker: Speaker, requestId: string): Promise<ClaimResult>
  renew(word: AttemptWord): OfAttempt<Written>
  checkpoint(word: AttemptWord, input: NewCheckpoint): OfAttempt<Recorded<{ readonly checkpoint: Checkpoint }>>
  submit(word: AttemptWord, input: Submission): OfAttempt<Written>
  fail(word: AttemptWord, input: Failure): OfAttempt<Written>
  release(word: AttemptWord, input: Release): OfAttempt<Written>

  /** For merges: what an attempt handed in has landed. */
  acceptMerged(context: CommandContext, id: AttemptId): Promise<void>

  /** The agent of this start of a session did something of its own; may be called as often as it does. */
  noteActivity(start: SessionStart): Promise<void>
  /** One look at all attempts at work; for the background loop. */
  lookAfterAttempts(signal: AbortSignal): Promise<void>
  /** Gives up attempts whose holders did not outlive the app; after the sessions were found again, before intents run. */
  reconcile(): Promise<void>
  readonly creditSuspend: SuspendListener
  readonly handlers: ReadonlyMap<string, IntentHandler>
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
}

export const createTasksService = (deps: TasksDeps): TasksService => {
  const activity = createActivityNotes(deps)
  const watch = createAttemptWatch(deps)
  return {
    ...createTaskReads(deps),
    create: (input, by) => createTask(deps, input, by),
    createWaiting: (input, dependsOn, by) => createWaitingTask(deps, input, dependsOn, by),
    update: (input, by) => updateTaskFields(deps, input, by),
    move: (input, by) => moveTask(deps, input, by),
    place: (taskId, beforeId, by) => placeTask(deps, taskId, beforeId, by),
    depend: (wish, by) => addDependency(deps, wish, by),
    undepend: (key, by) => removeTaskDependency(deps, key, by),
    comment: ({ taskId, body, requestId }, by) =>
      deps.runCommand(commandOptions('comment-task', by, requestId), async (context) => {
        const task = await findTask(context.tx, taskId)
        return task ? ok(await addComment(context, task, body, by)) : noTask()
      }),
    cancel: (input, by) => cancelTask(deps, input, by),
    reopen: (taskId, by, wish) => reopenTask(deps, taskId, by, wish),
    retry: (taskId, by, spot) => retryTask(deps, taskId, by, spot),
    accept: (taskId, by, spot) => acceptTask(deps, taskId, by, spot),
    requestChanges: async (input, by) => {
      const asked = await requestChanges(deps, input, by)
      if (asked.ok) activity.expectSign(asked.value.attempt.holder)
      return asked
    },
    requestChangesOf: async (context, input, by) => {
      const asked = await sendBackOfSession(context, input, by)
      for (const { attempt } of asked) activity.expectSign(attempt.holder)
      return asked.map(({ task }) => task)
    },
    resumeDispatch: (by) => resumeDispatch(deps, by),

    startSession: (input, by) => startOnTask(deps, input, by),
    claim: async (wish, speaker, requestId) => {
      const claimed = await claimTask(deps, wish, speaker, requestId)
      activity.expectSign(speaker.holder)
      return claimed
    },
    renew: (word) => renewAttempt(deps, word),
    checkpoint: (word, input) => takeCheckpoint(deps, word, input),
    submit: (word, input) => submitAttempt(deps, word, input),
    fail: (word, input) => failAttempt(deps, word, input),
    release: (word, input) => releaseAttempt(deps, word, input),

    acceptMerged: (context, id) => acceptMerged(deps, context, id),

    noteActivity: activity.note,
    lookAfterAttempts: watch.look,
    reconcile: watch.reconcile,
    creditSuspend: creditAttempts,
    handlers: new Map([[rescueKind, createRescueHandler(deps)]]),
    forgetProject: async (context, projectId) => {
      await removeNotesOf(context.tx, projectId)
      await removeAttemptsOf(context.tx, projectId)
      await removeDependenciesOf(context.tx, projectId)
      for (const taskId of await removeTasksOf(context.tx, projectId))
        await context.emit('tasks.removed', taskId, { taskId })
    },
  }
}
