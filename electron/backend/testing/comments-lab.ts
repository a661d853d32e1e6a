import type { CommentPlace, CommentThread, NewThread } from '../../../shared/contract/comments.ts'
import type { ReviewScope } from '../../../shared/contract/review.ts'
import type { CommentThreadId } from '../../../shared/lib/ids.ts'
import {
  createCommentsService,
  type CommentsDeps,
  type CommentsService,
} from '../features/comments/comments-service.ts'
import { createMailService, type MailService } from '../features/mail/mail-service.ts'
import { findOwner } from '../features/sessions/find-owner.ts'
import { findSession, listSessions } from '../features/sessions/sessions-store.ts'
import { createTasksService, type TasksService } from '../features/tasks/tasks-service.ts'
import { valueOf, type Yard } from '../features/worktrees/testing.ts'
import { silentLog } from '../kernel/testing.ts'
import { person } from './mail-lab.ts'
import { createReviewLab, type ReviewLab } from './review-lab.ts'
import { createTestSessions, type TestSession } from './test-sessions.ts'

export interface CommentsLab extends AsyncDisposable {
  readonly review: ReviewLab
  readonly sessions: ReturnType<typeof createTestSessions>
  readonly mail: MailService
  readonly tasks: TasksService
  readonly deps: CommentsDeps
  readonly comments: CommentsService
  /** Lists all threads with their places in a scope, as a page does that reads everything anew. */
  readonly list: (scope?: ReviewScope) => Promise<{ threads: CommentThread[]; places: CommentPlace[] }>
  readonly write: (rawPath: string, from: number, part?: Partial<NewThread>) => Promise<CommentThread>
  /** Where a thread is: "kept 3–4 in a.txt, new 3–4"; what is shown of it behind the comma. */
  readonly place: (thread: { readonly id: CommentThreadId }, scope?: ReviewScope) => Promise<string>
  readonly join: (title?: string) => Promise<TestSession>
}

/** Comments on a real worktree, beside real mail and tasks, and sessions whose agents only seem to run. */
export const createCommentsLab = async (
  prepare?: (yard: Yard) => Promise<void>,
  now?: () => number,
): Promise<CommentsLab> => {
  const review = await createReviewLab(prepare, now)
  const { yard, worktree } = review
  const { kernel } = yard
  const worktreeId = worktree.id
  const sessions = createTestSessions(kernel, yard.project.id)
  const list = async (...[tx]: Parameters<CommentsDeps['sessions']['list']>) =>
    (await listSessions(tx)).map(({ session }) => session)
  const mail = createMailService({
    ...kernel,
    log: silentLog,
    sessions: { findOwner, list },
    hasProject: async () => true,
    lookForSuspend: async () => undefined,
  })
  const tasks = createTasksService({
    ...kernel,
    log: silentLog,
    projects: yard.projects,
    sessions: { find: async (tx, id) => (await findSession(tx, id))?.session, plan: never, add: never },
    worktrees: { rescue: never },
    verdictOf: async () => ({ kind: 'alive-active' }),
    freeLeases: async () => undefined,
  })
  const deps: CommentsDeps = {
    ...kernel,
    worktrees: yard.worktrees,
    sessions: { list },
    tasks,
    mail,
    review: review.review,
  }
  const comments = createCommentsService(deps)
  const listNow: CommentsLab['list'] = async (scope = 'all') => {
    const { snapshot } = await review.open(scope)
    return valueOf(await comments.list({ worktreeId, snapshot, view: { kind: 'scope', scope } }))
  }
  return {
    review,
    sessions,
    mail,
    tasks,
    deps,
    comments,
    list: listNow,
    write: async (rawPath, from, part = {}) => {
      const { snapshot } = await review.open()
      const input: NewThread = {
        worktreeId,
        snapshot,
        view: { kind: 'scope', scope: 'all' },
        rawPath,
        side: 'new',
        from,
        to: from,
        body: 'Why?',
        suggestion: null,
        requestId: kernel.newId('int'),
        ...part,
      }
      return valueOf(await comments.write(input, person)).thread
    },
    place: async ({ id }, scope) => {
      const place = (await listNow(scope)).places.find(({ threadId }) => threadId === id)
      return place ? inWords(place) : 'not listed'
    },
    join: (title = 'Anna') => sessions.add(title, { worktreeId }),
    [Symbol.asyncDispose]: async () => {
      mail.close()
      await review[Symbol.asyncDispose]()
    },
  }
}

const never = (): never => {
  throw new Error('Nothing of the comments asks for this.')
}

const inWords = ({ now, shown, shownRawPath }: CommentPlace): string => {
  const here = now.kind === 'outdated' ? `outdated, ${now.why}` : `${now.kind} ${now.from}–${now.to}`
  const there = shown === null ? 'nowhere' : `${shown.side} ${shown.from}–${shown.to}`
  return `${here}; ${there} in ${shownRawPath ?? 'no file'}`
}
