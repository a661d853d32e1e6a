import { ORPCError } from '@orpc/client'
import { describe, expect, it, vi } from 'vitest'
import type { ReviewFile, ReviewListing, ReviewView } from '../../shared/contract/review.ts'
import { fileRow, listingRow, oid, worktreeId } from '../features/review/testing.ts'
import { createReview, patchKey } from './review.ts'

const all: ReviewView = { kind: 'scope', scope: 'all' }

/** A backend whose answers wait until the test gives them. */
const createBackend = () => {
  const opened: { readonly answer: (listing: ReviewListing) => void; readonly refuse: (error: Error) => void }[] = []
  const patches = vi.fn(async ({ rawPaths }: { readonly rawPaths: readonly string[] }) =>
    rawPaths.map((rawPath) => ({ rawPath, patch: `patch of ${rawPath}`, oldOid: null, newOid: null, tooLarge: false })),
  )
  const mark = vi.fn(async () => {})
  const looked = vi.fn(async () => {})
  const open = vi.fn(() => new Promise<ReviewListing>((answer, refuse) => void opened.push({ answer, refuse })))
  const api = { open, patches, mark, looked } as unknown as Parameters<typeof createReview>[0]['api']
  const review = createReview({ api, worktreeId, now: () => 7, view: all, whitespace: 'show' })
  const listed = async (files: readonly ReviewFile[], changes: Partial<ReviewListing> = {}) => {
    const done = review.read()
    opened.at(-1)?.answer(listingRow(files, changes))
    await done
  }
  const state = () => review.store.getState()
  const settled = () => vi.waitFor(() => expect([...state().patches.values()].some(isLoading)).toBe(false))
  return { review, opened, open, patches, mark, looked, listed, state, settled }
}
const isLoading = ({ kind }: { readonly kind: string }) => kind === 'loading'
const pathsOf = (calls: readonly (readonly [{ readonly rawPaths: readonly string[] }])[]) =>
  calls.map(([{ rawPaths }]) => rawPaths)

describe('the listing of a review', () => {
  it('is what the last reading said, however the answers arrive', async () => {
    const { review, opened, state } = createBackend()
    const [first, second] = [review.read(), review.read()]
    opened[1]?.answer(listingRow([fileRow('new')], { snapshot: 'two' }))
    opened[0]?.answer(listingRow([fileRow('old')]))
    await Promise.all([first, second])
    expect(state()).toMatchObject({ listing: { snapshot: 'two' }, readAt: 7, isReading: false })
  })

  it('counts as looked at as it was shown, and not as what is still on its way', async () => {
    const { review, looked, listed } = createBackend()
    await review.leave()
    expect(looked).not.toHaveBeenCalled()
    await listed([fileRow('a')], { snapshot: 'shown' })
    void review.read()
    await review.leave()
    expect(looked.mock.calls).toEqual([[{ worktreeId, snapshot: 'shown' }]])
  })

  it('stays when a later reading fails, which says why', async () => {
    const { review, opened, listed, state } = createBackend()
    await listed([fileRow('a')])
    const again = review.read()
    opened.at(-1)?.refuse(new ORPCError('CANNOT_READ', { message: 'The folder is locked. Try again.' }))
    await again
    expect(state()).toMatchObject({ problem: 'The folder is locked. Try again.', isReading: false })
    expect(state().listing?.files).toHaveLength(1)
    await listed([])
    expect(state().problem).toBeNull()
  })

  it('is asked for in the view and with the whitespace that were chosen', async () => {
    const { review, open } = createBackend()
    void review.show({ kind: 'turn', number: 3 })
    void review.setWhitespace('ignore')
    expect(open.mock.lastCall).toEqual([{ worktreeId, view: { kind: 'turn', number: 3 }, whitespace: 'ignore' }])
  })
})

