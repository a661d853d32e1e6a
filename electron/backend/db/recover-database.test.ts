import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClock } from '../kernel/clock.ts'
import { createTestKernel } from '../kernel/testing.ts'
import { backUp, backUpWhenDue, listBackups, probeHealth } from '../kernel/health.ts'
import { openDatabase } from './database.ts'
import { DatabaseTooNewError } from './migrate.ts'
import { openOrRecoverDatabase } from './recover-database.ts'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'switchyard-db-'))
  path = join(directory, 'data', 'switchyard.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const put = (key: string) => {
  const database = openDatabase(path)
  return database.writer.run(`INSERT INTO meta (key, value) VALUES (?, 'x')`, key).then(() => database)
}
const keys = async (database: ReturnType<typeof openDatabase>) =>
  (await database.read((tx) => tx.all<{ key: string }>('SELECT key FROM meta ORDER BY key'))).map((row) => row.key)

describe('opening the database', () => {
  it('makes a new one, and says nothing', () => {
    const opened = openOrRecoverDatabase(path, [], 0)
    expect(opened.notice).toBeNull()
    opened.close()
    expect(existsSync(`${path}.open`)).toBe(false)
  })

  it('keeps everything over an end that was not orderly', async () => {
    ;(await put('kept')).close()
    writeFileSync(`${path}.open`, '')
    const opened = openOrRecoverDatabase(path, [], 0)
    expect(opened.notice).toBeNull()
    expect(await keys(opened.database)).toEqual(['kept'])
    opened.close()
  })

  it('moves a damaged file aside whole and takes the newest good backup', async () => {
    const database = await put('old')
    const backups = join(directory, 'backups')
    await backUp(
      database,
      createClock(() => 1000),
      backups,
    )
    await database.writer.run(`INSERT INTO meta (key, value) VALUES ('new', 'x')`)
    database.close()
    writeFileSync(path, 'this is no database, and long enough to be taken for one'.repeat(200))
    writeFileSync(join(backups, 'switchyard-9999.db'), 'a damaged backup'.repeat(100))
    const opened = openOrRecoverDatabase(path, await listBackups(backups), 2000)
    expect(opened.notice).toContain('switchyard-1970-01-01T00-00-01.000Z.db')
    expect(await keys(opened.database)).toEqual(['old'])
    opened.close()
    expect(readdirSync(join(directory, 'data')).some((name) => name.startsWith('damaged-'))).toBe(true)
  })

  it('starts empty and says so when nothing good is left', () => {
    openDatabase(path).close()
    truncateSync(path, 5000)
    writeFileSync(`${path}.open`, '')
    const opened = openOrRecoverDatabase(path, [], 0)
    expect(opened.notice).toContain('no good backup')
    opened.close()
  })

  it('refuses a database of a newer Switchyard and leaves it as it is', () => {
    openDatabase(path).close()
    const raw = new BetterSqlite(path)
    raw.pragma('user_version = 9999')
    raw.close()
    expect(() => openOrRecoverDatabase(path, [], 0)).toThrow(DatabaseTooNewError)
    expect(readdirSync(join(directory, 'data')).some((name) => name.startsWith('damaged-'))).toBe(false)
  })
})

describe('health', () => {
  it('is found by writing, reading and rolling back', async () => {
    const kernel = createTestKernel()
    expect(await probeHealth(kernel.database, kernel.runCommand)).toEqual({ kind: 'ok' })
    expect(await keys(kernel.database)).toEqual([])
    expect(kernel.changes).toEqual([])
    await kernel.close()
    await expect(probeHealth(kernel.database, kernel.runCommand)).resolves.toMatchObject({ kind: 'ill' })
  })

  it('is ill when the disk takes nothing more', async () => {
    const kernel = createTestKernel()
    const exec = kernel.database.exec
    Object.assign(kernel.database, {
      exec: (sql: string) => {
        if (sql.startsWith('BEGIN')) throw new Error('database or disk is full')
        exec(sql)
      },
    })
    expect(await probeHealth(kernel.database, kernel.runCommand)).toMatchObject({
      kind: 'ill',
      problem: expect.stringContaining('disk is full'),
    })
    Object.assign(kernel.database, { exec })
    await kernel.close()
  })
})

describe('backups', () => {
  it('keep the newest 24', async () => {
    const database = openDatabase(path)
    const backups = join(directory, 'backups')
    for (let hour = 0; hour < 26; hour += 1)
      await backUp(
        database,
        createClock(() => hour * 3_600_000),
        backups,
      )
    const kept = await listBackups(backups)
    expect(kept).toHaveLength(24)
    expect(kept[0]).toContain('1970-01-02T01')
    database.close()
  })

  it('are made when the newest is an hour old, or none is there, or the clock says nonsense', async () => {
    const database = openDatabase(path)
    const backups = join(directory, 'backups')
    const backUpAt = async (now: number) => {
      await backUpWhenDue(
        database,
        createClock(() => now),
        backups,
      )
      return (await listBackups(backups)).length
    }
    const start = Date.UTC(2026, 0, 1, 12, 30)
    expect(await backUpAt(start)).toBe(1)
    expect(await backUpAt(start + 3_599_999)).toBe(1)
    expect(await backUpAt(start + 3_600_000)).toBe(2)
    // The clock was set back: the newest one is of a time to come.
    expect(await backUpAt(start - 86_400_000)).toBe(3)
    writeFileSync(join(backups, 'switchyard-by-hand.db'), '')
    expect(await backUpAt(start + 3_600_001)).toBe(5)
    database.close()
  })
})
