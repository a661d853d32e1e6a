import type {
  CommentedLines,
  CommentThread,
  LineComment,
  NewComment,
  NewThread,
} from '../../../../shared/contract/comments.ts'
import { linesOf } from '../../../../shared/contract/comment-state.ts'
import type { CommentThreadId, LineCommentId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { decodePath } from '../../adapters/git/status.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { ReviewScene } from '../review/review-service.ts'
import { takeLines } from './anchor-rules.ts'
import {
  noThread,
  noWorktree,
  unreadable,
  wholeView,
  writeThread,
  type CommentsDeps,
  type ThreadResult,
  type Unreadable,
} from './comments-deps.ts'
import {
  addLineComment,
  findCommentThread,
  findLineComment,
  putCommentThread,
  removeDraft,
  rewriteDraft,
} from './comments-store.ts'
import { locateLines, readLines } from './locate-lines.ts'

type Written = Pick<LineComment, 'body' | 'suggestion'>

/** Begins a thread with a draft, on lines as a snapshot has them. */
export const writeComment = async (
  { review, worktrees, runCommand }: CommentsDeps,
  input: NewThread,
  by: Identity,
): ThreadResult<Unreadable> => {
  const scene = await review.scene(input)
  if (!scene.ok) return unreadable(scene.refusal)
  const at = await readCommented(scene.value, input)
  if (!at.ok) return at
  const options = { name: 'write-comment', by, requestId: input.requestId }
  return runCommand(options, async (context): ThreadResult => {
    const worktree = await worktrees.find(context.tx, input.worktreeId)
    if (!worktree) return noWorktree()
    const thread: CommentThread = {
      id: context.newId('cth'),
      projectId: worktree.projectId,
      worktreeId: worktree.id,
      side: input.side,
      number: null,
      comments: [],
      resolvedAt: null,
      createdAt: context.now,
      rev: 0,
    }
    await putCommentThread(context.tx, thread)
    return ok({ thread: await addDraft(context, thread, { at: at.value, ...input }) })
  })
}

/** Goes on in a thread. The draft is on its lines as the snapshot has them; where it does not, on those of the last comment. */
export const addComment = async (deps: CommentsDeps, input: NewComment, by: Identity): ThreadResult => {
  const before = await deps.database.read((tx) => findCommentThread(tx, input.threadId))
  const current = before && (await readCurrent(deps, before, input.snapshot))
  const options = { name: 'add-comment', by, requestId: input.requestId }
  return deps.runCommand(options, async (context): ThreadResult => {
    const thread = await findCommentThread(context.tx, input.threadId)
    const last = thread && linesOf(thread)
    if (!thread || !last) return noThread()
    return ok({ thread: await addDraft(context, thread, { at: current ?? last, ...input }) })
  })
}

const addDraft = async (
  context: CommandContext,
  thread: CommentThread,
  { at, body, suggestion }: Written & Pick<LineComment, 'at'>,
): Promise<CommentThread> => {
  const { newId, now } = context
  const comment = { id: newId('lcm'), at, body, suggestion, sent: null, createdAt: now, editedAt: null }
  await addLineComment(context.tx, comment, thread)
  return writeThread(context, thread)
}

export const editComment = (
  { runCommand }: CommentsDeps,
  { commentId, body, suggestion }: Written & { readonly commentId: LineCommentId },
  by: Identity,
): ThreadResult<'SENT'> =>
  runCommand({ name: 'edit-comment', by }, (context) =>
    changeDraft(context, commentId, () =>
      rewriteDraft(context.tx, commentId, { body, suggestion, editedAt: context.now }),
    ),
  )

export const removeComment = (
  { runCommand }: CommentsDeps,
  commentId: LineCommentId,
  by: Identity,
): ThreadResult<'SENT'> =>
  runCommand({ name: 'remove-comment', by }, (context) =>
    changeDraft(context, commentId, () => removeDraft(context.tx, commentId, context.now)),
  )

/** Nothing when it is there. */
export const restoreComment = ({ runCommand }: CommentsDeps, commentId: LineCommentId, by: Identity): ThreadResult =>
  runCommand({ name: 'restore-comment', by }, async (context): ThreadResult => {
    const found = await findLineComment(context.tx, commentId)
    const thread = found && (await findCommentThread(context.tx, found.threadId))
    if (!thread) return refuse('NOT_FOUND', 'This draft was deleted for good. Write it again.')
    await removeDraft(context.tx, commentId, null)
    return ok({ thread: await writeThread(context, thread) })
  })

const changeDraft = async (
  context: CommandContext,
  commentId: LineCommentId,
  change: () => Promise<void>,
): ThreadResult<'SENT'> => {
  const found = await findLineComment(context.tx, commentId)
  const thread = found && !found.isRemoved && (await findCommentThread(context.tx, found.threadId))
  if (!thread) return noThread()
  if (found.isSent)
    return refuse('SENT', 'This comment was sent and stays as it is. Add another one to its thread.', { thread })
  await change()
  return ok({ thread: await writeThread(context, thread) })
}

export const resolveThread = (
  { runCommand }: CommentsDeps,
  { threadId, isResolved }: { readonly threadId: CommentThreadId; readonly isResolved: boolean },
  by: Identity,
): ThreadResult =>
  runCommand({ name: isResolved ? 'resolve-thread' : 'reopen-thread', by }, async (context): ThreadResult => {
    const thread = await findCommentThread(context.tx, threadId)
    if (!thread || thread.comments.length === 0) return noThread()
    if ((thread.resolvedAt !== null) === isResolved) return ok({ thread })
    return ok({ thread: await writeThread(context, thread, { resolvedAt: isResolved ? context.now : null }) })
  })

/** So much of lines is kept with a comment; a minified file has more in one. */
const longestLines = 64 * 1024

/** The lines of a file as the view shows it. */
const readCommented = async (
  scene: ReviewScene,
  { rawPath: listed, side, from, to }: Pick<NewThread, 'rawPath' | 'side' | 'from' | 'to'>,
): Promise<Result<CommentedLines, 'INVALID'>> => {
  const change = (await scene.changesOf(scene.shown)).find((one) => one.rawPath === listed)
  const oid = side === 'old' ? change?.oldOid : change?.newOid
  if (!change || !oid) return refuse('INVALID', 'The file has no such version any more. Read the changes again.')
  const lines = (await readLines(scene, [oid])).get(oid)
  if (!lines) return refuse('INVALID', 'This file is too large, or is no text: say what you mean in the whole review.')
  const taken = takeLines(lines, { from, to })
  if (!taken) return refuse('INVALID', `The file has ${lines.length} lines. Choose some of them.`)
  if (taken.lines.join('\n').length > longestLines)
    return refuse(
      'INVALID',
      'These lines are too long to be kept with a comment. Choose fewer, or say it in the whole review.',
    )
  const rawPath = side === 'old' ? change.oldRawPath : change.rawPath
  return ok({ rawPath, path: decodePath(rawPath), oid, snapshot: scene.snapshot, ...taken })
}

/** The lines of a thread as they are in a snapshot; null when they are not, or nobody knows. */
const readCurrent = async (
  { review }: CommentsDeps,
  thread: CommentThread,
  snapshot: string,
): Promise<CommentedLines | null> => {
  const at = linesOf(thread)
  const scene = await review.scene({ worktreeId: thread.worktreeId, snapshot, view: wholeView })
  if (!at || !scene.ok) return null
  const [located] = await locateLines(scene.value, [{ side: thread.side, at }], scene.value.now)
  const { file, anchor, lines } = located ?? {}
  if (!file || !lines || !anchor || anchor.kind === 'outdated') return null
  const taken = takeLines(lines, anchor)
  if (!taken || taken.lines.join('\n').length > longestLines) return null
  return { rawPath: file.rawPath, path: decodePath(file.rawPath), oid: file.oid, snapshot, ...taken }
}
