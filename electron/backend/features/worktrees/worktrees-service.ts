import { createHash } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { WorktreeChoice } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { WatchFolder } from '../../adapters/watch-folder.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { Log } from '../../kernel/log.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import { viewRepository } from './examine-choice.ts'
import { createInspectWorktree, isCheckoutOf } from './inspect-worktree.ts'
import { createFreshness, type Freshness, type LookAgain } from './keep-fresh.ts'
import { createLooks, type WorktreeLook } from './looks.ts'
import { createTurns } from '../../kernel/turns.ts'
import { createWorktreeChanges } from './worktree-changes.ts'
import { moveFolder, refreshFolder, removeFolder, rescueFolder, restoreFolder, resumeFolder } from './folder-work.ts'
import { prepareFolder } from './prepare-folder.ts'
import {
  missingMessage,
  pickBranch,
  planWorktree,
  slugFrom,
  worktreePath,
  type PlanRefusalCode,
  type WorktreePlan,
} from './worktree-rules.ts'
import {
  findWorktreeRecord,
  listWorktreeBranches,
  listWorktreeRecords,
  listWorktrees,
  putWorktree,
  removeWorktreeRow,
} from './worktrees-store.ts'

export interface WorktreesServiceDeps {
  readonly git: Git
  readonly database: Database
  readonly runCommand: RunCommand
  readonly log: Log
  readonly projects: Pick<ProjectsService, 'find' | 'requireUsable' | 'freshBase' | 'knownBase'>
  /** Where worktrees are made, normally `~/.switchyard/worktrees`. */
  readonly worktreesRoot: string
  /** Before the slug of a new branch, normally `switchyard/`. */
  readonly branchPrefix: string
  /** Null where files are not watched: then only `refresh` and `refreshAll` look. */
  readonly watchFolder: WatchFolder | null
}

export type { WorktreeLook } from './looks.ts'

/** A checked choice, to be written down together with the session that it is for. */
export interface CheckedPlan {
  readonly project: Project
  readonly plan: WorktreePlan
  readonly takenBranches: readonly string[]
  readonly root: string
  readonly slug: string
}

type Gone = 'NOT_FOUND'
type WriteContext = Pick<CommandContext, 'tx' | 'now' | 'newId' | 'emit'>

export interface WorktreesService {
  list(tx: Tx): Promise<Worktree[]>
  find(tx: Tx, id: WorktreeId): Promise<Worktree | undefined>
  /** Folders of a project's worktrees that were not deleted. */
  listPaths(tx: Tx, projectId: ProjectId): Promise<readonly string[]>
  /** Judges a choice against the repository as it is; changes nothing and does not fetch. */
  examine(
    projectId: ProjectId,
    choice: WorktreeChoice,
    title: string,
  ): Promise<Result<CheckedPlan, Gone | 'PROJECT_UNUSABLE' | PlanRefusalCode>>
  /** Writes the row of a worktree that is to be made, inside the command that needs it. */
  addPlanned(context: WriteContext, checked: CheckedPlan): Promise<Result<Worktree, 'BRANCH_EXISTS'>>
  /** Makes the folder, for an intent: may be killed at any point and called again. Done already is done. */
  prepare(id: WorktreeId): Promise<Result<Worktree, Gone | 'CANNOT_PREPARE'>>
  /** The worktree if its folder is there now; never another folder in its place. */
  requireFolder(id: WorktreeId): Promise<Result<Worktree, Gone | 'WORKTREE_MISSING'>>
  /** Saves all work under a rescue ref, then removes the folder if it is ours. No process may work there any more. */
  remove(
    id: WorktreeId,
    options: { readonly deleteBranch: boolean },
    by: Identity,
  ): Promise<Result<{ rescueRef: string | null }, Gone | 'RESCUE_FAILED'>>
  /** Saves all work under a rescue ref of this id, once, and leaves the folder as it is; null when there is none. */
  rescue(id: WorktreeId, rescueId: string): Promise<Result<{ rescueRef: string | null }, Gone | 'RESCUE_FAILED'>>
  /** Brings back a removed or vanished folder. */
  restore(id: WorktreeId, by: Identity): Promise<Result<Worktree, Gone | 'CANNOT_RESTORE'>>
  /** Points a worktree at the place its folder was moved to. */
  rebind(id: WorktreeId, path: string, by: Identity): Promise<Result<Worktree, Gone | 'NOT_THIS_WORKTREE'>>
  refresh(id: WorktreeId): Promise<Result<Worktree, Gone>>
  /** Its branch begins at another commit of its base from now on. */
  moveBase(context: Pick<CommandContext, 'tx' | 'emit'>, id: WorktreeId, sha: string): Promise<void>
  /** Refreshes every worktree that is there and is not kept fresh by watching it; for the background loop. */
  refreshAll(signal: AbortSignal): Promise<void>
  /** Calls back after each look at a worktree, until the answer is called. */
  onLook(listener: (look: WorktreeLook) => void): () => void
  /** Goes on with removals and restorations that a crash cut short; for the start. */
  resumeUnfinished(): Promise<void>
  /** Drops the rows of a project that is forgotten; folders, branches and rescue refs stay. */
  forgetProject(context: WriteContext, projectId: ProjectId): Promise<void>
  close(): Promise<void>
}

