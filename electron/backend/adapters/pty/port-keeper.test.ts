import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { serveConnection } from '../../../pty-host/client-connection.ts'
import { createPortKeeper } from './port-keeper.ts'
import { readOrMakeToken } from './pty-host-files.ts'
import { newTestClient, openTestHost } from './testing.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-keeper-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ask = (port: number) =>
  new Promise<string>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method: 'POST', path: '/verb/x', agent: false }, (response) => {
      const isAway = response.headers['switchyard-away'] === '1'
      text(response).then((all) => resolve(isAway ? 'away' : all), reject)
    })
    sent.on('error', reject)
    sent.end()
  })

const openApp = async (path: string, answer: string) => {
  const server = createServer((_request, response) => response.end(answer))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return server
}

it('the PTY host keeps a port for one app after the other, and for none in between', async () => {
  await using host = await openTestHost()
  const changes: string[] = []
  const first = createPortKeeper(host.dataDir, host.client)
  const stop = first.onChange((change) => changes.push(change))
  const [one, two] = [first.newSocketPath(), first.newSocketPath()]
  expect(one).not.toBe(two)
  const app = await openApp(one, 'first')
  const kept = await first.keep(0, one)
  if (kept.kind !== 'kept') throw new Error('It was not kept.')
  expect(await ask(kept.port)).toBe('first')
  // Also where the next app listens at the same place, nobody is sent there before it has said so.
  await host.client.close()
  while ((await ask(kept.port)) !== 'away');
  const client = host.newClient()
  await client.connect()
  expect(await ask(kept.port)).toBe('away')
  expect(await createPortKeeper(host.dataDir, client).keep(kept.port, one)).toEqual(kept)
  expect(await ask(kept.port)).toBe('first')
  app.close()

  expect(changes).toEqual([])
  stop()
})

it('a port of another program is told to be taken', async () => {
  await using host = await openTestHost()
  const other = createSocketServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  expect(await host.client.keepPort(port, '/nowhere')).toEqual({ kind: 'taken' })
  other.close()
})

it('the death of the host is told, and so is the next one, which knows of no port', async () => {
  await using host = await openTestHost()
  const keeper = createPortKeeper(host.dataDir, host.client)
  const seen: string[] = []
  const { promise: lost, resolve: tellLost } = Promise.withResolvers<void>()
  keeper.onChange((change) => {
    seen.push(change)
    if (change === 'lost') tellLost()
  })
  const kept = await keeper.keep(0, '/nowhere')
  if (kept.kind !== 'kept') throw new Error('It was not kept.')
  process.kill(await host.hostPid(), 'SIGKILL')
  await lost
  await expect(ask(kept.port)).rejects.toThrow('ECONNREFUSED')
  expect(await keeper.keep(kept.port, '/nowhere')).toEqual(kept)
  expect(seen).toEqual(['lost', 'connected'])
  expect(await ask(kept.port)).toBe('away')
})

it('a host of an older version cannot keep ports, and says so', async () => {
  const token = await readOrMakeToken(folder)
  const socketPath = join(folder, 'pty-host.sock')
  const server = createSocketServer((socket) =>
    serveConnection({
      socket,
      token,
      welcome: { hostPid: process.pid, hostStartedAt: 0, bootId: null },
      greeted: () => undefined,
      // As one of before answers what it does not know.
      command: (connection, asked) =>
        connection.send({ kind: 'refused', request: asked, code: 'bad-message', message: 'Not of the protocol.' }),
      closed: () => undefined,
    }),
  )
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  writeFileSync(join(folder, 'pty-host.json'), JSON.stringify({ pid: process.pid, startTime: null, socketPath }))
  const client = newTestClient(folder)
  expect(await createPortKeeper(folder, client).keep(0, '/nowhere')).toEqual({ kind: 'unable' })
  await client.close()
  server.close()
})

it('the private socket of a data folder with a long name is in a private folder elsewhere', async () => {
  const long = join(folder, 'long'.repeat(30))
  mkdirSync(long, { recursive: true })
  const keeper = createPortKeeper(long, { keepPort: async () => ({ kind: 'unable' }), onEvent: () => () => undefined })
  const path = keeper.newSocketPath()
  expect(Buffer.byteLength(path)).toBeLessThan(104)
  expect(dirname(path)).not.toBe(long)
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  const app = await openApp(path, 'there')
  app.close()
  rmSync(dirname(path), { recursive: true })
})
