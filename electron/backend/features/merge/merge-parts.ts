import type { Merge } from '../../../../shared/contract/merge.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { MergeId, NewId, ProjectId } from '../../../../shared/lib/ids.ts'
import { refuse, type Result } from '../../../../shared/lib/result.ts'
import type { BranchMoveDeps } from '../../adapters/git/branch-move.ts'
import { checkoutDisk, type CheckoutDisk } from '../../adapters/git/checkout-disk.ts'
import { findGitDir } from '../../adapters/git/config-cache.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { Database } from '../../db/database.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { Log } from '../../kernel/log.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import { createTurns, type InTurn } from '../../kernel/turns.ts'
import type { MailService } from '../mail/mail-service.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import type { ReviewService } from '../review/review-service.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'
import type { TasksService } from '../tasks/tasks-service.ts'
import type { WorktreesService } from '../worktrees/worktrees-service.ts'
import { findMerge, putMerge } from './merges-store.ts'

export interface MergeDeps {
  readonly git: Git
  readonly database: Database
  readonly runCommand: RunCommand
  readonly clock: Clock
  readonly newId: NewId
  readonly log: Log
  readonly projects: Pick<ProjectsService, 'find' | 'requireUsable'>
  readonly worktrees: Pick<WorktreesService, 'list' | 'requireFolder' | 'moveBase'>
  readonly sessions: Pick<SessionsService, 'list'>
  readonly tasks: Pick<TasksService, 'listSubmittedIn' | 'acceptMerged'>
  readonly mail: Pick<MailService, 'post'>
  readonly review: Pick<ReviewService, 'lookForMoves'>
  /** A folder of ours for what is thrown away again. */
  readonly folder: string
  readonly disk?: CheckoutDisk
}

export interface MergeParts extends MergeDeps {
  readonly disk: CheckoutDisk
  readonly moves: BranchMoveDeps
  /** What touches the branches and checkouts of one project is done one after the other. */
  readonly inTurn: InTurn
}

export const createMergeParts = (deps: MergeDeps): MergeParts => {
  const disk = deps.disk ?? checkoutDisk
  return { ...deps, disk, moves: { git: deps.git, disk }, inTurn: createTurns() }
}

export const findIn = ({ database }: MergeDeps, id: MergeId): Promise<Merge | undefined> =>
  database.read((tx) => findMerge(tx, id))

export const noMerge = (): Result<never, 'NOT_FOUND'> =>
  refuse('NOT_FOUND', 'That merge is not in the list any more. Reload the list.')

/** The project of a merge, when git can be asked about it. */
export const projectOf = async ({ database, projects }: MergeDeps, id: ProjectId): Promise<Project | undefined> => {
  const project = await database.read((tx) => projects.find(tx, id))
  const isThere = project && (await findGitDir(project.rootPath)) !== null
  return isThere ? project : undefined
}

/** Of a merge whose project `projectOf` did not find. */
export const noProject = (): Result<never, 'GONE'> =>
  refuse(
    'GONE',
    'The folder of this project is not there. Put it back, or open the project at its new place, then try again.',
  )

export const nameOf = (by: Identity): string => `${by.kind}:${by.id}`

/** Brings a merge from one state to the next, unless it is in another by now; tells of it where it is news. */
export const changeMerge = (
  deps: MergeDeps,
  input: { readonly name: string; readonly id: MergeId; readonly by: Identity; readonly isNews: boolean },
  decide: (merge: Merge, now: number) => Merge,
  also: (context: CommandContext, merge: Merge) => Promise<void> = async () => undefined,
): Promise<Result<Merge, 'NOT_FOUND'>> =>
  deps.runCommand<Merge, 'NOT_FOUND'>({ name: input.name, by: input.by }, async (context) => {
    const merge = await findMerge(context.tx, input.id)
    if (!merge) return noMerge()
    const next = decide(merge, context.now)
    await putMerge(context.tx, next)
    if (input.isNews) await context.emit('merges.changed', next.id, next)
    if (input.isNews) await also(context, next)
    return { ok: true, value: next }
  })
