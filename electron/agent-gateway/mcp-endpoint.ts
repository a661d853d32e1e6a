import type { IncomingMessage, ServerResponse } from 'node:http'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import type { VerbName } from '../../shared/agent-verbs/verbs.ts'
import { inputSchemaOf, isReadOnly, mcpTools, verbOf } from './mcp-tools.ts'
import type { RunVerb } from './verb-call.ts'

interface McpDeps<Speaker> {
  readonly runVerb: RunVerb<Speaker>
  readonly version: string
  readonly log: { warn(details: object, message: string): void }
}

interface McpRequest<Speaker> {
  readonly speaker: Speaker
  readonly body: unknown
  readonly signal: AbortSignal
}

const instructions =
  'Switchyard coordinates the sessions that work on this repository. Read `brief` first: your task, your mail and what the others do.'

/** What can be read without a tool, each by a verb. */
const resources: readonly { uri: string; name: string; description: string; verb: VerbName }[] = [
  { uri: 'switchyard://brief', name: 'Brief', description: 'Where you stand.', verb: 'brief' },
  { uri: 'switchyard://tasks', name: 'Tasks', description: 'The tasks of the project.', verb: 'tasks.list' },
  { uri: 'switchyard://mail', name: 'Mail', description: 'Messages you have not acknowledged.', verb: 'mail.inbox' },
]

/**
 * The verbs for MCP clients. Each request stands alone: who asks is in its token, everything else in the database, so
 * nothing is lost when the app was started again between two of them.
 */
export const createMcpEndpoint = <Speaker>(deps: McpDeps<Speaker>) => ({
  handle: async (asked: McpRequest<Speaker>, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sdk = await loadSdk()
    const server = createServer(sdk, deps, asked)
    const { StreamableHTTPServerTransport } = sdk
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
    response.on('close', () => {
      server.close().catch((error: unknown) => deps.log.warn({ err: error }, 'an MCP answer was not closed'))
    })
    await server.connect(transport)
    await transport.handleRequest(request, response, asked.body)
  },
})

/** Loaded by the first who needs it: most of a start's time would go into it. */
const loadSdk = () => (loadedSdk ??= importSdk())
let loadedSdk: ReturnType<typeof importSdk> | null = null
const importSdk = async () => {
  const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js')
  const { Server } = await import('@modelcontextprotocol/sdk/server/index.js')
  return { StreamableHTTPServerTransport, Server, types: await import('@modelcontextprotocol/sdk/types.js') }
}

/** Only what a client is asked to fill in is validated by it, and none is; the usual one costs more than most calls. */
const jsonSchemaValidator = {
  getValidator: () => {
    throw new Error('No client is asked to fill in anything.')
  },
}

const createServer = <Speaker>(
  { Server, types }: Awaited<ReturnType<typeof importSdk>>,
  { runVerb, version }: McpDeps<Speaker>,
  { speaker, signal }: McpRequest<Speaker>,
) => {
  const server = new Server(
    { name: 'switchyard', version },
    { capabilities: { tools: {}, resources: {} }, instructions, jsonSchemaValidator },
  )
  const run = (name: string, input: unknown, requestId: string | null) =>
    runVerb(speaker, { name, input, requestId, caller: null, signal })

  server.setRequestHandler(types.ListToolsRequestSchema, () => ({
    tools: mcpTools.map((tool) => ({
      name: tool.name,
      title: tool.title,
      description: tool.description,
      inputSchema: inputSchemaOf(tool),
      annotations: { readOnlyHint: isReadOnly(tool), destructiveHint: false, openWorldHint: false },
    })),
  }))
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }) => {
    const tool = mcpTools.find(({ name }) => name === params.name)
    if (!tool) throw new types.McpError(types.ErrorCode.InvalidParams, `There is no tool ${params.name}.`)
    const call = verbOf(tool, params.arguments ?? {})
    if (!call) {
      // Asked all the same, so that it is kept who tried.
      await run(`${tool.name}.`, params.arguments, null)
      const message = `Name an action: ${Object.keys(tool.actions).join(', ')}. Nothing was changed.`
      return textOf({ ok: false, refusal: { code: 'INVALID', message } })
    }
    return textOf(await run(call.name, call.input, requestIdOf(params._meta)))
  })
  server.setRequestHandler(types.ListResourcesRequestSchema, () => ({
    resources: resources.map(({ uri, name, description, verb }) => ({
      uri,
      name,
      description,
      mimeType: mimeOf(verb),
    })),
  }))
  server.setRequestHandler(types.ReadResourceRequestSchema, async ({ params }) => {
    const resource = resources.find(({ uri }) => uri === params.uri)
    if (!resource) throw new types.McpError(types.ErrorCode.InvalidParams, `There is no ${params.uri}.`)
    const [content] = textOf(await run(resource.verb, {}, null)).content
    return { contents: [{ uri: resource.uri, mimeType: mimeOf(resource.verb), text: content.text }] }
  })
  return server
}

/** Claude Code names each call, also when it repeats one whose answer it did not get. */
const requestIdOf = (meta: Readonly<Record<string, unknown>> | undefined): string | null => {
  const id = meta?.['claudecode/toolUseId']
  return typeof id === 'string' && /^[\w:.-]{8,64}$/.test(id) ? id : null
}

const mimeOf = (verb: VerbName) => (verb === 'brief' ? 'text/markdown' : 'application/json')

/** A text of Markdown as it is, everything else as JSON: models read both well. */
const textOf = (answer: VerbAnswer) => {
  if (!answer.ok) {
    const { code, message, current } = answer.refusal
    const now = current ? `\nAs it is now: ${JSON.stringify(current)}` : ''
    return { content: [{ type: 'text' as const, text: `${message} (${code})${now}` }] as const, isError: true }
  }
  const { markdown } = answer.value
  const text = typeof markdown === 'string' ? markdown : JSON.stringify(answer.value)
  return { content: [{ type: 'text' as const, text }] as const, isError: false }
}
