import type { Git } from '../../adapters/git/run-git.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import type { WorktreesService } from '../worktrees/worktrees-service.ts'

export interface ReviewDeps {
  readonly git: Git
  readonly database: Database
  readonly runCommand: RunCommand
  readonly clock: Clock
  readonly log: Log
  readonly projects: Pick<ProjectsService, 'find'>
  readonly worktrees: Pick<WorktreesService, 'find' | 'requireFolder'>
  /** Objects of a project's git that others refer to: versions of files that comments are on. */
  readonly listKept: (tx: Tx, projectId: ProjectId) => Promise<readonly string[]>
  /** Where snapshots are kept, outside of every repository. */
  readonly folder: string
}
