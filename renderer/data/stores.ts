import type { GuardOutage, Subagent } from '../../shared/contract/agent-hooks.ts'
import type { Report } from '../../shared/contract/agent-verbs.ts'
import type { Agent, AgentId } from '../../shared/contract/agents.ts'
import type { Ask } from '../../shared/contract/asks.ts'
import type { Change, Payload, Snapshot } from '../../shared/contract/changes.ts'
import type { Check, CheckRun } from '../../shared/contract/checks.ts'
import type { Lease, LeaseWaiter } from '../../shared/contract/leases.ts'
import type { CommentThread } from '../../shared/contract/comments.ts'
import type { Overlap } from '../../shared/contract/radar.ts'
import type { Delivery, Message, Thread } from '../../shared/contract/mail.ts'
import type { Merge } from '../../shared/contract/merge.ts'
import type { MergeEntry, MergeQueue } from '../../shared/contract/queue-rows.ts'
import type { Project } from '../../shared/contract/projects.ts'
import type { PullRequest } from '../../shared/contract/remote.ts'
import type { ReviewMark } from '../../shared/contract/review.ts'
import type { Session } from '../../shared/contract/sessions.ts'
import type { Teammate, TeamTask } from '../../shared/contract/teams.ts'
import type { Terminal } from '../../shared/contract/terminals.ts'
import type { Worktree } from '../../shared/contract/worktrees.ts'
import type { Attempt, Checkpoint, Comment, Dependency, Dispatch, Task } from '../../shared/contract/task-rows.ts'
import type {
  AskId,
  AttemptId,
  CheckId,
  CheckpointId,
  CommentId,
  CommentThreadId,
  DeliveryId,
  LeaseId,
  MergeEntryId,
  MergeId,
  OverlapId,
  MessageId,
  ProjectId,
  SessionId,
  TaskId,
  TerminalId,
  ThreadId,
  WaiterId,
  WorktreeId,
} from '../../shared/lib/ids.ts'
import { unreachable } from '../../shared/lib/unreachable.ts'
import { applyCheckChange, runKeyOf } from './check-rows.ts'
import { createRowStore, type RowStore } from './row-store.ts'
import { createSettingStore, type SettingStore } from './setting-store.ts'

export interface Stores {
  readonly settings: SettingStore
  readonly projects: RowStore<ProjectId, Project>
  readonly agents: RowStore<AgentId, Agent>
  readonly worktrees: RowStore<WorktreeId, Worktree>
  readonly terminals: RowStore<TerminalId, Terminal>
  readonly sessions: RowStore<SessionId, Session>
  readonly asks: RowStore<AskId, Ask>
  readonly leases: RowStore<LeaseId, Lease>
  readonly waiters: RowStore<WaiterId, LeaseWaiter>
  readonly overlaps: RowStore<OverlapId, Overlap>
  readonly threads: RowStore<ThreadId, Thread>
  readonly messages: RowStore<MessageId, Message>
  readonly deliveries: RowStore<DeliveryId, Delivery>
  readonly tasks: RowStore<TaskId, Task>
  readonly dependencies: RowStore<string, Dependency>
  readonly attempts: RowStore<AttemptId, Attempt>
  /** Those a page has asked for, and those that came since. */
  readonly checkpoints: RowStore<CheckpointId, Checkpoint>
  readonly comments: RowStore<CommentId, Comment>
  /** One row. */
  readonly dispatch: RowStore<'dispatch', Dispatch>
  readonly reports: RowStore<SessionId, Report>
  readonly outages: RowStore<SessionId, GuardOutage>
  /** Those that end stay until the page is loaded anew. */
  readonly subagents: RowStore<string, Subagent>
  /** Those that end stay until the page is loaded anew. */
  readonly teammates: RowStore<string, Teammate>
  readonly teamTasks: RowStore<string, TeamTask>
  readonly merges: RowStore<MergeId, Merge>
  readonly checks: RowStore<CheckId, Check>
  /** Of each check in each worktree the newest. */
  readonly checkRuns: RowStore<string, CheckRun>
  /** By `queueKey`. */
  /** Of each worktree the newest. */
  readonly pullRequests: RowStore<WorktreeId, PullRequest>
  readonly mergeQueues: RowStore<string, MergeQueue>
  readonly mergeEntries: RowStore<MergeEntryId, MergeEntry>
  /** What was told last of each worktree's review: that it changed, and what was marked in it. */
  readonly reviewNews: RowStore<WorktreeId, ReviewNews>
  readonly reviewMarks: RowStore<WorktreeId, ReviewMark>
  /** What this page keeps for itself. */
  readonly folds: RowStore<Folds['id'], Folds>
  /** Of worktrees whose review was opened, and those that came since. */
  readonly commentThreads: RowStore<CommentThreadId, CommentThread>
  /** One row. */
  readonly log: RowStore<'log', LogMark>
}

/** How far the log has something to tell: the number of the newest event that is a line of it. */
export interface LogMark {
  readonly seq: number
}

