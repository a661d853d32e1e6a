import type { ContractRouterClient } from '@orpc/contract'
import { activityContract } from './activity.ts'
import { agentHooksContract } from './agent-hooks.ts'
import { agentsContract } from './agents.ts'
import { asksContract } from './asks.ts'
import { commentsContract } from './comments.ts'
import { changesContract } from './changes.ts'
import { checksContract } from './checks.ts'
import { hostContract } from './host.ts'
import { leasesContract } from './leases.ts'
import { mailContract } from './mail.ts'
import { mergeContract } from './merge.ts'
import { queueContract } from './queue.ts'
import { projectsContract } from './projects.ts'
import { remoteContract } from './remote.ts'
import { reviewContract } from './review.ts'
import { sessionsContract } from './sessions.ts'
import { settingsContract } from './settings.ts'
import { stagingContract } from './staging.ts'
import { tasksContract } from './tasks.ts'
import { terminalsContract } from './terminals.ts'
import { worktreesContract } from './worktrees.ts'

/** The whole contract: one line a feature. */
export const api = {
  changes: changesContract,
  host: hostContract,
  settings: settingsContract,
  projects: projectsContract,
  agents: agentsContract,
  worktrees: worktreesContract,
  terminals: terminalsContract,
  sessions: sessionsContract,
  asks: asksContract,
  leases: leasesContract,
  mail: mailContract,
  agentHooks: agentHooksContract,
  tasks: tasksContract,
  review: reviewContract,
  merge: mergeContract,
  queue: queueContract,
  comments: commentsContract,
  checks: checksContract,
  remote: remoteContract,
  staging: stagingContract,
  activity: activityContract,
}

export type Api = typeof api
export type ApiClient = ContractRouterClient<Api>
