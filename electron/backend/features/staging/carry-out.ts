import { readBlobs } from '../../adapters/git/git-objects.ts'
import { patchIndex, type EntryChange } from '../../adapters/git/index-patch.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import {
  isSameVersion,
  readFileVersion,
  removeDraft,
  type WriteFileVersion,
  type FileVersion,
} from '../../adapters/git/worktree-files.ts'
import { readIndex } from '../../adapters/git/rescue-snapshot.ts'
import type { Place } from './staging-deps.ts'
import { isSame } from './staging-rules.ts'
import type { Effects, FileChange, StagingRecord } from './staging-store.ts'

export type CarriedOut =
  | { readonly kind: 'done' }
  /** Somebody changed this path meanwhile. */
  | { readonly kind: 'changed'; readonly rawPath: string }
  | { readonly kind: 'locked' }
  | { readonly kind: 'failed'; readonly reason: string }

/** Beside the file it is to become, while it is written. */
const draftOf = (id: string): string => `.switchyard-${id}`

/** The same changes the other way round. */
export const reversed = (effects: Effects): Effects => {
  const turn = <Change extends { readonly before: unknown; readonly after: unknown }>(change: Change): Change => ({
    ...change,
    before: change.after,
    after: change.before,
  })
  return effects.place === 'index'
    ? { place: 'index', changes: effects.changes.map(turn) }
    : { place: 'files', changes: effects.changes.map(turn) }
}

interface Writers {
  readonly git: Git
  readonly writeFile: WriteFileVersion
}

/** Carries effects out; index entries all or none, files one by one. */
export const carryOut = async (
  { git, writeFile }: Writers,
  place: Place,
  input: { readonly id: string; readonly effects: Effects; readonly bytesOf: (rawPath: string) => Promise<Uint8Array> },
): Promise<CarriedOut> => {
  const { effects, bytesOf } = input
  if (effects.place === 'index') {
    const patched = await patchIndex(git, place.cwd, effects.changes)
    return patched.kind === 'changed' ? { kind: 'changed', rawPath: effects.changes[0]?.rawPath ?? '' } : patched
  }
  // What goes makes room for what comes: a file may take the place of a folder.
  const going = effects.changes.filter(({ after }) => after === null)
  const coming = effects.changes.filter(({ after }) => after !== null)
  for (const change of [...going, ...coming]) {
    const { rawPath, before, after } = change
    const bytes = after === null ? null : await bytesOf(rawPath)
    const written = await writeFile(place.cwd, rawPath, {
      before,
      after: after && bytes && { ...after, bytes },
      draft: draftOf(input.id),
      oidBytes: place.oidBytes,
    })
    if (written !== 'done') return { kind: 'changed', rawPath }
  }
  return { kind: 'done' }
}

/** The bytes that files had before, of which the repository has a copy. */
export const keptBytes =
  (git: Git, { cwd }: Place, changes: readonly FileChange[]) =>
  async (rawPath: string): Promise<Uint8Array> => {
    const oid = changes.find((change) => change.rawPath === rawPath)?.after?.oid ?? ''
    const bytes = (await readBlobs(git, cwd, [oid])).get(oid)
    if (!bytes) throw new Error(`The kept version ${oid} of ${rawPath} is not in the repository`)
    return bytes
  }

/** Which changes have happened: all that are as after, all that are as before, or neither. */
export const readProgress = async (
  git: Git,
  place: Place,
  effects: Effects,
): Promise<readonly { readonly rawPath: string; readonly state: 'before' | 'after' | 'other' }[]> => {
  if (effects.place === 'index') {
    const entries = await readIndex(git, place.cwd)
    const byPath = Map.groupBy(entries, ({ rawPath }) => rawPath)
    return effects.changes.map(({ rawPath, before, after }: EntryChange) => {
      const [entry, ...others] = byPath.get(rawPath) ?? []
      const isConflict = others.length > 0 || (entry !== undefined && entry.stage > 0)
      const now = entry ? { mode: entry.mode, oid: entry.oid } : null
      const state = isConflict ? 'other' : isSame(now, after) ? 'after' : isSame(now, before) ? 'before' : 'other'
      return { rawPath, state }
    })
  }
  const progress = []
  for (const { rawPath, before, after } of effects.changes) {
    const read = await readFileVersion(place.cwd, rawPath, place.oidBytes)
    const now: FileVersion | null = read.kind === 'there' ? read.file.version : null
    const isNothing = read.kind === 'no-file'
    const state = isNothing
      ? ('other' as const)
      : isSameVersion(now, after)
        ? ('after' as const)
        : isSameVersion(now, before)
          ? ('before' as const)
          : ('other' as const)
    progress.push({ rawPath, state })
  }
  return progress
}

/**
 * Brings what was cut short to an end: everything had happened, or what had is taken back. What somebody changed since is
 * left to them. Answers whether it stands.
 */
export const settle = async (writers: Writers, place: Place, { staging, effects }: StagingRecord): Promise<boolean> => {
  if (effects.place === 'files')
    for (const { rawPath } of effects.changes) await removeDraft(place.cwd, rawPath, draftOf(staging.id))
  const progress = await readProgress(writers.git, place, effects)
  const happened = new Set(progress.filter(({ state }) => state === 'after').map(({ rawPath }) => rawPath))
  if (staging.state === 'begun' && happened.size === progress.length) return true
  const back = onlyPaths(reversed(effects), happened)
  const bytesOf = back.place === 'files' ? keptBytes(writers.git, place, back.changes) : noBytes
  const taken = await carryOut(writers, place, { id: staging.id, effects: back, bytesOf })
  if (taken.kind === 'locked' || taken.kind === 'failed')
    throw new Error(`${staging.id} was not taken back: ${taken.kind}`)
  return false
}

export const noBytes = async (): Promise<Uint8Array> => new Uint8Array()

const onlyPaths = (effects: Effects, rawPaths: ReadonlySet<string>): Effects =>
  effects.place === 'index'
    ? { place: 'index', changes: effects.changes.filter(({ rawPath }) => rawPaths.has(rawPath)) }
    : { place: 'files', changes: effects.changes.filter(({ rawPath }) => rawPaths.has(rawPath)) }
