import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { MessagesRequest } from './conversation.ts'
import type { Step } from './scripts.ts'

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object }

export const newId = (prefix: string) => `${prefix}_scripted${randomBytes(10).toString('hex')}`

// Small enough that an answer arrives in several pieces, as a real one does.
const pieceLength = 40

/** Answers one request with one step, streamed or whole, in the form of the Messages API. */
export const sendStep = async (
  response: ServerResponse,
  request: MessagesRequest,
  step: Step,
  passGate: (gate: string) => Promise<void>,
): Promise<void> => {
  const blocks = blocksOf(step)
  const message = {
    id: newId('msg'),
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: blocks,
    stop_reason: blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: usageOf(request, blocks),
  }
  if (request.stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const send = (type: string, data: object) =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)

  send('message_start', { message: { ...message, content: [], stop_reason: null } })
  let sentCharacters = 0
  for (const [index, block] of blocks.entries()) {
    send('content_block_start', { index, content_block: emptied(block) })
    for (const piece of piecesOf(block)) {
      if (step.gateAfter && sentCharacters >= step.gateAfter.characters) await passGate(step.gateAfter.gate)
      send('content_block_delta', { index, delta: deltaOf(block, piece) })
      sentCharacters += piece.length
    }
    send('content_block_stop', { index })
  }
  const verdicts = request.safeguards === undefined ? {} : { safeguard_results: verdictsOn(blocks) }
  send('message_delta', {
    delta: { stop_reason: message.stop_reason, stop_sequence: null, ...verdicts },
    usage: message.usage,
  })
  send('message_stop', {})
  response.end()
}

const blocksOf = (step: Step): readonly Block[] => [
  ...(step.text === undefined ? [] : [{ type: 'text' as const, text: step.text }]),
  ...(step.tools ?? []).map((tool) => ({ type: 'tool_use' as const, id: newId('toolu'), ...tool })),
]

const emptied = (block: Block) => (block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} })

const piecesOf = (block: Block): readonly string[] =>
  (block.type === 'text' ? block.text : JSON.stringify(block.input)).match(
    new RegExp(`[^]{1,${pieceLength}}`, 'gu'),
  ) ?? ['']

const deltaOf = (block: Block, piece: string) =>
  block.type === 'text' ? { type: 'text_delta', text: piece } : { type: 'input_json_delta', partial_json: piece }

const usageOf = (request: MessagesRequest, blocks: readonly Block[]) => ({
  input_tokens: Math.ceil(JSON.stringify(request.messages).length / 4),
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: Math.ceil(JSON.stringify(blocks).length / 4),
  service_tier: 'standard',
})

/** In auto mode the CLI asks the server to judge each tool call; every scripted one is harmless. */
const verdictsOn = (blocks: readonly Block[]) => [
  {
    type: 'dangerous_tool_use',
    status: {
      type: 'available',
      tool_uses: Object.fromEntries(
        blocks.flatMap((block) =>
          block.type === 'tool_use' ? [[block.id, { type: 'evaluated', outcome: 'not_flagged' }]] : [],
        ),
      ),
    },
  },
]
