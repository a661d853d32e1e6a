import type { AgentId } from '../../../../shared/contract/agents.ts'
import type { Dispatch, Task } from '../../../../shared/contract/task-rows.ts'
import { obstaclesAmong, type Wait } from '../../../../shared/contract/task-waits.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { hasLiveAttempt, isEnd, wordOf } from './task-states-rules.ts'

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

/** The first edge the task waits for; null when it waits for none. */
export const findObstacle = (waits: readonly Wait[]): Wait | null => obstaclesAmong(waits)[0] ?? null

/** It lies where nobody takes it up by itself: a person who starts on it opens it by that. */
export const needsOpening = (task: Task, now: number): boolean =>
  task.state === 'draft' ||
  task.state === 'blocked' ||
  task.state === 'deferred' ||
  (task.state === 'open' && (task.failedAttempts >= task.maxAttempts || (task.retryAt !== null && task.retryAt > now)))

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
