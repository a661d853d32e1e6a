import { z } from 'zod'
import type { Verb } from '../../shared/agent-verbs/verb.ts'
import { verbs, type VerbName } from '../../shared/agent-verbs/verbs.ts'

/**
 * What an MCP client sees. Clients show the names alone until a tool is wanted, so the names tell; and there are few of
 * them, each with the verbs that belong together as its actions.
 */
export interface McpTool {
  readonly name: string
  readonly title: string
  readonly description: string
  /** By action; a tool of one verb has no actions and one entry, "". */
  readonly actions: Readonly<Record<string, VerbName>>
}

const one = (name: string, title: string, verb: VerbName): McpTool => ({
  name,
  title,
  description: verbs[verb].description,
  actions: { '': verb },
})

const several = (name: string, title: string, about: string, actions: McpTool['actions']): McpTool => ({
  name,
  title,
  description: [
    about,
    ...Object.entries(actions).map(([action, verb]) => `- ${action}: ${verbs[verb].description}`),
  ].join('\n'),
  actions,
})

export const mcpTools: readonly McpTool[] = [
  one('brief', 'Where you stand', 'brief'),
  several('tasks', 'Tasks of the project', 'The tasks that you, your peers and the person share.', {
    ready: 'tasks.ready',
    list: 'tasks.list',
    show: 'tasks.show',
    create: 'tasks.create',
    update: 'tasks.update',
    depend: 'tasks.depend',
    comment: 'tasks.comment',
  }),
  one('claim_task', 'Claim a task', 'claim'),
  one('checkpoint', 'Keep what you know', 'checkpoint'),
  one('submit_task', 'Hand your task in', 'submit'),
  several('give_up_task', 'Give your task back', 'Ends your work on a task without a result.', {
    fail: 'fail',
    release: 'release',
  }),
  several(
    'lease',
    'Lease files and resources',
    'Who may edit which files, and use which ports and the like, for a time.',
    {
      acquire: 'lease.acquire',
      renew: 'lease.renew',
      release: 'lease.release',
      list: 'lease.list',
      check: 'lease.check',
      wait: 'lease.wait',
    },
  ),
  several(
    'merge',
    'Checks and the merge queue',
    'The project’s own commands that say whether your work may be merged, and the queue that merges it when they pass.',
    {
      run_gates: 'gates.run',
      gates: 'gates.status',
      enqueue: 'merge.enqueue',
      status: 'merge.status',
    },
  ),
  one('mail_send', 'Send a message', 'mail.send'),
  several('mail_inbox', 'Your messages', 'The messages of other sessions and of the person to you.', {
    inbox: 'mail.inbox',
    read: 'mail.read',
    ack: 'mail.ack',
    thread: 'mail.thread',
  }),
  one('peers', 'The other sessions', 'peers'),
  several('report', 'Say what you do', 'What the person and your peers see of your progress.', {
    report: 'report',
    renew: 'renew',
  }),
  one('ask_human', 'Ask the person', 'ask-human'),
  several('status', 'Look around', 'Who you are here, what happened, and whether everything works.', {
    whoami: 'whoami',
    events: 'events.tail',
    doctor: 'doctor',
  }),
]

/** The verb a call is for, with its input; null when the action is missing or unknown. */
export const verbOf = (
  tool: McpTool,
  args: Readonly<Record<string, unknown>>,
): { readonly name: VerbName; readonly input: Readonly<Record<string, unknown>> } | null => {
  const single = tool.actions['']
  if (single !== undefined) return { name: single, input: args }
  const { action, ...rest } = args
  const names = new Map(Object.entries(tool.actions))
  const name = typeof action === 'string' ? names.get(action) : undefined
  if (name === undefined) return null
  // Models fill the fields of other actions with null; anything else that does not belong is refused by the verb.
  const known: object = verbs[name].input.shape
  const input = Object.fromEntries(
    Object.entries(rest).filter(([key, value]) => value !== null || Object.hasOwn(known, key)),
  )
  return { name, input }
}

type JsonSchema = Readonly<Record<string, unknown>>

/** The input of a tool as one flat object: what clients and models take of JSON Schema ends there. */
export const inputSchemaOf = (tool: McpTool) => {
  const all = Object.entries(tool.actions).map(([action, verb]) => ({ action, schema: schemaOf(verbs[verb]) }))
  const [first] = all
  if (first?.action === '') return first.schema
  const actions = all.map(({ action }) => action)
  const names = [...new Set(all.flatMap(({ schema }) => Object.keys(schema.properties)))]
  const properties = Object.fromEntries(
    names.map((name) => [
      name,
      mergeProperty(
        all.filter(({ schema }) => name in schema.properties),
        name,
        all.length,
      ),
    ]),
  )
  return {
    type: 'object' as const,
    properties: { action: { type: 'string', enum: actions }, ...properties },
    required: ['action'],
    additionalProperties: false,
  }
}

interface ActionSchema {
  readonly action: string
  readonly schema: ReturnType<typeof schemaOf>
}

/** A property that several actions have: once where they mean the same, else either; told by which it is used. */
const mergeProperty = (users: readonly ActionSchema[], name: string, count: number): JsonSchema => {
  const told = users.map(({ schema }) => schema.properties[name] ?? {})
  const variants = [...new Map(told.map(({ description: _told, ...rest }) => [JSON.stringify(rest), rest])).values()]
  const isNeeded = ({ schema }: ActionSchema) => schema.required?.includes(name) ?? false
  const by = users.map((user) => (isNeeded(user) ? `${user.action} (needed)` : user.action)).join(', ')
  const words = told.map(({ description }) => description).find((description) => typeof description === 'string')
  const prefix = users.length === count && !users.some(isNeeded) ? '' : `For ${by}. `
  const description = `${prefix}${typeof words === 'string' ? words : ''}`.trim()
  const shape = variants.length === 1 ? variants[0] : { anyOf: variants }
  return description === '' ? { ...shape } : { ...shape, description }
}

const schemaOf = (verb: Verb) => {
  const { $schema: _ours, ...schema } = z.toJSONSchema(verb.input, { io: 'input' })
  // Made of an object schema, so it is one.
  return schema as {
    readonly type: 'object'
    readonly properties: Readonly<Record<string, JsonSchema>>
    readonly required?: readonly string[]
  }
}

export const isReadOnly = (tool: McpTool): boolean =>
  Object.values(tool.actions).every((name) => verbs[name].kind === 'read')
