import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { agentHooksTopics, guardOutageSchema, subagentSchema } from './agent-hooks.ts'
import { agentVerbsTopics, reportSchema } from './agent-verbs.ts'
import { agentSchema, agentsTopics } from './agents.ts'
import { askSchema, asksTopics } from './asks.ts'
import { procedure, timeSchema } from './base.ts'
import { commentsTopics } from './comments.ts'
import { checkRunSchema, checkSchema, checksTopics } from './checks.ts'
import { leaseSchema, leasesTopics, leaseWaiterSchema } from './leases.ts'
import { deliverySchema, mailTopics, messageSchema, threadSchema } from './mail.ts'
import { mergeSchema, mergeTopics } from './merge.ts'
import { projectSchema, projectsTopics } from './projects.ts'
import { mergeEntrySchema, mergeQueueSchema, queueTopics } from './queue-rows.ts'
import { overlapSchema, radarTopics } from './radar.ts'
import { refusalsTopics } from './refusals.ts'
import { pullRequestSchema, remoteTopics } from './remote.ts'
import { reviewTopics } from './review.ts'
import { sessionSchema, sessionsTopics } from './sessions.ts'
import { settingSchema, settingsTopics } from './settings.ts'
import { stagingTopics } from './staging.ts'
import { attemptSchema, dependencySchema, dispatchSchema, taskSchema } from './task-rows.ts'
import { tasksTopics } from './tasks.ts'
import { teammateSchema, teamsTopics, teamTaskSchema } from './teams.ts'
import { terminalSchema, terminalsTopics } from './terminals.ts'
import { worktreeSchema, worktreesTopics } from './worktrees.ts'

/** Every fact that may be told, by topic. Rows are whole, so that a listener only has to put them in a map. */
export const topics = {
  ...settingsTopics,
  ...projectsTopics,
  ...agentsTopics,
  ...worktreesTopics,
  ...terminalsTopics,
  ...sessionsTopics,
  ...asksTopics,
  ...leasesTopics,
  ...radarTopics,
  ...mailTopics,
  ...refusalsTopics,
  ...tasksTopics,
  ...agentVerbsTopics,
  ...agentHooksTopics,
  ...teamsTopics,
  ...reviewTopics,
  ...mergeTopics,
  ...queueTopics,
  ...commentsTopics,
  ...checksTopics,
  ...remoteTopics,
  ...stagingTopics,
} as const

export type Topic = keyof typeof topics
export type Payload<T extends Topic> = z.infer<(typeof topics)[T]>

/** One committed fact. `seq` counts up without gaps. */
export type Change = {
  [T in Topic]: { readonly seq: number; readonly at: number; readonly topic: T; readonly payload: Payload<T> }
}[Topic]

const topicNames = Object.keys(topics) as [Topic, ...Topic[]]

// The payload is not validated again on its way out: it was written by the stores, whose rows are typed by the contract.
export const changeSchema = z.object({
  seq: z.number().int(),
  at: timeSchema,
  topic: z.enum(topicNames),
  payload: z.unknown(),
}) as unknown as z.ZodType<Change>

export const snapshotSchema = z.object({
  settings: z.array(settingSchema),
  projects: z.array(projectSchema),
  agents: z.array(agentSchema),
  worktrees: z.array(worktreeSchema),
  terminals: z.array(terminalSchema),
  sessions: z.array(sessionSchema),
  asks: z.array(askSchema),
  leases: z.array(leaseSchema),
  /** First come first. */
  waiters: z.array(leaseWaiterSchema),
  overlaps: z.array(overlapSchema),
  /** Those that are not ended and the newest of the others; older ones by `tasks.listEnded`. */
  tasks: z.array(taskSchema),
  dependencies: z.array(dependencySchema),
  attempts: z.array(attemptSchema),
  dispatch: dispatchSchema,
  /** Of mail only the newest; `mail.page` has the rest. */
  threads: z.array(threadSchema),
  messages: z.array(messageSchema),
  deliveries: z.array(deliverySchema),
  /** What sessions said last of their progress. */
  reports: z.array(reportSchema),
  /** Edits that nobody checked and the person has not dismissed. */
  outages: z.array(guardOutageSchema),
  /** Those at work. */
  subagents: z.array(subagentSchema),
  /** Those that have not ended. */
  teammates: z.array(teammateSchema),
  /** Of agents' own teams; the newest of those that were not deleted. */
  teamTasks: z.array(teamTaskSchema),
  /** The newest of all projects; older ones by `merge.list`. */
  merges: z.array(mergeSchema),
  /** In their order. */
  checks: z.array(checkSchema),
  /** Of each check in each worktree the newest, and all that have not ended. */
  checkRuns: z.array(checkRunSchema),
  /** Of all worktrees, the oldest first. */
  pullRequests: z.array(pullRequestSchema),
  mergeQueues: z.array(mergeQueueSchema),
  /** Those that have not ended, and what ended in the last day. */
  mergeEntries: z.array(mergeEntrySchema),
})
export type Snapshot = z.infer<typeof snapshotSchema>

export const changesItemSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), seq: z.number().int(), state: snapshotSchema }),
  z.object({ kind: z.literal('changes'), changes: z.array(changeSchema) }),
])
export type ChangesItem = z.infer<typeof changesItemSchema>

export const changesContract = {
  /**
   * Everything there is and then every change, in order. With `after`, only the changes since that number; when they are
   * too many or no longer kept, a fresh snapshot comes instead.
   */
  subscribe: procedure('view')
    .input(z.object({ after: z.number().int().nonnegative().nullable() }))
    .output(eventIterator(changesItemSchema)),
}
