import type { SessionId } from '../../shared/lib/ids.ts'
import { createAgentHooksService, type HooksDeps } from './features/agent-hooks/agent-hooks-service.ts'
import { createAgentVerbsService, type VerbDeps } from './features/agent-verbs/agent-verbs-service.ts'
import type { MailService } from './features/mail/mail-service.ts'
import type { SessionsService } from './features/sessions/sessions-service.ts'
import { createTeamsService, type TeamsDeps } from './features/teams/teams-service.ts'
import { systemIdentity } from './kernel/identity.ts'
import type { Kernel } from './kernel/open-kernel.ts'

type Neighbours = Pick<
  VerbDeps,
  | 'projects'
  | 'worktrees'
  | 'leases'
  | 'tasks'
  | 'mail'
  | 'checks'
  | 'queue'
  | 'activity'
  | 'version'
  | 'findProcess'
  | 'isDirect'
> &
  Pick<HooksDeps, 'projects' | 'worktrees' | 'leases' | 'tasks' | 'mail' | 'sessions' | 'home' | 'asks' | 'editNotes'> &
  Pick<VerbDeps, 'asks' | 'sessions'> &
  Pick<TeamsDeps, 'agents' | 'sessions'>

/** What agents may ask, and what they are told when they tell of themselves. */
export const createAgentDoors = (kernel: Kernel, neighbours: Neighbours) => {
  const teams = createTeamsService({ ...kernel, ...neighbours })
  const verbs = createAgentVerbsService({
    ...kernel,
    ...neighbours,
    hookProblem: (sessionId) => hooks.findProblem(sessionId),
  })
  const hooks = createAgentHooksService({
    ...kernel,
    ...neighbours,
    teams,
    verbs,
    ignoresCase: process.platform !== 'linux',
  })
  return { teams, verbs, hooks }
}

/** The person's answer to a question that nobody waits for any more goes the way of all mail. */
export const answerByMail =
  (kernel: Kernel, { sessions, mail }: { readonly sessions: SessionsService; readonly mail: () => MailService }) =>
  async (sessionId: SessionId, { question, answer }: { readonly question: string; readonly answer: string }) => {
    const owner = await kernel.database.read((tx) => sessions.findOwner(tx, sessionId))
    if (!owner) return
    const message = {
      to: [sessionId],
      kind: 'note' as const,
      subject: 'The answer to your question',
      body: `You asked: ${question}\n\nThe answer: ${answer}`,
      priority: 'high' as const,
      isAckRequired: false,
      expiresInMs: null,
      dedupKey: null,
      requestId: kernel.newId('int'),
    }
    const sent = await mail().sendFromPerson(owner.projectId, message, systemIdentity)
    if (!sent.ok) kernel.log.error({ session: sessionId, code: sent.refusal.code }, 'an answer could not be told')
  }
