import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { openDatabase, type Database } from '../db/database.ts'
import type { Clock } from './clock.ts'
import { systemIdentity } from './identity.ts'
import type { RunCommand } from './run-command.ts'
import { refuse } from '../../../shared/lib/result.ts'

const keptBackups = 24
const backUpEveryMs = 60 * 60 * 1000
/** Above this the write-ahead log is not being folded back: a reader hangs or the disk is too slow. */
const alarmingWalBytes = 64 * 1024 * 1024

export type Health = { readonly kind: 'ok' } | { readonly kind: 'ill'; readonly problem: string }

/** Writes, reads and rolls back: what the database can do now, not what a flag says it could. */
export const probeHealth = async (database: Database, runCommand: RunCommand): Promise<Health> => {
  const wal = await stat(`${database.path}-wal`).catch(() => null)
  if (wal && wal.size > alarmingWalBytes) {
    return {
      kind: 'ill',
      problem: `The write-ahead log has ${Math.round(wal.size / 1024 / 1024)} MiB and does not shrink.`,
    }
  }
  // A refusal rolls back, so the probe leaves nothing behind.
  return runCommand({ name: 'probe', by: systemIdentity }, async ({ tx, now }) => {
    await tx.run(`INSERT INTO meta (key, value) VALUES ('probe', ?)`, String(now))
    const row = await tx.get<{ value: string }>(`SELECT value FROM meta WHERE key = 'probe'`)
    return row?.value === String(now)
      ? refuse('PROBED', '')
      : refuse('UNREADABLE', 'What was written was not read back.')
  }).then(
    (result): Health =>
      !result.ok && result.refusal.code === 'PROBED'
        ? { kind: 'ok' }
        : { kind: 'ill', problem: 'The database does not keep what is written.' },
    (error: unknown): Health => ({ kind: 'ill', problem: `The database cannot be written: ${String(error)}` }),
  )
}

/** Copies the database beside itself and keeps the newest 24 copies. Answers the new copy's path. */
export const backUp = async (database: Database, clock: Clock, directory: string): Promise<string> => {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const name = `switchyard-${new Date(clock.now()).toISOString().replaceAll(':', '-')}.db`
  const unfinished = join(directory, `${name}.part`)
  await database.backup(unfinished)
  const problems = await checkCopy(unfinished).catch(String)
  if (problems !== 'ok') {
    // Kept, it would in time take the place of the good ones.
    for (const suffix of ['', '-wal', '-shm']) await rm(unfinished + suffix, { force: true })
    throw Object.assign(new Error(`The copy of the database is damaged: ${problems}`), { code: 'SQLITE_CORRUPT' })
  }
  // Renamed only when whole, so that a copy that can be seen can be trusted.
  await rename(unfinished, join(directory, name))
  const older = (await listBackups(directory)).slice(keptBackups)
  for (const path of older) await rm(path, { force: true })
  return join(directory, name)
}

const checkCopy = async (path: string): Promise<string> => {
  const copy = openDatabase(path)
  const checked = await copy.read((tx) => tx.all<{ quick_check: string }>('PRAGMA quick_check(20)')).catch(String)
  copy.close()
  return typeof checked === 'string' ? checked : checked.map((row) => row.quick_check).join()
}

/** Backs it up unless the newest copy is younger than an hour. One of a time to come is none: the clock was set back. */
export const backUpWhenDue = async (database: Database, clock: Clock, directory: string): Promise<void> => {
  const [newest] = await listBackups(directory)
  const ageMs = newest === undefined ? NaN : clock.now() - madeAt(newest)
  if (!(ageMs >= 0 && ageMs < backUpEveryMs)) await backUp(database, clock, directory)
}

/** Milliseconds since the epoch, from the name; NaN for a name that is not one of ours. */
const madeAt = (path: string): number =>
  Date.parse(
    basename(path, '.db')
      .replace('switchyard-', '')
      .replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'),
  )

/** Paths of the finished copies, newest first. */
export const listBackups = async (directory: string): Promise<readonly string[]> => {
  const names = await readdir(directory).catch(() => [])
  return names
    .filter((name) => name.endsWith('.db'))
    .sort()
    .reverse()
    .map((name) => join(directory, name))
}
