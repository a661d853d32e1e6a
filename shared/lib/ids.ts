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

export type ProjectId = z.infer<typeof projectIdSchema>
export type WorktreeId = z.infer<typeof worktreeIdSchema>
export type SessionId = z.infer<typeof sessionIdSchema>
export type TerminalId = z.infer<typeof terminalIdSchema>
export type AskId = z.infer<typeof askIdSchema>
export type IncarnationId = z.infer<typeof incarnationIdSchema>
export type IntentId = z.infer<typeof intentIdSchema>

export interface IdByPrefix {
  readonly prj: ProjectId
  readonly wt: WorktreeId
  readonly ses: SessionId
  readonly trm: TerminalId
  readonly ask: AskId
  readonly inc: IncarnationId
  readonly int: IntentId
}

export type NewId = <Prefix extends keyof IdByPrefix>(prefix: Prefix) => IdByPrefix[Prefix]
