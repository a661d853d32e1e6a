import type { Attempt, Holder, Task } from '../../../../../shared/contract/task-rows.ts'
import type { Move, NewTask, StartSession } from '../../../../../shared/contract/tasks.ts'
import type { Project } from '../../../../../shared/contract/projects.ts'
import type { Session } from '../../../../../shared/contract/sessions.ts'
import type { ProjectId, SessionId, TaskId, WorktreeId } from '../../../../../shared/lib/ids.ts'
import type { Result } from '../../../../../shared/lib/result.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../../kernel/testing.ts'
import { createTasksService, type AttemptWord, type Speaker, type TasksDeps, type Verdict } from '../tasks-service.ts'
import { projectIdAt, sessionHolder, sessionIdAt } from './rows.ts'

export const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }

export type TaskLab = ReturnType<typeof createTaskLab>

/** The tasks on a real database, beside sessions and worktrees that are only told of. The clock is the test's. */
export const createTaskLab = (
  kernelOf: (now: () => number) => TestKernel = createTestKernel,
  time = { now: 1_000_000 },
) => {
  const kernel = kernelOf(() => time.now)
  const verdicts = new Map<string, Verdict>()
  const rescued: string[] = []
  const freed: SessionId[] = []
  let rescueProblem: string | null = null
  const deps: TasksDeps = {
    ...kernel,
    log: silentLog,
    projects: { find: async (_tx, id) => projectNamed(id) },
    sessions: { find: async (_tx, id) => sessionNamed(id), ...plannedSessions },
    worktrees: {
      rescue: async (_id, rescueId) => {
        if (rescueProblem !== null) return { ok: false, refusal: { code: 'RESCUE_FAILED', message: rescueProblem } }
        rescued.push(rescueId)
        return { ok: true, value: { rescueRef: `refs/switchyard/rescue/${rescueId}` } }
      },
    },
    verdictOf: async (holder) => verdicts.get(nameOf(holder)) ?? { kind: 'alive-active' },
    freeLeases: async (_context, sessionId) => void freed.push(sessionId),
  }
  const tasks = createTasksService(deps)
  let requests = 0
  const nextRequest = () => `request-${(requests += 1)}`

  const create = async (change: Partial<NewTask> = {}): Promise<Task> => {
    const input = { ...plainTask, requestId: nextRequest(), ...change }
    return valueOf(await tasks.create(input, person)).task
  }
  const find = async (id: TaskId): Promise<Task> => valueOf(await tasks.detail(id)).task
  return {
    kernel,
    tasks,
    deps,
    time,
    rescued,
    freed,
    create,
    find,
    nextRequest,
    failRescue: (problem: string) => (rescueProblem = problem),
    judge: (holder: Holder, verdict: Verdict) => void verdicts.set(nameOf(holder), verdict),
    claim: (task: Task, speaker = speakerAt(1)) =>
      tasks.claim({ kind: 'task', taskId: task.id }, speaker, nextRequest()),
    claimNext: (speaker = speakerAt(1), projectId: ProjectId = projectIdAt(1)) =>
      tasks.claim({ kind: 'next', projectId }, speaker, nextRequest()),
    /** A word of an attempt's holder, of its own epoch. */
    word: (attempt: Attempt, speaker?: Speaker): AttemptWord => ({
      ref: { attemptId: attempt.id, epoch: attempt.epoch },
      speaker: speaker ?? { holder: attempt.holder, by: identityOf(attempt.holder) },
      requestId: nextRequest(),
    }),
    attemptsOf: async (id: TaskId) => valueOf(await tasks.detail(id)).attempts,
    latest: async (id: TaskId): Promise<Attempt> => {
      const [latest] = valueOf(await tasks.detail(id)).attempts
      if (!latest) throw new Error('Nobody has claimed it.')
      return latest
    },
    move: (task: Task, move: Move) => tasks.move({ taskId: task.id, rev: null, move }, person),
    look: () => tasks.lookAfterAttempts(new AbortController().signal),
    /** Topics told since a number of changes, with what they are about. */
    topicsSince: (count: number) => kernel.changes.slice(count).map(({ topic }) => topic),
  }
}

export const plainTask: Omit<NewTask, 'requestId'> = {
  projectId: projectIdAt(1),
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
}

const identityOf = (holder: Holder): Identity =>
  holder.kind === 'session' ? { kind: 'session', id: holder.sessionId, right: 'answer' } : person

/** The agent of a session, in one of its starts. */
export const speakerAt = (session: number, incarnation = session): Speaker => {
  const holder = sessionHolder(session, incarnation)
  return { holder, by: identityOf(holder) }
}

/** Sessions that are written down by another command: judged by nothing, and told and intended as the real ones are. */
const plannedSessions: Pick<TasksDeps['sessions'], 'plan' | 'add'> = {
  plan: async (input, { role, brief }) => {
    const session = { ...input, id: sessionIdAt(7), role: role ?? null, prompt: input.prompt ?? brief ?? null }
    return { ok: true, value: { session: session as unknown as Session, examined: null } }
  },
  add: async (context, { session }) => {
    await context.emit('sessions.changed', session.id, session)
    await context.intend({ kind: 'session.prepare', subject: session.id })
    return { ok: true, value: { ...session, worktreeId: worktreeIdOf(session.id) } }
  },
}

/** What a person says to start a session on a task, without a word of their own. */
export const startWish = (task: Task, requestId: string): StartSession => ({
  taskId: task.id,
  title: null,
  prompt: null,
  agentId: 'claude-code',
  model: null,
  permissionMode: null,
  worktree: { kind: 'new-branch', baseRef: null, branch: null },
  requestId,
})

const nameOf = (holder: Holder): string => (holder.kind === 'session' ? holder.sessionId : String(holder.pid))

export const worktreeIdOf = (session: SessionId) => session.replace('ses_', 'wt_') as WorktreeId

/** Projects 1 to 9 are there; so are sessions 1 to 99, of project 1, and 100 to 199, of project 2. Session 50 reviews. */
const projectNamed = (id: ProjectId): Project | undefined =>
  id <= projectIdAt(9) ? ({ id, name: id === projectIdAt(1) ? 'app' : 'ledger-api' } as Project) : undefined

const sessionNamed = (id: SessionId): Session | undefined => {
  if (id >= sessionIdAt(200)) return undefined
  const projectId = projectIdAt(id < sessionIdAt(100) ? 1 : 2)
  return {
    id,
    projectId,
    agentId: 'claude-code',
    role: id === sessionIdAt(50) ? 'reviewer' : null,
    worktreeId: worktreeIdOf(id),
  } as Session
}

export const valueOf = <Value>(result: Result<Value, string>): Value => {
  if (!result.ok) throw new Error(`refused: ${result.refusal.code} ${result.refusal.message}`)
  return result.value
}
export const codeOf = (result: Result<unknown, string>): string => (result.ok ? 'ok' : result.refusal.code)
export const messageOf = (result: Result<unknown, string>): string => (result.ok ? '' : result.refusal.message)
