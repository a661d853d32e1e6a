import { z } from 'zod'
import type { ReadTeammate, ReadTeamMessage, ReadTeamTask } from './team-rules.ts'

// What Claude Code writes for its teams is undocumented and made by a guest: only what is read is named, each text has an
// end, and what does not fit says nothing.

/** More helpers than one agent can use. */
const mostTeammates = 64
const mostMessages = 200
const mostBlockers = 50
/** What is kept of a message; all of it is in the agent's own conversation. */
const longestText = 500

const cut = (most: number) => z.string().transform((text) => text.slice(0, most))
const name = z.string().min(1).max(100)
const time = z.number().int().nonnegative().catch(0)

/** The name that the CLI gives to the team of a conversation; null where it cannot have one. */
export const teamNameOf = (conversationId: string): string | null => {
  const [start] = /^[0-9a-f]{8}/.exec(conversationId.toLowerCase()) ?? []
  return start === undefined ? null : `session-${start}`
}

const memberSchema = z.object({
  agentId: z.string().max(300).catch(''),
  name,
  agentType: z.string().max(200).catch(''),
  model: z.string().max(100).nullable().catch(null),
  joinedAt: time,
})
const configSchema = z.object({ leadAgentId: z.string().max(300), members: z.array(z.unknown()) })

/** Who is in the team, without its leader, which is the session's own agent. Null for no config. */
export const configFrom = (value: unknown): readonly ReadTeammate[] | null => {
  const config = configSchema.safeParse(value)
  if (!config.success) return null
  const members = config.data.members.slice(0, mostTeammates).flatMap((one) => memberSchema.safeParse(one).data ?? [])
  const mates = members
    .filter((member) => member.agentId !== config.data.leadAgentId)
    .map((member) => ({
      name: member.name,
      type: member.agentType,
      model: member.model,
      joinedAt: member.joinedAt,
    }))
  // A name is an address, so the CLI gives each only once.
  return [...new Map(mates.map((mate) => [mate.name, mate])).values()]
}

/** The task that a file of the tasks' folder holds, by its name. */
export const taskIdOf = (fileName: string): string | null => /^(\d{1,9})\.json$/.exec(fileName)?.[1] ?? null

const taskSchema = z.object({
  subject: z.string().min(1).pipe(cut(200)),
  status: z.enum(['pending', 'in_progress', 'completed']),
  owner: name.nullable().catch(null),
  blockedBy: z.array(z.string().max(20)).catch([]),
})

/** Null for what is no task, or not readable yet. */
export const taskFrom = (id: string, value: unknown): ReadTeamTask | null => {
  const task = taskSchema.safeParse(value)
  if (!task.success) return null
  const { subject, status, owner, blockedBy } = task.data
  return {
    id,
    subject,
    state: status === 'in_progress' ? 'in-progress' : status,
    owner,
    blockedBy: blockedBy.slice(0, mostBlockers),
  }
}

/** Whose inbox a file is. */
export const inboxOwner = (fileName: string): string | null => {
  const owner = /^([^/\\]{1,100})\.json$/.exec(fileName)?.[1] ?? null
  return owner?.startsWith('.') ? null : owner
}

const messageSchema = z.object({
  msg_id: z.string().min(1).max(100),
  from: name,
  text: z.string(),
  timestamp: z.string().max(40),
})

/** The messages of an inbox that say something; what the CLI tells itself in them (JSON) is left out. */
export const inboxFrom = (owner: string, value: unknown): readonly ReadTeamMessage[] => {
  if (!Array.isArray(value)) return []
  return value.slice(-mostMessages).flatMap((one: unknown) => {
    const message = messageSchema.safeParse(one)
    if (!message.success || isNotice(message.data.text)) return []
    const { msg_id, from, text, timestamp } = message.data
    const sentAt = Date.parse(timestamp)
    return [
      { id: msg_id, from, to: owner, text: text.slice(0, longestText), sentAt: Number.isNaN(sentAt) ? 0 : sentAt },
    ]
  })
}

const isNotice = (text: string): boolean => /^\s*\{\s*"type"\s*:\s*"\w+"/.test(text)