export const createWorktreesService = (deps: WorktreesServiceDeps): WorktreesService => {
  const { git, database } = deps
  const inTurn = createTurns()
  const changes = createWorktreeChanges(deps)
  const looks = createLooks()
  const work = { ...deps, changes, inspect: createInspectWorktree(git), tellLook: looks.tell }
  const fresh = keepFresh(deps, async (id, touched) => {
    await inTurn(id, () => refreshFolder(work, id, { touched }))
    return looks.lastOf(id)
  })

  /** One worktree that cannot be read must not keep a loop, or the start, from the others. */
  const quietly = (id: WorktreeId, act: () => Promise<unknown>): Promise<void> =>
    inTurn(id, act).then(
      () => undefined,
      (error: unknown) => deps.log.error({ err: error, worktree: id }, 'a worktree could not be looked after'),
    )

  /** Watching starts beside the answer: nobody waits for it. */
  const follow = <Answer extends Result<Worktree, string>>(answer: Answer): Answer => {
    if (answer.ok && answer.value.state.kind === 'ok')
      fresh
        ?.follow(answer.value)
        .catch((error: unknown) => deps.log.error({ err: error }, 'a worktree was not watched'))
    return answer
  }

  return {
    list: listWorktrees,
    find: async (tx, id) => (await findWorktreeRecord(tx, id))?.worktree,
    listPaths: async (tx, projectId) => {
      const all = await listWorktrees(tx)
      const own = all.filter((worktree) => worktree.projectId === projectId && worktree.state.kind !== 'deleted')
      return own.map((worktree) => worktree.path)
    },
    examine: (projectId, choice, title) => examine(deps, projectId, choice, title),
    addPlanned: (context, checked) => addPlanned(deps, context, checked),
    prepare: async (id) => follow(await inTurn(id, () => prepareFolder(work, id))),
    requireFolder: async (id) => {
      const record = await changes.get(id)
      if (!record) return gone()
      const { worktree } = record
      if (worktree.state.kind === 'preparing') return refuse('WORKTREE_MISSING', 'Its folder is still being made.')
      if (await isCheckoutOf(worktree.path, await changes.commonDirOf(worktree))) return ok(worktree)
      await inTurn(id, () => refreshFolder(work, id))
      return refuse('WORKTREE_MISSING', missingMessage(worktree))
    },
    remove: async (id, options, by) => {
      await fresh?.leave(id)
      const removed = await inTurn(id, () => removeFolder(work, id, options, by))
      if (removed.ok) looks.forget(id)
      return removed
    },
    rescue: (id, rescueId) => inTurn(id, () => rescueFolder(work, id, rescueId)),
    restore: async (id, by) => follow(await inTurn(id, () => restoreFolder(work, id, by))),
    rebind: async (id, path, by) => follow(await inTurn(id, () => moveFolder(work, id, path, by))),
    moveBase,
    refresh: (id) => inTurn(id, () => refreshFolder(work, id)),
    refreshAll: async (signal) => {
      for (const { worktree } of await database.read(listWorktreeRecords)) {
        if (signal.aborted) return
        if (worktree.state.kind !== 'ok' && worktree.state.kind !== 'missing') continue
        const commonDir = await changes.commonDirOf(worktree)
        if (fresh?.isFollowed(worktree) && (await work.inspect.isAsLeft({ path: worktree.path, commonDir }))) continue
        await quietly(worktree.id, () => refreshFolder(work, worktree.id, { signal }))
        if (!signal.aborted) await fresh?.follow(worktree)
      }
    },
    onLook: looks.onLook,
    resumeUnfinished: async () => {
      for (const { worktree, operation } of await database.read(listWorktreeRecords)) {
        if (operation !== null) await quietly(worktree.id, () => resumeFolder(work, worktree.id))
      }
    },
    forgetProject: async ({ tx, emit }, projectId) => {
      for (const { worktree } of await listWorktreeRecords(tx)) {
        if (worktree.projectId !== projectId) continue
        await removeWorktreeRow(tx, worktree.id)
        fresh?.leave(worktree.id).catch((error: unknown) => deps.log.error({ err: error }, 'a watch did not end'))
        await emit('worktrees.removed', worktree.id, { id: worktree.id })
      }
    },
    close: async () => fresh?.close(),
  }
}

