import { briefOf } from '../../../../shared/contract/task-brief.ts'
import type { StartSession } from '../../../../shared/contract/tasks.ts'
import type { Attempt, Task } from '../../../../shared/contract/task-rows.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { findAnswer } from '../../kernel/answers-store.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { CreateRefusal } from '../sessions/sessions-service.ts'
import { findLiveAttempt } from './attempts-store.ts'
import { grant } from './claim-task.ts'
import { listWaits } from './dependencies-store.ts'
import { readDispatch } from './dispatch-store.ts'
import { openAfresh } from './move-task.ts'
import { createTaskReads } from './read-tasks.ts'
import { judgeClaim, needsOpening, type ClaimRefusal } from './ready-rules.ts'
import { noTask, type Recorded, type TasksDeps } from './task-parts.ts'
import { findTask } from './tasks-store.ts'

export type Started = Recorded<{ readonly task: Task; readonly attempt: Attempt; readonly session: Session }>
export type StartResult = Result<Started, ClaimRefusal | CreateRefusal>

const commandName = 'start-on-task'

/**
 * Starts a session on a task. One transaction writes down the session, its worktree, the attempt and the intent to prepare
 * it: killed before, nothing happened; killed after, the next start carries the intent out. A task that a person starts is
 * theirs to open: a draft, one on hold or one in its pause is opened by it.
 */
export const startOnTask = async (deps: TasksDeps, input: StartSession, by: Identity): Promise<StartResult> => {
  const { taskId, requestId, ...wish } = input
  // Looked for first: what the request made would now stand in the way of making it again.
  const before = await deps.database.read((tx) => findAnswer<StartResult>(tx, { name: commandName, by, requestId }))
  if (before) return before
  const detail = await createTaskReads(deps).detail(taskId)
  if (!detail.ok) return detail
  const { task } = detail.value
  const planned = await deps.sessions.plan(
    { ...wish, projectId: task.projectId, title: input.title ?? task.title },
    { role: task.requiredRole, brief: briefOf(detail.value) },
  )
  if (!planned.ok) return planned
  const options = { name: commandName, by, requestId, recordRefusalUnder: taskId }
  return deps.runCommand(options, async (context): Promise<StartResult> => {
    const opened = await openFor(context, await findTask(context.tx, taskId))
    if (!opened) return noTask()
    const judged = await judge(context, opened, planned.value.session)
    if (!judged.ok) return judged
    const session = await deps.sessions.add(context, planned.value)
    if (!session.ok) return session
    // Its first start has no id before it is launched; the first sign of it puts its own here.
    const holder = { kind: 'session', sessionId: session.value.id, incarnationId: context.newId('inc') } as const
    return ok({ ...(await grant(context, opened, { holder }, session.value)), session: session.value })
  })
}

const openFor = async (context: CommandContext, task: Task | undefined): Promise<Task | undefined> =>
  task && needsOpening(task, context.now) ? (await openAfresh(context, task)).task : task

const judge = async (
  { tx, now }: CommandContext,
  task: Task,
  { agentId, role }: Session,
): Promise<Result<undefined, ClaimRefusal>> => {
  const { dispatch } = await readDispatch(tx)
  const judged = judgeClaim(task, await listWaits(tx, task.id), { claimant: { agentId, role }, dispatch, now })
  if (judged.ok) return judged
  const attempt = await findLiveAttempt(tx, task.id)
  return refuse(judged.refusal.code, judged.refusal.message, attempt ? { task, attempt } : { task })
}
