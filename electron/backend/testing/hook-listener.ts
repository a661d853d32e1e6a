import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type OnHook = (token: string, body: unknown, signal: AbortSignal) => Promise<unknown>

/** The least of a gateway; the real one has tests of its own. */
export const listenForHooks = async (onHook: OnHook) => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    const hangUp = new AbortController()
    response.on('close', () => hangUp.abort())
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.url !== '/hook') {
        response.writeHead(404).end()
        return
      }
      const token = (request.headers.authorization ?? '').replace('Bearer ', '')
      void onHook(token, JSON.parse(Buffer.concat(chunks).toString()), hangUp.signal).then((answer) => {
        response.writeHead(answer === null ? 401 : 200, { 'content-type': 'application/json' })
        response.end(JSON.stringify(answer ?? {}))
      })
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