/** What of a list a person has folded away, by its key. It stays until the page is loaded anew. */
export interface Folds {
  /** Files are folded in one worktree; folders, which all worktrees have alike, in the whole project. */
  readonly id: ProjectId | WorktreeId
  readonly folded: ReadonlySet<string>
}

export type ReviewNews = Payload<'review.changed'>

/** An edge has no id: its two tasks and its kind name it. */
const dependencyKeyOf = ({ taskId, dependsOnId, kind }: Pick<Dependency, 'taskId' | 'dependsOnId' | 'kind'>) =>
  `${taskId} ${dependsOnId} ${kind}`

/** Ids of subagents are their agent's own. */
const subagentKeyOf = ({ sessionId, id }: Pick<Subagent, 'sessionId' | 'id'>) => `${sessionId} ${id}`

export const queueKey = ({ projectId, target }: Pick<MergeQueue, 'projectId' | 'target'>) => `${projectId} ${target}`

export const createStores = (): Stores => ({
  settings: createSettingStore(),
  projects: createRowStore((row: Project) => row.id),
  agents: createRowStore((row: Agent) => row.id),
  worktrees: createRowStore((row: Worktree) => row.id),
  terminals: createRowStore((row: Terminal) => row.id),
  sessions: createRowStore((row: Session) => row.id),
  asks: createRowStore((row: Ask) => row.id),
  leases: createRowStore((row: Lease) => row.id),
  waiters: createRowStore((row: LeaseWaiter) => row.id),
  overlaps: createRowStore((row: Overlap) => row.id),
  threads: createRowStore((row: Thread) => row.id),
  messages: createRowStore((row: Message) => row.id),
  deliveries: createRowStore((row: Delivery) => row.id),
  tasks: createRowStore((row: Task) => row.id),
  dependencies: createRowStore((row: Dependency) => dependencyKeyOf(row)),
  attempts: createRowStore((row: Attempt) => row.id),
  checkpoints: createRowStore((row: Checkpoint) => row.id),
  comments: createRowStore((row: Comment) => row.id),
  dispatch: createRowStore((_row: Dispatch) => 'dispatch'),
  reports: createRowStore((row: Report) => row.sessionId),
  outages: createRowStore((row: GuardOutage) => row.sessionId),
  subagents: createRowStore((row: Subagent) => subagentKeyOf(row)),
  teammates: createRowStore((row: Teammate) => `${row.sessionId} ${row.name}`),
  teamTasks: createRowStore((row: TeamTask) => subagentKeyOf(row)),
  merges: createRowStore((row: Merge) => row.id),
  checks: createRowStore((row: Check) => row.id),
  checkRuns: createRowStore((row: CheckRun) => runKeyOf(row)),
  pullRequests: createRowStore((row: PullRequest) => row.worktreeId),
  mergeQueues: createRowStore((row: MergeQueue) => queueKey(row)),
  mergeEntries: createRowStore((row: MergeEntry) => row.id),
  reviewNews: createRowStore((row: ReviewNews) => row.worktreeId),
  reviewMarks: createRowStore((row: ReviewMark) => row.worktreeId),
  folds: createRowStore((row: Folds) => row.id),
  commentThreads: createRowStore((row: CommentThread) => row.id),
  log: createRowStore((_row: LogMark) => 'log'),
})

export const replaceAll = (stores: Stores, state: Snapshot): void => {
  stores.settings.replace(state.settings)
  stores.projects.replace(state.projects)
  stores.agents.replace(state.agents)
  stores.worktrees.replace(state.worktrees)
  stores.terminals.replace(state.terminals)
  stores.sessions.replace(state.sessions)
  stores.asks.replace(state.asks)
  stores.leases.replace(state.leases)
  stores.waiters.replace(state.waiters)
  stores.overlaps.replace(state.overlaps)
  stores.threads.replace(state.threads)
  stores.messages.replace(state.messages)
  stores.deliveries.replace(state.deliveries)
  stores.tasks.replace(state.tasks)
  stores.dependencies.replace(state.dependencies)
  stores.attempts.replace(state.attempts)
  stores.dispatch.replace([state.dispatch])
  stores.reports.replace(state.reports)
  stores.outages.replace(state.outages)
  stores.subagents.replace(state.subagents)
  stores.teammates.replace(state.teammates)
  stores.teamTasks.replace(state.teamTasks)
  stores.merges.replace(state.merges)
  stores.checks.replace(state.checks)
  // Oldest first, so that the newest of each key stays.
  stores.checkRuns.replace(state.checkRuns)
  stores.pullRequests.replace(state.pullRequests)
  stores.mergeQueues.replace(state.mergeQueues)
  stores.mergeEntries.replace(state.mergeEntries)
}

