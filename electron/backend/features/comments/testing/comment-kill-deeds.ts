import type { CommentedLines } from '../../../../../shared/contract/comments.ts'
import type { NewTask } from '../../../../../shared/contract/tasks.ts'
import type { CommentThreadId, LineCommentId, WorktreeId } from '../../../../../shared/lib/ids.ts'
import { refuse } from '../../../../../shared/lib/result.ts'
import { createNewId } from '../../../kernel/clock.ts'
import { silentLog, type TestKernel } from '../../../kernel/testing.ts'
import type { Deed, Stage } from '../../../testing/kill-points.ts'
import { as, mailDepsOn, person, projectId } from '../../../testing/mail-lab.ts'
import { createTestSessions } from '../../../testing/test-sessions.ts'
import { createMailService } from '../../mail/mail-service.ts'
import { createTasksService } from '../../tasks/tasks-service.ts'
import { createCommentsService } from '../comments-service.ts'
import { addLineComment, putCommentThread } from '../comments-store.ts'

const worktreeId = 'wt_01ARZ3NDEKTSV4RRFFQ69G5FAV' as WorktreeId
const never = (): never => {
  throw new Error('Nothing of the comments asks for this.')
}

export type CommentsWorld = ReturnType<typeof openWorld>

/** Comments beside real mail and tasks. Their lines are told of, and nobody reads the worktree. */
const openWorld = (kernel: TestKernel) => {
  const mailDeps = mailDepsOn(kernel)
  const mail = createMailService(mailDeps)
  const tasks = createTasksService({
    ...kernel,
    log: silentLog,
    projects: { find: async (_tx, id) => ({ id, name: 'app' }) as never },
    sessions: {
      find: async (tx, id) => (await mailDeps.sessions.list(tx)).find((one) => one.id === id),
      plan: never,
      add: never,
    },
    worktrees: { rescue: never },
    verdictOf: async () => ({ kind: 'alive-active' }),
    freeLeases: async () => undefined,
  })
  const comments = createCommentsService({
    ...kernel,
    worktrees: { find: async (_tx, id) => ({ id, projectId }) as never },
    sessions: { list: mailDeps.sessions.list },
    tasks,
    mail,
    review: { scene: async () => refuse('STALE', 'Nobody looked.') },
  })
  return { kernel, mail, tasks, comments, sessions: createTestSessions(kernel, projectId) }
}

export const commentsStage: Stage<CommentsWorld> = {
  open: async (kernel) => openWorld(kernel),
  close: async ({ mail }) => mail.close(),
}

interface Held {
  readonly threadId: CommentThreadId
  readonly commentId: LineCommentId
}

const at: CommentedLines = {
  rawPath: 'a.txt',
  path: 'a.txt',
  oid: 'a'.repeat(40),
  snapshot: 'one',
  from: 5,
  to: 5,
  lines: ['five'],
  before: [],
  after: [],
}

/** Before whatever a process that is started later adds in the same millisecond: its ids know nothing of these. */
const earlierId = createNewId({ now: () => 0 })

/** A thread with a draft that waits to be sent. */
const drafted = ({ sessions }: CommentsWorld): Promise<Held> =>
  sessions.command(async ({ tx, newId, now }) => {
    const head = { id: newId('cth'), projectId, worktreeId, side: 'new', number: null, resolvedAt: null } as const
    await putCommentThread(tx, { ...head, createdAt: now, rev: 1 })
    const comment = {
      id: earlierId('lcm'),
      at,
      body: 'Why?',
      suggestion: null,
      sent: null,
      createdAt: now,
      editedAt: null,
    }
    await addLineComment(tx, comment, head)
    return { threadId: head.id, commentId: comment.id }
  })

const newTask: NewTask = {
  projectId,
  title: 'Do it',
  body: '',
  kind: 'task',
  priority: 2,
  labels: [],
  requiredRole: null,
  allowedAgents: [],
  declaredPaths: [],
  baseRef: null,
  maxAttempts: 2,
  doneWhen: 'completed',
  state: 'open',
  parentId: null,
  requestId: 'request-task',
}

/** The same, with a session that has submitted its task. */
const submitted = async (world: CommentsWorld): Promise<Held> => {
  const held = await drafted(world)
  await drafted(world)
  const anna = await world.sessions.add('Anna', { worktreeId })
  const made = await world.tasks.create(newTask, person)
  if (!made.ok) throw new Error(made.refusal.message)
  const speaker = { holder: { kind: 'session', ...anna } as const, by: as(anna) }
  const claimed = await world.tasks.claim({ kind: 'task', taskId: made.value.task.id }, speaker, 'request-claim')
  if (!claimed.ok) throw new Error(claimed.refusal.message)
  const { id: attemptId, epoch } = claimed.value.attempt
  const word = { ref: { attemptId, epoch }, speaker, requestId: 'request-submit' }
  await world.tasks.submit(word, { headSha: 'a'.repeat(40), summary: 'Done.' })
  return held
}

const codeOf = (result: { readonly ok: boolean; readonly refusal?: { readonly code: string } }) =>
  result.refusal?.code ?? 'ok'
type CommentDeed = Deed<CommentsWorld, Held>
const written = { body: 'More', suggestion: null }

export const commentDeeds: Readonly<Record<string, CommentDeed>> = {
  'sending a review': {
    prepare: submitted,
    act: async ({ comments }) =>
      codeOf(await comments.send({ worktreeId, sessionId: null, body: 'All of it', requestId: 'the-request' }, person)),
  },
  'adding to a thread': {
    prepare: drafted,
    act: async ({ comments }, { threadId }) =>
      codeOf(await comments.add({ threadId, snapshot: 'one', ...written, requestId: 'the-request' }, person)),
  },
  'editing a draft': {
    prepare: drafted,
    act: async ({ comments }, { commentId }) => codeOf(await comments.edit({ commentId, ...written }, person)),
    isNewEachTime: true,
  },
  'deleting a draft': {
    prepare: drafted,
    act: async ({ comments }, { commentId }) => codeOf(await comments.remove(commentId, person)),
    again: 'NOT_FOUND',
  },
  'resolving a thread': {
    prepare: drafted,
    act: async ({ comments }, { threadId }) => codeOf(await comments.resolve({ threadId, isResolved: true }, person)),
  },
}
