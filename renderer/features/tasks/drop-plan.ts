import type { Move } from '../../../shared/contract/tasks.ts'
import type { Task, TaskState } from '../../../shared/contract/task-rows.ts'
import { isEnded } from '../../../shared/contract/task-waits.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'
import { columnOf, type ColumnId } from './task-columns.ts'

/** A move that needs no more to be said. */
export type PlainMove = Extract<Move, { readonly to: 'draft' | 'open' | 'done' }>

/** What it means to put a task into a column. The backend has the last word on each. */
export type DropPlan =
  /** It stays in its column: only the order may change. */
  | { readonly kind: 'stay' }
  | { readonly kind: 'move'; readonly move: PlainMove }
  /** Its attempt ends by it, which cannot be undone. */
  | { readonly kind: 'take-back'; readonly move: PlainMove }
  /** Blocked with a reason, or put off to a day: to be asked. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'start' }
  | { readonly kind: 'accept' }
  /** What is to be changed is to be asked. */
  | { readonly kind: 'request-changes' }
  /** Taken up again, in the column it was put in. */
  | { readonly kind: 'reopen'; readonly to: 'open' | 'draft' }
  /** There is no such way, and why. */
  | { readonly kind: 'refused'; readonly message: string }

/** Somebody works on it, or has handed it in. */
export const hasAttempt = (state: TaskState): boolean =>
  state === 'claimed' || state === 'in_progress' || state === 'changes_requested' || state === 'in_review'

export const planDrop = (task: Pick<Task, 'key' | 'state'>, to: ColumnId): DropPlan => {
  if (columnOf(task.state) === to) return { kind: 'stay' }
  if (to === 'review')
    return refused(`${task.key} comes into review when its session hands its work in. Start a session on it first.`)
  if (isEnded(task.state)) return planReopening(task, to)
  switch (to) {
    case 'draft':
    case 'open':
      return { kind: hasAttempt(task.state) ? 'take-back' : 'move', move: { to } }
    case 'progress':
      return { kind: task.state === 'in_review' ? 'request-changes' : 'start' }
    case 'hold':
      return { kind: 'hold' }
    case 'done':
      return task.state === 'in_review' ? { kind: 'accept' } : { kind: 'move', move: { to } }
    default:
      return unreachable(to)
  }
}

const planReopening = (task: Pick<Task, 'key'>, to: ColumnId): DropPlan => {
  if (to === 'open' || to === 'draft') return { kind: 'reopen', to }
  return refused(`${task.key} has ended. Reopen it first: move it to Open.`)
}

const refused = (message: string): DropPlan => ({ kind: 'refused', message })

/** What a drop would do, for the person who still holds the card; null when that is plain to see. */
export const dropHint = (plan: DropPlan): string | null => {
  switch (plan.kind) {
    case 'start':
      return 'Drop to start a session on it'
    case 'request-changes':
      return 'Drop to say what is to be changed'
    case 'accept':
      return 'Drop to accept the work'
    case 'hold':
      return 'Drop to say why, or until when'
    case 'take-back':
      return 'Drop to take it back from its session'
    case 'reopen':
      return 'Drop to reopen it'
    case 'refused':
      return plan.message
    case 'move':
    case 'stay':
      return null
    default:
      return unreachable(plan)
  }
}

/** One step on the way back. */
export type UndoStep =
  | { readonly kind: 'reopen'; readonly to: 'open' | 'draft' }
  | { readonly kind: 'move'; readonly move: Move }
  | { readonly kind: 'place'; readonly beforeId: TaskId | null }

/**
 * How to take back what was done to a task; null when there is no way: an attempt that was ended cannot be brought back to
 * life. `beforeId` is the task it lay before on the board.
 */
export const planUndo = (before: Task, after: Task, beforeId: TaskId | null): readonly UndoStep[] | null => {
  const steps: UndoStep[] = []
  if (before.state !== after.state) {
    const back = moveBackTo(before)
    if (back === null) return null
    const isReopened = isEnded(after.state)
    if (isReopened) steps.push({ kind: 'reopen', to: back.to === 'draft' ? 'draft' : 'open' })
    if (!isReopened || (back.to !== 'open' && back.to !== 'draft')) steps.push({ kind: 'move', move: back })
  }
  if (before.position !== after.position && !isEnded(before.state)) steps.push({ kind: 'place', beforeId })
  return steps.length === 0 ? null : steps
}

const moveBackTo = (before: Task): Move | null => {
  switch (before.state) {
    case 'draft':
    case 'open':
      return { to: before.state }
    case 'blocked':
      return { to: 'blocked', reason: before.reason ?? 'It was blocked before.' }
    case 'deferred':
      return { to: 'deferred', until: before.deferUntil }
    case 'done':
      return { to: 'done' }
    case 'failed':
    case 'cancelled':
      return { to: before.state, reason: before.reason ?? 'It had ended before.' }
    default:
      return null
  }
}
