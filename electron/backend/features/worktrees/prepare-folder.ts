import type { Project } from '../../../../shared/contract/projects.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import type { Base } from '../projects/projects-service.ts'
import type { FolderWorkDeps } from './folder-work.ts'
import { makeWorktree } from './make-worktree.ts'
import { ownsFolder, worktreeNotes, type NoteFacts } from './worktree-rules.ts'
import type { WorktreeRecord } from './worktrees-store.ts'

type Prepared = Result<Worktree, 'NOT_FOUND' | 'CANNOT_PREPARE'>

/** Makes the folder of a planned worktree. Each step is found done or done again, so it may be killed at any point. */
export async function prepareFolder(deps: FolderWorkDeps, id: WorktreeId): Promise<Prepared> {
  const record = await deps.changes.get(id)
  if (!record) return refuse('NOT_FOUND', 'That worktree is not in the list any more.')
  const { state } = record.worktree
  if (state.kind === 'deleted') return refuse('CANNOT_PREPARE', 'This worktree was deleted.')
  if (state.kind !== 'preparing') return ok(record.worktree)
  const usable = await deps.projects.requireUsable(record.worktree.projectId)
  if (!usable.ok) return refuse('CANNOT_PREPARE', usable.refusal.message)
  return make(deps, record, usable.value).catch((error: unknown): Prepared => {
    // Disk full, no permission, a repository that git cannot read: the person mends it and tries again.
    if (error instanceof GitError || isSystemError(error)) {
      return refuse('CANNOT_PREPARE', `The worktree could not be made: ${error.message}`)
    }
    throw error
  })
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && /^E[A-Z]+$/.test(String(error.code))

async function make(deps: FolderWorkDeps, planned: WorktreeRecord, project: Project): Promise<Prepared> {
  const based = await settleBase(deps, planned)
  if (!based.ok) return based
  const { record, note: baseNote } = based.value
  const { path, kind, branch, base } = record.worktree
  const facts: NoteFacts = { ...plainFacts, kind, baseNote, isLfsInstalled: deps.git.isLfsInstalled }
  if (!ownsFolder(kind)) return finish(deps, record, project, facts)
  if (branch === null) return refuse('CANNOT_PREPARE', 'This worktree has no branch to check out.')
  const isNewBranch = kind === 'new-branch' || record.startRef !== null
  const newBranchSha = isNewBranch ? (base?.sha ?? null) : null
  const made = await makeWorktree(deps.git, { cwd: project.rootPath, path, branch, newBranchSha })
  if (made.kind === 'refused') return refuse('CANNOT_PREPARE', made.message)
  return finish(deps, record, project, { ...facts, ...made.features, wasLfsSkipped: made.wasLfsSkipped })
}

const plainFacts = { submodules: [], usesLfs: false, wasLfsSkipped: false, refusedPrograms: [] } as const

interface SettledBase {
  readonly record: WorktreeRecord
  readonly note: string | null
}

/** Finds the base once and writes it down before anything is made of it, so that a second try starts from the same. */
async function settleBase(
  deps: FolderWorkDeps,
  record: WorktreeRecord,
): Promise<Result<SettledBase, 'NOT_FOUND' | 'CANNOT_PREPARE'>> {
  const { worktree, startRef } = record
  if (worktree.base !== null || worktree.kind === 'in-place') return ok({ record, note: worktree.notes[0] ?? null })
  const isFetched = worktree.kind === 'new-branch' || startRef !== null
  const base = isFetched
    ? await deps.projects.freshBase(worktree.projectId, startRef)
    : await deps.projects.knownBase(worktree.projectId, null)
  if (!base.ok) return isFetched ? refuse('CANNOT_PREPARE', base.refusal.message) : ok({ record, note: null })
  const { note, ...found }: Base = base.value
  const changed = await deps.changes.change('set-worktree-base', worktree.id, by, (current) => ({
    ...current,
    worktree: { ...current.worktree, base: found, notes: note === null ? [] : [note] },
  }))
  return changed.ok ? ok({ record: changed.value, note }) : changed
}

async function finish(
  deps: FolderWorkDeps,
  record: WorktreeRecord,
  project: Project,
  facts: NoteFacts,
): Promise<Prepared> {
  const { id, path, base } = record.worktree
  const seen = await deps.inspect({ path, commonDir: project.commonDir, baseSha: base?.sha ?? null })
  if (seen.kind === 'missing') return refuse('CANNOT_PREPARE', `${path} is not a worktree of ${project.name} any more.`)
  const { surface, kind: _kind, rawPaths: _rawPaths, ...numbers } = seen
  const changed = await deps.changes.change('worktree-prepared', id, by, (current, now) => ({
    ...current,
    surface: surface.hashesByName,
    worktree: { ...current.worktree, ...numbers, state: { kind: 'ok' }, notes: worktreeNotes(facts), checkedAt: now },
  }))
  return changed.ok ? ok(changed.value.worktree) : changed
}
