import type { Change } from '../../../../shared/contract/changes.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import type { EditNotes } from '../../adapters/edit-notes.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import type { AgentVerbsService } from '../agent-verbs/agent-verbs-service.ts'
import type { AsksService } from '../asks/asks-service.ts'
import type { LeasesService } from '../leases/leases-service.ts'
import type { MailService } from '../mail/mail-service.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'
import type { TasksService } from '../tasks/tasks-service.ts'
import type { TeamsService } from '../teams/teams-service.ts'

export interface HooksDeps {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly runCommand: RunCommand
  readonly onCommit: (listener: (changes: readonly Change[]) => void) => () => void
  readonly home: string
  /** The rule of the file system that the repositories lie on. */
  readonly ignoresCase: boolean
  readonly projects: { find(tx: Tx, id: ProjectId): Promise<Project | undefined> }
  readonly worktrees: { list(tx: Tx): Promise<Worktree[]> }
  readonly sessions: Pick<SessionsService, 'list' | 'findOwner' | 'readGuardHook' | 'writeGuardAnswer' | 'wake'>
  readonly asks: Pick<AsksService, 'handleHook'>
  readonly leases: Pick<LeasesService, 'checkEdit' | 'noteActivity'>
  readonly tasks: Pick<TasksService, 'listOfSession' | 'checkpoint' | 'noteActivity'>
  readonly mail: Pick<MailService, 'noteHook' | 'takeForInjection' | 'markInjected' | 'inbox'>
  readonly teams: Pick<TeamsService, 'noteHook'>
  readonly verbs: Pick<AgentVerbsService, 'briefFor'>
  readonly editNotes: EditNotes
}
