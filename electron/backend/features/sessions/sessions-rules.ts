import type { Activity, Lifecycle, NewSession, Runtime, Session } from '../../../../shared/contract/sessions.ts'
import type { SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

/** Where a session may go from where it is. */
export const transitions: Readonly<Record<Lifecycle, readonly Lifecycle[]>> = {
  planned: ['preparing', 'stopped', 'archived'],
  preparing: ['running', 'stopped', 'archived'],
  running: ['stopped', 'archived'],
  stopped: ['preparing', 'archived'],
  archived: ['stopped'],
}

export const canMove = (from: Lifecycle, to: Lifecycle): boolean => transitions[from].includes(to)

const moved = (session: Session, to: Lifecycle, reason: string | null = null): Session =>
  session.lifecycle === to || canMove(session.lifecycle, to)
    ? { ...session, lifecycle: to, lifecycleReason: reason }
    : session

export interface SessionBirth {
  readonly id: SessionId
  readonly now: number
  readonly position: number
  readonly agentName: string
}

export const newSession = (
  input: Omit<NewSession, 'requestId'>,
  { id, now, position, agentName }: SessionBirth,
): Session => ({
  id,
  projectId: input.projectId,
  title: input.title ?? titleOf(input.prompt) ?? agentName,
  agentId: input.agentId,
  role: null,
  model: input.model,
  permissionMode: input.permissionMode,
  usesTeams: input.usesTeams ?? false,
  isMailTyped: true,
  prompt: input.prompt?.trim() ? input.prompt : null,
  worktreeChoice: input.worktree,
  worktreeId: null,
  terminalId: null,
  lifecycle: 'planned',
  lifecycleReason: null,
  preparation: [
    { name: 'worktree', state: 'waiting', detail: '' },
    { name: 'agent', state: 'waiting', detail: '' },
  ],
  runtime: { kind: 'none' },
  activity: { kind: 'unknown', reason: null, evidence: { source: 'none', detail: 'Not started yet' }, at: now },
  usage: null,
  canResume: false,
  isUnread: false,
  isPinned: false,
  position,
  createdAt: now,
  changedAt: now,
  archivedAt: null,
  rev: 0,
})

/** The first line of a prompt that says something, cut to a title's length. */
export const titleOf = (prompt: string | null): string | null => {
  const line = prompt
    ?.split('\n')
    .map((text) => text.replace(/^[\s#>*-]+/, '').trim())
    .find((text) => text !== '')
  if (!line) return null
  return line.length <= 80 ? line : `${line.slice(0, 79).trimEnd()}…`
}

type StepName = Session['preparation'][number]['name']
type StepState = Session['preparation'][number]['state']

const withStep = (session: Session, name: StepName, state: StepState, detail: string): Session => ({
  ...session,
  preparation: session.preparation.map((step) => (step.name === name ? { ...step, state, detail } : step)),
})

/** A step of getting ready that runs now. One that was stopped or archived meanwhile stays as it is. */
export const stepRunning = (session: Session, name: StepName, detail: string): Session =>
  session.lifecycle === 'planned' || session.lifecycle === 'preparing'
    ? withStep(moved(session, 'preparing'), name, 'running', detail)
    : session

export const stepDone = (session: Session, name: StepName, detail: string): Session =>
  withStep(session, name, 'done', detail)

export const stepFailed = (session: Session, name: StepName, problem: string): Session =>
  session.lifecycle === 'preparing'
    ? { ...withStep(session, name, 'failed', problem), lifecycleReason: problem, isUnread: true }
    : session

/** The failed step, or the one a resumed session begins with, waits for its turn again. */
export const stepAgain = (session: Session, name: StepName): Session =>
  withStep(moved(session, 'preparing'), name, 'waiting', '')

/** Its worktree was made once; whether it is still there is another question. */
export const isPrepared = (session: Session): boolean =>
  session.preparation.some((step) => step.name === 'worktree' && step.state === 'done')

export const failedStep = (session: Session): StepName | null =>
  session.lifecycle === 'preparing' ? (session.preparation.find((step) => step.state === 'failed')?.name ?? null) : null

/** The agent runs. A session that was stopped or archived while it started stays so; its stop is under way. */
export const sessionStarted = (
  session: Session,
  start: { readonly terminalId: TerminalId; readonly pid: number; readonly now: number },
): Session => ({
  ...stepDone(session.lifecycle === 'preparing' ? moved(session, 'running') : session, 'agent', ''),
  terminalId: start.terminalId,
  runtime: { kind: 'alive', pid: start.pid, since: start.now },
  canResume: false,
})

/** The agent's process is gone. */
export const sessionEnded = (
  session: Session,
  runtime: Extract<Runtime, { kind: 'exited' | 'lost' }>,
  agentCanResume: boolean,
): Session => {
  const isAsked = runtime.kind === 'exited' && runtime.wasAsked
  // One that is getting ready again while its old process ends was resumed in between.
  const stays = session.lifecycle === 'archived' || (isAsked && session.lifecycle === 'preparing')
  const stopped = stays ? session : moved(session, 'stopped', runtime.kind === 'lost' ? runtime.reason : null)
  return {
    ...stopped,
    runtime,
    canResume: agentCanResume && stopped.lifecycle !== 'preparing',
    isUnread: session.isUnread || !isAsked,
  }
}

/** The person wants it to end. What was not started yet begins anew when it is resumed. */
export const sessionStopped = (session: Session, to: 'stopped' | 'archived', now: number): Session => {
  const hasStarted = session.runtime.kind !== 'none'
  return {
    ...moved(session, to),
    archivedAt: to === 'archived' ? now : session.archivedAt,
    preparation: session.preparation.map((step) =>
      step.state === 'done' ? step : { ...step, state: 'waiting', detail: '' },
    ),
    // Only a session that could be resumed, or was never started, gets ready.
    canResume:
      session.runtime.kind === 'alive' ? false : session.canResume || !hasStarted || session.lifecycle === 'preparing',
  }
}

export const sessionUnarchived = (session: Session): Session =>
  session.lifecycle === 'archived' ? { ...moved(session, 'stopped'), archivedAt: null } : session

/** Something to look at: it needs the person, or it has finished what it worked on. */
export const isNews = (before: Activity, after: Activity): boolean =>
  (after.kind === 'needs-you' && before.kind !== 'needs-you') || (after.kind === 'idle' && before.kind === 'working')

export type ResumeRefusal = 'CANNOT_RESUME' | 'ARCHIVED'

/** Whether a session may be resumed, as far as its own state says. `already` needs nothing done. */
export const judgeResume = (session: Session, agentName: string): Result<'start' | 'already', ResumeRefusal> => {
  if (session.lifecycle === 'archived')
    return refuse('ARCHIVED', 'This session is archived. Take it out of the archive first.')
  if (session.lifecycle !== 'stopped') return ok('already')
  if (session.runtime.kind === 'alive') return refuse('CANNOT_RESUME', 'It is still ending. Try again in a moment.')
  if (session.canResume) return ok('start')
  return refuse(
    'CANNOT_RESUME',
    `${agentName} cannot go on with a conversation from here. Open a shell in the worktree, or start a new session in it.`,
  )
}

export interface ConversationState {
  readonly isPrompted: boolean
  readonly record: 'exists' | 'missing' | 'unknown'
  /** A living process that has it open. */
  readonly openPid: number | null
}

/**
 * How a conversation goes on. Never in two processes at once, and never as an empty one in place of one that had a prompt.
 */
export const judgeConversation = (
  state: ConversationState,
  agentName: string,
): Result<'start' | 'resume', 'CANNOT_RESUME'> => {
  if (state.openPid !== null) {
    return refuse(
      'CANNOT_RESUME',
      `This conversation is open in another process (${state.openPid}). End it there, then resume it here.`,
    )
  }
  if (state.record === 'exists') return ok('resume')
  if (!state.isPrompted) return ok('start')
  if (state.record === 'unknown') return ok('resume')
  return refuse(
    'CANNOT_RESUME',
    `${agentName} has no record of this conversation: it was removed, or not written down yet when the agent was killed. The worktree is untouched: start a new session in it.`,
  )
}

/** Whether a session's agent lives, by what the system said of its process and not by how long it was silent. */
export type Liveness =
  | { readonly kind: 'alive'; readonly activity: Activity['kind'] }
  /** `wasAsked`: a person stopped, archived or deleted it. */
  | { readonly kind: 'gone'; readonly how: string; readonly wasAsked: boolean }

/** One that starts, or is about to, counts as at work: it cannot have said anything yet. */
export const judgeLiveness = (session: Session | null, process: 'starting' | 'alive' | 'none'): Liveness => {
  if (!session) return { kind: 'gone', how: 'Its session was deleted.', wasAsked: true }
  if (process === 'alive') return { kind: 'alive', activity: session.activity.kind }
  if (process === 'starting') return { kind: 'alive', activity: 'working' }
  const { lifecycle, runtime } = session
  if (lifecycle === 'planned' || lifecycle === 'preparing') return { kind: 'alive', activity: 'working' }
  switch (runtime.kind) {
    case 'exited':
      return runtime.wasAsked
        ? { kind: 'gone', how: 'A person stopped its session.', wasAsked: true }
        : { kind: 'gone', how: `Its agent ended (${endWord(runtime)}).`, wasAsked: false }
    case 'lost':
      return { kind: 'gone', how: runtime.reason, wasAsked: false }
    case 'none':
    case 'alive':
      return { kind: 'gone', how: 'Its session was stopped before its agent ran.', wasAsked: true }
    default:
      return unreachable(runtime)
  }
}

const endWord = ({ code, signal }: Extract<Runtime, { kind: 'exited' }>): string =>
  signal === null ? `code ${code ?? 'unknown'}` : signal
