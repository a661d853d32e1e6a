import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { VerbName } from '../../shared/agent-verbs/verbs.ts'
import { inertLine } from '../../shared/lib/inert-text.ts'
import { storageProblem } from '../../shared/lib/storage-problem.ts'
import { callTool, readPlainCall, textOf, type AskVerb } from './mcp-call.ts'
import { inputSchemaOf, isReadOnly, mcpTools } from './mcp-tools.ts'
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
  /**
   * The answer to a plain call of a tool, without the SDK: a server, a transport and two streams that it would make for it
   * take longer than most calls. Null for all else that is asked, for `handle`.
   */
  answerCall: async (asked: McpRequest<Speaker>, headers: IncomingHttpHeaders): Promise<object | null> => {
    const { types } = await loadSdk()
    const call = readPlainCall(headers, asked.body, types.SUPPORTED_PROTOCOL_VERSIONS)
    const called = call && callTool(askFor(deps, asked), call.params)
    if (!called) return null
    const { jsonrpc, id } = call
    return called.then(
      (result) => ({ jsonrpc, id, result }),
      (error: unknown) => {
        deps.log.warn({ err: error, tool: call.params.name }, 'a call of a tool could not be answered')
        return { jsonrpc, id, error: { code: types.ErrorCode.InternalError, message: bugWords } }
      },
    )
  },
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

/** Of a bug an agent hears no more: its message may name what is not for agents. */
const bugWords = 'This is a bug in Switchyard. Its log says more.'

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

const askFor =
  <Speaker>({ runVerb, log }: McpDeps<Speaker>, { speaker, signal }: McpRequest<Speaker>): AskVerb =>
  (name, input, requestId) =>
    runVerb(speaker, { name, input, requestId, caller: null, signal }).catch((error: unknown) => {
      const message = storageProblem(error)
      if (message === null) throw error
      // A disk that is full is no bug: the agent is told what helps, as by every other way in.
      log.warn({ err: error, verb: name }, 'a verb could not be run')
      return { ok: false, refusal: { code: 'UNAVAILABLE', message } }
    })

/** Made of schemas that never change, for clients that ask at each of their starts. */
const describeTools = () =>
  mcpTools.map((tool) => ({
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchemaOf(tool),
    annotations: { readOnlyHint: isReadOnly(tool), destructiveHint: false, openWorldHint: false },
  }))
let listed: ReturnType<typeof describeTools> | null = null

const createServer = <Speaker>(
  { Server, types }: Awaited<ReturnType<typeof importSdk>>,
  deps: McpDeps<Speaker>,
  asked: McpRequest<Speaker>,
) => {
  const server = new Server(
    { name: 'switchyard', version: deps.version },
    { capabilities: { tools: {}, resources: {} }, instructions, jsonSchemaValidator },
  )
  const ask: AskVerb = (name, ...input) =>
    askFor(deps, asked)(name, ...input).catch((error: unknown) => {
      deps.log.warn({ err: error, verb: name }, 'a request over MCP could not be answered')
      // The SDK passes the message and the code of whatever is thrown on to the client.
      throw Object.assign(new Error(bugWords), { code: types.ErrorCode.InternalError })
    })

  server.setRequestHandler(types.ListToolsRequestSchema, () => ({ tools: (listed ??= describeTools()) }))
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }) => {
    const called = callTool(ask, params)
    if (called) return called
    // Asked all the same, so that it is kept who tried. No verb ends with a dot.
    await ask(`${params.name}.`, params.arguments, null)
    throw new types.McpError(types.ErrorCode.InvalidParams, `There is no tool ${inertLine(params.name, 100)}.`)
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
    const [content] = textOf(await ask(resource.verb, {}, null)).content
    return { contents: [{ uri: resource.uri, mimeType: mimeOf(resource.verb), text: content.text }] }
  })
  return server
}

const mimeOf = (verb: VerbName) => (verb === 'brief' ? 'text/markdown' : 'application/json')
