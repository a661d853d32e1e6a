import type {
  Merge,
  MergeFile,
  MergePreview,
  MergeWish,
  PrepareCode,
  PreparedMerge,
} from '../../../../shared/contract/merge.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { MergeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import { moveRef } from '../../adapters/git/branch-refs.ts'
import { keepObjects, openMergeDesk, type MergeDesk } from '../../adapters/git/merge-objects.ts'
import { clearStaleRefLock } from '../../adapters/git/stale-lock.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { computeMerge, conflictsOf, type ComputedMerge } from './compute-merge.ts'
import { findIn, nameOf, projectOf, type MergeParts } from './merge-parts.ts'
import { backupRefOf, holdRefOf } from './merge-rules.ts'
import { unreadable } from './merge-words-rules.ts'
import { findMerge, putMerge, removeMerge } from './merges-store.ts'

const openDesk = (parts: MergeParts, { rootPath, commonDir }: Project): Promise<MergeDesk> =>
  openMergeDesk(parts.git, { folder: parts.folder, cwd: rootPath, commonDir })

/** What a merge would result in. Nothing of it is in the repository afterwards. */
export const previewMerge = async (parts: MergeParts, wish: MergeWish): Promise<Result<MergePreview, PrepareCode>> => {
  const usable = await parts.projects.requireUsable(wish.projectId)
  if (!usable.ok) return unreadable(usable.refusal.message)
  await using desk = await openDesk(parts, usable.value)
  const computed = await computeMerge(desk, wish, null)
  if (computed.ok) return ok({ kind: 'clean', ...computed.value })
  const found = conflictsOf(computed.refusal)
  return found ? ok({ kind: 'conflicts', target: wish.target, ...found }) : computed
}

/** Computes a merge and keeps its objects in the repository, so that it can land later just as it was looked at. */
export const prepareMerge = async (parts: MergeParts, wish: MergeWish): Promise<Result<PreparedMerge, PrepareCode>> => {
  const usable = await parts.projects.requireUsable(wish.projectId)
  if (!usable.ok) return unreadable(usable.refusal.message)
  const { commonDir } = usable.value
  await using desk = await openDesk(parts, usable.value)
  const id = parts.newId('mrg')
  const computed = await computeMerge(desk, wish, id)
  if (!computed.ok) return computed
  await keepObjects(desk.place, commonDir)
  const held = await holdPrepared(parts, usable.value, { id, computed: computed.value, refresh: null })
  return held.ok ? ok({ id, ...computed.value }) : held
}

export interface Holding {
  readonly id: MergeId
  readonly computed: Omit<ComputedMerge, 'tree'>
  readonly refresh: Merge['refresh']
}

/** Keeps a commit whose objects are in the repository until it lands or is dropped. */
export const holdPrepared = async (
  parts: MergeParts,
  { rootPath }: Project,
  holding: Holding,
): Promise<Result<undefined, 'UNREADABLE'>> => {
  const { id, computed } = holding
  const hold = { ref: holdRefOf(id), from: null, to: computed.commit, reason: 'switchyard: prepared' }
  // The row first: of a ref without one nobody would know.
  await parts.runCommand({ name: 'prepare-merge', by: systemIdentity }, async ({ tx, now }) =>
    ok(await putMerge(tx, rowFrom(holding, now))),
  )
  const held = await moveRef(parts.git, rootPath, hold)
  if (held.kind === 'moved') return ok(undefined)
  await dropPrepared(parts, id)
  return unreadable(held.message)
}

const rowFrom = ({ id, computed, refresh }: Holding, now: number): Merge => {
  const { projectId, strategy, source, target, message, base, commit, files } = computed
  const sum = (count: (file: MergeFile) => number | null): number =>
    files.reduce((all, file) => all + (count(file) ?? 0), 0)
  return {
    id,
    projectId,
    strategy,
    source,
    target,
    message,
    refresh,
    before: base,
    after: commit,
    files: files.length,
    added: sum(({ added }) => added),
    removed: sum(({ removed }) => removed),
    state: 'prepared',
    backupRef: backupRefOf(computed.target, id),
    by: nameOf(systemIdentity),
    at: now,
    undone: null,
    deletedBranch: null,
    note: null,
  }
}

/** Lets go of what was prepared and will not land; one that has landed is left alone. */
export const dropPrepared = async (parts: MergeParts, id: MergeId): Promise<void> => {
  const merge = await findIn(parts, id)
  if (merge?.state !== 'prepared') return
  const project = await projectOf(parts, merge.projectId)
  if (project) await letGo(parts, project, merge)
  await parts.runCommand({ name: 'drop-merge', by: systemIdentity }, async ({ tx }) => {
    const isStill = (await findMerge(tx, id))?.state === 'prepared'
    return ok(isStill ? await removeMerge(tx, id) : undefined)
  })
}

/** What a merge made is held by the branch it landed in, or not wanted any more. */
export const letGo = async (
  { git }: Pick<MergeParts, 'git'>,
  { rootPath, commonDir }: Project,
  { id, after }: Merge,
): Promise<void> => {
  const ref = holdRefOf(id)
  await clearStaleRefLock(commonDir, ref)
  await moveRef(git, rootPath, { ref, from: after, to: null, reason: 'switchyard: let go' })
}
