import type {
  CommentAnswer,
  CommentPlace,
  CommentThread,
  NewComment,
  NewThread,
  SentReview,
} from '../../../../shared/contract/comments.ts'
import type { ReviewView } from '../../../../shared/contract/review.ts'
import type { CommentThreadId, LineCommentId, ProjectId, ThreadId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { noWorktree, unreadable, type CommentsDeps, type ThreadResult, type Unreadable } from './comments-deps.ts'
import { listCommentedOids, listCommentThreads, purgeRemoved, removeCommentsIn } from './comments-store.ts'
import {
  addComment,
  editComment,
  removeComment,
  resolveThread,
  restoreComment,
  writeComment,
} from './draft-comments.ts'
import { placeThreads } from './place-threads.ts'
import { readAnswers } from './read-answers.ts'
import { sendReview, type SendWish } from './send-review.ts'

export type { CommentsDeps } from './comments-deps.ts'

interface CommentsQuery {
  readonly worktreeId: WorktreeId
  readonly snapshot: string
  readonly view: ReviewView
}

interface Comments {
  readonly threads: CommentThread[]
  readonly places: CommentPlace[]
  readonly answers: CommentAnswer[]
  readonly mailThreadIds: ThreadId[]
}

export interface CommentsService {
  list(query: CommentsQuery): Promise<Result<Comments, 'NOT_FOUND' | Unreadable>>
  write(input: NewThread, by: Identity): ThreadResult<Unreadable>
  add(input: NewComment, by: Identity): ThreadResult
  edit(
    input: { readonly commentId: LineCommentId; readonly body: string; readonly suggestion: string | null },
    by: Identity,
  ): ThreadResult<'SENT'>
  remove(id: LineCommentId, by: Identity): ThreadResult<'SENT'>
  restore(id: LineCommentId, by: Identity): ThreadResult
  resolve(input: { readonly threadId: CommentThreadId; readonly isResolved: boolean }, by: Identity): ThreadResult
  send(wish: SendWish, by: Identity): Promise<Result<SentReview, 'NOT_FOUND' | 'NO_SESSION' | 'NOTHING_TO_SEND'>>
  /** Versions of files that must stay readable. */
  listKept(tx: Tx, projectId: ProjectId): Promise<readonly string[]>
  /** What was deleted long ago, for the retention. */
  dropOld(tx: Tx, now: number): Promise<void>
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
}

/** A draft that was deleted can be put back for this long. */
const keptRemovedMs = 24 * 60 * 60_000
const mostPurged = 500

export const createCommentsService = (deps: CommentsDeps): CommentsService => ({
  list: (query) => listComments(deps, query),
  write: (input, by) => writeComment(deps, input, by),
  add: (input, by) => addComment(deps, input, by),
  edit: (input, by) => editComment(deps, input, by),
  remove: (id, by) => removeComment(deps, id, by),
  restore: (id, by) => restoreComment(deps, id, by),
  resolve: (input, by) => resolveThread(deps, input, by),
  send: (wish, by) => sendReview(deps, wish, by),
  listKept: listCommentedOids,
  dropOld: (tx, now) => purgeRemoved(tx, now - keptRemovedMs, mostPurged),
  forgetProject: async ({ tx, emit }, projectId) => {
    for (const id of await removeCommentsIn(tx, projectId)) await emit('commentthreads.removed', id, { id })
  },
})

/** Nothing is read of git where nothing was said. */
const listComments = async (
  deps: CommentsDeps,
  query: CommentsQuery,
): Promise<Result<Comments, 'NOT_FOUND' | Unreadable>> => {
  const { worktreeId } = query
  const found = await deps.database.read(async (tx) => ({
    worktree: await deps.worktrees.find(tx, worktreeId),
    threads: await listCommentThreads(tx, worktreeId),
  }))
  const { threads } = found
  if (!found.worktree) return noWorktree()
  const said = await readAnswers(deps, worktreeId, threads)
  if (threads.length === 0) return ok({ threads, places: [], ...said })
  const scene = await deps.review.scene(query)
  if (!scene.ok) return unreadable(scene.refusal)
  return placeThreads(scene.value, threads).then(
    (places) => ok({ threads, places, ...said }),
    (error: unknown) => {
      if (!(error instanceof GitError)) throw error
      return unreadable({
        code: 'CANNOT_READ',
        message: `git could not find the lines of the comments: ${error.message}`,
      })
    },
  )
}
