import { isDeepStrictEqual } from 'node:util'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Database } from '../../db/database.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import { findWorktreeRecord, putWorktree, type WorktreeRecord } from './worktrees-store.ts'

/** So often is written down that a look at a worktree found nothing new. */
const checkedEveryMs = 60_000

export interface WorktreeChanges {
  get(id: WorktreeId): Promise<WorktreeRecord | undefined>
  /** Changes a row and tells of it when anything but the time of the last look differs. */
  change(
    name: string,
    id: WorktreeId,
    by: Identity,
    decide: (record: WorktreeRecord, now: number) => WorktreeRecord,
  ): Promise<Result<WorktreeRecord, 'NOT_FOUND'>>
  /** The git folder of the worktree's project; empty when the project is gone, which is no folder's. */
  commonDirOf(worktree: Worktree): Promise<string>
}

export const createWorktreeChanges = (deps: {
  readonly database: Database
  readonly runCommand: RunCommand
  readonly projects: Pick<ProjectsService, 'find'>
}): WorktreeChanges => ({
  get: (id) => deps.database.read((tx) => findWorktreeRecord(tx, id)),
  change: (name, id, by, decide) =>
    deps.runCommand<WorktreeRecord, 'NOT_FOUND'>({ name, by }, async ({ tx, now, emit }) => {
      const record = await findWorktreeRecord(tx, id)
      if (!record) return refuse('NOT_FOUND', 'That worktree is not in the list any more.')
      const next = decide(record, now)
      const isNews = !isDeepStrictEqual(withoutCheck(next.worktree), withoutCheck(record.worktree))
      const isLate = (next.worktree.checkedAt ?? 0) - (record.worktree.checkedAt ?? 0) >= checkedEveryMs
      const isPrivate = !isDeepStrictEqual([next.operation, next.surface], [record.operation, record.surface])
      if (isNews || isLate || isPrivate) await putWorktree(tx, next)
      if (isNews) await emit('worktrees.changed', id, next.worktree)
      return ok(next)
    }),
  commonDirOf: async (worktree) =>
    (await deps.database.read((tx) => deps.projects.find(tx, worktree.projectId)))?.commonDir ?? '',
})

const withoutCheck = (worktree: Worktree): Worktree => ({ ...worktree, checkedAt: null })
