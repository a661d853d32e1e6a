import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import BetterSqlite from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createCaller } from './caller.ts'
import { startPeer } from './peers.ts'

test('processes on one SQLite file share its tasks and claim none twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-claimers-'))
  const path = join(folder, 'claims.db')
  const database = new BetterSqlite(path)
  database.pragma('journal_mode = WAL')
  database.exec(`
    CREATE TABLE tasks (id TEXT PRIMARY KEY, priority INTEGER, position INTEGER, owner TEXT, epoch INTEGER) STRICT;
    CREATE TABLE events (seq INTEGER PRIMARY KEY, at INTEGER, subject TEXT, payload TEXT) STRICT;
  `)
  for (let n = 0; n < 40; n += 1) database.prepare('INSERT INTO tasks VALUES (?, 2, ?, NULL, 0)').run(`task-${n}`, n)
  const claimers = await Promise.all(['a', 'b'].map((name) => startPeer('sqlite-claimer', path, name)))
  const said = claimers.map(
    ({ child }) => new Promise<{ claimed: string[]; took: number[] }>((resolve) => child.once('message', resolve)),
  )
  for (const { child } of claimers) child.send('go')
  const claimed = (await Promise.all(said)).flatMap((each) => each.claimed)
  expect(claimed).toHaveLength(40)
  expect(new Set(claimed).size).toBe(40)
  expect(database.prepare('SELECT count(*) AS count FROM events').get()).toEqual({ count: 40 })
  await Promise.all(claimers.map(({ end }) => end()))
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a bare broadcast tells all but the sender', async () => {
  const { ready, end } = await startPeer<{ port: number }>('ws-broadcast')
  const sockets = [0, 1, 2].map(() => new WebSocket(`ws://127.0.0.1:${ready.port}`))
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve))))
  const heard = sockets
    .slice(1)
    .map((socket) => new Promise<string>((resolve) => socket.once('message', (data: Buffer) => resolve(String(data)))))
  sockets[0]?.send('{"n":7}')
  expect(await Promise.all(heard)).toEqual(['{"n":7}', '{"n":7}'])
  for (const socket of sockets) socket.close()
  await end()
})

test('the bare servers echo, and have a tool that does nothing', async () => {
  const { ready, end } = await startPeer<{ port: number }>('bare-servers')
  const caller = createCaller(ready.port)
  expect(await caller.post('/echo', '{"a": 1}')).toMatchObject({ status: 200, text: '{"a":1}' })
  caller.close()
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${ready.port}/mcp`)))
  expect(await client.callTool({ name: 'nothing', arguments: {} })).toMatchObject({
    content: [{ type: 'text', text: '{}' }],
  })
  await client.close()
  await end()
})

test('a peer that cannot start is an error, not a wait', async () => {
  await expect(startPeer('sqlite-claimer', '/nowhere/at/all.db', 'a')).rejects.toThrow('sqlite-claimer ended')
})
