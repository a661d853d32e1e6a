import type { CommitDraft, Committed, Staging } from '../../../../shared/contract/staging.ts'
import type { ProjectId, StagingId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { createTurns } from '../../kernel/turns.ts'
import { actOnChanges, replaceLines, type Acted, type LineReplacement } from './act-on-changes.ts'
import { commitStaged, draftCommit, type CommitRefusal, type CommitWish } from './commit-staged.ts'
import type { StagingWish } from './plan-staging.ts'
import type { StagingDeps, StagingParts } from './staging-deps.ts'
import { listDone, removeStagingsIn } from './staging-store.ts'
import { settleStagings, tidyStagings, undoStaging, type UndoRefusal } from './undo-staging.ts'

export type { LineReplacement } from './act-on-changes.ts'
export type { StagingDeps } from './staging-deps.ts'

export interface StagingService {
  /** Stages, unstages, discards or reverts files or lines of them: all of it, or nothing. */
  act(wish: StagingWish & { readonly worktreeId: WorktreeId }, by: Identity): Promise<Acted>
  /** Replaces lines of a file; STALE when it is not the version that was meant any more. */
  replaceLines(input: LineReplacement, by: Identity): Promise<Acted>
  undo(id: StagingId, by: Identity): Promise<Result<Staging, UndoRefusal>>
  /** Of a worktree, those that can be undone, newest first. */
  list(id: WorktreeId): Promise<Staging[]>
  draft(id: WorktreeId): Promise<Result<CommitDraft, 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'>>
  commit(wish: CommitWish, by: Identity): Promise<Result<Committed, CommitRefusal>>
  /** Brings to an end what a crash cut short; for the start. */
  reconcile(): Promise<void>
  forgetProject(context: Pick<CommandContext, 'tx'>, projectId: ProjectId): Promise<void>
}

/** Changes of a worktree by the person: what is staged, what is in its files, and commits of it. */
export const createStagingService = (deps: StagingDeps): StagingService => {
  const parts: StagingParts = { deps, inTurn: createTurns() }
  const tidied = async (acted: Acted): Promise<Acted> => {
    if (acted.ok) await tidyStagings(deps, acted.value)
    return acted
  }
  return {
    act: async (wish, by) => tidied(await actOnChanges(parts, wish, by)),
    replaceLines: async (input, by) => tidied(await replaceLines(parts, input, by)),
    undo: (id, by) => undoStaging(parts, id, by),
    list: (id) => deps.database.read((tx) => listDone(tx, id)),
    draft: (id) => draftCommit(parts, id),
    commit: (wish, by) => commitStaged(parts, wish, by),
    reconcile: () => settleStagings(parts),
    forgetProject: ({ tx }, projectId) => removeStagingsIn(tx, projectId),
  }
}
