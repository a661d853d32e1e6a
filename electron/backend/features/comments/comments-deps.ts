import { refuse, type Refusal, type Result } from '../../../../shared/lib/result.ts'
import type { CommentThread } from '../../../../shared/contract/comments.ts'
import type { Database } from '../../db/database.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import type { MailService } from '../mail/mail-service.ts'
import type { ReviewService } from '../review/review-service.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'
import type { TasksService } from '../tasks/tasks-service.ts'
import type { WorktreesService } from '../worktrees/worktrees-service.ts'
import { findCommentThread, putCommentThread } from './comments-store.ts'

export interface CommentsDeps {
  readonly database: Database
  readonly runCommand: RunCommand
  readonly worktrees: Pick<WorktreesService, 'find'>
  readonly sessions: Pick<SessionsService, 'list'>
  readonly tasks: Pick<TasksService, 'requestChangesOf'>
  readonly mail: Pick<MailService, 'post' | 'page'>
  readonly review: Pick<ReviewService, 'scene'>
}

export const wholeView = { kind: 'scope', scope: 'all' } as const

export const noThread = (): Result<never, 'NOT_FOUND'> =>
  refuse('NOT_FOUND', 'These comments are not there any more. Read the changes again.')

export const noWorktree = (): Result<never, 'NOT_FOUND'> =>
  refuse('NOT_FOUND', 'That worktree is not in the list any more.')

/** Writes a thread with a new rev and tells it with its comments as they are then. */
export const writeThread = async (
  { tx, emit }: CommandContext,
  before: CommentThread,
  change: Partial<Pick<CommentThread, 'number' | 'resolvedAt'>> = {},
): Promise<CommentThread> => {
  await putCommentThread(tx, { ...before, ...change, rev: before.rev + 1 })
  const after = await findCommentThread(tx, before.id)
  if (!after) throw new Error(`${before.id} was not written.`)
  await emit('commentthreads.changed', after.id, after)
  return after
}

export type ThreadResult<Code extends string = never> = Promise<
  Result<{ readonly thread: CommentThread }, 'NOT_FOUND' | 'INVALID' | Code>
>

export type Unreadable = 'STALE' | 'CANNOT_READ'

/** A review that cannot be read, for those who can do no more about a missing folder than say so. */
export const unreadable = ({
  code,
  message,
}: Refusal<'NOT_FOUND' | 'WORKTREE_MISSING' | Unreadable>): Result<never, 'NOT_FOUND' | Unreadable> =>
  refuse(code === 'WORKTREE_MISSING' ? 'CANNOT_READ' : code, message)
