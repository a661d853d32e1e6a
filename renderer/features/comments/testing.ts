import type {
  Anchor,
  CommentAnswer,
  CommentedLines,
  CommentPlace,
  CommentThread,
  LineComment,
} from '../../../shared/contract/comments.ts'
import type { CommentThreadId, MessageId, SessionId, WorktreeId } from '../../../shared/lib/ids.ts'

const idAt = (prefix: string, n: number) => `${prefix}_01JD0000000000000000000${String(n).padStart(3, '0')}`
export const worktreeId = idAt('wt', 1) as WorktreeId
export const threadIdAt = (n: number) => idAt('cth', n) as CommentThreadId
export const messageIdAt = (n: number) => idAt('msg', n) as MessageId

export const linesAt = (change: Partial<CommentedLines> = {}): CommentedLines => ({
  rawPath: 'src/a.ts',
  path: 'src/a.ts',
  oid: 'a'.repeat(40),
  snapshot: 'one',
  from: 39,
  to: 39,
  lines: ['throw new Conflict()'],
  before: [],
  after: [],
  ...change,
})

export const commentRow = (n: number, change: Partial<LineComment> = {}): LineComment => ({
  id: idAt('lcm', n) as LineComment['id'],
  at: linesAt(),
  body: 'Why?',
  suggestion: null,
  sent: null,
  createdAt: 1_000_000,
  editedAt: null,
  ...change,
})

export const sentAt = (at: number, n = 1) => ({ sent: { messageId: messageIdAt(n), at } })

export const threadRow = (n: number, change: Partial<CommentThread> = {}): CommentThread => ({
  id: threadIdAt(n),
  projectId: idAt('prj', 1) as CommentThread['projectId'],
  worktreeId,
  side: 'new',
  number: null,
  comments: [commentRow(n)],
  resolvedAt: null,
  createdAt: 1_000_000,
  rev: 1,
  ...change,
})

export const placeRow = (n: number, now: Anchor, change: Partial<CommentPlace> = {}): CommentPlace => ({
  threadId: threadIdAt(n),
  now,
  shown: now.kind === 'outdated' ? null : { rawPath: 'src/a.ts', side: 'new', from: now.from, to: now.to },
  shownRawPath: 'src/a.ts',
  ...change,
})

export const answerRow = (n: number, change: Partial<CommentAnswer> = {}): CommentAnswer => ({
  threadId: threadIdAt(n),
  messageId: messageIdAt(n),
  sessionId: idAt('ses', 1) as SessionId,
  body: 'Done.',
  isOfWhole: false,
  at: 2_000_000,
  ...change,
})
