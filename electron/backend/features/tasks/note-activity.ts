import type { Attempt, Holder } from '../../../../shared/contract/task-rows.ts'
import type { IncarnationId, SessionId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { leaseFrom } from './attempt-rules.ts'
import { listAttemptsOfSession, touchAttempt } from './attempts-store.ts'
import type { TasksDeps } from './task-parts.ts'
import { findTask } from './tasks-store.ts'
import { markAtWork } from './write-attempt.ts'

/** A sign is written down at most this often: an agent gives several a second, and the lease is minutes long. */
export const writeSignsEveryMs = 20_000

/** One start of a session, as its token tells it. */
export interface SessionStart {
  readonly sessionId: SessionId
  readonly incarnationId: IncarnationId
}

export interface ActivityNotes {
  /** The session's agent did something of its own. What we typed to it is no such sign. */
  note(start: SessionStart): Promise<void>
  /** The next sign of this session counts at once: it has something new to begin with. */
  expectSign(holder: Holder): void
}

/** Keeps the attempts of a session alive by what its agent does anyway, so that no agent must think of it. */
export const createActivityNotes = (deps: TasksDeps): ActivityNotes => {
  const written = new Map<SessionId, { readonly incarnationId: IncarnationId; readonly at: number }>()
  return {
    note: async ({ sessionId, incarnationId }) => {
      const now = deps.clock.now()
      const last = written.get(sessionId)
      if (last?.incarnationId === incarnationId && now - last.at < writeSignsEveryMs) return
      // Before the write, so that the signs of the meantime do not queue up behind it.
      written.set(sessionId, { incarnationId, at: now })
      const own = await deps.database.read((tx) => listAttemptsOfSession(tx, sessionId))
      if (own.length === 0) return
      const holder: Holder = { kind: 'session', sessionId, incarnationId }
      const noted = deps.runCommand({ name: 'note-activity', by: systemIdentity }, async (context) => {
        for (const attempt of await listAttemptsOfSession(context.tx, sessionId))
          await takeSign(context, attempt, holder)
        return ok(undefined)
      })
      // One that was not written down, for a full disk say, must not silence the next.
      await noted.catch((error: unknown) => {
        written.delete(sessionId)
        throw error
      })
    },
    expectSign: (holder) => {
      if (holder.kind === 'session') written.delete(holder.sessionId)
    },
  }
}

const takeSign = async (context: CommandContext, attempt: Attempt, holder: Holder) => {
  const { tx, now } = context
  // Past its deadline nothing is renewed any more.
  if (now >= attempt.hardDeadline) return
  const task = await findTask(tx, attempt.taskId)
  if (!task) return
  const isNews = attempt.state === 'granted' || task.state !== 'in_progress' || attempt.silentSince !== null
  if (isNews || !isSameStart(attempt.holder, holder)) {
    await markAtWork(context, { task, attempt }, { holder })
    return
  }
  const { id, epoch, hardDeadline } = attempt
  await touchAttempt(tx, { id, epoch, leaseUntil: leaseFrom(now, hardDeadline), lastSignAt: now })
}

const isSameStart = (a: Holder, b: Holder) =>
  a.kind === 'session' && b.kind === 'session' && a.incarnationId === b.incarnationId
