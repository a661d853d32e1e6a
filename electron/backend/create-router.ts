import { createActivityProcedures } from './features/activity/activity-procedures.ts'
import { createAgentHooksProcedures } from './features/agent-hooks/agent-hooks-procedures.ts'
import { createAgentsProcedures } from './features/agents/agents-procedures.ts'
import { createAsksProcedures } from './features/asks/asks-procedures.ts'
import { createCommentsProcedures } from './features/comments/comments-procedures.ts'
import { createChecksProcedures } from './features/checks/checks-procedures.ts'
import { createHostProcedures } from './features/host/host-procedures.ts'
import { createLeasesProcedures } from './features/leases/leases-procedures.ts'
import { createMailProcedures } from './features/mail/mail-procedures.ts'
import { createMergeProcedures } from './features/merge/merge-procedures.ts'
import { createProjectsProcedures } from './features/projects/projects-procedures.ts'
import { createQueueProcedures } from './features/queue/queue-procedures.ts'
import { createRemoteProcedures } from './features/remote/remote-procedures.ts'
import { createReviewProcedures } from './features/review/review-procedures.ts'
import { createSessionsProcedures } from './features/sessions/sessions-procedures.ts'
import { createSettingsProcedures } from './features/settings/settings-procedures.ts'
import { createStagingProcedures } from './features/staging/staging-procedures.ts'
import { createTasksProcedures } from './features/tasks/tasks-procedures.ts'
import { createTerminalsProcedures } from './features/terminals/terminals-procedures.ts'
import { createWorktreesProcedures } from './features/worktrees/worktrees-procedures.ts'
import type { Features } from './create-features.ts'
import type { ChangesFeed } from './kernel/changes-feed.ts'
import type { Kernel } from './kernel/open-kernel.ts'
import { procedures } from './kernel/procedures.ts'
import { createRefusalRecorder } from './kernel/record-refused.ts'

/** The contract, implemented: the compiler refuses it while a procedure is missing. */
export const createRouter = (features: Features, feed: ChangesFeed, kernel: Pick<Kernel, 'runCommand' | 'log'>) => {
  const recordRefused = createRefusalRecorder(kernel)
  const recorded = procedures.use((call, input) =>
    Promise.resolve(call.next()).catch(async (error: unknown) => {
      await recordRefused(call, input, error)
      throw error
    }),
  )
  return recorded.router({
    changes: {
      subscribe: procedures.changes.subscribe.handler(({ input, signal }) => feed.subscribe(input.after, signal)),
    },
    host: createHostProcedures(features.host),
    settings: createSettingsProcedures(features.settings),
    projects: createProjectsProcedures(features.projects),
    agents: createAgentsProcedures(features.agents),
    worktrees: createWorktreesProcedures(features.worktrees),
    terminals: createTerminalsProcedures(features.terminals),
    sessions: createSessionsProcedures(features.sessions),
    asks: createAsksProcedures(features.asks),
    leases: createLeasesProcedures(features.leases),
    tasks: createTasksProcedures(features.tasks),
    mail: createMailProcedures(features.mail),
    review: createReviewProcedures(features.review),
    merge: createMergeProcedures(features.merge),
    queue: createQueueProcedures(features.queue),
    comments: createCommentsProcedures(features.comments),
    checks: createChecksProcedures(features.checks),
    staging: createStagingProcedures(features.staging),
    remote: createRemoteProcedures(features.remote),
    agentHooks: createAgentHooksProcedures(features.hooks),
    activity: createActivityProcedures(features.activity),
  })
}
