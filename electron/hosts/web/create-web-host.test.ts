import { ORPCError } from '@orpc/client'
import { statSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { createServer } from 'node:http'
import { connect as connectTcp, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '../../../shared/contract/api.ts'
import { createWebHost } from './create-web-host.ts'
import { explainListenError } from './run-web-host.ts'
import { connect, fetchTicket, openSocket, signIn, startTestWebHost, type TestHost } from './testing.ts'

let now = 1_000_000
let running: TestHost
beforeAll(async () => {
  running = await startTestWebHost({ now: () => now })
})
afterAll(() => running.close())

/** Sends a request as any program could, with any headers. */
const send = (method: string, path: string, headers: Record<string, string>, body = '') =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const request = httpRequest({ port: running.host.port, host: '127.0.0.1', method, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    request.on('error', reject)
    request.end(body)
  })

const json = { 'content-type': 'application/json' }
const own = () => ({ ...json, origin: running.origin })
const codeOf = (link: string) => new URL(link).hash.replace('#code=', '')

describe('the page', () => {
  test('is served with every header that guards it', async () => {
    const { status, headers, body } = await send('GET', '/', {})
    expect(status).toBe(200)
    expect(body).toContain('<title>Switchyard</title>')
    const policy = String(headers['content-security-policy'])
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      `connect-src 'self' ws://127.0.0.1:${running.host.port}`,
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy.split('; ')).toContain(part)
    }
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('has its hashed files, for ever', async () => {
    const { status, headers } = await send('GET', '/assets/app-1a2b.js', {})
    expect(status).toBe(200)
    expect(headers['cache-control']).toContain('immutable')
    expect(headers['content-type']).toContain('text/javascript')
  })

  test.each([
    '/../data/web-access.json',
    '/%2e%2e/data/web-access.json',
    '/..%2fdata%2fweb-access.json',
    '/assets/../../data/web-access.json',
    '/assets/..\\..\\data\\web-access.json',
    '//etc/passwd',
    '/etc/passwd',
    '/index.html%00.js',
    '/assets/',
    '/assets/app-1a2b.js/',
    '/assets/app-1a2b.js.map',
    '/web-access.json',
  ])('no address leads out of the table: %s', async (path) => {
    await signIn(running)
    expect([400, 404]).toContain((await send('GET', path, {})).status)
  })

  test('refusals carry the headers too', async () => {
    for (const headers of [{ host: 'evil.example' }, { origin: 'https://evil.example' }]) {
      const refused = await send('GET', '/', headers)
      expect([403, 421]).toContain(refused.status)
      expect(refused.headers['content-security-policy']).toContain("default-src 'none'")
    }
  })
})

describe('the code in the link', () => {
  test('is exchanged once for a cookie that scripts and other sites do not get', async () => {
    const body = JSON.stringify({ code: codeOf(running.host.newLink('full')) })
    const first = await send('POST', '/auth/code', own(), body)
    expect(first.status).toBe(204)
    const [cookie] = first.headers['set-cookie'] as string[]
    expect(cookie).toMatch(new RegExp(`^switchyard-${running.host.port}=[\\w-]{43};`))
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(attribute)
    const second = await send('POST', '/auth/code', own(), body)
    expect([second.status, second.body]).toEqual([401, '{"code":"CODE_SPENT"}'])
  })

  test('ends after a minute', async () => {
    const body = JSON.stringify({ code: codeOf(running.host.newLink('full')) })
    now += 60_000
    expect((await send('POST', '/auth/code', own(), body)).status).toBe(401)
  })

  test('must come as JSON, so that no form of another page can send it', async () => {
    const code = codeOf(running.host.newLink('full'))
    const form = { origin: running.origin, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await send('POST', '/auth/code', form, `code=${code}`)).status).toBe(400)
    const text = { origin: running.origin, 'content-type': 'text/plain' }
    expect((await send('POST', '/auth/code', text, JSON.stringify({ code }))).status).toBe(400)
  })

  test('cannot be guessed at speed', async () => {
    now += 60_000
    const statuses = []
    for (let attempt = 0; attempt < 32; attempt++) {
      statuses.push((await send('POST', '/auth/code', own(), '{"code":"guess"}')).status)
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(30)
    expect(statuses.slice(30)).toEqual([429, 429])
    now += 60_000
  })

  test('a body above one megabyte is refused, announced or not', async () => {
    const large = JSON.stringify({ code: 'x'.repeat(1024 * 1024) })
    const largest = JSON.stringify({ code: 'x'.repeat(1024 * 1024 - '{"code":""}'.length) })
    for (const sent of [{ 'content-length': String(large.length) }, { 'transfer-encoding': 'chunked' }]) {
      expect((await send('POST', '/auth/code', { ...own(), ...sent }, large)).status).toBe(413)
    }
    expect((await send('POST', '/auth/code', own(), largest)).status).toBe(400)
  })

  test('no other method and no other address does anything', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      expect((await send(method, '/auth/code', own())).status).toBe(405)
    }
    expect((await send('POST', '/auth/other', own(), '{}')).status).toBe(405)
    expect((await send('GET', '/auth/ticket', {})).status).toBe(404)
  })
})

