import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

// What a call costs when nothing is done for it: POST /echo answers what was sent, POST /mcp has one tool of the SDK that
// does nothing, on one server that stays connected.

const mcp = new Server({ name: 'bare', version: '1' }, { capabilities: { tools: {} } })
mcp.setRequestHandler(CallToolRequestSchema, () => ({ content: [{ type: 'text', text: '{}' }] }))
const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true, sessionIdGenerator: () => 'bench' })
await mcp.connect(transport)

const readAll = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const server = createServer((request, response) => {
  void readAll(request).then((body) => {
    const parsed = body.length > 0 ? (JSON.parse(body.toString()) as unknown) : undefined
    if (request.url === '/mcp') return transport.handleRequest(request, response, parsed)
    const text = JSON.stringify(parsed)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    response.end(text)
    return undefined
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