describe('the lines of files', () => {
  const files = Array.from({ length: 450 }, (_, index) => fileRow(`file-${index}`))

  it('are asked for once, in batches that the backend takes', async () => {
    const { review, patches, listed, settled } = createBackend()
    await listed(files)
    review.want(files, [])
    review.want(files, [])
    expect(pathsOf(patches.mock.calls).map((paths) => paths.length)).toEqual([200, 200, 50])
    await settled()
    expect(review.patchOf(fileRow('file-449'))).toMatchObject({ kind: 'ready', patch: 'patch of file-449' })
  })

  it('are dropped, many at once, when their files are far away, and kept while they are near', async () => {
    const { review, listed, settled, state } = createBackend()
    const many = Array.from({ length: 60 }, (_, at) => fileRow(`many-${at}`))
    const shown = () => [...state().patches.keys()].map((key) => key.split('\0')[0])
    await listed(many)
    review.want(many.slice(0, 45), [])
    await settled()
    // A few that are far away cost less than the drawing without them.
    review.want(many.slice(45, 47), many.slice(20, 45))
    await settled()
    expect(shown()).toHaveLength(47)
    review.want(many.slice(47, 49), many.slice(43, 47))
    await settled()
    expect(shown()).toEqual(['many-43', 'many-44', 'many-45', 'many-46', 'many-47', 'many-48'])
  })

  it('stay when the listing changes and their file does not', async () => {
    const { review, patches, listed, settled } = createBackend()
    await listed([fileRow('a'), fileRow('b')])
    review.want([fileRow('a'), fileRow('b')], [])
    await settled()
    const changed = fileRow('b', { newOid: oid('e') })
    await listed([fileRow('a'), changed], { snapshot: 'two' })
    review.want([fileRow('a'), changed], [])
    await settled()
    expect(pathsOf(patches.mock.calls)).toEqual([['a', 'b'], ['b']])
    expect(patches.mock.lastCall?.[0]).toMatchObject({ snapshot: 'two' })
  })

  it('of a snapshot that is gone lead to a new listing, and are asked for again after it', async () => {
    const { review, patches, open, listed, state } = createBackend()
    await listed([fileRow('a')])
    patches.mockRejectedValueOnce(new ORPCError('STALE', { message: 'The files changed meanwhile.' }))
    review.want([fileRow('a')], [])
    await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(2))
    expect(state().patches.size).toBe(0)
  })

  it('say why they are missing: too many, refused, or no longer listed', async () => {
    const { review, patches, listed, settled } = createBackend()
    const [large, refused, gone] = [fileRow('large'), fileRow('refused'), fileRow('gone')]
    await listed([large, refused, gone])
    patches.mockResolvedValueOnce([{ rawPath: 'large', patch: '', oldOid: null, newOid: null, tooLarge: true }])
    review.want([large, gone], [])
    await settled()
    patches.mockRejectedValueOnce(new ORPCError('CANNOT_READ', { message: 'No.' }))
    review.want([large, gone, refused], [])
    await settled()
    expect(review.patchOf(large)).toEqual({ kind: 'too-large' })
    expect(review.patchOf(gone)).toMatchObject({ kind: 'failed' })
    expect(review.patchOf(refused)).toEqual({ kind: 'failed', message: 'No.' })
    review.wantWhole(large)
    await settled()
    expect(patches.mock.lastCall?.[0]).toMatchObject({ rawPaths: ['large'], whole: true })
    expect(review.patchOf(large)).toMatchObject({ kind: 'ready' })
  })

  it('are other lines for another content, mode or whitespace', () => {
    const keys = [
      patchKey(fileRow('a'), 'show'),
      patchKey(fileRow('a'), 'ignore'),
      patchKey(fileRow('a', { newOid: oid('e') }), 'show'),
      patchKey(fileRow('a', { newMode: '100755' }), 'show'),
      patchKey(fileRow('a', { mark: 'viewed', added: 9 }), 'show'),
    ]
    expect(new Set(keys).size).toBe(4)
    expect(keys[4]).toBe(keys[0])
  })
})

