import type { VerbInput, VerbName, VerbOutput } from '../../../../shared/agent-verbs/verbs.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { NewId, ProjectId, SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { Log } from '../../kernel/log.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import type { AsksService } from '../asks/asks-service.ts'
import type { LeasesService } from '../leases/leases-service.ts'
import type { MailService } from '../mail/mail-service.ts'
import type { SessionsService, TokenHolder } from '../sessions/sessions-service.ts'
import type { TasksService } from '../tasks/tasks-service.ts'

export interface VerbDeps {
  readonly database: Database
  readonly clock: Clock
  readonly newId: NewId
  readonly log: Log
  readonly runCommand: RunCommand
  readonly version: string
  readonly projects: { find(tx: Tx, id: ProjectId): Promise<Project | undefined> }
  readonly worktrees: {
    list(tx: Tx): Promise<Worktree[]>
    /** Looks at its folder now. */
    refresh(id: WorktreeId): Promise<Result<Worktree, string>>
    requireFolder(id: WorktreeId): Promise<Result<Worktree, string>>
  }
  readonly sessions: Pick<SessionsService, 'list' | 'findOwner'>
  readonly asks: Pick<AsksService, 'askPerson'>
  readonly leases: Pick<
    LeasesService,
    'list' | 'listWaiters' | 'acquire' | 'renew' | 'release' | 'checkEdit' | 'whenSettled' | 'noteActivity'
  >
  readonly tasks: TasksService
  readonly mail: Pick<MailService, 'send' | 'reply' | 'inbox' | 'read' | 'thread' | 'ack'>
  /** What is wrong with the hooks of a session's agent, in words; null when all is well. */
  readonly hookProblem: (sessionId: SessionId) => Promise<string | null>
}

/** One call of a verb: who asks, known by its token, and how often. */
export interface Speaking {
  readonly holder: TokenHolder
  readonly by: Identity
  readonly session: Session
  /** A repeat of the call has the same one. */
  readonly requestId: string
  /** Aborts when the agent hangs up. */
  readonly signal: AbortSignal
}

export type RunVerb<Name extends VerbName> = (
  deps: VerbDeps,
  speaking: Speaking,
  input: VerbInput<Name>,
) => Promise<Result<VerbOutput<Name>, string>>

export type VerbRunners<Names extends VerbName = VerbName> = { readonly [Name in Names]: RunVerb<Name> }

/** The part of a yard that a session sees: its own project. */
export interface Yard {
  readonly sessions: readonly Session[]
  readonly worktrees: readonly Worktree[]
  titleOf(id: SessionId): string
  branchOf(session: Session): string | null
}

export const readYard = async (deps: VerbDeps, tx: Tx, projectId: ProjectId): Promise<Yard> => {
  const sessions = (await deps.sessions.list(tx)).filter((session) => session.projectId === projectId)
  const worktrees = (await deps.worktrees.list(tx)).filter((worktree) => worktree.projectId === projectId)
  const titles = new Map(sessions.map(({ id, title }) => [id, title]))
  const branches = new Map(worktrees.map(({ id, branch }) => [id, branch]))
  return {
    sessions,
    worktrees,
    titleOf: (id) => titles.get(id) ?? 'a session that was deleted',
    branchOf: ({ worktreeId }) => (worktreeId === null ? null : (branches.get(worktreeId) ?? null)),
  }
}
