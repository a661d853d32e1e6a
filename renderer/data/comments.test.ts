import { ORPCError } from '@orpc/client'
import { describe, expect, it, vi } from 'vitest'
import type { CommentThread } from '../../shared/contract/comments.ts'
import type { Message } from '../../shared/contract/mail.ts'
import type { SessionId, ThreadId } from '../../shared/lib/ids.ts'
import {
  answerRow,
  commentRow,
  messageIdAt,
  placeRow,
  sentAt,
  threadIdAt,
  threadRow,
  worktreeId,
} from '../features/comments/testing.ts'
import { fileRow, listingRow, oid } from '../features/review/testing.ts'
import { createComments, type ChosenLines } from './comments.ts'
import { createReview } from './review.ts'
import { createStores } from './stores.ts'

const view = { kind: 'scope', scope: 'all' } as const
const written = { body: 'Why?', suggestion: null }
const kept = { kind: 'kept', from: 39, to: 39 } as const
const chosen: ChosenLines = { rawPath: 'src/a.ts', side: 'new', from: 39, to: 39, snapshot: 'one', view, oid: oid('b') }
const mailThread = 'thr_1' as ThreadId

/** A backend with threads, over a review whose listing is the test's. */
const createLab = (threads: CommentThread[] = [threadRow(1)]) => {
  const stores = createStores()
  const listings = [listingRow([fileRow('src/a.ts')])]
  const open = vi.fn(async () => listings.at(-1) ?? listingRow([]))
  const reviewApi = { open } as unknown as Parameters<typeof createReview>[0]['api']
  const review = createReview({ api: reviewApi, worktreeId, now: () => 7, view, whitespace: 'show' })
  const backend = {
    list: vi.fn(async () => ({
      threads,
      places: threads.map((_, at) => placeRow(at + 1, kept)),
      answers: [answerRow(1)],
      mailThreadIds: [mailThread],
    })),
    write: vi.fn(async () => ({ thread: threadRow(2, { rev: 5 }) })),
    add: vi.fn(async () => ({ thread: threadRow(1, { rev: 2, comments: [commentRow(1), commentRow(2)] }) })),
    edit: vi.fn(async () => ({ thread: threadRow(1, { rev: 3 }) })),
    remove: vi.fn(async () => ({ thread: threadRow(1, { rev: 4, comments: [] }) })),
    restore: vi.fn(async () => ({ thread: threadRow(1, { rev: 5 }) })),
    resolve: vi.fn(async () => ({ thread: threadRow(1, { rev: 6, resolvedAt: 9 }) })),
    send: vi.fn(async () => ({ threads: [threadRow(1, { rev: 7, number: 1 })] })),
  }
  const api = backend as unknown as Parameters<typeof createComments>[0]['api']
  const comments = createComments({ api, stores, review, worktreeId })
  const rows = () => [...stores.commentThreads.store.getState().byId.values()]
  const reads = (count: number) => vi.waitFor(() => expect(backend.list).toHaveBeenCalledTimes(count))
  return { stores, review, listings, backend, comments, rows, reads, state: () => comments.store.getState() }
}
const refused = (code: string) => new ORPCError(code, { status: 409, message: `refused: ${code}` })

