import { rm } from 'node:fs/promises'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import { deleteBranch } from '../../adapters/git/refs.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { removeWorktree } from '../../adapters/git/worktree-change.ts'
import { findRegistration } from '../../adapters/git/worktree-registration.ts'
import type { Database } from '../../db/database.ts'
import { systemIdentity, type Identity } from '../../kernel/identity.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import { isCheckoutOf, type InspectWorktree } from './inspect-worktree.ts'
import { rebindFolder } from './rebind-worktree.ts'
import { removeWorktreeSafely, type RemovedWorktree } from './remove-worktree.ts'
import { findObstacle, restoreRemoved, restoreVanished, type RestoredWorktree } from './restore-worktree.ts'
import { saveWork } from './save-work.ts'
import type { WorktreeChanges } from './worktree-changes.ts'
import { missingMessage, ownsFolder, withProblemNote, withSurfaceNote } from './worktree-rules.ts'
import type { WorktreeRecord } from './worktrees-store.ts'

export interface FolderWorkDeps {
  readonly git: Git
  readonly database: Database
  readonly projects: Pick<ProjectsService, 'find' | 'requireUsable' | 'freshBase' | 'knownBase'>
  readonly changes: WorktreeChanges
  readonly inspect: InspectWorktree
  /** Told of each look at a worktree: the paths that differ from where its branch left its base. */
  readonly tellLook: (worktree: Worktree, rawPaths: ReadonlySet<string>) => void
}

type Gone = 'NOT_FOUND'
const gone = (): Result<never, Gone> => refuse('NOT_FOUND', 'That worktree is not in the list any more.')

/** Looks at a worktree again, at everything or at what was touched, and writes down what changed. */
export async function refreshFolder(
  deps: FolderWorkDeps,
  id: WorktreeId,
  options: { readonly signal?: AbortSignal | undefined; readonly touched?: readonly string[] | undefined } = {},
): Promise<Result<Worktree, Gone>> {
  const record = await deps.changes.get(id)
  if (!record) return gone()
  const { worktree } = record
  if (worktree.state.kind === 'preparing' || worktree.state.kind === 'deleted') return ok(worktree)
  const commonDir = await deps.changes.commonDirOf(worktree)
  const where = { path: worktree.path, commonDir, baseSha: worktree.base?.sha ?? null, touched: options.touched }
  const seen = await deps.inspect(where, options.signal).catch((error: unknown) => {
    // A broken index, a lost object: the person is told, and the worktree stays what it was.
    if (error instanceof GitError && error.kind === 'exit')
      return { kind: 'unreadable', reason: error.message } as const
    throw error
  })
  const changed = await deps.changes.change('refresh-worktree', id, systemIdentity, (current, now) => {
    if (seen.kind === 'unreadable') {
      const notes = withProblemNote(current.worktree.notes, seen.reason)
      return { ...current, worktree: { ...current.worktree, notes, checkedAt: now } }
    }
    if (seen.kind === 'missing') {
      const state: Worktree['state'] = { kind: 'missing', message: missingMessage(current.worktree) }
      return { ...current, worktree: { ...current.worktree, state, checkedAt: now } }
    }
    const { surface, kind: _kind, rawPaths: _rawPaths, ...numbers } = seen
    const before = current.surface ?? surface.hashesByName
    const changedNames = namesThatDiffer(before, surface.hashesByName)
    const notes = withProblemNote(withSurfaceNote(current.worktree.notes, changedNames), null)
    const next = { ...current.worktree, ...numbers, state: { kind: 'ok' } as const, notes, checkedAt: now }
    return { ...current, surface: before, worktree: next }
  })
  if (!changed.ok) return changed
  if (seen.kind !== 'unreadable')
    deps.tellLook(changed.value.worktree, seen.kind === 'there' ? seen.rawPaths : new Set())
  return ok(changed.value.worktree)
}

