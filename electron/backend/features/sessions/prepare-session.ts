import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { finishIntent } from '../../kernel/intents-store.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import { changeSession } from './change-session.ts'
import type { SessionsDeps } from './session-parts.ts'
import { stepDone, stepFailed, stepRunning } from './sessions-rules.ts'
import { findSession } from './sessions-store.ts'

/** Carries out `session.prepare`: the worktree, then the intent to start the agent in it. */
export const createPrepareHandler =
  (deps: SessionsDeps): IntentHandler =>
  async (intent) => {
    const sessionId = intent.subject as SessionId
    const record = await deps.database.read((tx) => findSession(tx, sessionId))
    const isWanted = record?.session.lifecycle === 'planned' || record?.session.lifecycle === 'preparing'
    if (!record || record.deletion || !isWanted) return { kind: 'done' }
    const { session } = record
    await deps.runCommand({ name: 'prepare-session', by: systemIdentity }, async (context) => {
      await changeSession(context, sessionId, (now) =>
        stepRunning(now, 'worktree', detailOf(session.worktreeChoice.kind)),
      )
      return ok(undefined)
    })
    const prepared = session.worktreeId === null ? noWorktree : await deps.worktrees.prepare(session.worktreeId)
    await deps.runCommand({ name: 'prepare-session', by: systemIdentity }, async (context) => {
      const isFirst = await finishIntent(context.tx, intent.id, context.now)
      const after = await changeSession(context, sessionId, (now) =>
        prepared.ok
          ? stepDone(now, 'worktree', prepared.value.branch ?? prepared.value.path)
          : stepFailed(now, 'worktree', prepared.refusal.message),
      )
      if (prepared.ok && isFirst && after?.session.lifecycle === 'preparing' && !after.deletion)
        await context.intend({ kind: 'session.start', subject: sessionId })
      return ok(undefined)
    })
    return { kind: 'done' }
  }

const noWorktree = refuse('NOT_FOUND', 'Its worktree is not in the list any more. Start a new session.')

const detailOf = (kind: 'new-branch' | 'existing-branch' | 'existing-worktree' | 'in-place') =>
  kind === 'in-place' || kind === 'existing-worktree' ? 'Looking at the folder' : 'Making the worktree'
