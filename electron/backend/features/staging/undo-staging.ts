import type { Staging } from '../../../../shared/contract/staging.ts'
import type { StagingId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { systemIdentity, type Identity } from '../../kernel/identity.ts'
import { dropOldStagings, finish, placeOf } from './act-on-changes.ts'
import { carryOut, keptBytes, noBytes, readProgress, reversed, settle } from './carry-out.ts'
import { cannotWrite, lockedMessage, type Place, type StagingDeps, type StagingParts } from './staging-deps.ts'
import { findStaging, listUnderWay, putStaging, type StagingRecord } from './staging-store.ts'

export type UndoRefusal = 'NOT_FOUND' | 'WORKTREE_MISSING' | 'INVALID' | 'CHANGED_SINCE' | 'LOCKED' | 'CANNOT_WRITE'
type Undone = Result<Staging, UndoRefusal>

/** Puts back what one staging changed, all of it, while nobody has changed the same since. */
export const undoStaging = async ({ deps, inTurn }: StagingParts, id: StagingId, by: Identity): Promise<Undone> => {
  const known = await deps.database.read((tx) => findStaging(tx, id))
  if (!known) return refuse('NOT_FOUND', 'That change is not kept any more, so it cannot be undone here.')
  const { worktreeId } = known.staging
  return inTurn(worktreeId, async () => {
    const record = await deps.database.read((tx) => findStaging(tx, id))
    if (!record || record.staging.state !== 'done') return refuse('INVALID', 'That was undone already.')
    const worktree = await deps.worktrees.requireFolder(worktreeId)
    if (!worktree.ok) return worktree
    const place = await placeOf(deps, worktree.value, someOid(record))
    if (!place) return refuse('NOT_FOUND', 'That worktree is not in the list any more.')
    const undone = await putBack(deps, place, record, by).catch(cannotWrite)
    await deps.worktrees.refresh(worktreeId)
    return undone
  })
}

const someOid = ({ effects }: StagingRecord): string => {
  const [first] = effects.changes
  return (first?.before ?? first?.after)?.oid ?? ''
}

const putBack = async (deps: StagingDeps, place: Place, record: StagingRecord, by: Identity): Promise<Undone> => {
  const progress = await readProgress(deps.git, place, record.effects)
  const changed = progress.find(({ state }) => state !== 'after')
  if (changed) return changedSince(record, changed.rawPath)
  await mark(deps, record, 'undoing', by)
  const effects = reversed(record.effects)
  const bytesOf = effects.place === 'files' ? keptBytes(deps.git, place, effects.changes) : noBytes
  const carried = await carryOut(deps, place, { id: record.staging.id, effects, bytesOf })
  switch (carried.kind) {
    case 'done':
      return ok(await finish(deps, record, 'undone', { name: `undo-${record.staging.kind}`, by }))
    case 'changed':
      // Between the look and the write: what was put back by then stays so.
      await finish(deps, record, 'undone', { name: `undo-${record.staging.kind}`, by })
      return changedSince(record, carried.rawPath)
    case 'locked':
      await mark(deps, record, 'done', by)
      return refuse('LOCKED', lockedMessage(place.cwd))
    case 'failed':
      await mark(deps, record, 'done', by)
      return refuse('CANNOT_WRITE', `git could not do it: ${carried.reason}. Everything is as it was.`)
    default:
      return unreachable(carried)
  }
}

const changedSince = ({ staging }: StagingRecord, rawPath: string): Result<never, 'CHANGED_SINCE'> => {
  const kept =
    staging.rescueRef === null ? '' : ` What it took away is kept: git ls-tree -r ${staging.rescueRef} lists it.`
  return refuse(
    'CHANGED_SINCE',
    `${decodePath(rawPath)} was changed again since, so it was not put back over that.${kept}`,
  )
}

const mark = async (
  { runCommand }: StagingDeps,
  record: StagingRecord,
  state: Staging['state'],
  by: Identity,
): Promise<void> => {
  await runCommand({ name: 'mark-staging', by }, async ({ tx }) => {
    await putStaging(tx, { ...record, staging: { ...record.staging, state } })
    return ok(undefined)
  })
}

/** Brings to an end what a crash cut short. A worktree that cannot be read stays as it is until it can. */
export const settleStagings = async ({ deps, inTurn }: StagingParts): Promise<void> => {
  for (const record of await deps.database.read(listUnderWay)) {
    const { worktreeId } = record.staging
    await inTurn(worktreeId, () => settleOne(deps, record)).catch((error: unknown) =>
      deps.log.error({ err: error, staging: record.staging.id }, 'a change of the index or of files was not settled'),
    )
  }
}

const settleOne = async (deps: StagingDeps, record: StagingRecord): Promise<void> => {
  const { worktreeId } = record.staging
  const worktree = await deps.database.read((tx) => deps.worktrees.find(tx, worktreeId))
  // With its worktree the work was saved as it was.
  const isOver = !worktree || worktree.state.kind === 'deleted'
  const folder = isOver ? null : await deps.worktrees.requireFolder(worktreeId)
  if (folder && !folder.ok) return
  const place = folder && (await placeOf(deps, folder.value, someOid(record)))
  const stands = place ? await settle(deps, place, record) : false
  const name = stands ? `${record.staging.kind}-changes` : `undo-${record.staging.kind}`
  await finish(deps, record, stands ? 'done' : 'undone', { name, by: systemIdentity })
}

/** Keeps the number of those that can be undone within bounds; after one was made. */
export const tidyStagings = async (deps: StagingDeps, { worktreeId }: Staging): Promise<void> => {
  const worktree = await deps.database.read((tx) => deps.worktrees.find(tx, worktreeId))
  if (worktree?.state.kind === 'ok') await dropOldStagings(deps, { id: worktreeId, cwd: worktree.path }, systemIdentity)
}
