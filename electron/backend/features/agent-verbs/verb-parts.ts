import type { VerbInput, VerbName, VerbOutput } from '../../../../shared/agent-verbs/verbs.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Holder } from '../../../../shared/contract/task-rows.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { NewId, ProjectId, SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { Log } from '../../kernel/log.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import type { ActivityService } from '../activity/activity-service.ts'
import type { AsksService } from '../asks/asks-service.ts'
import type { ChecksService } from '../checks/checks-service.ts'
import type { LeasesService } from '../leases/leases-service.ts'
import type { MailService, Reader } from '../mail/mail-service.ts'
import type { QueueService } from '../queue/queue-service.ts'
import type { SessionsService, TokenHolder } from '../sessions/sessions-service.ts'
import type { TasksService } from '../tasks/tasks-service.ts'

export interface VerbDeps {
  readonly database: Database
  readonly clock: Clock
  readonly newId: NewId
  readonly log: Log
  readonly runCommand: RunCommand
  readonly version: string
  readonly projects: { find(tx: Tx, id: ProjectId): Promise<Project | undefined>; list(tx: Tx): Promise<Project[]> }
  readonly worktrees: {
    list(tx: Tx): Promise<Worktree[]>
    /** Looks at its folder now. */
    refresh(id: WorktreeId): Promise<Result<Worktree, string>>
    requireFolder(id: WorktreeId): Promise<Result<Worktree, string>>
  }
  readonly sessions: Pick<SessionsService, 'list' | 'find' | 'findOwner'>
  readonly asks: Pick<AsksService, 'askPerson'>
  readonly leases: Pick<
    LeasesService,
    | 'list'
    | 'listWaiters'
    | 'acquire'
    | 'renew'
    | 'release'
    | 'checkEdit'
    | 'checkEditOfPerson'
    | 'whenSettled'
    | 'noteActivity'
  >
  readonly tasks: TasksService
  readonly mail: Pick<
    MailService,
    'send' | 'sendFromPerson' | 'reply' | 'inbox' | 'inboxOfPerson' | 'read' | 'thread' | 'ack'
  >
  readonly queue: Pick<QueueService, 'enqueue' | 'listShown'>
  readonly checks: Pick<ChecksService, 'list' | 'run' | 'listRunsIn' | 'whenEnded' | 'gates'>
  readonly activity: Pick<ActivityService, 'textOf'>
  /** A process of this machine as the holder of a task; null when there is none with this number. */
  readonly findProcess: (pid: number, label: string) => Promise<Extract<Holder, { kind: 'process' }> | null>
  /** The app does not run: a command has the database for a moment. */
  readonly isDirect: boolean
  /** What is wrong with the hooks of a session's agent, in words; null when all is well. */
  readonly hookProblem: (sessionId: SessionId) => Promise<string | null>
}

/** One call of a verb, whoever asks: for which project, and who would hold its tasks and read its mail. */
export interface Asking {
  readonly projectId: ProjectId
  readonly by: Identity
  readonly worker: Holder
  readonly reader: Reader
  /** The session that asks, as it was when it did; null for a command outside of any. */
  readonly session: Session | null
  /** A repeat of the call has the same one. */
  readonly requestId: string
  /** Aborts when the agent hangs up. */
  readonly signal: AbortSignal
}

/** One call of a session's agent, known by its token. */
export interface Speaking extends Asking {
  readonly holder: TokenHolder
  readonly session: Session
}

/** One call of a command that the person gave outside of any session. */
export interface PersonAsking extends Asking {
  readonly worker: Extract<Holder, { kind: 'process' }>
  readonly session: null
  readonly folder: string
}

type RunVerb<Name extends VerbName, From extends Asking> = (
  deps: VerbDeps,
  asking: From,
  input: VerbInput<Name>,
) => Promise<Result<VerbOutput<Name>, string>>

export type VerbRunners<Names extends VerbName = VerbName, From extends Asking = Speaking> = {
  readonly [Name in Names]: RunVerb<Name, From>
}

/** The part of a yard that a session sees: its own project. */
export interface Yard {
  readonly sessions: readonly Session[]
  readonly worktrees: readonly Worktree[]
  titleOf(id: SessionId): string
  branchOf(session: Session): string | null
}

export const deletedTitle = 'a session that was deleted'

export const readYard = async (deps: VerbDeps, tx: Tx, projectId: ProjectId): Promise<Yard> => {
  const sessions = (await deps.sessions.list(tx)).filter((session) => session.projectId === projectId)
  const worktrees = (await deps.worktrees.list(tx)).filter((worktree) => worktree.projectId === projectId)
  const titles = new Map(sessions.map(({ id, title }) => [id, title]))
  const branches = new Map(worktrees.map(({ id, branch }) => [id, branch]))
  return {
    sessions,
    worktrees,
    titleOf: (id) => titles.get(id) ?? deletedTitle,
    branchOf: ({ worktreeId }) => (worktreeId === null ? null : (branches.get(worktreeId) ?? null)),
  }
}
