import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readProcessStart } from '../processes.ts'
import { inboxLine, wakeClaude } from './claude-inbox.ts'

let home: string
let server: Server
let heard: Promise<string>
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'switchyard-inbox-'))
  mkdirSync(join(home, '.claude', 'sessions'), { recursive: true })
  const { promise, resolve } = Promise.withResolvers<string>()
  heard = promise
  server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    socket.on('end', () => {
      socket.end()
      resolve(text)
    })
  })
  await new Promise<void>((done) => server.listen(join(home, 'inbox.sock'), done))
})
afterEach(() => {
  server.close()
  rmSync(home, { recursive: true, force: true })
})

/** The status file of a running session: of this very process, which certainly lives. */
const running = async (change: object = {}) =>
  writeFileSync(
    join(home, '.claude', 'sessions', `${process.pid}.json`),
    JSON.stringify({
      pid: process.pid,
      sessionId: 'c-1',
      status: 'idle',
      procStart: await readProcessStart(process.pid),
      messagingSocketPath: join(home, 'inbox.sock'),
      ...change,
    }),
  )
const wake = (pid: number, text: string | null = 'Mail') =>
  wakeClaude({ pid, conversationId: 'c-1', environment: { HOME: home }, readText: async () => text })

describe('the inbox of Claude Code', () => {
  it('gets the text as a message of another session', async () => {
    await running()
    expect(await wake(process.pid, 'Two\nlines of “mail”')).toBe(true)
    const line = JSON.parse(await heard) as { message: { content: string } }
    expect(line).toMatchObject({ msgV: 1, type: 'user', priority: 'next', message: { role: 'user' } })
    expect(line.message.content).toBe(
      '<cross-session-message from-name="Switchyard" from-mode="prompting">\nTwo\nlines of “mail”\n</cross-session-message>',
    )
  })

  it('is found by its conversation where a wrapper started the CLI', async () => {
    await running()
    expect(await wake(1)).toBe(true)
    expect(await heard).toContain('Mail')
  })

  it('is one line, whatever the text', () => {
    expect(inboxLine('a\nb\r\n"c"', 'id').match(/\n/g)).toHaveLength(1)
  })

  it.each([
    ['a session that does not run', { pid: 2 ** 22 + 7 }],
    ['a version without one', { messagingSocketPath: null }],
    ['one where nobody listens', { messagingSocketPath: '/no/such/socket' }],
  ])('is not there in %s', async (_name, change) => {
    await running(change)
    expect(await wake(process.pid)).toBe(false)
  })

  it('is left alone when there is nothing to say any more', async () => {
    await running()
    expect(await wake(process.pid, null)).toBe(false)
  })
})
