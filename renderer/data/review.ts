import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  mostPatches,
  type ReviewFile,
  type ReviewListing,
  type ReviewMark,
  type ReviewView,
  type Whitespace,
} from '../../shared/contract/review.ts'
import type { WorktreeId } from '../../shared/lib/ids.ts'
import type { AppData } from './app-data.ts'
import { settle } from './settle.ts'

/** The lines of a file. The key names what they were made of: the same content has the same key, whatever else changed. */
export type PatchState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly key: string; readonly patch: string }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'failed'; readonly message: string }

export interface ReviewState {
  readonly view: ReviewView
  readonly whitespace: Whitespace
  /** Null until the first one came. While another view is read, the one before stays. */
  readonly listing: ReviewListing | null
  readonly readAt: number | null
  readonly isReading: boolean
  /** Why the last reading failed, in words that say what to do. */
  readonly problem: string | null
  /** By `patchKey`. */
  readonly patches: ReadonlyMap<string, PatchState>
}

export interface Review {
  readonly store: StoreApi<ReviewState>
  /** Reads the listing again; also when a reading is on its way, which may be too old by then. */
  readonly read: () => Promise<void>
  readonly show: (view: ReviewView) => Promise<void>
  readonly setWhitespace: (whitespace: Whitespace) => Promise<void>
  /** Asks for the lines of these files that are not here, and drops those of files that are in neither list. */
  readonly want: (near: readonly ReviewFile[], kept: readonly ReviewFile[]) => void
  /** Asks for the lines of one file however many they are. */
  readonly wantWhole: (file: ReviewFile) => void
  readonly patchOf: (file: ReviewFile) => PatchState | undefined
  /** Marks a file, or one of its hunks, as viewed or not. Resolves to why that was refused, or null. */
  readonly mark: (file: ReviewFile, hunk: string | null, isViewed: boolean) => Promise<string | null>
  /** The same of many files at once. */
  readonly markFiles: (files: readonly ReviewFile[], isViewed: boolean) => Promise<string | null>
  /** Somebody marked something, here or in another window. */
  readonly take: (mark: Omit<ReviewMark, 'worktreeId' | 'at'>) => void
  /** What is shown now counts as looked at. */
  readonly leave: () => Promise<void>
}

interface ReviewDeps {
  readonly api: AppData['api']['review']
  readonly worktreeId: WorktreeId
  readonly now: () => number
  readonly view: ReviewView
  readonly whitespace: Whitespace
}

/** Rows are never changed, so their keys need not be made anew for each of many thousands of files at every step. */
const keysOf: Readonly<Record<Whitespace, WeakMap<ReviewFile, string>>> = { show: new WeakMap(), ignore: new WeakMap() }

/** What the lines of a file are known by: its content and how it is compared. */
export const patchKey = (file: ReviewFile, whitespace: Whitespace): string => {
  const known = keysOf[whitespace].get(file)
  if (known !== undefined) return known
  const { rawPath, oldPath, oldOid, newOid, oldMode, newMode } = file
  const key = [rawPath, oldPath, oldOid, newOid, oldMode, newMode, whitespace].join('\0')
  keysOf[whitespace].set(file, key)
  return key
}