export const applyChange = (stores: Stores, change: Change): void => {
  switch (change.topic) {
    case 'settings.changed':
      return stores.settings.put([change.payload])
    case 'projects.changed':
      return stores.projects.put([change.payload])
    case 'projects.removed':
      stores.folds.remove(change.payload.id)
      return stores.projects.remove(change.payload.id)
    case 'agents.changed':
      return stores.agents.put([change.payload])
    case 'worktrees.changed':
      return stores.worktrees.put([change.payload])
    case 'worktrees.removed':
      stores.folds.remove(change.payload.id)
      return stores.worktrees.remove(change.payload.id)
    case 'terminals.changed':
      return stores.terminals.put([change.payload])
    case 'terminals.removed':
      return stores.terminals.remove(change.payload.id)
    case 'sessions.changed':
      return stores.sessions.put([change.payload])
    case 'sessions.removed':
      return stores.sessions.remove(change.payload.id)
    case 'asks.changed':
      return stores.asks.put([change.payload])
    case 'checks.changed':
    case 'checks.removed':
    case 'checkruns.changed':
    case 'checkruns.removed':
      return applyCheckChange(stores, change)
    case 'review.changed':
      return stores.reviewNews.put([change.payload])
    case 'merges.changed':
    case 'queues.changed':
    case 'entries.changed':
    case 'entries.removed':
    case 'pullrequests.changed':
      return applyMergeChange(stores, change)
    case 'marks.changed':
      return stores.reviewMarks.put([change.payload])
    case 'commentthreads.changed':
      return stores.commentThreads.put([change.payload])
    case 'commentthreads.removed':
      return stores.commentThreads.remove(change.payload.id)
    // Facts of the past that no row shows.
    case 'sentreviews.recorded':
    case 'pushes.recorded':
    case 'stagings.changed':
    case 'commits.recorded':
    case 'files.changed':
    case 'refusals.recorded':
    case 'compactions.recorded':
    case 'teammessages.recorded':
      return
    default:
      return applySharedChange(stores, change)
  }
}

/** What becomes of branches. */
const applyMergeChange = (
  stores: Stores,
  change: Extract<Change, { readonly topic: `${'merges' | 'queues' | 'entries' | 'pullrequests'}.${string}` }>,
): void => {
  switch (change.topic) {
    case 'merges.changed':
      return stores.merges.put([change.payload])
    case 'queues.changed':
      return stores.mergeQueues.put([change.payload])
    case 'entries.changed':
      return stores.mergeEntries.put([change.payload])
    case 'entries.removed':
      return stores.mergeEntries.remove(change.payload.id)
    case 'pullrequests.changed':
      return stores.pullRequests.put([change.payload])
    default:
      return unreachable(change)
  }
}

type SharedTopic = 'leases' | 'waiters' | 'radar' | 'threads' | 'messages' | 'deliveries' | TaskTopic | AgentTopic
type AgentTopic = 'reports' | 'subagents' | 'outages' | 'teammates' | 'teamtasks'
type TaskTopic = 'tasks' | 'dependencies' | 'attempts' | 'checkpoints' | 'comments' | 'dispatch'

/** What sessions share: leases, mail and tasks. */
const applySharedChange = (
  stores: Stores,
  change: Extract<Change, { readonly topic: `${SharedTopic}.${string}` }>,
): void => {
  switch (change.topic) {
    case 'leases.changed':
      return stores.leases.put([change.payload])
    case 'leases.removed':
      return stores.leases.remove(change.payload.id)
    case 'waiters.changed':
      return stores.waiters.put([change.payload])
    case 'waiters.removed':
      return stores.waiters.remove(change.payload.id)
    case 'radar.changed':
      return stores.overlaps.put([change.payload])
    case 'radar.removed':
      return stores.overlaps.remove(change.payload.id)
    case 'threads.changed':
      return stores.threads.put([change.payload])
    case 'threads.removed':
      return removeThread(stores, change.payload.id)
    case 'messages.changed':
      return stores.messages.put([change.payload])
    case 'deliveries.changed':
      return stores.deliveries.put([change.payload])
    case 'tasks.changed':
      return stores.tasks.put([change.payload])
    case 'tasks.removed':
      return stores.tasks.remove(change.payload.taskId)
    case 'dependencies.changed':
      return stores.dependencies.put([change.payload])
    case 'dependencies.removed':
      return stores.dependencies.remove(dependencyKeyOf(change.payload))
    case 'attempts.changed':
      return stores.attempts.put([change.payload])
    case 'checkpoints.recorded':
      return stores.checkpoints.put([change.payload])
    case 'comments.recorded':
      return stores.comments.put([change.payload])
    case 'dispatch.changed':
      return stores.dispatch.put([change.payload])
    case 'reports.changed':
      return stores.reports.put([change.payload])
    case 'subagents.changed':
      return stores.subagents.put([change.payload])
    case 'outages.changed':
      return stores.outages.put([change.payload])
    case 'teammates.changed':
      return stores.teammates.put([change.payload])
    case 'teamtasks.changed':
      return stores.teamTasks.put([change.payload])
    default:
      return unreachable(change)
  }
}

/** A thread goes with its messages, and each of them with its deliveries. */
const removeThread = (stores: Stores, id: ThreadId) => {
  const messages = [...stores.messages.store.getState().byId.values()].filter(({ threadId }) => threadId === id)
  const ids = new Set(messages.map((message) => message.id))
  for (const delivery of stores.deliveries.store.getState().byId.values())
    if (ids.has(delivery.messageId)) stores.deliveries.remove(delivery.id)
  for (const messageId of ids) stores.messages.remove(messageId)
  stores.threads.remove(id)
}
