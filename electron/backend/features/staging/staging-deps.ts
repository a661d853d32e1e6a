import type { NewId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { refuse, type Result } from '../../../../shared/lib/result.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { WriteFileVersion } from '../../adapters/git/worktree-files.ts'
import type { Database } from '../../db/database.ts'
import type { Log } from '../../kernel/log.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import type { InTurn } from '../../kernel/turns.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import type { ReviewService } from '../review/review-service.ts'
import type { WorktreesService } from '../worktrees/worktrees-service.ts'

export interface StagingDeps {
  readonly git: Git
  readonly database: Database
  readonly runCommand: RunCommand
  readonly newId: NewId
  readonly log: Log
  readonly projects: Pick<ProjectsService, 'find'>
  readonly worktrees: Pick<WorktreesService, 'find' | 'requireFolder' | 'refresh'>
  readonly review: Pick<ReviewService, 'look'>
  readonly writeFile: WriteFileVersion
  /** So many of each worktree can be undone; the refs that keep what older ones took away are dropped. */
  readonly mostKept: number
  /** Where files are made before they are put into a worktree. */
  readonly folder: string
}

export interface StagingParts {
  readonly deps: StagingDeps
  /** By worktree: two that change the same one must not meet. */
  readonly inTurn: InTurn
}

/** The repository of a worktree, for those who write it. */
export interface Place {
  readonly id: WorktreeId
  readonly cwd: string
  readonly gitDir: string
  readonly commonDir: string
  /** How long ids are: 20 bytes, or 32 in a SHA-256 repository. */
  readonly oidBytes: number
}

export type Unwritten = Result<never, 'CANNOT_WRITE'>

/** What git or the disk could not do, in words; anything else is a bug. */
export const cannotWrite = (error: unknown): Unwritten => {
  if (error instanceof GitError) {
    const said = error.stderr.trim().split('\n')[0] ?? ''
    return unwritten(`git could not do it: ${said === '' ? error.message : said.slice(0, 300)}`)
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  if (code === null || !/^E[A-Z]+$/.test(code)) throw error
  return unwritten(diskWords[code] ?? `The system refused it (${code})`)
}

export const unwritten = (why: string): Unwritten =>
  refuse('CANNOT_WRITE', `${why}. Everything is as it was; mend that and try again.`)

const diskWords: Readonly<Record<string, string>> = {
  EACCES: 'The folder or a file in it may not be written',
  EPERM: 'The folder or a file in it may not be written',
  EROFS: 'The disk may only be read',
  ENOSPC: 'The disk is full',
  EDQUOT: 'Your share of the disk is full',
}

export const lockedMessage = (cwd: string): string =>
  `Another git holds the lock of this worktree's index, so nothing was changed. Try again in a moment. If no git is at work in ${cwd}, one was killed there: remove its index.lock.`
