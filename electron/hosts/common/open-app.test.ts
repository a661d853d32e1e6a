import { createRouterClient } from '@orpc/server'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { entries } from './testing/command-yard.ts'
import { openApp, type App } from './open-app.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-open-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = async () => {
  const app = await openApp({
    dataDir: join(folder, 'data'),
    home: folder,
    version: '0.0.0',
    environment: { PATH: process.env['PATH'], HOME: folder, SHELL: '/bin/sh' },
    entries,
    capabilities: { kind: 'web', pickFolder: null, openInEditor: async () => false, quit: () => undefined },
  })
  await app.ready
  return app
}
/** Ends it with the process that keeps the terminals. */
const end = async (app: App) => {
  const context = { identity: { kind: 'person', id: 'test', right: 'full' } as const }
  await createRouterClient(app.router, { context }).host.quit({ stopAll: true })
  await app.close()
}
const listenOn = (port: number, server = createServer()) =>
  new Promise<string>((resolve) => {
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve('listens'))
  })
const read = (...names: string[]) => readFileSync(join(folder, 'data', ...names), 'utf8')
const portNow = () => Number(new URL(read('sessions', 'gateway')).port)

it('the gateway keeps its port, which no outgoing connection is given, and takes another when somebody has it', async () => {
  const first = await open()
  const port = portNow()
  expect(port).toBeGreaterThanOrEqual(20_000)
  expect(port).toBeLessThan(32_000)
  await first.close()
  // Agents may still run: nobody else gets the port.
  expect(await listenOn(port)).toBe('EADDRINUSE')
  const second = await open()
  expect(portNow()).toBe(port)
  await end(second)
  const squatter = createServer()
  expect(await listenOn(port, squatter)).toBe('listens')
  const third = await open()
  expect(portNow()).not.toBe(port)
  const other = portNow()
  expect(other).toBeLessThan(32_000)
  await third.close()
  expect(await listenOn(other)).toBe('EADDRINUSE')
  await new Promise((resolve) => squatter.close(resolve))
  // Agents of both times are heard by the next one.
  const fourth = await open()
  expect(portNow()).toBe(port)
  const statuses = [port, other].map((each) =>
    fetch(`http://127.0.0.1:${each}/hook`, { method: 'POST' }).then(({ status }) => status),
  )
  expect(await Promise.all(statuses)).toEqual([415, 415])
  await end(fourth)
})

it('the person’s token is their own to read, another one at each start, and good for verbs alone', async () => {
  const first = await open()
  const token = read('command-token')
  expect(statSync(join(folder, 'data', 'command-token')).mode & 0o777).toBe(0o600)
  const ask = (path: string, given: string) =>
    fetch(`${read('sessions', 'gateway')}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${given}`, 'content-type': 'application/json' },
      body: '{}',
    }).then(({ status }) => status)
  expect([await ask('/verb/whoami', token), await ask('/hook', token), await ask('/mcp', token)]).toEqual([
    422, 401, 401,
  ])
  expect(await ask('/verb/whoami', 'f'.repeat(64))).toBe(401)
  await first.close()
  expect(existsSync(join(folder, 'data', 'command-token'))).toBe(false)
  const second = await open()
  expect(read('command-token')).not.toBe(token)
  expect(await ask('/verb/whoami', token)).toBe(401)
  await end(second)
})
