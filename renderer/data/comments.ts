import { createStore, type StoreApi } from 'zustand/vanilla'
import type { CommentAnswer, CommentPlace, CommentThread, SentReview } from '../../shared/contract/comments.ts'
import type { ReviewView } from '../../shared/contract/review.ts'
import type { CommentThreadId, LineCommentId, SessionId, ThreadId, WorktreeId } from '../../shared/lib/ids.ts'
import type { Result } from '../../shared/lib/result.ts'
import type { AppData } from './app-data.ts'
import type { Review } from './review.ts'
import { settle } from './settle.ts'
import type { Stores } from './stores.ts'

export interface CommentsState {
  readonly places: ReadonlyMap<CommentThreadId, CommentPlace>
  /** Oldest first. */
  readonly answers: readonly CommentAnswer[]
  /** The mail threads in which answers come. */
  readonly mailThreadIds: ReadonlySet<ThreadId>
  readonly isRead: boolean
  /** Why they could not be read, in words that say what to do. */
  readonly problem: string | null
}

export interface Written {
  readonly body: string
  readonly suggestion: string | null
}

/** Lines of the listing that a comment is begun on. */
export interface ChosenLines {
  readonly rawPath: string
  readonly side: 'old' | 'new'
  readonly from: number
  readonly to: number
  readonly snapshot: string
  readonly view: ReviewView
  /** The version they were chosen in. */
  readonly oid: string | null
}

/** Resolves to why it was refused, or null. */
type Done = Promise<string | null>

export interface Comments {
  readonly store: StoreApi<CommentsState>
  /** Reads everything for the listing that is shown. */
  readonly read: () => Promise<void>
  readonly write: (lines: ChosenLines, written: Written, requestId: string) => Done
  readonly add: (threadId: CommentThreadId, written: Written, requestId: string) => Done
  readonly edit: (commentId: LineCommentId, written: Written) => Done
  readonly remove: (commentId: LineCommentId) => Done
  readonly restore: (commentId: LineCommentId) => Done
  readonly resolve: (threadId: CommentThreadId, isResolved: boolean) => Done
  readonly send: (sessionId: SessionId, body: string, requestId: string) => Promise<Result<SentReview, string>>
  /** Reads whenever the listing, the rows or the mail say something new; answers how to end that. */
  readonly follow: () => () => void
}

interface CommentsDeps {
  readonly api: AppData['api']['comments']
  readonly stores: Pick<Stores, 'commentThreads' | 'messages'>
  readonly review: Pick<Review, 'store' | 'read'>
  readonly worktreeId: WorktreeId
}

const overtaken = 'The file changed since you chose these lines. Choose them again; what you wrote is kept.'

