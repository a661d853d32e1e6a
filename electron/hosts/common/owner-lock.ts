import Database from 'better-sqlite3'
import { join } from 'node:path'
import { z } from 'zod'
import { parseJson } from './parse-json.ts'
import { ensurePrivateFolder, readIfThere, writePrivateFile } from './private-files.ts'

/** Who has the data folder, as written down by the owner itself for the next one to read. */
const ownerSchema = z.object({
  pid: z.number().int().positive(),
  kind: z.enum(['desktop', 'web']),
  /** Where the owner listens for "show yourself": see control-channel.ts. */
  channel: z.string(),
  startedAt: z.number(),
})
export type Owner = z.infer<typeof ownerSchema>

export type OwnerLock =
  | { readonly kind: 'owned'; announce(owner: Omit<Owner, 'pid' | 'startedAt'>): void; release(): void }
  | { readonly kind: 'taken'; readonly owner: Owner | null }

/**
 * Takes the data folder for this process. The lock is the operating system's lock on a file, taken through SQLite: it ends
 * with the process however that ends, so there is no stale lock to detect and no process number to mistake for another.
 */
export const takeOwnerLock = (dataDir: string): OwnerLock => {
  ensurePrivateFolder(dataDir)
  const ownerFile = join(dataDir, 'owner.json')
  const lock = new Database(join(dataDir, 'owner.lock'), { timeout: 0 })
  if (!beginExclusive(lock)) {
    lock.close()
    return { kind: 'taken', owner: readOwner(ownerFile) }
  }
  return {
    kind: 'owned',
    announce: (owner) => {
      const row: Owner = { ...owner, pid: process.pid, startedAt: Date.now() }
      writePrivateFile(ownerFile, JSON.stringify(row))
    },
    release: () => void lock.close(),
  }
}

const beginExclusive = (lock: Database.Database): boolean => {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    // SQLITE_BUSY: another process holds the lock. Anything else (a full disk, a read-only folder) is told to the person.
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false
    throw error
  }
}

const readOwner = (file: string): Owner | null => {
  const parsed = ownerSchema.safeParse(parseJson(readIfThere(file) ?? ''))
  return parsed.success ? parsed.data : null
}
