import { mkdirSync, rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import type { ProjectId, WorktreeId } from '../../../shared/lib/ids.ts'
import { ok, refuse } from '../../../shared/lib/result.ts'
import type { SessionsDeps } from '../features/sessions/sessions-service.ts'

export const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId

/** Plain folders: what git makes of them is tested where they are made. They outlive the app, as their rows do. */
export interface StandInWorktrees extends NonNullable<SessionsDeps['worktrees']> {
  problem: string | null
  readonly prepared: WorktreeId[]
}

export const createStandInWorktrees = (folder: string): StandInWorktrees => {
  const rows = new Map<WorktreeId, Worktree>()
  const change = (id: WorktreeId, state: Worktree['state']) => {
    const row = rows.get(id)
    if (!row) return refuse('NOT_FOUND', 'No such worktree.')
    const after = { ...row, state }
    rows.set(id, after)
    return ok(after)
  }
  const all: StandInWorktrees = {
    problem: null,
    prepared: [],
    find: async (_tx, id) => rows.get(id),
    examine: async (project) => ok({ project }),
    addPlanned: async ({ newId, now }) => {
      const id = newId('wt')
      const path = join(folder, id)
      // prettier-ignore
      const row: Worktree = {
        id, projectId, path, branch: 'switchyard/x', kind: 'new-branch', base: null, state: { kind: 'preparing' },
        headSha: null, added: 0, removed: 0, changedFiles: 0, untrackedFiles: 0, notes: [], checkedAt: null, createdAt: now,
      }
      rows.set(id, row)
      return ok(row)
    },
    prepare: async (id) => {
      if (all.problem !== null) return refuse('CANNOT_PREPARE', all.problem)
      all.prepared.push(id)
      mkdirSync(rows.get(id)?.path ?? '', { recursive: true })
      return change(id, { kind: 'ok' })
    },
    requireFolder: async (id) => {
      const path = rows.get(id)?.path ?? ''
      const isThere = await stat(path).then(
        () => true,
        () => false,
      )
      return isThere ? change(id, { kind: 'ok' }) : refuse('WORKTREE_MISSING', `The folder ${path} is not there.`)
    },
    remove: async (id) => {
      if (all.problem !== null) return refuse('RESCUE_FAILED', all.problem)
      rmSync(rows.get(id)?.path ?? '', { recursive: true, force: true })
      change(id, { kind: 'deleted', rescueRef: 'refs/switchyard/rescue/x', at: 0 })
      return ok({ rescueRef: 'refs/switchyard/rescue/x' })
    },
    restore: async (id) => {
      mkdirSync(rows.get(id)?.path ?? '', { recursive: true })
      return change(id, { kind: 'ok' })
    },
  }
  return all
}
