import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { ReviewView } from '../../../shared/contract/review.ts'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { createReview, type Review } from '../../data/review.ts'
import type { ReviewPrefs } from './review-prefs.ts'

const wholeView: ReviewView = { kind: 'scope', scope: 'all' }

/** What a worktree changed, read when it is first shown and again whenever it changes. */
export const useReview = (worktreeId: WorktreeId, { whitespace }: ReviewPrefs): Review => {
  const { api, stores, connection } = useData()
  const [review] = useState(() =>
    createReview({ api: api.review, worktreeId, now: Date.now, view: wholeView, whitespace }),
  )
  useEffect(() => {
    void review.read()
    const stopNews = stores.reviewNews.store.subscribe((now, before) => {
      if (now.byId.get(worktreeId) !== before.byId.get(worktreeId)) void review.read()
    })
    // The list of worktrees is looked after on its own, and may see a change first.
    const stopRows = stores.worktrees.store.subscribe((now, before) => {
      const [row, old] = [now.byId.get(worktreeId), before.byId.get(worktreeId)]
      if (row !== undefined && old !== undefined && hasMoved(row, old)) void review.read()
    })
    const stopMarks = stores.reviewMarks.store.subscribe((now, before) => {
      const mark = now.byId.get(worktreeId)
      if (mark !== undefined && mark !== before.byId.get(worktreeId)) review.take(mark)
    })
    return () => {
      stopNews()
      stopRows()
      stopMarks()
      // From here on “since you looked” counts.
      void review.leave()
    }
  }, [review, stores, worktreeId])
  // What happened while the connection was away was told to nobody.
  const isLive = useStore(connection.state, (state) => state.kind === 'live')
  useEffect(() => {
    if (isLive && review.store.getState().readAt !== null) void review.read()
  }, [isLive, review])
  return review
}

/** Whether what a worktree counts differs, so that a review of it is old. */
export const hasMoved = (now: Worktree, before: Worktree): boolean =>
  (['headSha', 'branch', 'added', 'removed', 'changedFiles', 'untrackedFiles'] as const).some(
    (name) => now[name] !== before[name],
  ) || now.state.kind !== before.state.kind