/** What was said of a worktree, as one page looks at it. The threads themselves are rows that news reaches. */
export const createComments = ({ api, stores, review, worktreeId }: CommentsDeps): Comments => {
  const rows = stores.commentThreads
  const store = createStore<CommentsState>(() => ({
    places: new Map(),
    answers: [],
    mailThreadIds: new Set(),
    isRead: false,
    problem: null,
  }))
  let turn = 0
  /** The revs of the rows as they were when they were read last, or told by this page. */
  const known = new Map<CommentThreadId, number>()
  const ownRows = () => [...rows.store.getState().byId.values()].filter((row) => row.worktreeId === worktreeId)

  const take = (threads: readonly CommentThread[]) => {
    for (const { id, rev } of threads) known.set(id, rev)
    rows.put(threads)
  }

  const read = async (): Promise<void> => {
    const { listing, view } = review.store.getState()
    if (listing === null) return
    const mine = (turn += 1)
    const result = await settle(api.list({ worktreeId, snapshot: listing.snapshot, view }))
    if (mine !== turn) return
    if (!result.ok) {
      // A newer listing is read, and this again with it.
      if (result.refusal.code === 'STALE') void review.read()
      else store.setState({ problem: result.refusal.message })
      return
    }
    const { threads, places, answers, mailThreadIds } = result.value
    const there = new Set(threads.map(({ id }) => id))
    for (const { id, comments } of ownRows()) if (!there.has(id) && comments.length > 0) rows.remove(id)
    take(threads)
    store.setState({
      places: new Map(places.map((place) => [place.threadId, place])),
      answers,
      mailThreadIds: new Set(mailThreadIds),
      isRead: true,
      problem: null,
    })
  }

  const settleThread = async (call: Promise<{ readonly thread: CommentThread }>): Done => {
    const result = await settle(call)
    if (!result.ok) return result.refusal.message
    take([result.value.thread])
    void read()
    return null
  }

  const write = async (lines: ChosenLines, written: Written, requestId: string): Done => {
    const { oid: _oid, ...chosen } = lines
    const result = await settle(api.write({ worktreeId, ...chosen, ...written, requestId }))
    if (!result.ok) {
      if (result.refusal.code !== 'STALE') return result.refusal.message
      await review.read()
      const fresh = freshLines(review, lines)
      return fresh === null ? overtaken : write(fresh, written, requestId)
    }
    const { thread } = result.value
    const { rawPath, side, from, to } = lines
    const place: CommentPlace = {
      threadId: thread.id,
      now: { kind: 'kept', from, to },
      shown: { rawPath, side, from, to },
      shownRawPath: rawPath,
    }
    // At once, so that nothing moves twice: the reading only says more.
    store.setState({ places: new Map([...store.getState().places, [thread.id, place]]) })
    take([thread])
    void read()
    return null
  }

  const send: Comments['send'] = async (sessionId, body, requestId) => {
    const result = await settle(api.send({ worktreeId, sessionId, body, requestId }))
    if (result.ok) {
      take(result.value.threads)
      void read()
    }
    return result
  }

  const follow = () => {
    void read()
    const stopListing = review.store.subscribe((now, before) => {
      if (now.listing?.snapshot !== before.listing?.snapshot || now.listing?.files !== before.listing?.files)
        void read()
    })
    const stopRows = rows.store.subscribe(() => {
      const isNews = ownRows().some(({ id, rev }) => known.get(id) !== rev)
      for (const { id, rev } of ownRows()) known.set(id, rev)
      if (isNews) void read()
    })
    const stopMail = stores.messages.store.subscribe((now, before) => {
      const { mailThreadIds } = store.getState()
      const isAnswer = [...now.byId].some(
        ([id, { from, threadId }]) => !before.byId.has(id) && from.kind === 'session' && mailThreadIds.has(threadId),
      )
      if (isAnswer) void read()
    })
    return () => {
      stopListing()
      stopRows()
      stopMail()
    }
  }

  return {
    store,
    read,
    write,
    add: (threadId, written, requestId) => {
      const snapshot = review.store.getState().listing?.snapshot ?? ''
      return settleThread(api.add({ threadId, snapshot, ...written, requestId }))
    },
    edit: (commentId, written) => settleThread(api.edit({ commentId, ...written })),
    remove: (commentId) => settleThread(api.remove({ commentId })),
    restore: (commentId) => settleThread(api.restore({ commentId })),
    resolve: (threadId, isResolved) => settleThread(api.resolve({ threadId, isResolved })),
    send,
    follow,
  }
}

/** The same lines in the newest listing; null when that shows another version of the file. */
const freshLines = (review: Pick<Review, 'store'>, lines: ChosenLines): ChosenLines | null => {
  const { listing, view } = review.store.getState()
  const file = listing?.files.find(({ rawPath }) => rawPath === lines.rawPath)
  const oid = lines.side === 'old' ? file?.oldOid : file?.newOid
  if (!listing || listing.snapshot === lines.snapshot || oid == null || oid !== lines.oid) return null
  return { ...lines, snapshot: listing.snapshot, view }
}
