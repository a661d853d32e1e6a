import BetterSqlite from 'better-sqlite3'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from './database.ts'
import { DatabaseTooNewError, migrate } from './migrate.ts'
import { migrations } from './migrations.ts'

let folder: string
let opened: Database[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-db-'))
  opened = []
})
afterEach(() => {
  for (const database of opened) database.close()
  rmSync(folder, { recursive: true, force: true })
})
const open = (name = 'switchyard.db') => {
  const database = openDatabase(join(folder, name))
  opened.push(database)
  return database
}
const put = (database: Database, key: string, value = '1') =>
  database.writer.run('INSERT INTO meta (key, value) VALUES (?, ?)', key, value)
const keys = (database: Database) =>
  database.read(async (tx) =>
    (await tx.all<{ key: string }>('SELECT key FROM meta ORDER BY key')).map(({ key }) => key),
  )

describe('the database', () => {
  it('is made with its folder, which is private', () => {
    open(join('deep', 'down', 'switchyard.db'))
    if (process.platform !== 'win32') expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700)
  })

  it('keeps the pragmas it depends on', async () => {
    const database = open()
    const pragma = async (name: string) => Object.values((await database.writer.get<object>(`PRAGMA ${name}`)) ?? {})[0]
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('foreign_keys')).toBe(1)
    expect(await pragma('synchronous')).toBe(1)
    expect(await pragma('busy_timeout')).toBeGreaterThan(1000)
  })

  it('answers the first row, all rows, or how many changed', async () => {
    const { writer } = open()
    await writer.run("INSERT INTO meta (key, value) VALUES ('a', '1'), ('b', '2')")
    expect(await writer.get('SELECT * FROM meta WHERE key = ?', 'a')).toEqual({ key: 'a', value: '1' })
    expect(await writer.get('SELECT * FROM meta WHERE key = ?', 'z')).toBeUndefined()
    expect(await writer.all('SELECT key FROM meta ORDER BY key')).toEqual([{ key: 'a' }, { key: 'b' }])
    expect(await writer.run("UPDATE meta SET value = '3'")).toEqual({ changes: 2 })
  })

  it('shows readers only what is committed', async () => {
    const database = open()
    database.exec('BEGIN IMMEDIATE')
    await put(database, 'a')
    expect(await keys(database)).toEqual([])
    database.exec('COMMIT')
    expect(await keys(database)).toEqual(['a'])
  })

  it('shows one reader one state from its first statement to its last', async () => {
    const database = open()
    await put(database, 'a')
    const seen = await database.read(async (tx) => {
      const before = await tx.all('SELECT key FROM meta')
      await put(database, 'b')
      return [before.length, (await tx.all('SELECT key FROM meta')).length]
    })
    expect(seen).toEqual([1, 1])
    expect(await keys(database)).toEqual(['a', 'b'])
  })

  it('lets readers take turns, and goes on after one that failed', async () => {
    const database = open()
    const order: string[] = []
    const results = await Promise.allSettled([
      database.read(async () => void order.push('first')),
      database.read(async (tx) => {
        order.push('second')
        return tx.get('SELECT * FROM no_such_table')
      }),
      database.read(async () => void order.push('third')),
    ])
    expect(order).toEqual(['first', 'second', 'third'])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await keys(database)).toEqual([])
  })

  it('refuses to write through a reader', async () => {
    const database = open()
    await expect(database.read((tx) => tx.run("INSERT INTO meta (key, value) VALUES ('a', '1')"))).rejects.toThrow(
      'readonly',
    )
  })

  it('is backed up as it is, while a write is under way', async () => {
    const database = open()
    await put(database, 'kept')
    database.exec('BEGIN IMMEDIATE')
    await put(database, 'not yet')
    await database.backup(join(folder, 'copy.db'))
    database.exec('ROLLBACK')
    expect(await keys(open('copy.db'))).toEqual(['kept'])
  })

  it('is backed up as it was when that began, whatever is committed meanwhile', async () => {
    const database = open()
    for (const key of ['a', 'b', 'c']) await put(database, key, 'x'.repeat(1_000_000))
    const copying = database.backup(join(folder, 'copy.db'))
    await put(database, 'later')
    await copying
    expect(await keys(open('copy.db'))).toEqual(['a', 'b', 'c'])
    expect(await keys(database)).toEqual(['a', 'b', 'c', 'later'])
  })

  it('is whole, and says so', () => {
    expect(open().quickCheck()).toEqual(['ok'])
  })

  it('folds its log back when asked', async () => {
    const database = open()
    await put(database, 'a', 'x'.repeat(100_000))
    database.checkpoint()
    const copy = new BetterSqlite(join(folder, 'switchyard.db'), { readonly: true })
    expect(copy.prepare('SELECT key FROM meta').all()).toEqual([{ key: 'a' }])
    copy.close()
    expect(statSync(join(folder, 'switchyard.db')).size).toBeGreaterThan(100_000)
  })

  it('folds its log back by itself, so that it stays small', async () => {
    const database = open()
    const sizeOf = (name: string) => statSync(join(folder, name)).size
    const putMany = async (from: number, to: number) => {
      for (let n = from; n < to; n += 1) await put(database, `${n}`, 'x'.repeat(100_000))
    }
    await putMany(0, 20)
    expect(sizeOf('switchyard.db')).toBeLessThan(1_000_000)
    await putMany(20, 120)
    expect(sizeOf('switchyard.db')).toBeGreaterThan(6_000_000)
    // The log begins again at its start once it is folded back.
    expect(sizeOf('switchyard.db-wal')).toBeLessThan(6_000_000)
    expect(await keys(database)).toHaveLength(120)
  })

  it('goes on after a statement around commands that it refused', async () => {
    const database = open()
    database.exec('BEGIN IMMEDIATE')
    expect(() => database.exec('BEGIN IMMEDIATE')).toThrow('within a transaction')
    database.exec('ROLLBACK')
    expect(() => database.exec('ROLLBACK')).toThrow('no transaction')
    database.exec('BEGIN IMMEDIATE')
    await put(database, 'a')
    database.exec('COMMIT')
    expect(await keys(database)).toEqual(['a'])
  })

  it('keeps everything over closing and opening again', async () => {
    const first = openDatabase(join(folder, 'switchyard.db'))
    await put(first, 'a')
    first.close()
    expect(await keys(open())).toEqual(['a'])
  })
})

