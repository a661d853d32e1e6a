import type { AgentId } from '../../../../shared/contract/agents.ts'
import type { Dependency, Dispatch, Task, TaskState } from '../../../../shared/contract/task-rows.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { hasLiveAttempt, isEnd, wordOf } from './task-states-rules.ts'

/** One edge of a task, with the state of the task at its other end. */
export interface Wait {
  /** `on`: the other is what the task depends on. `by`: the other depends on the task. */
  readonly direction: 'on' | 'by'
  readonly kind: Dependency['kind']
  readonly satisfiedOn: Dependency['satisfiedOn']
  readonly other: Pick<Task, 'key' | 'state'>
}

/** Who wants to work. */
export interface Claimant {
  readonly agentId: AgentId | null
  readonly role: string | null
}

/** What of a task decides whether it may be claimed. */
export type Claimable = Pick<
  Task,
  'id' | 'key' | 'state' | 'reason' | 'failedAttempts' | 'maxAttempts' | 'retryAt' | 'requiredRole' | 'allowedAgents'
>

export type NotReady = 'TERMINAL' | 'ALREADY_CLAIMED' | 'BLOCKED' | 'NOT_READY'
export type ClaimRefusal = NotReady | 'NOT_FOR_YOU' | 'PAUSED'

/** In which states the work of a dependency is there to build upon. Merged work is done work until merges have states. */
const satisfyingStates: Readonly<Record<Dependency['satisfiedOn'], readonly TaskState[]>> = {
  completed: ['done'],
  merged: ['done'],
}
/** An epic in one of these keeps its tasks from being handed out: somebody has put all of it aside. */
const holdingStates: readonly TaskState[] = ['draft', 'blocked', 'deferred', 'failed', 'cancelled']

/** Whether one edge lets the task go ahead. An `any_of` is judged here alone; one of them is enough. */
export const isSatisfied = ({ direction, kind, satisfiedOn, other }: Wait): boolean => {
  if (direction === 'by') return kind !== 'parent' || isEnd(other.state)
  switch (kind) {
    case 'blocks':
    case 'any_of':
      return satisfyingStates[satisfiedOn].includes(other.state)
    case 'on_failure':
      return other.state === 'failed'
    case 'parent':
      return !holdingStates.includes(other.state)
    case 'related':
    case 'discovered_from':
      return true
    default:
      return unreachable(kind)
  }
}

/** The first edge the task waits for; null when it waits for none. */
export const findObstacle = (waits: readonly Wait[]): Wait | null => {
  const open = waits.filter((wait) => !isSatisfied(wait))
  const alternatives = waits.filter(({ direction, kind }) => direction === 'on' && kind === 'any_of')
  const hasOne = alternatives.length > open.filter((wait) => alternatives.includes(wait)).length
  return open.find((wait) => !hasOne || !alternatives.includes(wait)) ?? null
}

/** Whether a task may be claimed at all. Never stored: it is asked in the transaction that claims. */
export const judgeReady = (task: Claimable, waits: readonly Wait[], now: number): Result<undefined, NotReady> => {
  if (isEnd(task.state))
    return refuse('TERMINAL', `${task.key} is ${wordOf(task.state)}. Reopen it first, or take another task.`)
  if (hasLiveAttempt(task.state))
    return refuse('ALREADY_CLAIMED', `${task.key} is ${wordOf(task.state)} by another attempt. Take another task.`)
  if (task.state === 'blocked')
    return refuse('BLOCKED', `${task.key} is blocked: ${task.reason ?? 'no reason was given'} A person opens it again.`)
  if (task.state !== 'open')
    return refuse('NOT_READY', `${task.key} is ${wordOf(task.state)}. Open it first, or take another task.`)
  if (task.failedAttempts >= task.maxAttempts)
    return refuse('NOT_READY', `${task.key} has used up its ${task.maxAttempts} attempts. A person may retry it.`)
  if (task.retryAt !== null && task.retryAt > now)
    return refuse(
      'NOT_READY',
      `${task.key} pauses after a failed attempt for ${secondsIn(task.retryAt - now)} more. Take another task meanwhile.`,
    )
  const obstacle = findObstacle(waits)
  return obstacle ? refuse('NOT_READY', `${task.key} ${describe(obstacle)}`) : ok(undefined)
}

/** Whether this claimant may have this task now. */
export const judgeClaim = (
  task: Claimable,
  waits: readonly Wait[],
  claim: { readonly claimant: Claimant; readonly dispatch: Dispatch; readonly now: number },
): Result<undefined, ClaimRefusal> => {
  const ready = judgeReady(task, waits, claim.now)
  if (!ready.ok) return ready
  const { agentId, role } = claim.claimant
  if (task.requiredRole !== null && task.requiredRole !== role)
    return refuse('NOT_FOR_YOU', `${task.key} is for the role “${task.requiredRole}”. Take another task.`)
  if (task.allowedAgents.length > 0 && (agentId === null || !task.allowedAgents.includes(agentId)))
    return refuse('NOT_FOR_YOU', `${task.key} is for ${task.allowedAgents.join(' or ')}. Take another task.`)
  if (claim.dispatch.paused)
    return refuse('PAUSED', `No task is handed out: ${claim.dispatch.paused.reason} A person resumes it.`)
  return ok(undefined)
}

const describe = ({ direction, kind, other }: Wait): string => {
  const where = `${other.key}, which is ${wordOf(other.state)}`
  if (direction === 'by') return `is the epic of ${where}. It can be taken up when its tasks have ended.`
  if (kind === 'parent') return `belongs to ${where}. Open the epic first.`
  if (kind === 'on_failure')
    return isEnd(other.state)
      ? `is only for a failure of ${where}. Cancel it, or remove the dependency.`
      : `is only for a failure of ${where}. Take another task.`
  const what = kind === 'any_of' ? `waits for one of several tasks, as for ${where}` : `waits for ${where}`
  return isEnd(other.state)
    ? `${what} and cannot satisfy it. Reopen that one, or remove the dependency.`
    : `${what}. Take another task.`
}

const secondsIn = (ms: number): string => `${Math.ceil(ms / 1000)} s`
