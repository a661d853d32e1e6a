import type { Project } from '../../../../shared/contract/projects.ts'
import type { WorktreeChoice } from '../../../../shared/contract/sessions.ts'
import type { Terminal } from '../../../../shared/contract/terminals.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { NewId, ProjectId, SessionId, TerminalId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import type { AgentsService } from '../agents/agents-service.ts'
import type { NewTerminal, TerminalNews } from '../terminals/terminals-service.ts'
import type { AskChange, OpenAsk } from './activity-rules.ts'

/** What sessions need of the projects. */
export interface SessionProjects {
  find(tx: Tx, id: ProjectId): Promise<Project | undefined>
}

export type ChoiceRefusal =
  'NOT_FOUND' | 'PROJECT_UNUSABLE' | 'BRANCH_EXISTS' | 'BRANCH_IN_USE' | 'BAD_BRANCH_NAME' | 'BAD_BASE'

/** What sessions need of the worktrees. */
export interface SessionWorktrees {
  find(tx: Tx, id: WorktreeId): Promise<Worktree | undefined>
  /** Judges a choice; what it answers is handed to `addPlanned` as it is. */
  examine(projectId: ProjectId, choice: WorktreeChoice, title: string): Promise<Result<unknown, ChoiceRefusal>>
  /** Writes the row of a worktree that is to be made, in the command of its session. */
  addPlanned(context: CommandContext, checked: unknown): Promise<Result<Worktree, 'BRANCH_EXISTS'>>
  /** Makes it, or finds it made. */
  prepare(id: WorktreeId): Promise<Result<Worktree, string>>
  /** The worktree if its folder is there now. */
  requireFolder(id: WorktreeId): Promise<Result<Worktree, string>>
  /** Rescues what is in it and removes it. */
  remove(
    id: WorktreeId,
    options: { readonly deleteBranch: boolean },
    by: Identity,
  ): Promise<Result<{ rescueRef: string | null }, string>>
  restore(id: WorktreeId, by: Identity): Promise<Result<Worktree, string>>
}

export type { TerminalNews } from '../terminals/terminals-service.ts'

/** What sessions need of the terminals. */
export interface SessionTerminals {
  listOfSession(tx: Tx, sessionId: SessionId): Promise<Terminal[]>
  /** Starts a program once per terminal id. Throws when it cannot be started. */
  start(wish: NewTerminal): Promise<{ readonly pid: number; readonly startTime: string | null }>
  stop(id: TerminalId, graceMs: number): Promise<void>
  remove(id: TerminalId): Promise<void>
  onNews(listener: (news: TerminalNews) => void): () => void
}

/** Keeps asks in the transaction of the session they belong to. */
export interface AskRecorder {
  record(context: CommandContext, sessionId: SessionId, change: AskChange): Promise<void>
  listOpen(tx: Tx, sessionId: SessionId): Promise<OpenAsk[]>
}

/** A process as it was written down at its start. */
export interface KnownProcess {
  readonly sessionId: SessionId
  readonly pid: number | null
  readonly processStart: string | null
  readonly bootId: string | null
}

export interface SessionsDeps {
  readonly database: Database
  readonly clock: Clock
  readonly newId: NewId
  readonly log: Log
  readonly runCommand: RunCommand
  readonly agents: AgentsService
  readonly projects: SessionProjects
  readonly worktrees: SessionWorktrees
  readonly terminals: SessionTerminals
  readonly asks: AskRecorder
  /** The pid of an earlier start's process, if that very process still lives. */
  readonly findLivingProcess: (known: KnownProcess | null) => Promise<number | null>
  /** In the data folder; a folder for each session is made in it. */
  readonly sessionsFolder: string
  /** Where the `switchyard` command is: first on the PATH of every terminal of a session. */
  readonly commandFolder: string
  readonly starts: { readonly most: number; readonly gapMs: number }
  /** How long an agent may take to end by itself when it is asked to. */
  readonly stopGraceMs: number
}
