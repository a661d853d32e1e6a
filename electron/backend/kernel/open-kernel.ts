import { join } from 'node:path'
import type { Change } from '../../../shared/contract/changes.ts'
import type { NewId } from '../../../shared/lib/ids.ts'
import type { Database } from '../db/database.ts'
import { isDamage } from '../../../shared/lib/storage-problem.ts'
import { openOrRecoverDatabase, type OpenedDatabase } from '../db/recover-database.ts'
import { startBackgroundLoop } from './background-loop.ts'
import { createClock, createNewId, type Clock } from './clock.ts'
import { lastEventAt } from './events-store.ts'
import { backUpWhenDue, listBackups, probeHealth } from './health.ts'
import { openLog, type Log } from './log.ts'
import { createCommandRunner, type RunCommand } from './run-command.ts'

export type CommitListener = (changes: readonly Change[]) => void

/** What every feature stands on. */
export interface Kernel {
  readonly database: Database
  readonly clock: Clock
  readonly newId: NewId
  readonly log: Log
  readonly runCommand: RunCommand
  /** Called after each commit, in the order of commits. Answers how to stop listening. */
  onCommit(listener: CommitListener): () => void
  /** What the person must be told about the database; null when all is well. */
  readonly notice: string | null
  /** Makes a backup now when one is due; for when the start is over and the disk has time. */
  backUpSoon(): void
  close(): Promise<void>
}

const minuteMs = 60 * 1000

/**
 * Opens log and database in the data folder and starts their upkeep: a backup an hour old is followed by another, and a
 * probe is made each minute. With `mayRecover` false a damaged database is an error, and left for the app's next start.
 */
export const openKernel = async (dataDir: string, mayRecover = true): Promise<Kernel> => {
  const { log, close: closeLog } = openLog(join(dataDir, 'logs', 'switchyard.log'))
  const backupsDir = join(dataDir, 'backups')
  const backups = await listBackups(backupsDir)
  const open = () => openOrRecoverDatabase(join(dataDir, 'switchyard.db'), backups, Date.now(), mayRecover)
  const { opened, lastAt } = await openReadable(open).catch((error: unknown) => {
    closeLog()
    throw error
  })
  const { database, notice } = opened
  const clock = createClock(Date.now, lastAt)
  const newId = createNewId(clock)
  if (notice) log.error({ notice }, 'the database was damaged')

  const listeners = new Set<CommitListener>()
  const publish: CommitListener = (changes) => {
    for (const listener of listeners) listener(changes)
  }
  const { runCommand, whenIdle } = createCommandRunner({ database, clock, newId, publish })
  const backUps = startBackgroundLoop({
    name: 'back-up',
    everyMs: 10 * minuteMs,
    log,
    run: () => backUpWhenDue(database, clock, backupsDir),
  })
  const loops = [
    backUps,
    startBackgroundLoop({ name: 'health', everyMs: minuteMs, log, run: () => reportHealth(database, runCommand, log) }),
  ]

  return {
    database,
    clock,
    newId,
    log,
    runCommand,
    notice,
    onCommit: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    backUpSoon: backUps.wake,
    close: async () => {
      await Promise.all(loops.map((loop) => loop.stop()))
      await whenIdle()
      opened.close()
      closeLog()
    },
  }
}

/** Damage may show at the first thing that is read, also after an orderly end. Opened again, it is checked as a whole. */
const openReadable = async (open: () => OpenedDatabase) => {
  const opened = open()
  const lastAt = await opened.database.read(lastEventAt).catch((error: unknown) => {
    opened.close()
    if (!isDamage(error)) throw error
    return null
  })
  if (lastAt !== null) return { opened, lastAt }
  const again = open()
  return { opened: again, lastAt: await again.database.read(lastEventAt) }
}

const reportHealth = async (database: Database, runCommand: RunCommand, log: Log) => {
  const health = await probeHealth(database, runCommand)
  if (health.kind === 'ill') log.error({ problem: health.problem }, 'the database is ill')
}
