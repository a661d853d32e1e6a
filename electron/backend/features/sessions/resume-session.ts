import type { Session } from '../../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { changeSession } from './change-session.ts'
import { decideConversation } from './launch-agent.ts'
import type { SessionsDeps } from './session-parts.ts'
import { failedStep, isPrepared, judgeResume, stepAgain } from './sessions-rules.ts'
import { findWorktree } from './start-session.ts'
import { findSession } from './sessions-store.ts'

type Refusal = 'CANNOT_RESUME' | 'WORKTREE_MISSING' | 'AGENT_MISSING' | 'ARCHIVED' | 'NOT_FOUND'

const gone = 'This session is not there any more.'

/** Starts the agent again on its own conversation, or says at once why it cannot be. Does nothing when it runs. */
export const resumeSession = async (
  { deps }: { readonly deps: SessionsDeps },
  id: SessionId,
  by: Identity,
): Promise<Result<Session, Refusal>> => {
  const record = await deps.database.read((tx) => findSession(tx, id))
  if (!record || record.deletion) return refuse('NOT_FOUND', gone)
  const { session } = record
  const { name } = deps.agents.adapterOf(session.agentId)
  const judged = judgeResume(session, name)
  if (!judged.ok) return judged
  if (judged.value === 'already') return ok(session)
  const agent = await deps.agents.findLaunchable(session.agentId)
  if (!agent.ok) return agent
  // A worktree that was never made is made first.
  if (isPrepared(session)) {
    const worktree = await findWorktree({ deps }, session)
    if (!worktree.ok) return refuse('WORKTREE_MISSING', worktree.refusal.message)
    const conversation = await decideConversation({ deps }, record, worktree.value.path)
    if (!conversation.ok) return conversation
  }
  return deps.runCommand({ name: 'resume-session', by }, async (context): Promise<Result<Session, Refusal>> => {
    const current = (await findSession(context.tx, id))?.session
    if (!current) return refuse('NOT_FOUND', gone)
    // Another window may have been quicker.
    const again = judgeResume(current, name)
    if (!again.ok) return again
    return ok(again.value === 'already' ? current : await begin(context, current))
  })
}

/** Tries the failed step of getting ready again. */
export const retrySession = (
  deps: Pick<SessionsDeps, 'runCommand'>,
  id: SessionId,
  by: Identity,
): Promise<Result<Session, 'NOT_FAILED' | 'NOT_FOUND'>> =>
  deps.runCommand(
    { name: 'retry-session', by },
    async (context): Promise<Result<Session, 'NOT_FAILED' | 'NOT_FOUND'>> => {
      const record = await findSession(context.tx, id)
      if (!record || record.deletion) return refuse('NOT_FOUND', gone)
      if (failedStep(record.session) === null) return refuse('NOT_FAILED', 'Nothing failed here.')
      return ok(await begin(context, record.session))
    },
  )

/** Takes up getting ready where it is needed: at the worktree, or at the agent when that is there. */
const begin = async (context: CommandContext, session: Session): Promise<Session> => {
  const step = isPrepared(session) ? 'agent' : 'worktree'
  const after = await changeSession(context, session.id, (current) => ({
    ...stepAgain(current, step),
    canResume: false,
    isUnread: false,
  }))
  await context.intend({ kind: step === 'worktree' ? 'session.prepare' : 'session.start', subject: session.id })
  return after?.session ?? session
}
