import BetterSqlite, { type Database as Connection, type Statement } from 'better-sqlite3'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { isDamage } from '../../../shared/lib/storage-problem.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import type { SqlValue, Tx } from './tx.ts'

/** The one open database. Writes go through `writer` (by `runCommand` alone), reads through a connection of their own. */
export interface Database {
  readonly path: string
  readonly writer: Tx
  /** Plain statements around commands: BEGIN, SAVEPOINT, COMMIT. */
  exec(sql: string): void
  /** Runs reads on one consistent state of what is committed. */
  read<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value>
  /** Copies the committed state while others go on writing. */
  backup(path: string): Promise<void>
  /** Moves what is in the write-ahead log into the main file; answers the log's size in bytes before that. */
  checkpoint(): void
  quickCheck(): readonly string[]
  /** True once anything asked of it failed because the file is broken. */
  isFoundDamaged(): boolean
  close(): void
}

/**
 * Opens or makes the database and brings it to the newest form. Throws when the file is damaged or was written by a newer
 * Switchyard.
 */
export const openDatabase = (path: string): Database => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const writing = new BetterSqlite(path)
  setPragmas(writing)
  migrate(writing, migrations)
  const reading = new BetterSqlite(path, { readonly: true })
  reading.pragma('busy_timeout = 5000')
  let isFoundDamaged = false
  const look = (error: unknown): never => {
    isFoundDamaged ||= isDamage(error)
    throw error
  }
  const writer = createTx(writing, look)
  const readTx = createTx(reading, look)
  const read = createReader(reading, readTx)
  return {
    path,
    writer,
    exec: createControl(writing),
    read,
    backup: (target) => copyCommitted(path, target),
    checkpoint: () => void writing.pragma('wal_checkpoint(PASSIVE)'),
    quickCheck: () => (writing.pragma('quick_check(20)') as { quick_check: string }[]).map((row) => row.quick_check),
    isFoundDamaged: () => isFoundDamaged,
    close: () => {
      reading.close()
      writing.close()
    },
  }
}

const copyCommitted = async (path: string, target: string) => {
  // A connection of its own, on one state: the writer's would copy nothing while a transaction is open on it, and one
  // that sees the writes of others begins again at each of them.
  const source = new BetterSqlite(path, { readonly: true })
  source.exec('BEGIN; SELECT count(*) FROM meta')
  await source.backup(target).finally(() => source.close())
}

const setPragmas = (connection: Connection) => {
  connection.pragma('journal_mode = WAL')
  // NORMAL keeps every commit over a crash of the app; only a power cut may lose the last ones, never damage the file.
  connection.pragma('synchronous = NORMAL')
  connection.pragma('busy_timeout = 5000')
  connection.pragma('foreign_keys = ON')
  connection.pragma('journal_size_limit = 67108864')
  // The log is moved at SQLite's usual 4 MB: at 16 MB four clients claim a third more in a second, but the commit that the
  // move falls to waits longer (claims' p99 of 16 clients 32 instead of 19 ms, hooks' of 25 sessions 8.9 instead of 7.0).
  // A thread of its own that moves it shortened the waits of one client (p99 of claims 3.3 to 5.2 instead of 7.0 to 9.6 ms) and
  // of none of sixteen, whose claims became fewer: on few cores it takes the time from the writer all the same.
}

/** `look` is told of each failure, and passes it on. */
const createTx = (connection: Connection, look: (error: unknown) => never): Tx => {
  const statements = new Map<string, Statement<SqlValue[]>>()
  const prepare = (sql: string) => {
    let statement = statements.get(sql)
    if (!statement) {
      statement = connection.prepare<SqlValue[]>(sql)
      statements.set(sql, statement)
    }
    return statement
  }
  const get = async <Row>(sql: string, ...values: readonly SqlValue[]) => prepare(sql).get(...values) as Row | undefined
  const all = async <Row>(sql: string, ...values: readonly SqlValue[]) => prepare(sql).all(...values) as readonly Row[]
  const run: Tx['run'] = async (sql, ...values) => ({ changes: prepare(sql).run(...values).changes })
  return {
    get: <Row>(sql: string, ...values: readonly SqlValue[]) => get<Row>(sql, ...values).catch(look),
    all: <Row>(sql: string, ...values: readonly SqlValue[]) => all<Row>(sql, ...values).catch(look),
    run: (sql, ...values) => run(sql, ...values).catch(look),
  }
}

/** BEGIN, SAVEPOINT and the like stand around every command and every read, so each is prepared once. */
const createControl = (connection: Connection): ((sql: string) => void) => {
  const statements = new Map<string, Statement>()
  return (sql) => {
    const statement = statements.get(sql) ?? connection.prepare(sql)
    statements.set(sql, statement)
    statement.run()
  }
}

/** Reads share one connection, so they take turns: each sees one state from its first statement to its last. */
const createReader = (connection: Connection, tx: Tx): Database['read'] => {
  const exec = createControl(connection)
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(async () => {
      exec('BEGIN')
      return work(tx).finally(() => exec('COMMIT'))
    })
    last = turn.then(
      () => undefined,
      () => undefined,
    )
    return turn
  }
}
