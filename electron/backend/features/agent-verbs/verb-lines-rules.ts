import { targetText } from '../../../../shared/contract/lease-claims.ts'
import type { AttemptLine, LeaseLine, TaskLine } from '../../../../shared/agent-verbs/verb-shapes.ts'
import type { Lease } from '../../../../shared/contract/leases.ts'
import type { Attempt, Holder, Task } from '../../../../shared/contract/task-rows.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'

type TitleOf = (id: SessionId) => string

export const holderText = (holder: Holder, titleOf: TitleOf): string =>
  holder.kind === 'session' ? titleOf(holder.sessionId) : holder.label

const liveStates: readonly Attempt['state'][] = ['granted', 'running', 'submitted']
export const isLive = ({ state }: Attempt): boolean => liveStates.includes(state)

/** A task as agents read it in a list; `attempts` are any, of which only the live one of the task counts. */
export const taskLine = (task: Task, attempts: readonly Attempt[], titleOf: TitleOf): TaskLine => {
  const { id, key, title, kind, state, priority, labels, reason, rev } = task
  const live = attempts.find((attempt) => attempt.taskId === task.id && isLive(attempt))
  const by = live ? holderText(live.holder, titleOf) : null
  return { id, key, title, kind, state, priority, labels, reason, rev, by }
}

export const attemptLine = (attempt: Attempt, titleOf: TitleOf): AttemptLine => {
  const { id, number, epoch, state, leaseUntil, hardDeadline, headSha, outcome, rescueRef, holder } = attempt
  const by = holderText(holder, titleOf)
  return { id, number, epoch, state, leaseUntil, hardDeadline, headSha, outcome, rescueRef, by }
}

export const leaseLine = (lease: Lease, own: SessionId | null, titleOf: TitleOf): LeaseLine => {
  const { id, mode, policy, expiresAt, holdUntil, sessionId, target } = lease
  const by = titleOf(sessionId)
  return {
    id,
    mode,
    policy,
    expiresAt,
    holdUntil,
    sessionId,
    target: targetText(target),
    by,
    isMine: sessionId === own,
  }
}

/** The most urgent first, and what stands higher on the board before what stands lower. */
export const byUrgency = (a: Task, b: Task): number => a.priority - b.priority || a.position - b.position
