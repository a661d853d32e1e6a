import { expect, it } from 'vitest'
import type { CommentThread } from '../../shared/contract/comments.ts'
import type { WorktreeId } from '../../shared/lib/ids.ts'
import { draftCountOf } from './drafts.ts'

const thread = (worktreeId: string, ...isSent: readonly boolean[]) =>
  ({ worktreeId, comments: isSent.map((one) => ({ sent: one ? { at: 1 } : null })) }) as unknown as CommentThread

it('counts what is not sent in one worktree', () => {
  const threads = [thread('wt_1', true, false), thread('wt_2', false), thread('wt_1', false), thread('wt_1')]
  expect(draftCountOf(threads, 'wt_1' as WorktreeId)).toBe(2)
  expect(draftCountOf([], 'wt_1' as WorktreeId)).toBe(0)
})
