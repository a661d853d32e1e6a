import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createHooks } from './hooks.mjs'

let folder
let server
let heard
let reply

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-demo-'))
  heard = []
  reply = (response) => response.end('{}')
  server = createServer((request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      heard.push({ token: request.headers.authorization, body: JSON.parse(Buffer.concat(chunks).toString()) })
      reply(response, heard.length)
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  writeFileSync(join(folder, 'gateway'), `http://127.0.0.1:${server.address().port}\n`)
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

const open = (token = 'secret') =>
  createHooks({ gatewayFile: join(folder, 'gateway'), token, common: { session_id: 'conversation' } })

it('tells in the words of hooks, with the token of its session', async () => {
  await open().tell('Stop', { last_assistant_message: 'Done.' })
  expect(heard).toEqual([
    {
      token: 'Bearer secret',
      body: { session_id: 'conversation', hook_event_name: 'Stop', last_assistant_message: 'Done.' },
    },
  ])
})

it('asks once and waits in silence, longer than any shared connection would be kept', async () => {
  const idleLimitMs = 5000
  let isAnswered = false
  reply = (response) =>
    setTimeout(() => {
      isAnswered = true
      response.end(JSON.stringify({ hookSpecificOutput: { decision: { behavior: 'allow' } } }))
    }, idleLimitMs + 1500)
  const decision = await open().ask({ tool_name: 'Write' }, new AbortController().signal)
  expect(decision).toEqual({ behavior: 'allow' })
  expect(isAnswered).toBe(true)
  expect(heard).toHaveLength(1)
})

it('asks again when the connection breaks, as when the app is started again', async () => {
  reply = (response, count) => {
    if (count === 1) response.destroy()
    else response.end(JSON.stringify({ hookSpecificOutput: { decision: { behavior: 'deny', message: 'No.' } } }))
  }
  expect(await open().ask({}, new AbortController().signal)).toEqual({ behavior: 'deny', message: 'No.' })
  expect(heard).toHaveLength(2)
})

it('asks and tells again where the app is away and its port is kept for it', async () => {
  const decided = JSON.stringify({ hookSpecificOutput: { decision: { behavior: 'allow' } } })
  reply = (response, count) => {
    if (count % 2 === 1) response.setHeader('switchyard-away', '1')
    response.end(count % 2 === 1 ? '{}' : decided)
  }
  expect(await open().ask({}, new AbortController().signal)).toEqual({ behavior: 'allow' })
  expect(heard).toHaveLength(2)
  await open().tell('Stop')
  await vi.waitUntil(() => heard.length === 4, { timeout: 20_000 })
  expect(heard[3]).toEqual(heard[2])
})

it('stops asking when it was answered in the terminal', async () => {
  const here = new AbortController()
  reply = () => here.abort()
  expect(await open().ask({}, here.signal)).toBeNull()
  expect(heard).toHaveLength(1)
})

it('tells nobody without a token, and never fails', async () => {
  await open('').tell('Stop')
  expect(heard).toEqual([])
})
