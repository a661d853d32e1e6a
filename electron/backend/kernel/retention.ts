import { ok } from '../../../shared/lib/result.ts'
import type { Database } from '../db/database.ts'
import type { Tx } from '../db/tx.ts'
import { dropOldAnswers } from './answers-store.ts'
import { appendDurably } from './append-durably.ts'
import { startBackgroundLoop, type BackgroundLoop } from './background-loop.ts'
import type { Clock } from './clock.ts'
import { dropArchivedEvents, listOldEvents, type StoredEvent } from './events-store.ts'
import { systemIdentity } from './identity.ts'
import { dropFinishedIntents } from './intents-store.ts'
import type { Log } from './log.ts'
import type { RunCommand } from './run-command.ts'

export interface RetentionLimits {
  readonly keptEvents: number
  readonly keptEventMs: number
  readonly batchEvents: number
}

export const usualLimits: RetentionLimits = {
  // About 50 MB at 1 KB each; a page that was away is sent 1,000 at most, the rest is for looking back.
  keptEvents: 50_000,
  // Whoever looks into what happened looks at the last weeks.
  keptEventMs: 30 * 24 * 60 * 60 * 1000,
  // Commands wait while a batch is deleted: some milliseconds.
  batchEvents: 500,
}

export interface RetentionDeps {
  readonly database: Database
  readonly runCommand: RunCommand
  readonly clock: Clock
  /** Where events go that leave the database, one JSON object a line. */
  readonly archivePath: string
  /** What features no longer need to keep, in one transaction with the kernel's own. */
  readonly dropOld: readonly ((tx: Tx, now: number) => Promise<void>)[]
}

/**
 * Moves old events to the archive and drops what nobody needs any more. It may be killed at any point: events are on the
 * disk in the archive before they leave the database, so the worst is that some are in both, or twice in the archive. Of
 * two lines with one number the later one counts.
 */
export const retain = async (
  deps: RetentionDeps,
  signal: AbortSignal,
  limits: RetentionLimits = usualLimits,
): Promise<void> => {
  while (!signal.aborted && (await archiveBatch(deps, limits)));
  await deps.runCommand({ name: 'drop-old', by: systemIdentity }, async ({ tx, now }) => {
    await dropFinishedIntents(tx, now)
    await dropOldAnswers(tx, now)
    for (const drop of deps.dropOld) await drop(tx, now)
    return ok(undefined)
  })
}

/** Answers whether there may be more. */
const archiveBatch = async (deps: RetentionDeps, { keptEvents, keptEventMs, batchEvents }: RetentionLimits) => {
  const wanted = { keep: keptEvents, before: deps.clock.now() - keptEventMs, limit: batchEvents }
  const events = await deps.database.read((tx) => listOldEvents(tx, wanted))
  const last = events.at(-1)
  if (!last) return false
  await appendDurably(deps.archivePath, events.map(lineOf))
  await deps.runCommand({ name: 'archive-events', by: systemIdentity }, async ({ tx }) => {
    await dropArchivedEvents(tx, last.seq)
    return ok(undefined)
  })
  return events.length === batchEvents
}

const lineOf = (event: StoredEvent) => JSON.stringify({ ...event, payload: JSON.parse(event.payload) as unknown })

/** From the first gains on it is too little to be done more often. */
const everyMs = 60 * 60 * 1000

/** Does it each hour, and when it is woken. */
export const startRetention = (deps: RetentionDeps & { readonly log: Log }): BackgroundLoop =>
  startBackgroundLoop({ name: 'retention', everyMs, log: deps.log, run: (signal) => retain(deps, signal) })
