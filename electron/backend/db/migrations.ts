import type { Migration } from './migrate.ts'
import { kernelMigration } from './migrations/0001-kernel.ts'
import { projectsAndWorktreesMigration } from './migrations/0002-projects-and-worktrees.ts'
import { terminalsMigration } from './migrations/0003-terminals.ts'
import { agentsMigration } from './migrations/0004-agents.ts'
import { sessionsMigration } from './migrations/0005-sessions.ts'
import { asksMigration } from './migrations/0006-asks.ts'
import { tasksMigration } from './migrations/0007-tasks.ts'
import { leasesMigration } from './migrations/0008-leases.ts'
import { rolesMigration } from './migrations/0009-roles.ts'
import { retentionMigration } from './migrations/0010-retention.ts'
import { taskCandidatesMigration } from './migrations/0011-task-candidates.ts'
import { radarMigration } from './migrations/0012-radar.ts'
import { mailMigration } from './migrations/0013-mail.ts'
import { agentHooksMigration } from './migrations/0014-agent-hooks.ts'
import { teamsMigration } from './migrations/0015-teams.ts'
import { outagesMigration } from './migrations/0016-outages.ts'
import { reviewMigration } from './migrations/0017-review.ts'
import { typedMailMigration } from './migrations/0018-typed-mail.ts'
import { personAndProcessMigration } from './migrations/0019-person-and-process.ts'
import { mergesMigration } from './migrations/0020-merges.ts'
import { commentsMigration } from './migrations/0021-comments.ts'
import { turnBytesMigration } from './migrations/0022-turn-bytes.ts'
import { checksMigration } from './migrations/0023-checks.ts'
import { stagingsMigration } from './migrations/0024-stagings.ts'
import { mergeQueueMigration } from './migrations/0025-merge-queue.ts'
import { pullRequestsMigration } from './migrations/0026-pull-requests.ts'

/** In order; a database's form is the number of those it has seen. */
export const migrations: readonly Migration[] = [
  kernelMigration,
  projectsAndWorktreesMigration,
  terminalsMigration,
  agentsMigration,
  sessionsMigration,
  asksMigration,
  tasksMigration,
  leasesMigration,
  rolesMigration,
  retentionMigration,
  taskCandidatesMigration,
  radarMigration,
  mailMigration,
  agentHooksMigration,
  teamsMigration,
  outagesMigration,
  reviewMigration,
  typedMailMigration,
  personAndProcessMigration,
  mergesMigration,
  commentsMigration,
  turnBytesMigration,
  checksMigration,
  stagingsMigration,
  mergeQueueMigration,
  pullRequestsMigration,
]