export async function removeFolder(
  deps: FolderWorkDeps,
  id: WorktreeId,
  options: { readonly deleteBranch: boolean },
  by: Identity,
): Promise<Result<{ rescueRef: string | null }, Gone | 'RESCUE_FAILED'>> {
  const record = await deps.changes.get(id)
  if (!record) return gone()
  const { worktree } = record
  if (worktree.state.kind === 'deleted') return ok({ rescueRef: worktree.state.rescueRef })
  const project = await findProjectOf(deps, worktree)
  // A folder of the person's own stays as it is; only the row ends.
  const removed = ownsFolder(worktree.kind)
    ? await removeOwn(deps, record, project, options.deleteBranch, by)
    : ({ kind: 'removed', rescueRef: null } as const)
  if (removed.kind === 'refused') {
    await deps.changes.change('give-up-removal', id, by, (current) => ({ ...current, operation: null }))
    return refuse('RESCUE_FAILED', removed.message)
  }
  const { rescueRef } = removed
  const changed = await deps.changes.change('remove-worktree', id, by, (current, now) => ({
    ...current,
    operation: null,
    worktree: { ...current.worktree, state: { kind: 'deleted', rescueRef, at: now } },
  }))
  return changed.ok ? ok({ rescueRef }) : changed
}

async function removeOwn(
  deps: FolderWorkDeps,
  record: WorktreeRecord,
  project: Project,
  shouldDeleteBranch: boolean,
  by: Identity,
): Promise<RemovedWorktree> {
  const { worktree } = record
  const usable = await deps.projects.requireUsable(worktree.projectId)
  if (!usable.ok) {
    const message = `The work in ${worktree.path} cannot be saved without its project: ${usable.refusal.message}`
    return { kind: 'refused', message }
  }
  if (worktree.state.kind === 'preparing') return discardUnprepared(deps.git, project, worktree)
  const started = await deps.changes.change('begin-removal', worktree.id, by, (current, now) => ({
    ...current,
    operation:
      current.operation?.kind === 'remove'
        ? current.operation
        : { kind: 'remove', rescueId: `${worktree.id}-${now}`, deleteBranch: shouldDeleteBranch },
  }))
  const operation = started.ok ? started.value.operation : null
  if (operation?.kind !== 'remove') return { kind: 'refused', message: 'The worktree is being restored.' }
  return removeWorktreeSafely(deps.git, {
    cwd: project.rootPath,
    commonDir: project.commonDir,
    path: worktree.path,
    branch: worktree.branch,
    rescueId: operation.rescueId,
    deleteBranch: operation.deleteBranch,
  })
}

/** Saves what a worktree holds, for whoever goes on with it; the folder stays as it is. */
export async function rescueFolder(
  deps: FolderWorkDeps,
  id: WorktreeId,
  rescueId: string,
): Promise<Result<{ rescueRef: string | null }, Gone | 'RESCUE_FAILED'>> {
  const record = await deps.changes.get(id)
  if (!record) return gone()
  const { path, branch, projectId, state } = record.worktree
  // Before it was made there was no work in it; its removal saved what it held.
  if (state.kind === 'preparing') return ok({ rescueRef: null })
  if (state.kind === 'deleted') return ok({ rescueRef: state.rescueRef })
  const usable = await deps.projects.requireUsable(projectId)
  if (!usable.ok) return refuse('RESCUE_FAILED', usable.refusal.message)
  const { rootPath: cwd, commonDir } = usable.value
  const saved = await saveWork(deps.git, { cwd, commonDir, path, branch, rescueId })
  switch (saved.kind) {
    case 'saved':
      return ok({ rescueRef: saved.rescueRef })
    case 'no-folder':
      return ok({ rescueRef: null })
    case 'nested-repositories':
      return refuse('RESCUE_FAILED', `It holds repositories of their own (${saved.paths.slice(0, 3).join(', ')}).`)
    case 'failed':
      return refuse('RESCUE_FAILED', saved.reason)
    default:
      return unreachable(saved)
  }
}

/** A worktree that was never handed to anyone holds nothing but what we were putting there. */
async function discardUnprepared(git: Git, project: Project, worktree: Worktree): Promise<RemovedWorktree> {
  const { path, branch, base, kind } = worktree
  await rm(path, { recursive: true, force: true })
  if ((await findRegistration(project.commonDir, path)) !== null) await removeWorktree(git, project.rootPath, path)
  // Its branch, if it was made already, still stands where it started; one that moved is somebody's.
  if (kind === 'new-branch' && branch !== null && base !== null) {
    await deleteBranch(git, project.rootPath, branch, base.sha)
  }
  return { kind: 'removed', rescueRef: null }
}

