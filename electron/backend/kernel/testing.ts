import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change } from '../../../shared/contract/changes.ts'
import { openDatabase, type Database } from '../db/database.ts'
import { createClock, createNewId, type Clock } from './clock.ts'
import type { Log } from './log.ts'
import { createCommandRunner, type RunCommand } from './run-command.ts'
import type { NewId } from '../../../shared/lib/ids.ts'

export interface TestKernel {
  readonly directory: string
  readonly database: Database
  readonly clock: Clock
  readonly newId: NewId
  readonly runCommand: RunCommand
  /** Everything committed so far, in order. */
  readonly changes: Change[]
  /** Called after each commit, beside `changes`. */
  onCommit(listener: (changes: readonly Change[]) => void): () => void
  close(): Promise<void>
}

export const silentLog: Log = (() => {
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
    child: () => log,
  }
  return log as unknown as Log
})()

/** A kernel on a real database in a folder of its own, for tests of features. `now` may be a clock of the test's. */
export const createTestKernel = (now: () => number = Date.now): TestKernel => {
  const kernel = openTestKernel(mkdtempSync(join(tmpdir(), 'switchyard-kernel-')), now)
  return {
    ...kernel,
    close: async () => {
      await kernel.close()
      rmSync(kernel.directory, { recursive: true, force: true })
    },
  }
}

/** A kernel on the database of a folder, which stays when it is closed. `wrap` may come between it and its database. */
export const openTestKernel = (
  directory: string,
  now: () => number,
  wrap: (database: Database) => Database = (database) => database,
): TestKernel => {
  const database = wrap(openDatabase(join(directory, 'switchyard.db')))
  const clock = createClock(now)
  const newId = createNewId(clock)
  const changes: Change[] = []
  const listeners = new Set<(changes: readonly Change[]) => void>()
  const publish = (committed: readonly Change[]) => {
    changes.push(...committed)
    for (const listener of listeners) listener(committed)
  }
  const { runCommand, whenIdle } = createCommandRunner({ database, clock, newId, publish })
  return {
    directory,
    database,
    clock,
    newId,
    runCommand,
    changes,
    onCommit: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: async () => {
      await whenIdle()
      database.close()
    },
  }
}
