import BetterSqlite from 'better-sqlite3'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogMover } from './log-mover.ts'
import { openDatabase, type Database } from './database.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-log-'))
  path = join(folder, 'switchyard.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

let keys = 0
/** Commits so many rows, each a page and more. */
const commit = async (database: Database, rows: number) => {
  for (let n = 0; n < rows; n += 1) {
    database.exec('BEGIN IMMEDIATE')
    const key = `row-${(keys += 1)}`
    await database.writer.run('INSERT INTO meta (key, value) VALUES (?, ?)', key, 'x'.repeat(5000))
    database.exec('COMMIT')
  }
}

const countRows = async (database: Database) =>
  (await database.read((tx) => tx.get<{ count: number }>(`SELECT count(*) AS count FROM meta WHERE key LIKE 'row-%'`)))
    ?.count

/** The log as somebody else sees it. */
const lookAtLog = () => {
  const other = new BetterSqlite(path, { readonly: true })
  const [found] = other.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
  other.close()
  return found ?? { log: Number.NaN, checkpointed: Number.NaN }
}

const untilMoved = async () => {
  for (;;) {
    const { log, checkpointed } = lookAtLog()
    if (log === checkpointed) return
    await delay(5)
  }
}

describe('moving the write-ahead log', () => {
  it('is left alone while it is short', async () => {
    const database = openDatabase(path)
    await commit(database, 20)
    const { log, checkpointed } = lookAtLog()
    expect(checkpointed).toBe(0)
    expect(log).toBeGreaterThan(20)
    database.close()
  })

  it('is done beside the writer as a whole, so that the log starts again and does not grow', async () => {
    const database = openDatabase(path)
    for (let round = 1; round <= 3; round += 1) {
      await commit(database, 400)
      await untilMoved()
      await commit(database, 1)
      expect(lookAtLog().log).toBeLessThan(50)
      expect(await countRows(database)).toBe(401 * round)
    }
    database.close()
  })

  it('is waited for by a close, which takes the log away', async () => {
    const database = openDatabase(path)
    await commit(database, 1000)
    database.close()
    expect(existsSync(`${path}-wal`)).toBe(false)
    const again = openDatabase(path)
    expect(await countRows(again)).toBe(1000)
    expect(again.quickCheck()).toEqual(['ok'])
    again.close()
  })

  it('is put off by a reader that still needs the log, and done after it', async () => {
    const database = openDatabase(path)
    await commit(database, 1)
    const reader = new BetterSqlite(path, { readonly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM meta').get()
    await commit(database, 600)
    expect(lookAtLog().log).toBeGreaterThan(600)
    expect(reader.prepare(`SELECT count(*) AS count FROM meta WHERE key LIKE 'row-%'`).get()).toEqual({ count: 1 })
    reader.exec('COMMIT')
    reader.close()
    // Asked again by the next commits that make it worth it.
    await commit(database, 400)
    await untilMoved()
    database.close()
  })

  it('is left to SQLite where no thread can do it', async () => {
    openDatabase(path).close()
    const connection = new BetterSqlite(path)
    connection.pragma('synchronous = OFF')
    const logMover = createLogMover({ connection, path, library: join(folder, 'is-not-there') })
    expect(connection.pragma('wal_autocheckpoint', { simple: true })).toBe(8000)
    const insert = connection.prepare(`INSERT INTO meta (key, value) VALUES (?, ?)`)
    for (let n = 0; n < 600; n += 1) insert.run(`row-${n}`, 'x'.repeat(5000))
    logMover.afterCommit()
    while (connection.pragma('wal_autocheckpoint', { simple: true }) !== 1000) await delay(5)
    logMover.afterCommit()
    logMover.close()
    connection.close()
    expect(existsSync(`${path}-wal`)).toBe(false)
  })
})
