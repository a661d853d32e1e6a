import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Staging } from '../../../../shared/contract/staging.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { findGitDir } from '../../adapters/git/config-cache.ts'
import { dropRescue } from '../../adapters/git/rescue-restore.ts'
import { decodePath } from '../../adapters/git/status.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { ReviewLook } from '../review/review-service.ts'
import { carryOut, noBytes, settle, type CarriedOut } from './carry-out.ts'
import { planStaging, readWorkText, stale, type PlannedPath, type StagingWish } from './plan-staging.ts'
import { prepareFiles, type PlannedFile } from './prepare-files.ts'
import { prepareIndex } from './prepare-index.ts'
import { cannotWrite, lockedMessage, type Place, type StagingDeps, type StagingParts } from './staging-deps.ts'
import { namesOf, sidesOf } from './staging-rules.ts'
import { listOld, putStaging, removeStaging, type Effects, type StagingRecord } from './staging-store.ts'

type Unreadable = 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'
export type ActRefusal = Unreadable | 'STALE' | 'UNMERGED' | 'ONLY_WHOLE' | 'INVALID' | 'LOCKED' | 'CANNOT_WRITE'
export type Acted = Result<Staging, ActRefusal>

export const actOnChanges = (
  parts: StagingParts,
  { worktreeId, ...wish }: StagingWish & { readonly worktreeId: WorktreeId },
  by: Identity,
): Promise<Acted> =>
  inPlace(parts, worktreeId, async (place, look) => {
    const planned = await planStaging(look, wish)
    if (!planned.ok) return planned
    const isPartial = wish.parts.some(({ lines }) => lines !== null)
    const about = { kind: wish.verb, isPartial, look, place, by }
    return sidesOf[wish.verb].changes === 'index'
      ? actOnIndex(parts.deps, about, planned.value, wish.verb === 'stage')
      : actOnFiles(parts.deps, about, planned.value)
  })

export interface LineReplacement {
  readonly worktreeId: WorktreeId
  readonly rawPath: string
  /** The version whose lines are meant, as a listing named it. */
  readonly versionOid: string
  /** The first and the last of them, from 1; with `to` one below `from`, the new ones come before `from`. */
  readonly from: number
  readonly to: number
  readonly text: string
}

/** Replaces lines of a file in the worktree, with the same care as all else here. */
export const replaceLines = (parts: StagingParts, input: LineReplacement, by: Identity): Promise<Acted> =>
  inPlace(parts, input.worktreeId, async (place, look) => {
    const { rawPath, versionOid, from, to, text } = input
    if (look.unmerged.has(rawPath))
      return refuse('UNMERGED', `${decodePath(rawPath)} has a conflict. Settle it and stage it with git add first.`)
    const found = await readWorkText(look, rawPath)
    if (found?.version.oid !== versionOid) return stale(rawPath)
    const { version, stored } = found
    const path: PlannedFile = { rawPath, before: version, after: { kind: 'replace', from, to, text, stored } }
    return actOnFiles(parts.deps, { kind: 'replace', isPartial: true, look, place, by }, [path])
  })

interface About {
  readonly kind: Staging['kind']
  readonly isPartial: boolean
  readonly look: ReviewLook
  readonly place: Place
  readonly by: Identity
}

/** One change of a worktree at a time, on what it is like now. */
const inPlace = (
  { deps, inTurn }: StagingParts,
  worktreeId: WorktreeId,
  act: (place: Place, look: ReviewLook) => Promise<Acted>,
): Promise<Acted> =>
  inTurn(worktreeId, async () => {
    const look = await deps.review.look(worktreeId)
    if (!look.ok) return look
    const place = await placeOf(deps, look.value.worktree, look.value.trees.head)
    if (!place) return refuse('NOT_FOUND', 'That worktree is not in the list any more.')
    const acted = await act(place, look.value).catch(cannotWrite)
    await deps.worktrees.refresh(worktreeId)
    return acted
  })

/** `oid`: any id of its repository, which says how long they are. */
export const placeOf = async (
  { database, projects }: Pick<StagingDeps, 'database' | 'projects'>,
  worktree: Worktree,
  oid: string,
): Promise<Place | null> => {
  const project = await database.read((tx) => projects.find(tx, worktree.projectId))
  const gitDir = await findGitDir(worktree.path)
  if (!project || gitDir === null) return null
  return { id: worktree.id, cwd: worktree.path, gitDir, commonDir: project.commonDir, oidBytes: oid.length / 2 }
}

const actOnIndex = async (
  deps: StagingDeps,
  about: About,
  paths: readonly PlannedPath[],
  isForward: boolean,
): Promise<Acted> => {
  const id = deps.newId('stg')
  const { changes, rescueRef } = await prepareIndex(deps, about.place, { look: about.look, id, paths, isForward })
  const record = recordOf(about, id, { place: 'index', changes }, rescueRef)
  return perform(deps, about, record, noBytes)
}