describe('what was said of a worktree', () => {
  it('is read for the listing that is shown, and not before there is one', async () => {
    const { comments, backend, review, state, rows } = createLab()
    await comments.read()
    expect(backend.list).not.toHaveBeenCalled()
    await review.read()
    await comments.read()
    expect(backend.list).toHaveBeenCalledWith({ worktreeId, snapshot: 'one', view })
    expect(state()).toMatchObject({ isRead: true, problem: null, answers: [{ body: 'Done.' }] })
    expect(state().places.get(threadIdAt(1))?.now).toEqual(kept)
    expect(rows()).toEqual([threadRow(1)])
  })

  it('has no row that is not there any more, and leaves those of others alone', async () => {
    const { comments, review, stores, rows } = createLab()
    const other = threadRow(9, { worktreeId: 'wt_other' as CommentThread['worktreeId'] })
    const deleted = threadRow(8, { comments: [] })
    stores.commentThreads.put([threadRow(7), other, deleted])
    await review.read()
    await comments.read()
    expect(rows().map(({ id }) => id)).toEqual([threadIdAt(9), threadIdAt(8), threadIdAt(1)])
  })

  it('says why it cannot be read, and reads the listing again when that is too old', async () => {
    const { comments, review, backend, state } = createLab()
    await review.read()
    backend.list.mockRejectedValueOnce(refused('CANNOT_READ'))
    await comments.read()
    expect(state().problem).toBe('refused: CANNOT_READ')
    const read = vi.spyOn(review, 'read')
    backend.list.mockRejectedValueOnce(refused('STALE'))
    await comments.read()
    expect(state().problem).toBe('refused: CANNOT_READ')
    await comments.read()
    expect(state().problem).toBeNull()
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('is read again with each listing, each row and each answer that is news, and with nothing else', async () => {
    const { comments, review, listings, backend, stores, reads, state } = createLab()
    await review.read()
    const stop = comments.follow()
    await reads(1)
    await vi.waitFor(() => expect(state().isRead).toBe(true))
    listings.push(listingRow([fileRow('src/a.ts')], { snapshot: 'two' }))
    await review.read()
    await reads(2)
    stores.commentThreads.put([threadRow(1, { rev: 2 })])
    await reads(3)
    const message = (from: object, threadId: ThreadId, n: number) =>
      ({ id: messageIdAt(n), threadId, from }) as unknown as Message
    const session = { kind: 'session', sessionId: 'ses_1' as SessionId }
    stores.messages.put([message({ kind: 'person' }, mailThread, 11), message(session, 'thr_2' as ThreadId, 12)])
    stores.commentThreads.put([threadRow(5, { worktreeId: 'wt_other' as CommentThread['worktreeId'] })])
    stores.messages.put([message(session, mailThread, 13)])
    await reads(4)
    stop()
    stores.messages.put([message(session, mailThread, 14)])
    expect(backend.list).toHaveBeenCalledTimes(4)
  })
})

describe('a comment', () => {
  it('is in its place at once when it was written', async () => {
    const { comments, review, backend, state, rows } = createLab([])
    await review.read()
    backend.list.mockReturnValue(new Promise(() => {}))
    expect(await comments.write(chosen, written, 'request')).toBeNull()
    const { oid: _oid, ...lines } = chosen
    expect(backend.write).toHaveBeenCalledWith({ worktreeId, ...lines, ...written, requestId: 'request' })
    expect(rows().map(({ id }) => id)).toEqual([threadIdAt(2)])
    expect(state().places.get(threadIdAt(2))).toEqual(placeRow(2, kept))
  })

  it('goes to the newest snapshot while that has the same version of the file', async () => {
    const { comments, review, listings, backend } = createLab()
    await review.read()
    listings.push(listingRow([fileRow('src/a.ts')], { snapshot: 'two' }))
    backend.write.mockRejectedValueOnce(refused('STALE'))
    expect(await comments.write(chosen, written, 'request')).toBeNull()
    expect(backend.write).toHaveBeenLastCalledWith(expect.objectContaining({ snapshot: 'two', requestId: 'request' }))
  })

  it('is kept from lines that nobody chose, when the file is another one by then', async () => {
    const { comments, review, listings, backend } = createLab()
    await review.read()
    listings.push(listingRow([fileRow('src/a.ts', { newOid: oid('c') })], { snapshot: 'two' }))
    backend.write.mockRejectedValueOnce(refused('STALE'))
    expect(await comments.write(chosen, written, 'request')).toMatch(/^The file changed since you chose these lines/)
    expect(backend.write).toHaveBeenCalledTimes(1)
    backend.write.mockRejectedValueOnce(refused('INVALID'))
    expect(await comments.write(chosen, written, 'request')).toBe('refused: INVALID')
  })

  it('is added to, edited, deleted, put back and resolved, each as the backend then has it', async () => {
    const { comments, review, backend, rows } = createLab()
    await review.read()
    backend.list.mockReturnValue(new Promise(() => {}))
    const commentId = commentRow(1).id
    const revAfter = async (done: Promise<string | null>) => [await done, rows()[0]?.rev]
    expect(await revAfter(comments.add(threadIdAt(1), written, 'request'))).toEqual([null, 2])
    expect(backend.add).toHaveBeenCalledWith({
      threadId: threadIdAt(1),
      snapshot: 'one',
      ...written,
      requestId: 'request',
    })
    expect(await revAfter(comments.edit(commentId, written))).toEqual([null, 3])
    expect(await revAfter(comments.remove(commentId))).toEqual([null, 4])
    expect(await revAfter(comments.restore(commentId))).toEqual([null, 5])
    expect(await revAfter(comments.resolve(threadIdAt(1), true))).toEqual([null, 6])
    backend.edit.mockRejectedValueOnce(refused('SENT'))
    expect(await revAfter(comments.edit(commentId, written))).toEqual(['refused: SENT', 6])
  })

  it('is sent with all the others, or says why not', async () => {
    const { comments, review, backend, rows } = createLab([threadRow(1, { comments: [commentRow(1, sentAt(3))] })])
    await review.read()
    const session = 'ses_1' as SessionId
    expect(await comments.send(session, 'All', 'request')).toMatchObject({ ok: true })
    expect(backend.send).toHaveBeenCalledWith({ worktreeId, sessionId: session, body: 'All', requestId: 'request' })
    expect(rows()[0]?.number).toBe(1)
    backend.send.mockRejectedValueOnce(refused('NO_SESSION'))
    expect(await comments.send(session, 'All', 'request')).toMatchObject({ refusal: { code: 'NO_SESSION' } })
  })
})
