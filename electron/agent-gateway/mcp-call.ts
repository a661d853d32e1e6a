import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import { inertJson, inertText } from '../../shared/lib/inert-text.ts'
import { mcpTools, verbOf } from './mcp-tools.ts'

export interface CallParams {
  readonly name: string
  readonly arguments?: Readonly<Record<string, unknown>> | undefined
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}

/** Asks for a verb by name, under an id of the agent's for the call. */
export type AskVerb = (name: string, input: unknown, requestId: string | null) => Promise<VerbAnswer>

/** Null where there is no such tool. */
export const callTool = (ask: AskVerb, params: CallParams): Promise<ToolResult> | null => {
  const tool = mcpTools.find(({ name }) => name === params.name)
  if (!tool) return null
  const call = verbOf(tool, params.arguments ?? {})
  if (call) return ask(call.name, call.input, requestIdOf(params._meta)).then(textOf)
  const message = `Name an action: ${Object.keys(tool.actions).join(', ')}. Nothing was changed.`
  // Asked all the same, so that it is kept who tried.
  return ask(`${tool.name}.`, params.arguments, null).then(() =>
    textOf({ ok: false, refusal: { code: 'INVALID', message } }),
  )
}

/** Claude Code names each call, also when it repeats one whose answer it did not get. */
const requestIdOf = (meta: CallParams['_meta']): string | null => {
  const id = meta?.['claudecode/toolUseId']
  return typeof id === 'string' && /^[\w:.-]{8,64}$/.test(id) ? id : null
}

export type ToolResult = ReturnType<typeof textOf>

/**
 * A text of Markdown as it is, everything else as JSON: models read both well. What others wrote passes for nothing else in
 * either; the Markdown is made so.
 */
export const textOf = (answer: VerbAnswer) => {
  if (!answer.ok) {
    const { code, message, current } = answer.refusal
    const now = current ? `\nAs it is now: ${inertJson(current)}` : ''
    const text = `${inertText(message)} (${code})${now}`
    return { content: [{ type: 'text' as const, text }] as const, isError: true }
  }
  const { markdown } = answer.value
  const text = typeof markdown === 'string' ? markdown : inertJson(answer.value)
  return { content: [{ type: 'text' as const, text }] as const, isError: false }
}

const callSchema = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number().int()]),
  method: z.literal('tools/call'),
  params: z.strictObject({
    name: z.string(),
    arguments: z.record(z.string(), z.unknown()).optional(),
    _meta: z.record(z.string(), z.unknown()).optional(),
  }),
})

/**
 * A request that is plainly one call of a tool, asked as the protocol wants it; null for every other one, which is for the
 * SDK to answer or to refuse.
 */
export const readPlainCall = (
  headers: IncomingHttpHeaders,
  body: unknown,
  versions: readonly string[],
): z.infer<typeof callSchema> | null => {
  const { accept = '', 'content-type': type, 'mcp-protocol-version': version } = headers
  if (type !== 'application/json' || !accept.includes('application/json') || !accept.includes('text/event-stream'))
    return null
  if (version !== undefined && (typeof version !== 'string' || !versions.includes(version))) return null
  return callSchema.safeParse(body).data ?? null
}