export async function restoreFolder(
  deps: FolderWorkDeps,
  id: WorktreeId,
  by: Identity,
): Promise<Result<Worktree, Gone | 'CANNOT_RESTORE'>> {
  const record = await deps.changes.get(id)
  if (!record) return gone()
  const usable = await deps.projects.requireUsable(record.worktree.projectId)
  if (!usable.ok) return refuse('CANNOT_RESTORE', usable.refusal.message)
  const { rootPath: cwd, commonDir } = usable.value
  if (record.worktree.state.kind === 'preparing') return ok(record.worktree)
  const isThere = record.operation === null && (await isCheckoutOf(record.worktree.path, commonDir))
  const restored = isThere
    ? ({ kind: 'restored', note: null } as const)
    : await bringBack(deps, record, { cwd, commonDir }, by).catch((error: unknown) => {
        // Disk full, a repository that git cannot read: what was begun stays marked, so that a second try clears it away.
        if (error instanceof GitError) return { kind: 'failed', message: error.message } as const
        throw error
      })
  if (restored.kind === 'failed') return refuse('CANNOT_RESTORE', `It could not be restored: ${restored.message}`)
  const { message } = restored.kind === 'refused' ? restored : { message: null }
  await deps.changes.change('restore-worktree', id, by, (current) => {
    const { worktree } = current
    if (restored.kind === 'refused') return { ...current, operation: null }
    const notes = restored.note === null ? worktree.notes : [...worktree.notes, restored.note]
    return { ...current, operation: null, worktree: { ...worktree, notes, state: { kind: 'ok' } } }
  })
  return message === null ? refreshFolder(deps, id) : refuse('CANNOT_RESTORE', message)
}

async function bringBack(
  deps: FolderWorkDeps,
  { worktree, operation }: WorktreeRecord,
  repository: { readonly cwd: string; readonly commonDir: string },
  by: Identity,
): Promise<RestoredWorktree> {
  const { path, branch, kind, state } = worktree
  if (kind === 'in-place') {
    return {
      kind: 'refused',
      message: `The project's own folder ${path} is gone. Put it back, or open the project at its new place.`,
    }
  }
  const rescueId = state.kind === 'deleted' ? state.rescueRef?.replace(/^refs\/switchyard\/rescue\//, '') : undefined
  if (rescueId === undefined) return restoreVanished(deps.git, { ...repository, path, branch })
  if (operation?.kind !== 'restore') {
    // Looked at before the mark is set: with the mark, whatever is at the path counts as ours.
    const obstacle = await findObstacle(deps.git, repository.cwd, path)
    if (obstacle !== null) return { kind: 'refused', message: obstacle }
    await deps.changes.change('begin-restore', worktree.id, by, (current) => ({
      ...current,
      operation: { kind: 'restore', rescueId },
    }))
  }
  return restoreRemoved(deps.git, { cwd: repository.cwd, path, rescueId })
}

export async function moveFolder(
  deps: FolderWorkDeps,
  id: WorktreeId,
  path: string,
  by: Identity,
): Promise<Result<Worktree, Gone | 'NOT_THIS_WORKTREE'>> {
  const record = await deps.changes.get(id)
  if (!record) return gone()
  const usable = await deps.projects.requireUsable(record.worktree.projectId)
  if (!usable.ok) return refuse('NOT_THIS_WORKTREE', usable.refusal.message)
  const rebound = await rebindFolder(deps.git, usable.value, record.worktree, path)
  if (rebound.kind === 'refused') return refuse('NOT_THIS_WORKTREE', rebound.message)
  await deps.changes.change('rebind-worktree', id, by, (current) => ({
    ...current,
    worktree: { ...current.worktree, path: rebound.path, state: { kind: 'ok' } },
  }))
  return refreshFolder(deps, id)
}

/** Goes on with what a crash cut short. */
export async function resumeFolder(deps: FolderWorkDeps, id: WorktreeId): Promise<void> {
  const operation = (await deps.changes.get(id))?.operation
  if (operation?.kind === 'remove') await removeFolder(deps, id, operation, systemIdentity)
  if (operation?.kind === 'restore') await restoreFolder(deps, id, systemIdentity)
}

async function findProjectOf(deps: FolderWorkDeps, worktree: Worktree): Promise<Project> {
  const project = await deps.database.read((tx) => deps.projects.find(tx, worktree.projectId))
  // The row of a worktree refers to its project's, so it cannot be missing.
  if (!project) throw new Error(`Worktree ${worktree.id} has no project`)
  return project
}

function namesThatDiffer(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => before[name] !== after[name]).sort()
}
