import type { Attempt } from '../../../../shared/contract/task-rows.ts'
import type { AttemptId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import { finishIntent, type NewIntent } from '../../kernel/intents-store.ts'
import { findAttempt } from './attempts-store.ts'
import { writeAttempt } from './change-task.ts'
import type { TasksDeps } from './task-parts.ts'

export const rescueKind = 'attempt.rescue'

interface Rescue {
  readonly attemptId: AttemptId
  readonly worktreeId: WorktreeId
  readonly rescueId: string
}

/** Has the work of an attempt that is over saved under a ref; null when it had no worktree of ours. */
export const rescueIntent = (attempt: Attempt, rescueId: string = attempt.id): NewIntent | null => {
  if (attempt.worktreeId === null) return null
  const payload: Rescue = { attemptId: attempt.id, worktreeId: attempt.worktreeId, rescueId }
  return { kind: rescueKind, subject: attempt.id, payload }
}

/** A ref that is there already is left alone, so that saving again after a crash is the same one save. */
export const createRescueHandler =
  (deps: TasksDeps): IntentHandler =>
  async (intent) => {
    // Written by rescueIntent.
    const { attemptId, worktreeId, rescueId } = intent.payload as Rescue
    const saved = await deps.worktrees.rescue(worktreeId, rescueId)
    if (!saved.ok) deps.log.warn({ attempt: attemptId, problem: saved.refusal.message }, 'work could not be rescued')
    await deps.runCommand({ name: 'book-rescue', by: systemIdentity }, async (context) => {
      const isFirst = await finishIntent(context.tx, intent.id, context.now)
      const attempt = await findAttempt(context.tx, attemptId)
      if (!isFirst || !attempt) return ok(undefined)
      if (saved.ok && saved.value.rescueRef !== null)
        await writeAttempt(context, attempt, { rescueRef: saved.value.rescueRef })
      if (!saved.ok) {
        const outcome = [attempt.outcome, `Its work could not be saved: ${saved.refusal.message}`]
        await writeAttempt(context, attempt, { outcome: outcome.filter((text) => text !== null).join(' ') })
      }
      return ok(undefined)
    })
    return { kind: 'done' }
  }