/** What one worktree changed, as one page looks at it. */
export const createReview = ({ api, worktreeId, now, view, whitespace }: ReviewDeps): Review => {
  const store = createStore<ReviewState>(() => ({
    view,
    whitespace,
    listing: null,
    readAt: null,
    isReading: false,
    problem: null,
    patches: new Map(),
  }))
  let turn = 0

  const read = async () => {
    const mine = (turn += 1)
    const { view: asked, whitespace: spaces } = store.getState()
    store.setState({ isReading: true })
    const result = await settle(api.open({ worktreeId, view: asked, whitespace: spaces }))
    // A later reading says more, also when it fails.
    if (mine !== turn) return
    if (result.ok) store.setState({ listing: result.value, readAt: now(), isReading: false, problem: null })
    else store.setState({ isReading: false, problem: result.refusal.message })
  }

  const put = (entries: readonly (readonly [string, PatchState | undefined])[]) => {
    const patches = new Map(store.getState().patches)
    for (const [key, state] of entries)
      if (state === undefined) patches.delete(key)
      else patches.set(key, state)
    store.setState({ patches })
  }

  const load = async (files: readonly ReviewFile[], whole: boolean) => {
    const { listing, view: asked, whitespace: spaces } = store.getState()
    if (listing === null || files.length === 0) return
    const keys = new Map(files.map((file) => [file.rawPath, patchKey(file, spaces)]))
    put([...keys.values()].map((key) => [key, { kind: 'loading' }]))
    const wish = { worktreeId, snapshot: listing.snapshot, view: asked, whitespace: spaces }
    const result = await settle(api.patches({ ...wish, rawPaths: [...keys.keys()], ...(whole ? { whole } : {}) }))
    if (!result.ok) {
      const isStale = result.refusal.code === 'STALE'
      const failed: PatchState = { kind: 'failed', message: result.refusal.message }
      put([...keys.values()].map((key) => [key, isStale ? undefined : failed]))
      if (isStale) await read()
      return
    }
    const came = new Map(result.value.map((one) => [one.rawPath, one]))
    put(
      [...keys].map(([rawPath, key]) => {
        const one = came.get(rawPath)
        if (one === undefined) return [key, { kind: 'failed', message: 'This file is not among the changes any more.' }]
        return [key, one.tooLarge ? { kind: 'too-large' } : { kind: 'ready', key, patch: one.patch }]
      }),
    )
  }

  const patchOf = (file: ReviewFile) => store.getState().patches.get(patchKey(file, store.getState().whitespace))

  const want = (near: readonly ReviewFile[], kept: readonly ReviewFile[]) => {
    const { patches, whitespace: spaces } = store.getState()
    const stays = new Set([...near, ...kept].map((file) => patchKey(file, spaces)))
    const far = [...patches].filter(([key, state]) => !stays.has(key) && state.kind !== 'loading')
    // Many at once: what is dropped is laid out anew among all files.
    if (far.length >= fewestDropped) put(far.map(([key]) => [key, undefined]))
    const missing = near.filter((file) => patchOf(file) === undefined)
    for (let at = 0; at < missing.length; at += mostPatches) void load(missing.slice(at, at + mostPatches), false)
  }

  const takeAll = (marks: readonly Mark[]) => {
    const { listing } = store.getState()
    if (listing === null) return
    const byPath = Map.groupBy(marks, ({ rawPath }) => rawPath)
    const files = listing.files.map((file) => (byPath.get(file.rawPath) ?? []).reduce(withMark, file))
    // The news of one's own marks comes back for each of them, and says what is shown already.
    if (files.some((file, at) => file !== listing.files[at])) store.setState({ listing: { ...listing, files } })
  }

  const send = async (marks: readonly Mark[]): Promise<string | null> => {
    takeAll(marks)
    for (let at = 0; at < marks.length; at += mostMarks) {
      const batch = marks.slice(at, at + mostMarks).map((mark) => settle(api.mark({ worktreeId, ...mark })))
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other: what else is asked for goes in between
      const refused = (await Promise.all(batch)).find((result) => !result.ok)
      if (refused === undefined) continue
      // oxlint-disable-next-line no-await-in-loop -- the last thing that is done
      await read()
      return refused.refusal.message
    }
    return null
  }

  const leave = async () => {
    const { listing } = store.getState()
    if (listing !== null) await settle(api.looked({ worktreeId, snapshot: listing.snapshot }))
  }

  return {
    store,
    read,
    show: (next) => {
      store.setState({ view: next })
      return read()
    },
    setWhitespace: (next) => {
      store.setState({ whitespace: next })
      return read()
    },
    want,
    wantWhole: (file) => void load([file], true),
    patchOf,
    mark: (file, hunk, isViewed) => send([markOf(file, hunk, isViewed)]),
    markFiles: (files, isViewed) => send(files.map((file) => markOf(file, null, isViewed))),
    take: (mark) => takeAll([mark]),
    leave,
  }
}

type Mark = Parameters<Review['take']>[0]

const fewestDropped = 40

/** So many marks are sent at a time. */
const mostMarks = 100

const markOf = ({ rawPath, oldOid, newOid }: ReviewFile, hunk: string | null, isViewed: boolean): Mark => ({
  rawPath,
  oldOid,
  newOid,
  hunk,
  isViewed,
})

/** A mark belongs to what was looked at: a file that changed meanwhile does not get it. The same file when it had it. */
const withMark = (file: ReviewFile, { oldOid, newOid, hunk, isViewed }: Mark): ReviewFile => {
  if (hunk !== null) {
    if (file.viewedHunks.includes(hunk) === isViewed) return file
    const others = file.viewedHunks.filter((one) => one !== hunk)
    return { ...file, viewedHunks: isViewed ? [...others, hunk] : others }
  }
  const mark = isViewed ? 'viewed' : 'none'
  if (file.oldOid !== oldOid || file.newOid !== newOid || file.mark === mark) return file
  return { ...file, mark, viewedOid: isViewed ? newOid : null }
}
