import type { Project } from '../../../../shared/contract/projects.ts'
import type { Holder, Task } from '../../../../shared/contract/task-rows.ts'
import type { AttemptId, NewId, ProjectId, SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { Log } from '../../kernel/log.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'

/** Whether who holds an attempt still works. `wasAsked`: a person ended it, so it is no failure. */
export type Verdict =
  | { readonly kind: 'dead'; readonly how: string; readonly wasAsked: boolean }
  | { readonly kind: 'alive-active' }
  | { readonly kind: 'alive-silent' }

export interface TasksDeps {
  readonly database: Database
  readonly clock: Clock
  readonly newId: NewId
  readonly log: Log
  readonly runCommand: RunCommand
  readonly projects: { find(tx: Tx, id: ProjectId): Promise<Project | undefined> }
  readonly sessions: Pick<SessionsService, 'find' | 'plan' | 'add'>
  readonly worktrees: {
    /** Saves what the worktree holds under a ref, and leaves the worktree as it is. */
    rescue(id: WorktreeId, rescueId: string): Promise<Result<{ readonly rescueRef: string | null }, string>>
  }
  /** Asks the system and the session, never the attempt's own row. */
  readonly verdictOf: (holder: Holder) => Promise<Verdict>
  /** Frees all that a session leases, in the transaction that ends the last of its attempts. */
  readonly freeLeases: (context: CommandContext, sessionId: SessionId) => Promise<void>
}

/** Who speaks for an attempt: known by its token or its process, never by an argument. */
export interface Speaker {
  readonly holder: Holder
  readonly by: Identity
}

/** An attempt as its holder knows it. */
export interface AttemptRef {
  readonly attemptId: AttemptId
  readonly epoch: number
}

export type Recorded<Value> = Value & {
  /** The number of the event that recorded it. */
  readonly seq: number
}

export const commandOptions = (name: string, by: Identity, requestId?: string) =>
  requestId === undefined ? { name, by } : { name, by, requestId }

export const noTask = (): Result<never, 'NOT_FOUND'> =>
  refuse('NOT_FOUND', 'This task is not there any more. See what there is (tasks list).')

export const refuseEnded = (task: Task): Result<never, 'TERMINAL'> =>
  refuse('TERMINAL', `${task.key} has ended (${task.state}). Reopen it first.`, { task })
