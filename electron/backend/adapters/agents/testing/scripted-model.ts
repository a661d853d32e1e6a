import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One answer of the model: a text that ends the turn, or a call of a tool. */
export type Step = { readonly text: string } | { readonly tool: string; readonly input: object }

interface Message {
  readonly role: string
  readonly content: string | readonly { readonly type: string; readonly text?: string }[]
}

const textsOf = ({ content }: Message) =>
  typeof content === 'string' ? [content] : content.flatMap(({ type, text }) => (type === 'text' && text ? [text] : []))

/**
 * Stands in for the model's API on loopback. A prompt names its script in brackets ("Write it [write]"); each request
 * since is one step of it, so resumed and repeated requests get the same answers.
 */
export const startScriptedModel = async (scripts: Readonly<Record<string, readonly Step[]>>) => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const isMessages = request.url?.startsWith('/v1/messages') && request.method === 'POST'
      if (!isMessages) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
        return
      }
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        messages: Message[]
        model: string
        tools?: unknown[]
      }
      stream(response, body.model, body.tools?.length ? stepOf(scripts, body.messages) : { text: 'A title' })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const stepOf = (scripts: Readonly<Record<string, readonly Step[]>>, messages: readonly Message[]): Step => {
  let name: string | undefined
  let played = 0
  for (const message of messages) {
    if (message.role === 'assistant') played += 1
    const named =
      message.role === 'user'
        ? textsOf(message)
            .join('\n')
            .match(/\[(\w+)\]\s*$/)?.[1]
        : undefined
    if (named !== undefined && named in scripts) {
      name = named
      played = 0
    }
  }
  return (name === undefined ? undefined : scripts[name]?.[played]) ?? { text: 'Done.' }
}

const stream = (response: ServerResponse, model: string, step: Step) => {
  const isText = 'text' in step
  const id = Math.random().toString(36).slice(2)
  const usage = { input_tokens: 100, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
  const message = {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  }
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  send('message_start', { message })
  const block = isText
    ? { type: 'text', text: '' }
    : { type: 'tool_use', id: `toolu_${id}`, name: step.tool, input: {} }
  send('content_block_start', { index: 0, content_block: block })
  const delta = isText
    ? { type: 'text_delta', text: step.text }
    : { type: 'input_json_delta', partial_json: JSON.stringify(step.input) }
  send('content_block_delta', { index: 0, delta })
  send('content_block_stop', { index: 0 })
  send('message_delta', { delta: { stop_reason: isText ? 'end_turn' : 'tool_use', stop_sequence: null }, usage })
  send('message_stop', {})
  response.end()
}

const key = 'sk-ant-test-00000000000000000000'

/** Makes a home in which Claude Code starts straight at its prompt; answers the environment for it. */
export const prepareClaudeHome = (home: string, trusted: readonly string[], apiUrl: string): Record<string, string> => {
  mkdirSync(join(home, '.claude'), { recursive: true })
  const projects = Object.fromEntries(trusted.map((folder) => [folder, { hasTrustDialogAccepted: true }]))
  const state = {
    hasCompletedOnboarding: true,
    hasSeenAutoDefaultNotice: true,
    hasSeenAutoDefaultNudge: true,
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects,
  }
  writeFileSync(join(home, '.claude.json'), JSON.stringify(state))
  writeFileSync(join(home, '.claude', 'settings.json'), JSON.stringify({ permissions: { defaultMode: 'default' } }))
  return {
    ANTHROPIC_BASE_URL: apiUrl,
    ANTHROPIC_API_KEY: key,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
  }
}
