import { z } from 'zod'
import {
  commentThreadIdSchema,
  lineCommentIdSchema,
  messageIdSchema,
  projectIdSchema,
  sessionIdSchema,
  threadIdSchema,
  worktreeIdSchema,
} from '../lib/ids.ts'
import { utf8Length } from '../lib/utf8-length.ts'
import { procedure, refusals, timeSchema } from './base.ts'
import { longestBodyBytes } from './mail.ts'
import { reviewViewSchema } from './review.ts'

/** Which of the two versions that a view compares. */
export const lineSideSchema = z.enum(['old', 'new'])
export type LineSide = z.infer<typeof lineSideSchema>

/** A suggestion shares its message with the lines that it replaces and with what is said of them. */
export const longestSuggestionBytes = 16 * 1024
/** More lines than this are no place to point at. */
export const mostCommentedLines = 500

const lineNumberSchema = z.number().int().positive()
const rawPathSchema = z.string().min(1).max(8192)

/** The lines that a comment was written on, as they were then. */
export const commentedLinesSchema = z.object({
  /** Of the file on that side, with its bytes as latin1 text. */
  rawPath: z.string(),
  path: z.string(),
  /** git's id of the version. */
  oid: z.string(),
  /** The snapshot it was read in. */
  snapshot: z.string(),
  from: lineNumberSchema,
  to: lineNumberSchema,
  lines: z.array(z.string()),
  /** Up to three lines on each side. */
  before: z.array(z.string()),
  after: z.array(z.string()),
})
export type CommentedLines = z.infer<typeof commentedLinesSchema>

/** What the person says of some lines. A draft until it is sent; never changed after that. */
export const lineCommentSchema = z.object({
  id: lineCommentIdSchema,
  at: commentedLinesSchema,
  /** Markdown. */
  body: z.string(),
  /** What the lines should be instead; "" takes them away. Null: nothing is suggested. */
  suggestion: z.string().nullable(),
  /** The message it was sent in, and when. Null for a draft. */
  sent: z.object({ messageId: messageIdSchema, at: timeSchema }).nullable(),
  createdAt: timeSchema,
  editedAt: timeSchema.nullable(),
})
export type LineComment = z.infer<typeof lineCommentSchema>

/** What was said of one place. With no comments it is not shown: its drafts were deleted, and may be put back. */
export const commentThreadSchema = z.object({
  id: commentThreadIdSchema,
  projectId: projectIdSchema,
  worktreeId: worktreeIdSchema,
  side: lineSideSchema,
  /** Agents know it as "c" with this number; null until it was sent. */
  number: z.number().int().positive().nullable(),
  /** Oldest first. The lines of the last one are the place of the thread. */
  comments: z.array(lineCommentSchema),
  resolvedAt: timeSchema.nullable(),
  createdAt: timeSchema,
  rev: z.number().int(),
})
export type CommentThread = z.infer<typeof commentThreadSchema>

/** Where the lines of a thread are by now. */
export const anchorSchema = z.discriminatedUnion('kind', [
  /** The same lines, here or further up or down. */
  z.object({ kind: z.literal('kept'), from: lineNumberSchema, to: lineNumberSchema }),
  /** Others stand in their place; none when `to` is the line before `from`. */
  z.object({ kind: z.literal('changed'), from: lineNumberSchema, to: z.number().int().nonnegative() }),
  z.object({ kind: z.literal('outdated'), why: z.enum(['file-gone', 'lines-gone']) }),
])
export type Anchor = z.infer<typeof anchorSchema>

export const commentPlaceSchema = z.object({
  threadId: commentThreadIdSchema,
  /** In the files as they are; of lines that were removed, in the base. */
  now: anchorSchema,
  /** In what the view shows; null when its file is not among it, or has no such lines. */
  shown: z
    .object({ rawPath: z.string(), side: lineSideSchema, from: lineNumberSchema, to: z.number().int().nonnegative() })
    .nullable(),
  /** The file in what the view shows, also when the lines are not. */
  shownRawPath: z.string().nullable(),
})
export type CommentPlace = z.infer<typeof commentPlaceSchema>

/** What a session wrote back, for one of the threads it was asked about. */
export const commentAnswerSchema = z.object({
  threadId: commentThreadIdSchema,
  messageId: messageIdSchema,
  sessionId: sessionIdSchema,
  /** As it was written: whoever shows it makes what is hidden in it visible. */
  body: z.string(),
  /** It was said of the whole review and not of this thread alone. */
  isOfWhole: z.boolean(),
  at: timeSchema,
})
export type CommentAnswer = z.infer<typeof commentAnswerSchema>

