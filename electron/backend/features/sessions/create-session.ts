import type { NewSession, Session } from '../../../../shared/contract/sessions.ts'
import { positionBetween } from '../../../../shared/lib/position.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { randomUUID } from 'node:crypto'
import { findAnswer } from '../../kernel/answers-store.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { ChoiceRefusal, SessionsDeps } from './session-parts.ts'
import { newSession } from './sessions-rules.ts'
import { listPositions, putSession } from './sessions-store.ts'

const commandName = 'create-session'

type PlanRefusal = ChoiceRefusal | 'AGENT_MISSING' | 'INVALID'
type Created = Result<Session, PlanRefusal>

/** Writes a new session down, with the intent to prepare it. A repeat of the request gets the first one's session. */
export const createSession = async (deps: SessionsDeps, input: NewSession, by: Identity): Promise<Created> => {
  // Looked for first: what the request made would now stand in the way of making it again.
  const { requestId } = input
  const before = await deps.database.read((tx) => findAnswer<Created>(tx, { name: commandName, by, requestId }))
  if (before) return before
  const planned = await planSession(deps, input)
  if (!planned.ok) return planned
  return deps.runCommand({ name: commandName, by, requestId }, (context) => addSession(deps, context, planned.value))
}

/** A session that was judged and can be written down: by `addSession`, in whichever command it belongs to. */
export interface PlannedSession {
  readonly session: Session
  /** What the worktrees answered to its choice. */
  readonly examined: unknown
}

export interface PlanOptions {
  readonly role?: string | null
  /** What an agent that takes a prompt is given when the input has none. */
  readonly brief?: string
}

/** Judges what is wished for: everything that has to be asked of agents and git before the transaction. */
export const planSession = async (
  deps: SessionsDeps,
  input: Omit<NewSession, 'requestId'>,
  { role = null, brief }: PlanOptions = {},
): Promise<Result<PlannedSession, PlanRefusal>> => {
  const agent = await deps.agents.findLaunchable(input.agentId)
  if (!agent.ok) return agent
  const { adapter } = agent.value
  const prompt = input.prompt ?? (adapter.takesPrompt ? (brief ?? null) : null)
  if (prompt?.trim() && !adapter.takesPrompt)
    return refuse(
      'INVALID',
      `${adapter.name} takes no prompt at its start. Leave it empty, and type it in the terminal.`,
    )
  if (input.permissionMode !== null && !adapter.permissionModes.some(({ id }) => id === input.permissionMode))
    return refuse('INVALID', `${adapter.name} has no permission mode “${input.permissionMode}”. Choose another.`)
  if (input.usesTeams && !adapter.teams)
    return refuse('INVALID', `${adapter.name} has no teams. Switch them off, or choose another agent.`)

  const known = { id: deps.newId('ses'), now: deps.clock.now(), position: 0, agentName: adapter.name }
  const session: Session = { ...newSession({ ...input, prompt }, known), role }
  const examined = await deps.worktrees.examine(session.projectId, session.worktreeChoice, session.title)
  return examined.ok ? ok({ session, examined: examined.value }) : examined
}

/** Writes a planned session down, with its worktree and the intent to prepare it. */
export const addSession = async (
  deps: SessionsDeps,
  context: CommandContext,
  { session, examined }: PlannedSession,
): Promise<Result<Session, 'BRANCH_EXISTS'>> => {
  const worktree = await deps.worktrees.addPlanned(context, examined)
  if (!worktree.ok) return worktree
  const first = (await listPositions(context.tx, session.projectId))[0]?.position ?? null
  const placed: Session = {
    ...session,
    worktreeId: worktree.value.id,
    // Newest first, until the person arranges them.
    position: positionBetween(null, first) ?? 0,
    createdAt: context.now,
    changedAt: context.now,
  }
  const conversation = { conversationId: randomUUID(), recordPath: null, promptedAt: null }
  await putSession(context.tx, { session: placed, ...conversation, deletion: null })
  await context.emit('sessions.changed', session.id, placed)
  await context.intend({ kind: 'session.prepare', subject: session.id })
  return ok(placed)
}
