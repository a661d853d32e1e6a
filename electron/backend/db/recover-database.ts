import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openDatabase, type Database } from './database.ts'

export interface OpenedDatabase {
  readonly database: Database
  /** What the person must be told: the file was damaged, what is used now and what span is missing. Null when all is well. */
  readonly notice: string | null
  /** Closes it and notes that this was an orderly end. */
  close(): void
}

/**
 * Opens the database. After an end that was not orderly it is checked first. A damaged one is moved aside whole, never
 * mended in place, and the newest good backup takes its place.
 */
export const openOrRecoverDatabase = (path: string, backups: readonly string[], now: number): OpenedDatabase => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const marker = `${path}.open`
  const wasOrderly = !existsSync(marker)
  writeFileSync(marker, '', { mode: 0o600 })
  const { database, notice } = openSound(path, wasOrderly) ?? recover(path, backups, now)
  return {
    database,
    notice,
    close: () => {
      database.close()
      rmSync(marker, { force: true })
    },
  }
}

const openSound = (path: string, wasOrderly: boolean): { database: Database; notice: null } | null => {
  // Expects SQLITE_NOTADB and SQLITE_CORRUPT; everything else (no rights, too new, disk full) is for the caller.
  try {
    const database = openDatabase(path)
    if (wasOrderly || isSound(database)) return { database, notice: null }
    database.close()
    return null
  } catch (error) {
    if (isDamage(error)) return null
    throw error
  }
}

const isSound = (database: Database) => database.quickCheck().join() === 'ok'

const isDamage = (error: unknown) =>
  error instanceof Error && 'code' in error && /^SQLITE_(NOTADB|CORRUPT)/.test(String(error.code))

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
