import type { NewSession, Session } from '../../../../shared/contract/sessions.ts'
import { positionBetween } from '../../../../shared/lib/position.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { randomUUID } from 'node:crypto'
import { findAnswer } from '../../kernel/answers-store.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { ChoiceRefusal, SessionsDeps } from './session-parts.ts'
import { newSession } from './sessions-rules.ts'
import { listPositions, putSession } from './sessions-store.ts'

const commandName = 'create-session'

type Created = Result<Session, ChoiceRefusal | 'AGENT_MISSING' | 'INVALID'>

/** Writes a new session down, with the intent to prepare it. A repeat of the request gets the first one's session. */
export const createSession = async (deps: SessionsDeps, input: NewSession, by: Identity): Promise<Created> => {
  // Looked for first: what the request made would now stand in the way of making it again.
  const { requestId } = input
  const before = await deps.database.read((tx) => findAnswer<Created>(tx, { name: commandName, by, requestId }))
  if (before) return before
  const agent = await deps.agents.findLaunchable(input.agentId)
  if (!agent.ok) return agent
  const { adapter } = agent.value
  if (input.prompt?.trim() && !adapter.takesPrompt)
    return refuse(
      'INVALID',
      `${adapter.name} takes no prompt at its start. Leave it empty, and type it in the terminal.`,
    )
  if (input.permissionMode !== null && !adapter.permissionModes.some(({ id }) => id === input.permissionMode))
    return refuse('INVALID', `${adapter.name} has no permission mode “${input.permissionMode}”. Choose another.`)

  const id = deps.newId('ses')
  const session = newSession(input, { id, now: deps.clock.now(), position: 0, agentName: adapter.name })
  const { projectId, title, worktreeChoice: choice } = session
  const examined = await deps.worktrees.examine(projectId, choice, title)
  if (!examined.ok) return examined

  return deps.runCommand({ name: commandName, by, requestId }, async (context): Promise<Created> => {
    const worktree = await deps.worktrees.addPlanned(context, examined.value)
    if (!worktree.ok) return worktree
    const first = (await listPositions(context.tx, projectId))[0]?.position ?? null
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
    await context.emit('sessions.changed', id, placed)
    await context.intend({ kind: 'session.prepare', subject: id })
    return ok(placed)
  })
}
