import type { ReviewFile, Whitespace } from '../../../shared/contract/review.ts'
import { patchKey, type PatchState } from '../../data/review.ts'
import type { LineNote } from '../../lib/line-notes.tsx'
import type { ItemSource, SinceDiff } from './diff-items.ts'

interface SourceWish {
  readonly files: readonly ReviewFile[]
  readonly patches: ReadonlyMap<string, PatchState>
  readonly since: ReadonlyMap<string, SinceDiff>
  readonly folded: ReadonlySet<string>
  readonly whitespace: Whitespace
  /** What hangs on lines, by raw path. */
  readonly notes?: ReadonlyMap<string, readonly LineNote[]>
}

interface Made {
  readonly wish: SourceWish
  readonly sources: readonly ItemSource[]
  readonly placeByKey: ReadonlyMap<string, number>
}

/**
 * What the items of a list of diffs are made of, in the order of the files. While lines come and go on the way through many
 * thousands of files, only the sources of those few are made anew.
 */
export const createSources = () => {
  let made: Made | null = null
  return (wish: SourceWish): readonly ItemSource[] => {
    made = made !== null && isSameBut(made.wish, wish) ? withPatches(made, wish) : makeAll(wish)
    return made.sources
  }
}

/** Whether nothing but the lines may differ. */
const isSameBut = (a: SourceWish, b: SourceWish): boolean =>
  a.files === b.files &&
  a.since === b.since &&
  a.folded === b.folded &&
  a.whitespace === b.whitespace &&
  a.notes === b.notes

const makeAll = (wish: SourceWish): Made => {
  const { files, patches, since, folded, whitespace, notes } = wish
  const keys = files.map((file) => patchKey(file, whitespace))
  const sources = files.map((file, at) => ({
    file,
    patch: patches.get(keys[at] ?? ''),
    since: since.get(file.rawPath),
    isCollapsed: folded.has(file.rawPath),
    ...noted(notes?.get(file.rawPath)),
  }))
  return { wish, sources, placeByKey: new Map(keys.map((key, at) => [key, at])) }
}

const noted = (notes: readonly LineNote[] | undefined) => (notes === undefined ? {} : { notes })

const withPatches = (made: Made, wish: SourceWish): Made => {
  const [before, now] = [made.wish.patches, wish.patches]
  const changed = [...new Set([...before.keys(), ...now.keys()])].filter((key) => before.get(key) !== now.get(key))
  const places = changed.flatMap((key) => made.placeByKey.get(key) ?? [])
  if (places.length === 0) return { ...made, wish }
  const sources = [...made.sources]
  for (const at of places) {
    const source = sources[at]
    if (source !== undefined) sources[at] = { ...source, patch: now.get(patchKey(source.file, wish.whitespace)) }
  }
  return { ...made, wish, sources }
}