describe('migrations', () => {
  it('keep the terminals whose table is made anew for another kind', () => {
    const connection = new BetterSqlite(join(folder, 'old.db'))
    const before = migrations.findIndex(({ name }) => name.includes('checks'))
    migrate(connection, migrations.slice(0, before))
    const values = `('trm_1', 'prj_1', 'ses_1', 'agent', 'A title', '/work', '{"kind":"starting"}', 7)`
    const columns = 'id, project_id, session_id, kind, title, cwd, state, created_at'
    connection.exec(`INSERT INTO terminals (${columns}) VALUES ${values}`)
    const rows = () => connection.prepare(`SELECT ${columns} FROM terminals ORDER BY id`).all()
    const [row] = rows()
    migrate(connection, migrations)
    expect(rows()).toEqual([row])
    const add = (kind: string) =>
      connection.exec(
        `INSERT INTO terminals (${columns}) VALUES ${values.replace('trm_1', kind).replace('agent', kind)}`,
      )
    add('check')
    expect(() => add('other')).toThrow('CHECK constraint failed')
    connection.close()
  })

  const connect = () => new BetterSqlite(join(folder, 'form.db'))
  const tablesOf = (connection: ReturnType<typeof connect>) =>
    (
      connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        .all() as { name: string }[]
    ).map(({ name }) => name)
  const formOf = (connection: ReturnType<typeof connect>) => connection.pragma('user_version', { simple: true })
  const steps = [
    { name: '0001-a', sql: 'CREATE TABLE a (id TEXT) STRICT' },
    { name: '0002-b', sql: 'CREATE TABLE b (id TEXT) STRICT' },
  ]

  it('are numbered one after the other, each named once', () => {
    expect(migrations.map(({ name }) => Number(name.slice(0, 4)))).toEqual(migrations.map((_, index) => index + 1))
  })

  it('bring a database from any form before to the newest, each step once', () => {
    const connection = connect()
    migrate(connection, steps.slice(0, 1))
    connection.exec("INSERT INTO a VALUES ('kept')")
    migrate(connection, steps)
    migrate(connection, steps)
    expect(tablesOf(connection)).toEqual(['a', 'b'])
    expect(connection.prepare('SELECT id FROM a').all()).toEqual([{ id: 'kept' }])
    expect(formOf(connection)).toBe(2)
    connection.close()
  })

  it('leave a database at its old form when one of them fails', () => {
    const connection = connect()
    migrate(connection, steps.slice(0, 1))
    const broken = [...steps, { name: '0003-c', sql: 'CREATE TABLE c (id TEXT); INSERT INTO nowhere VALUES (1)' }]
    expect(() => migrate(connection, broken)).toThrow('nowhere')
    expect(tablesOf(connection)).toEqual(['a'])
    expect(formOf(connection)).toBe(1)
    connection.close()
  })

  it('refuse a database of a later version with both forms and what to do', () => {
    const connection = connect()
    connection.pragma('user_version = 9')
    expect(() => migrate(connection, steps)).toThrow(DatabaseTooNewError)
    expect(() => migrate(connection, steps)).toThrow('(form 9, this one knows 2). Update Switchyard')
    expect(tablesOf(connection)).toEqual([])
    connection.close()
  })

  it.each([
    ['a session of no known lifecycle', "UPDATE sessions SET lifecycle = 'paused'"],
    ['a flag that is neither', 'UPDATE sessions SET is_pinned = 2'],
    [
      'a worktree of a project that is not there',
      "INSERT INTO worktrees (id, project_id, path, kind, state_kind, state, notes, created_at) VALUES ('w', 'p', '/', 'in-place', 'ok', '{}', '[]', 1)",
    ],
    ['text where a number belongs', "UPDATE sessions SET created_at = 'today'"],
    [
      'an incarnation of a session that is not there',
      "INSERT INTO incarnations (id, session_id, number, terminal_id, conversation_id, state, token_hashes, gateway_url, was_asked, created_at) VALUES ('i', 'none', 1, 't', 'c', 'alive', '[]', '', 0, 1)",
    ],
  ])('make a form that refuses %s', async (_name, sql) => {
    const { writer } = open()
    await writer.run(
      `INSERT INTO sessions (id, project_id, title, agent_id, worktree_choice, lifecycle, preparation, runtime, activity,
         can_resume, is_unread, is_pinned, position, created_at, changed_at, rev, conversation_id)
       VALUES ('s', 'p', 't', 'demo', '{}', 'planned', '[]', '{}', '{}', 0, 0, 0, 1, 1, 1, 0, 'c')`,
    )
    await expect(writer.run(sql)).rejects.toThrow(/constraint|cannot store/i)
  })

  it('make a form in which a session has one living incarnation at most', async () => {
    const { writer } = open()
    await writer.run('PRAGMA foreign_keys = OFF')
    const add = (number: number, state: string) =>
      writer.run(
        `INSERT INTO incarnations (id, session_id, number, terminal_id, conversation_id, state, token_hashes, gateway_url, was_asked, created_at)
         VALUES (?, 's', ?, ?, 'c', ?, '[]', '', 0, 1)`,
        `i${number}`,
        number,
        `t${number}`,
        state,
      )
    await add(1, 'ended')
    await add(2, 'starting')
    await expect(add(3, 'alive')).rejects.toThrow('UNIQUE')
    await add(4, 'lost')
  })
})
