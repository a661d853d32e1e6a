import { z } from 'zod'

/** Every id is a ULID (26 characters, sorts by time) behind a prefix that names its kind. */
const idOf = <Prefix extends string>(prefix: Prefix) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`), `Not a ${prefix}_ id.`)
    .brand<Prefix>()

export const projectIdSchema = idOf('prj')
export const worktreeIdSchema = idOf('wt')
export const sessionIdSchema = idOf('ses')
export const terminalIdSchema = idOf('trm')
export const askIdSchema = idOf('ask')
export const incarnationIdSchema = idOf('inc')
export const intentIdSchema = idOf('int')
export const taskIdSchema = idOf('tsk')
export const attemptIdSchema = idOf('att')
export const checkpointIdSchema = idOf('chk')
export const commentIdSchema = idOf('cmt')
export const commentThreadIdSchema = idOf('cth')
export const lineCommentIdSchema = idOf('lcm')
export const leaseIdSchema = idOf('lse')
export const waiterIdSchema = idOf('wtr')
export const overlapIdSchema = idOf('ovl')
export const threadIdSchema = idOf('thr')
export const messageIdSchema = idOf('msg')
export const deliveryIdSchema = idOf('dlv')
export const mergeIdSchema = idOf('mrg')
export const checkIdSchema = idOf('chx')
export const checkRunIdSchema = idOf('run')
export const pullRequestIdSchema = idOf('prq')
export const stagingIdSchema = idOf('stg')
export const mergeEntryIdSchema = idOf('mqe')

export type ProjectId = z.infer<typeof projectIdSchema>
export type WorktreeId = z.infer<typeof worktreeIdSchema>
export type SessionId = z.infer<typeof sessionIdSchema>
export type TerminalId = z.infer<typeof terminalIdSchema>
export type AskId = z.infer<typeof askIdSchema>
export type IncarnationId = z.infer<typeof incarnationIdSchema>
export type IntentId = z.infer<typeof intentIdSchema>
export type TaskId = z.infer<typeof taskIdSchema>
export type AttemptId = z.infer<typeof attemptIdSchema>
export type CheckpointId = z.infer<typeof checkpointIdSchema>
export type CommentId = z.infer<typeof commentIdSchema>
export type CommentThreadId = z.infer<typeof commentThreadIdSchema>
export type LineCommentId = z.infer<typeof lineCommentIdSchema>
export type LeaseId = z.infer<typeof leaseIdSchema>
export type WaiterId = z.infer<typeof waiterIdSchema>
export type OverlapId = z.infer<typeof overlapIdSchema>
export type ThreadId = z.infer<typeof threadIdSchema>
export type MessageId = z.infer<typeof messageIdSchema>
export type DeliveryId = z.infer<typeof deliveryIdSchema>
export type MergeId = z.infer<typeof mergeIdSchema>
export type CheckId = z.infer<typeof checkIdSchema>
export type CheckRunId = z.infer<typeof checkRunIdSchema>
export type PullRequestId = z.infer<typeof pullRequestIdSchema>
export type StagingId = z.infer<typeof stagingIdSchema>
export type MergeEntryId = z.infer<typeof mergeEntryIdSchema>

export interface IdByPrefix {
  readonly prj: ProjectId
  readonly wt: WorktreeId
  readonly ses: SessionId
  readonly trm: TerminalId
  readonly ask: AskId
  readonly inc: IncarnationId
  readonly int: IntentId
  readonly tsk: TaskId
  readonly att: AttemptId
  readonly chk: CheckpointId
  readonly cmt: CommentId
  readonly cth: CommentThreadId
  readonly lcm: LineCommentId
  readonly lse: LeaseId
  readonly wtr: WaiterId
  readonly ovl: OverlapId
  readonly thr: ThreadId
  readonly msg: MessageId
  readonly dlv: DeliveryId
  readonly mrg: MergeId
  readonly chx: CheckId
  readonly run: CheckRunId
  readonly prq: PullRequestId
  readonly stg: StagingId
  readonly mqe: MergeEntryId
}

export type NewId = <Prefix extends keyof IdByPrefix>(prefix: Prefix) => IdByPrefix[Prefix]
