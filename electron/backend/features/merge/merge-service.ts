import { rm } from 'node:fs/promises'
import type {
  Forecast,
  LandCode,
  Merge,
  MergeConflictViews,
  MergePreview,
  MergeWish,
  PrepareCode,
  PreparedMerge,
  UndoCode,
} from '../../../../shared/contract/merge.ts'
import type { MergeId, ProjectId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { forecastMerges, type ForecastHead } from './forecast-merge.ts'
import { landMerge, type LandInput } from './land-merge.ts'
import { createMergeParts, type MergeDeps } from './merge-parts.ts'
import { listMerges, listNewestMerges, listPreparedBefore, removeMergesIn } from './merges-store.ts'
import { mergeNow, type MergeNowInput } from './merge-now.ts'
import { dropPrepared, prepareMerge, previewMerge } from './prepare-merge.ts'
import { readConflicts } from './read-conflicts.ts'
import { refreshBase, type RefreshCode, type RefreshInput } from './refresh-base.ts'
import { settleAll } from './settle-merges.ts'
import { undoMerge } from './undo-merge.ts'

export { conflictsOf } from './compute-merge.ts'
export type { LandInput } from './land-merge.ts'
export type { MergeDeps } from './merge-parts.ts'

export interface MergeService {
  /** What a merge would result in; the repository is only read. */
  preview(wish: MergeWish): Promise<Result<MergePreview, PrepareCode>>
  /** The same, kept in the repository until it lands or is dropped. With CONFLICTS come the conflicts: `conflictsOf`. */
  prepare(wish: MergeWish): Promise<Result<PreparedMerge, PrepareCode>>
  /** What is in the way of a merge, with the lines of both sides; the repository is only read. */
  conflicts(wish: MergeWish): Promise<Result<MergeConflictViews, PrepareCode>>
  /** Moves the target to what was prepared. What has landed already is answered again. */
  land(input: LandInput, by: Identity): Promise<Result<Merge, LandCode | 'NOT_FOUND'>>
  /** Prepares and lands. */
  merge(input: MergeNowInput, by: Identity): Promise<Result<Merge, PrepareCode | LandCode | 'NOT_FOUND'>>
  /** Lets go of what was prepared. */
  drop(id: MergeId): Promise<void>
  undo(id: MergeId, by: Identity): Promise<Result<Merge, UndoCode | 'NOT_FOUND'>>
  /** Brings the branch of a clean worktree onto its base as that is now. */
  refreshBase(input: RefreshInput, by: Identity): Promise<Result<Merge, RefreshCode>>
  /** Which heads would merge cleanly into a branch as it is now, in the order asked. */
  forecast(
    projectId: ProjectId,
    heads: readonly ForecastHead[],
    target: string,
  ): Promise<Result<Forecast[], 'GONE' | 'UNREADABLE'>>
  list(query: {
    readonly projectId: ProjectId
    readonly target: string | null
    readonly limit: number
  }): Promise<Merge[]>
  /** Of all projects. */
  listNewest(tx: Tx, limit: number): Promise<Merge[]>
  /** Brings what a crash cut short to an end; for the start. */
  reconcile(): Promise<void>
  /** Tries again what could not be brought to an end, and drops what was prepared long ago; for the background loop. */
  lookAfter(signal: AbortSignal): Promise<void>
  forgetProject(context: Pick<CommandContext, 'tx'>, projectId: ProjectId): Promise<void>
}

/** Whoever prepared it has long forgotten it. */
const preparedKeptMs = 7 * 24 * 60 * 60 * 1000

/** Lands branches in a target. Merges are computed on objects; no checkout but those of the target is touched. */
export const createMergeService = (deps: MergeDeps): MergeService => {
  const parts = createMergeParts(deps)
  return {
    preview: (wish) => previewMerge(parts, wish),
    prepare: (wish) => prepareMerge(parts, wish),
    conflicts: (wish) => readConflicts(parts, wish),
    land: (input, by) => landMerge(parts, input, by),
    merge: (input, by) => mergeNow(parts, input, by),
    drop: (id) => dropPrepared(parts, id),
    undo: (id, by) => undoMerge(parts, id, by),
    refreshBase: (input, by) => refreshBase(parts, input, by),
    forecast: (projectId, heads, target) => forecastMerges(parts, projectId, heads, target),
    list: ({ projectId, target, limit }) => deps.database.read((tx) => listMerges(tx, projectId, target, limit)),
    listNewest: listNewestMerges,
    reconcile: async () => {
      // Nothing of it is needed by what was cut short.
      await rm(deps.folder, { recursive: true, force: true })
      await settleAll(parts)
    },
    lookAfter: async (signal) => {
      await settleAll(parts, signal)
      const before = deps.clock.now() - preparedKeptMs
      for (const { id } of await deps.database.read((tx) => listPreparedBefore(tx, before))) {
        if (signal.aborted) return
        await dropPrepared(parts, id)
      }
    },
    forgetProject: ({ tx }, projectId) => removeMergesIn(tx, projectId),
  }
}
