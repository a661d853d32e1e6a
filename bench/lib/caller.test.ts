import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCaller } from './caller.ts'

let server: Server
let connections: number
let heard: { url: string; token: string | undefined; body: string }[]
let closes: boolean
beforeEach(async () => {
  connections = 0
  heard = []
  closes = false
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (text: Buffer) => (body += text.toString()))
    request.on('end', () => {
      heard.push({ url: request.url ?? '', token: request.headers.authorization, body })
      const text = JSON.stringify({ length: body.length, text: 'größer' })
      const headers = { 'content-length': Buffer.byteLength(text), ...(closes ? { connection: 'close' } : {}) }
      response.writeHead(closes ? 409 : 200, headers)
      // In two pieces, as a slow network brings them.
      response.write(text.slice(0, 5))
      setImmediate(() => response.end(text.slice(5)))
    })
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})
const open = (headers = {}) => createCaller((server.address() as AddressInfo).port, headers)

test('posts one body after the other on one connection and reads whole answers', async () => {
  const caller = open({ authorization: 'Bearer x' })
  const first = await caller.post('/verb/claim', '{"a":"ä"}')
  expect(first).toMatchObject({ status: 200, text: '{"length":9,"text":"größer"}' })
  await caller.post('/hook', '{}')
  expect(heard).toEqual([
    { url: '/verb/claim', token: 'Bearer x', body: '{"a":"ä"}' },
    { url: '/hook', token: 'Bearer x', body: '{}' },
  ])
  expect(connections).toBe(1)
  caller.close()
})

test('connects again after an answer that ends the connection', async () => {
  const caller = open()
  closes = true
  expect(await caller.post('/', '{}')).toMatchObject({ status: 409 })
  closes = false
  expect(await caller.post('/', '{}')).toMatchObject({ status: 200 })
  expect(connections).toBe(2)
  caller.close()
})

test('a server that goes away, or is not there, is an error of the call', async () => {
  const caller = open()
  server.removeAllListeners('request')
  server.on('request', (request) => request.socket.destroy())
  await expect(caller.post('/', '{}')).rejects.toThrow()
  await new Promise((resolve) => server.close(resolve))
  await expect(caller.post('/', '{}')).rejects.toThrow('ECONNREFUSED')
})

test('a second call beside the first is refused', async () => {
  const caller = open()
  const first = caller.post('/', '{}')
  await expect(caller.post('/', '{}')).rejects.toThrow('One call at a time')
  expect(await first).toMatchObject({ status: 200 })
  caller.close()
})