describe('marks', () => {
  const fileAt = (review: ReturnType<typeof createBackend>['review'], path: string) =>
    review.store.getState().listing?.files.find((file) => file.path === path)

  it('are there at once and told to the backend with the versions that were looked at', async () => {
    const { review, mark, listed } = createBackend()
    await listed([fileRow('a'), fileRow('b')])
    const told = review.mark(fileRow('a'), null, true)
    expect(fileAt(review, 'a')).toMatchObject({ mark: 'viewed', viewedOid: oid('b') })
    expect(fileAt(review, 'b')).toMatchObject({ mark: 'none' })
    expect(await told).toBeNull()
    const versions = { oldOid: oid('a'), newOid: oid('b') }
    expect(mark).toHaveBeenCalledWith({ worktreeId, rawPath: 'a', ...versions, hunk: null, isViewed: true })
  })

  it('are read again when they were refused', async () => {
    const { review, mark, opened, listed } = createBackend()
    await listed([fileRow('a')])
    mark.mockRejectedValueOnce(new ORPCError('FORBIDDEN', { message: 'This connection may not do that.' }))
    const told = review.mark(fileRow('a'), null, true)
    await vi.waitFor(() => expect(opened).toHaveLength(2))
    opened[1]?.answer(listingRow([fileRow('a')]))
    expect(await told).toBe('This connection may not do that.')
    expect(fileAt(review, 'a')).toMatchObject({ mark: 'none' })
  })

  it('are sent of many files in batches, and shown at once for all of them', async () => {
    const { review, mark, listed } = createBackend()
    const files = Array.from({ length: 250 }, (_, index) => fileRow(`file-${index}`))
    await listed([...files, fileRow('other')])
    let drawn = 0
    const stop = review.store.subscribe(() => (drawn += 1))
    const told = review.markFiles(files, true)
    expect(drawn).toBe(1)
    expect(review.store.getState().listing?.files.map((file) => file.mark)).toEqual([
      ...files.map(() => 'viewed'),
      'none',
    ])
    // No more at a time than the first batch, whose answers are still to come.
    expect(mark).toHaveBeenCalledTimes(100)
    expect(await told).toBeNull()
    expect(mark).toHaveBeenCalledTimes(250)
    expect(drawn).toBe(1)
    stop()
  })

  it('that are shown already draw nothing anew when their news comes', async () => {
    const { review, listed, state } = createBackend()
    await listed([fileRow('a')])
    await review.mark(fileRow('a'), null, true)
    await review.mark(fileRow('a'), 'h1', true)
    const before = state().listing
    for (const hunk of [null, 'h1'])
      review.take({ rawPath: 'a', oldOid: oid('a'), newOid: oid('b'), hunk, isViewed: true })
    expect(state().listing).toBe(before)
  })

  it('stop at the first batch that is refused, and are read again', async () => {
    const { review, mark, opened, listed } = createBackend()
    const files = Array.from({ length: 250 }, (_, index) => fileRow(`file-${index}`))
    await listed(files)
    mark.mockRejectedValueOnce(new ORPCError('NOT_FOUND', { message: 'The worktree is gone.' }))
    const told = review.markFiles(files, true)
    await vi.waitFor(() => expect(opened).toHaveLength(2))
    opened[1]?.answer(listingRow(files))
    expect(await told).toBe('The worktree is gone.')
    expect(mark).toHaveBeenCalledTimes(100)
    expect(fileAt(review, 'file-0')).toMatchObject({ mark: 'none' })
  })

  it('of another version of the file change nothing', async () => {
    const { review, listed } = createBackend()
    await listed([fileRow('a', { newOid: oid('e'), mark: 'stale' })])
    review.take({ rawPath: 'a', oldOid: oid('a'), newOid: oid('b'), hunk: null, isViewed: true })
    expect(fileAt(review, 'a')).toMatchObject({ mark: 'stale' })
  })

  it('of hunks are kept once each, and taken away', async () => {
    const { review, listed } = createBackend()
    await listed([fileRow('a')])
    for (const isViewed of [true, true]) await review.mark(fileRow('a'), 'h1', isViewed)
    await review.mark(fileRow('a'), 'h2', true)
    expect(fileAt(review, 'a')?.viewedHunks).toEqual(['h1', 'h2'])
    await review.mark(fileRow('a'), 'h1', false)
    expect(fileAt(review, 'a')?.viewedHunks).toEqual(['h2'])
  })
})
