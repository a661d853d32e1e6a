import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isDamage } from '../../../shared/lib/storage-problem.ts'
import { openDatabase, type Database } from './database.ts'

export interface OpenedDatabase {
  readonly database: Database
  /** What the person must be told: the file was damaged, what is used now and what span is missing. Null when all is well. */
  readonly notice: string | null
  /** Closes it and notes that this was an orderly end. */
  close(): void
}

/** Thrown to those who may not recover it: the person is to be told of what is missing, and only the app can tell them. */
export class DatabaseDamagedError extends Error {
  override name = 'DatabaseDamagedError'
  /** As SQLite says it. */
  readonly code = 'SQLITE_CORRUPT'
}

/**
 * Opens the database. After an end that was not orderly it is checked first. A damaged one is moved aside whole, never
 * mended in place, and the newest good backup takes its place.
 */
export const openOrRecoverDatabase = (
  path: string,
  backups: readonly string[],
  now: number,
  mayRecover = true,
): OpenedDatabase => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const marker = `${path}.open`
  const before = existsSync(marker) ? readFileSync(marker, 'utf8') : null
  // Made before the database is first read, and gone only when it was closed with its log folded back into it.
  const isLogGone = before === isOpenText && existsSync(path) && !existsSync(`${path}-wal`)
  if (isLogGone && !mayRecover) throw new DatabaseDamagedError('Its write-ahead log is gone.')
  if (before === null) writeFileSync(marker, '', { mode: 0o600 })
  const sound = isCutShort(path) ? null : openSound(path, before === null)
  if (!sound && !mayRecover) throw new DatabaseDamagedError('It cannot be read.')
  const { database, notice } = sound ?? recover(path, backups, now)
  writeFileSync(marker, isOpenText, { mode: 0o600 })
  return {
    database,
    notice: notice ?? (isLogGone ? logGoneText : null),
    close: () => {
      const isDamaged = database.isFoundDamaged()
      writeFileSync(marker, '', { mode: 0o600 })
      database.close()
      // One that was found to be damaged is checked at the next start, as after a crash.
      if (!isDamaged) rmSync(marker, { force: true })
    },
  }
}

/** In the marker while the write-ahead log is there. */
const isOpenText = 'open'

const logGoneText =
  'The write-ahead log of the database was deleted after the last end, which was not orderly. What was written last is missing: up to some minutes of work. Look at your tasks and leases.'

/** Shorter than its own header says. SQLite would notice only when it comes to the pages that are missing. */
const isCutShort = (path: string): boolean => {
  // A log beside it may hold pages that the file is still to get.
  if (!existsSync(path) || existsSync(`${path}-wal`)) return false
  const header = readFileStart(path, 32)
  if (header.length < 32) return header.length > 0
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  return statSync(path).size < pageBytes * header.readUInt32BE(28)
}

const readFileStart = (path: string, bytes: number): Buffer => {
  const file = openSync(path, 'r')
  const start = Buffer.alloc(bytes)
  const read = readSync(file, start, 0, bytes, 0)
  closeSync(file)
  return start.subarray(0, read)
}

const openSound = (path: string, wasOrderly: boolean): { database: Database; notice: null } | null => {
  let database: Database | null = null
  // Expects SQLITE_NOTADB and SQLITE_CORRUPT; everything else (no rights, too new, disk full) is for the caller.
  try {
    database = openDatabase(path)
    if (wasOrderly || isSound(database)) return { database, notice: null }
    database.close()
    return null
  } catch (error) {
    database?.close()
    if (isDamage(error)) return null
    throw error
  }
}

const isSound = (database: Database) => database.quickCheck().join() === 'ok'

const recover = (path: string, backups: readonly string[], now: number): { database: Database; notice: string } => {
  const aside = join(dirname(path), `damaged-${new Date(now).toISOString().replaceAll(':', '-')}`)
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, join(aside, basename(path) + suffix))
  }
  for (const backup of backups) {
    copyFileSync(backup, path)
    const opened = openSound(path, false)
    if (opened) {
      return {
        database: opened.database,
        notice: `The database was damaged. The backup ${basename(backup)} is used instead; what happened after it is missing. The damaged file is kept in ${aside}.`,
      }
    }
    rmSync(path, { force: true })
  }
  return {
    database: openDatabase(path),
    notice: `The database was damaged and there is no good backup, so an empty one is used. Worktrees and branches are untouched: open your projects again. The damaged file is kept in ${aside}.`,
  }
}
