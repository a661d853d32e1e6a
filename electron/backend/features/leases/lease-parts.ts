import type { LeaseWaiter } from '../../../../shared/contract/leases.ts'
import { createConflictTest, type ConflictTest } from '../../../../shared/contract/lease-claims.ts'
import type { Change } from '../../../../shared/contract/changes.ts'
import type { IncarnationId, ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'

/** What leases need of the sessions. */
export interface LeaseSessions {
  /** A session and the process that speaks for it; a null one when none runs. Undefined when it is not there any more. */
  findOwner(
    tx: Tx,
    id: SessionId,
  ): Promise<
    { readonly projectId: ProjectId; readonly title: string; readonly incarnationId: IncarnationId | null } | undefined
  >
}

/** What decides who is served: the rule of conflict, and who is told of a grant. */
export interface Line {
  readonly conflict: ConflictTest
  readonly granted: LeasesDeps['granted']
}

export const createLine = ({ ignoresCase, granted }: LeasesDeps): Line => ({
  conflict: createConflictTest(ignoresCase),
  granted,
})

export interface LeasesDeps {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly runCommand: RunCommand
  readonly onCommit: (listener: (changes: readonly Change[]) => void) => () => void
  readonly sessions: LeaseSessions
  /** The rule of the file system that the repositories lie on. */
  readonly ignoresCase: boolean
  /** Tells a session that stood in line that it has had its turn, in the transaction of the grant. */
  readonly granted: (context: CommandContext, waiter: LeaseWaiter) => Promise<void>
  /** Credits a sleep that was not noticed yet; asked before a deadline is called passed. */
  readonly lookForSuspend: () => Promise<void>
}