const moveBase: WorktreesService['moveBase'] = async ({ tx, emit }, id, sha) => {
  const record = await findWorktreeRecord(tx, id)
  if (!record?.worktree.base) return
  const worktree = { ...record.worktree, base: { ...record.worktree.base, sha } }
  await putWorktree(tx, { ...record, worktree })
  await emit('worktrees.changed', id, worktree)
}

const keepFresh = ({ git, log, watchFolder }: WorktreesServiceDeps, look: LookAgain): Freshness | null =>
  watchFolder && createFreshness({ git, log, watchFolder, look })

export const gone = (): Result<never, Gone> => refuse('NOT_FOUND', 'That worktree is not in the list any more.')

const examine = async (
  deps: WorktreesServiceDeps,
  projectId: ProjectId,
  choice: WorktreeChoice,
  title: string,
): Promise<Result<CheckedPlan, Gone | 'PROJECT_UNUSABLE' | PlanRefusalCode>> => {
  const usable = await deps.projects.requireUsable(projectId)
  if (!usable.ok) return usable
  const project = usable.value
  const view = await viewRepository(deps.git, project, choice)
  const result = planWorktree(choice, view)
  if (result.kind === 'refused') return refuse(result.code, result.message)
  if (choice.kind === 'new-branch' && choice.baseRef !== null) {
    const base = await deps.projects.knownBase(projectId, choice.baseRef)
    if (!base.ok) return base
  }
  await mkdir(deps.worktreesRoot, { recursive: true, mode: 0o700 })
  // git names worktrees by their real path, and rows are compared with what git lists.
  const root = await realpath(deps.worktreesRoot)
  return ok({ project, plan: result.plan, takenBranches: view.localBranches, root, slug: slugFrom(title) })
}

const addPlanned = async (
  deps: WorktreesServiceDeps,
  { tx, now, newId, emit }: WriteContext,
  { project, plan, takenBranches, root, slug }: CheckedPlan,
): Promise<Result<Worktree, 'BRANCH_EXISTS'>> => {
  const reserved = await listWorktreeBranches(tx, project.id)
  if (plan.kind === 'new-branch' && plan.branch !== null && reserved.includes(plan.branch)) {
    return refuse('BRANCH_EXISTS', `Another session is making the branch ${plan.branch}. Choose another name.`)
  }
  const isNamed = plan.kind !== 'new-branch' || plan.branch !== null
  const branch = isNamed ? plan.branch : pickBranch(deps.branchPrefix, slug, [...takenBranches, ...reserved])
  const id = newId('wt')
  const commonDirHash = createHash('sha256').update(project.commonDir).digest('hex')
  const path = plan.path ?? worktreePath({ root, projectName: project.name, commonDirHash, slug, id })
  const worktree: Worktree = {
    id,
    projectId: project.id,
    path,
    branch,
    kind: plan.kind,
    base: null,
    state: { kind: 'preparing' },
    headSha: null,
    added: 0,
    removed: 0,
    changedFiles: 0,
    untrackedFiles: 0,
    notes: [],
    checkedAt: null,
    createdAt: now,
  }
  await putWorktree(tx, { worktree, startRef: plan.startRef, operation: null, surface: null })
  await emit('worktrees.changed', id, worktree)
  return ok(worktree)
}