const actOnFiles = async (deps: StagingDeps, about: About, paths: readonly PlannedFile[]): Promise<Acted> => {
  const id = deps.newId('stg')
  await using made = new AsyncDisposableStack()
  made.defer(() => rm(join(deps.folder, id), { recursive: true, force: true }))
  const prepared = await prepareFiles(deps, about.place, { look: about.look, id, paths })
  if (!prepared.ok) return prepared
  const { changes, rescueRef, bytesOf } = prepared.value
  return await perform(deps, about, recordOf(about, id, { place: 'files', changes }, rescueRef), bytesOf)
}

const recordOf = (
  { kind, isPartial, look }: About,
  id: Staging['id'],
  effects: Effects,
  rescueRef: string | null,
): StagingRecord => {
  const rawPaths = effects.changes.map(({ rawPath }) => rawPath)
  const { id: worktreeId, projectId } = look.worktree
  const paths = namesOf(rawPaths, decodePath)
  const state = 'begun' as const
  return {
    staging: { id, worktreeId, projectId, kind, paths, files: rawPaths.length, isPartial, state, rescueRef, at: 0 },
    effects,
  }
}

/** Written down before anything happens, so that a start after a crash knows what to bring to an end. */
const perform = async (
  deps: StagingDeps,
  { kind, place, by }: About,
  planned: StagingRecord,
  bytesOf: (rawPath: string) => Promise<Uint8Array>,
): Promise<Acted> => {
  const { id } = planned.staging
  const record = await begin(deps, planned, `begin-${kind}`, by)
  const carried = await carryOut(deps, place, { id, effects: record.effects, bytesOf }).then(
    (outcome) => ({ outcome, error: null }),
    (error: unknown) => ({ outcome: null, error }),
  )
  if (carried.outcome?.kind === 'done') return ok(await finish(deps, record, 'done', { name: `${kind}-changes`, by }))
  await settle(deps, place, { ...record, staging: { ...record.staging, state: 'undoing' } })
  await forget(deps, place, record, by)
  return carried.outcome ? refusalOf(carried.outcome, place) : cannotWrite(carried.error)
}

const refusalOf = (outcome: Exclude<CarriedOut, { kind: 'done' }>, { cwd }: Place): Acted => {
  switch (outcome.kind) {
    case 'changed':
      return stale(outcome.rawPath)
    case 'locked':
      return refuse('LOCKED', lockedMessage(cwd))
    case 'failed':
      return refuse('CANNOT_WRITE', `git could not do it: ${outcome.reason}. Everything is as it was.`)
    default:
      return unreachable(outcome)
  }
}

const begin = async (
  { runCommand }: StagingDeps,
  record: StagingRecord,
  name: string,
  by: Identity,
): Promise<StagingRecord> => {
  const begun = await runCommand<StagingRecord>({ name, by }, async ({ tx, now }) => {
    const dated = { ...record, staging: { ...record.staging, at: now } }
    await putStaging(tx, dated)
    return ok(dated)
  })
  return begun.ok ? begun.value : record
}

export const finish = async (
  { runCommand }: StagingDeps,
  record: StagingRecord,
  state: 'done' | 'undone',
  { name, by }: { readonly name: string; readonly by: Identity },
): Promise<Staging> => {
  const staging: Staging = { ...record.staging, state }
  await runCommand({ name, by }, async ({ tx, emit }) => {
    await putStaging(tx, { ...record, staging })
    await emit('stagings.changed', staging.worktreeId, staging)
    return ok(undefined)
  })
  return staging
}

/** It did not happen, and took nothing away. */
const forget = async ({ git, runCommand }: StagingDeps, { cwd }: Place, { staging }: StagingRecord, by: Identity) => {
  await runCommand({ name: 'forget-staging', by }, async ({ tx }) => {
    await removeStaging(tx, staging.id)
    return ok(undefined)
  })
  if (staging.rescueRef !== null) await dropRescue(git, cwd, staging.id)
}

/** Drops the oldest of a worktree, and the refs that keep what they took away. */
export const dropOldStagings = async (
  { git, database, runCommand, mostKept }: StagingDeps,
  { id, cwd }: Pick<Place, 'id' | 'cwd'>,
  by: Identity,
) => {
  const old = await database.read((tx) => listOld(tx, id, mostKept))
  for (const staging of old) {
    if (staging.rescueRef !== null) await dropRescue(git, cwd, staging.id)
    await runCommand({ name: 'drop-old-staging', by }, async ({ tx }) => {
      await removeStaging(tx, staging.id)
      return ok(undefined)
    })
  }
}