const noNul = (text: string) => !text.includes('\u0000')
export const commentBodySchema = z
  .string()
  .refine((body) => utf8Length(body) <= longestBodyBytes, 'Use at most 32 KB.')
  .refine(noNul, 'Leave out the NUL characters.')
export const suggestionSchema = z
  .string()
  .refine((text) => utf8Length(text) <= longestSuggestionBytes, 'Suggest at most 16 KB; say in words what to do.')
  .refine(noNul, 'Leave out the NUL characters.')
  .nullable()

/** What is written into a draft. Words or a suggestion; one of them is needed. */
const written = { body: commentBodySchema, suggestion: suggestionSchema }
const hasContent = ({ body, suggestion }: { readonly body: string; readonly suggestion: string | null }) =>
  body.trim() !== '' || suggestion !== null
const needsContent = 'Write something, or suggest a change.'

const requestIdSchema = z.string().min(8).max(64)
const looked = { snapshot: z.string().max(64), view: reviewViewSchema }
const threadAnswer = z.object({ thread: commentThreadSchema })

export const newThreadSchema = z
  .object({
    worktreeId: worktreeIdSchema,
    ...looked,
    /** As the listing names the file. */
    rawPath: rawPathSchema,
    side: lineSideSchema,
    from: lineNumberSchema,
    to: lineNumberSchema,
    ...written,
    requestId: requestIdSchema,
  })
  .refine(hasContent, needsContent)
  .refine(({ from, to }) => to >= from && to - from < mostCommentedLines, 'Choose 1 to 500 lines.')
export type NewThread = z.infer<typeof newThreadSchema>

export const newCommentSchema = z
  .object({ threadId: commentThreadIdSchema, snapshot: looked.snapshot, ...written, requestId: requestIdSchema })
  .refine(hasContent, needsContent)
export type NewComment = z.infer<typeof newCommentSchema>

export const sentReviewSchema = z.object({
  /** The mail thread it was sent in. */
  threadId: threadIdSchema,
  messageIds: z.array(messageIdSchema),
  sessionId: sessionIdSchema,
  threads: z.array(commentThreadSchema),
  /** The key of the task that went back to the session. */
  taskKey: z.string().nullable(),
})
export type SentReview = z.infer<typeof sentReviewSchema>

const byComment = z.object({ commentId: lineCommentIdSchema })

export const commentsContract = {
  /** All that was said of a worktree, and where it stands in a snapshot. STALE: read the listing again. */
  list: procedure('view')
    .errors(refusals('STALE', 'CANNOT_READ'))
    .input(z.object({ worktreeId: worktreeIdSchema, ...looked }))
    .output(
      z.object({
        threads: z.array(commentThreadSchema),
        places: z.array(commentPlaceSchema),
        answers: z.array(commentAnswerSchema),
        /** The mail threads in which answers come. */
        mailThreadIds: z.array(threadIdSchema),
      }),
    ),
  /** A draft on lines of their own. */
  write: procedure('full').errors(refusals('STALE', 'CANNOT_READ')).input(newThreadSchema).output(threadAnswer),
  /** A draft in a thread, on its lines as they are by now. */
  add: procedure('full').input(newCommentSchema).output(threadAnswer),
  edit: procedure('full')
    .errors(refusals('SENT'))
    .input(byComment.extend(written).refine(hasContent, needsContent))
    .output(threadAnswer),
  /** Of a draft. It can be put back for a day. */
  remove: procedure('full').errors(refusals('SENT')).input(byComment).output(threadAnswer),
  restore: procedure('full').input(byComment).output(threadAnswer),
  resolve: procedure('full')
    .input(z.object({ threadId: commentThreadIdSchema, isResolved: z.boolean() }))
    .output(threadAnswer),
  /** All drafts of a worktree as one review to its session, with words on the whole; everything or nothing. */
  send: procedure('full')
    .errors(refusals('NO_SESSION', 'NOTHING_TO_SEND'))
    .input(
      z.object({
        worktreeId: worktreeIdSchema,
        /** Null: the one that works there. */
        sessionId: sessionIdSchema.nullable(),
        body: commentBodySchema,
        requestId: requestIdSchema,
      }),
    )
    .output(sentReviewSchema),
}

export const commentsTopics = {
  'commentthreads.changed': commentThreadSchema,
  'commentthreads.removed': z.object({ id: commentThreadIdSchema }),
  /** Drafts went to a session: how many threads, in which mail thread. */
  'sentreviews.recorded': z.object({
    projectId: projectIdSchema,
    worktreeId: worktreeIdSchema,
    sessionId: sessionIdSchema,
    threadId: threadIdSchema,
    messageIds: z.array(messageIdSchema),
    comments: z.number().int(),
    at: timeSchema,
  }),
} as const