describe('a socket', () => {
  test('opens with a cookie and a ticket, and serves the contract', async () => {
    const { client, socket } = await connect(running)
    expect(socket.protocol).toBe('switchyard.v1')
    expect(await client.host.info()).toMatchObject({ kind: 'web', canPickFolder: false })
    socket.terminate()
  })

  test('opens again by the cookie alone after a reload', async () => {
    const cookie = await signIn(running)
    for (let reload = 0; reload < 3; reload++) {
      const socket = await openSocket(running, { cookie, ticket: await fetchTicket(running, cookie) })
      socket.terminate()
    }
  })

  test('every other combination of origin, host, cookie and ticket is refused', async () => {
    const good = await signIn(running)
    const other = await signIn(running)
    const cookies = { good, other, wrong: `switchyard-${running.host.port}=${'A'.repeat(43)}`, none: undefined }
    const origins = {
      own: running.origin,
      foreign: 'https://evil.example',
      neighbour: 'http://127.0.0.1:1',
      null: 'null',
    }
    const hosts = { own: undefined, rebound: `rebind.example:${running.host.port}` }
    const makeTicket = {
      good: () => fetchTicket(running, good),
      spent: async () => {
        const ticket = await fetchTicket(running, good)
        const socket = await openSocket(running, { cookie: good, ticket })
        socket.terminate()
        return ticket
      },
      late: async () => {
        const ticket = await fetchTicket(running, good)
        now += 15_000
        return ticket
      },
      wrong: async () => 'B'.repeat(43),
      none: async () => undefined,
    }
    const opened: string[] = []
    let tried = 0
    for (const [cookieName, cookie] of Object.entries(cookies)) {
      for (const [originName, origin] of Object.entries(origins)) {
        for (const [hostName, host] of Object.entries(hosts)) {
          for (const [ticketName, make] of Object.entries(makeTicket)) {
            now += 2_000
            const ticket = await make()
            const outcome = await openSocket(running, {
              ...(cookie === undefined ? {} : { cookie }),
              ...(ticket === undefined ? {} : { ticket }),
              ...(host === undefined ? {} : { host }),
              origin,
            }).then(
              (socket) => socket.terminate() ?? 'opened',
              (error: Error) => error.message,
            )
            tried++
            if (outcome === 'opened') opened.push([cookieName, originName, hostName, ticketName].join(' '))
            else expect(outcome).toMatch(/^(401|403|421)$/)
          }
        }
      }
    }
    expect(tried).toBe(160)
    expect(opened).toEqual(['good own own good'])
  })

  test('a ticket is never handed out without a cookie', async () => {
    expect((await send('POST', '/auth/ticket', own(), '{}')).status).toBe(401)
    const cookie = `switchyard-${running.host.port}=${'A'.repeat(43)}`
    expect((await send('POST', '/auth/ticket', { ...own(), cookie }, '{}')).status).toBe(401)
    const foreign = { ...json, origin: 'https://evil.example', cookie: await signIn(running) }
    expect((await send('POST', '/auth/ticket', foreign, '{}')).status).toBe(403)
  })

  test('upgrades are counted, and a minute later they are allowed again', async () => {
    now += 60_000
    const cookie = await signIn(running)
    const refused: string[] = []
    for (let attempt = 0; attempt < 122; attempt++) {
      await openSocket(running, { cookie }).catch((error: Error) => refused.push(error.message))
    }
    expect(refused.filter((status) => status === '401')).toHaveLength(120)
    expect(refused.slice(120)).toEqual(['429', '429'])
    now += 60_000
    const socket = await openSocket(running, { cookie, ticket: await fetchTicket(running, cookie) })
    socket.terminate()
  })

  test('a message above one megabyte ends the connection with its code', async () => {
    const { socket } = await connect(running)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.send('x'.repeat(1024 * 1024 + 1))
    expect(await closed).toBe(1009)
  })
})

describe('rights', () => {
  type Leaf = readonly [name: string, right: string]
  // Every procedure that is served, by the contract's own word on what it needs.
  const readLeaves = () =>
    Object.entries(api)
      .filter(([feature]) => feature in running.router)
      .flatMap(leavesOf)
  const leavesOf = ([feature, contract]: readonly [string, object]): readonly Leaf[] =>
    Object.entries(contract).map(([name, procedure]) => [`${feature}.${name}`, procedure['~orpc'].meta.right])
  const call = async (client: object, name: string): Promise<string> => {
    const [feature = '', procedure = ''] = name.split('.')
    const features = client as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
    return features[feature]![procedure]!({ after: null }).then(
      () => 'answered',
      (error: unknown) => (error instanceof ORPCError ? error.code : String(error)),
    )
  }

  test('a connection that may only view is refused by everything that does more', async () => {
    const { client, socket } = await connect(running, 'view')
    for (const [name, right] of readLeaves()) {
      const outcome = await call(client, name)
      expect([name, outcome === 'FORBIDDEN']).toEqual([name, right !== 'view'])
    }
    socket.terminate()
  })

  test('a connection that may answer is refused by everything that needs full rights', async () => {
    const { client, socket } = await connect(running, 'answer')
    for (const [name, right] of readLeaves()) {
      const outcome = await call(client, name)
      expect([name, outcome === 'FORBIDDEN']).toEqual([name, right === 'full'])
    }
    socket.terminate()
  })
})

describe('the server', () => {
  test('listens on this machine alone', async () => {
    const outside = connectTcp({ port: running.host.port, host: '127.0.0.2' })
    const outcome = await new Promise((resolve) => {
      outside.once('connect', () => resolve('connected'))
      outside.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    })
    outside.destroy()
    expect(outcome).toBe('ECONNREFUSED')
  })

  test('keeps its secrets in a private folder', () => {
    expect(statSync(running.dataDir).mode & 0o777).toBe(0o700)
    expect(statSync(join(running.dataDir, 'web-access.json')).mode & 0o777).toBe(0o600)
  })

  test('says what to do when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const deps = { router: {} as never, log: {} as never, dataDir: running.dataDir, rendererDir: running.dataDir }
    const error = await createWebHost({ ...deps, port, now: Date.now }).catch((reason: unknown) => reason)
    expect(String(explainListenError(error, port))).toContain(`Port ${port} is in use by another program.`)
    other.close()
  })
})
