import type { Payload, Topic } from '../../../shared/contract/changes.ts'
import type { IntentId, NewId } from '../../../shared/lib/ids.ts'
import type { Result } from '../../../shared/lib/result.ts'
import type { Database } from '../db/database.ts'
import type { Tx } from '../db/tx.ts'
import type { Clock } from './clock.ts'
import { appendEvent, type CommittedChange } from './events-store.ts'
import type { Identity } from './identity.ts'
import { addIntent, type NewIntent } from './intents-store.ts'
import { findAnswer, keepAnswer } from './answers-store.ts'
import { markRecorded } from './recorded-refusals.ts'

export interface CommandContext {
  readonly tx: Tx
  /** Read inside the transaction, after the write lock is held. */
  readonly now: number
  readonly newId: NewId
  /** Appends a fact and answers its number. It is told to listeners after the commit, in order. */
  emit<T extends Topic>(topic: T, subject: string, payload: Payload<T>): Promise<number>
  /** Writes down a side effect to be carried out after the commit. */
  intend(intent: NewIntent): Promise<IntentId>
}

export interface CommandOptions {
  readonly name: string
  readonly by: Identity
  /** With it, a repeat of the command gets the first one's answer and changes nothing. */
  readonly requestId?: string
  /**
   * The id of what it is about. With it a refusal is itself a fact: what the command wrote is undone, who was refused what
   * and why is appended in the same transaction, and the refusal is the answer to the request, also to a repeat of it.
   */
  readonly recordRefusalUnder?: string
}

export type CommandWork<Value, Code extends string> = (context: CommandContext) => Promise<Result<Value, Code>>

/**
 * Runs one command: read, decide, write, append events; then all of it is committed, or, when it is refused or throws,
 * none of it is. Commands that arrive in one turn of the event loop share a transaction, each in its own savepoint.
 */
export type RunCommand = <Value, Code extends string = never>(
  options: CommandOptions,
  work: CommandWork<Value, Code>,
) => Promise<Result<Value, Code>>

interface Job {
  run(changes: CommittedChange[]): Promise<() => void>
  fail(error: unknown): void
}

export interface CommandRunnerDeps {
  readonly database: Database
  readonly clock: Clock
  readonly newId: NewId
  /** Called once after each commit with what became true. */
  readonly publish: (changes: readonly CommittedChange[]) => void
}

export const createCommandRunner = (deps: CommandRunnerDeps): { runCommand: RunCommand; whenIdle(): Promise<void> } => {
  let waiting: Job[] = []
  let flushing: Promise<void> | null = null

  const flushAll = async () => {
    // Leaves the turn of the event loop in which the first command arrived, so that the others of that turn join it.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      await flush(deps, batch)
    }
    flushing = null
  }

  const runCommand: RunCommand = (options, work) =>
    new Promise((resolve, reject) => {
      waiting.push({
        run: async (changes) => {
          const outcome = await runInSavepoint(deps, options, work, changes)
          return () => (outcome.kind === 'answered' ? resolve(outcome.result) : reject(outcome.error))
        },
        fail: (error) => reject(error),
      })
      flushing ??= flushAll()
    })

  return { runCommand, whenIdle: async () => flushing ?? undefined }
}

const flush = async (deps: CommandRunnerDeps, batch: readonly Job[]) => {
  const changes: CommittedChange[] = []
  const settle: (() => void)[] = []
  // Expects SQLITE_BUSY, SQLITE_FULL and SQLITE_IOERR: nothing of the batch happened then, and every caller is told.
  try {
    deps.database.exec('BEGIN IMMEDIATE')
    for (const job of batch) settle.push(await job.run(changes))
    deps.database.exec('COMMIT')
  } catch (error) {
    rollBack(deps.database)
    for (const job of batch) job.fail(error)
    return
  }
  deps.publish(changes)
  for (const tell of settle) tell()
}

const rollBack = (database: Database) => {
  // SQLite may have rolled back by itself (disk full); then this statement is refused and nothing is left to undo.
  try {
    database.exec('ROLLBACK')
  } catch {
    return
  }
}

type Outcome<Value, Code extends string> =
  | { readonly kind: 'answered'; readonly result: Result<Value, Code> }
  | { readonly kind: 'threw'; readonly error: unknown }

const runInSavepoint = async <Value, Code extends string>(
  deps: CommandRunnerDeps,
  options: CommandOptions,
  work: CommandWork<Value, Code>,
  changes: CommittedChange[],
): Promise<Outcome<Value, Code>> => {
  const { database, clock, newId } = deps
  const tx = database.writer
  const own: CommittedChange[] = []
  const now = clock.now()
  const emit: CommandContext['emit'] = async (topic, subject, payload) => {
    const event = { at: now, topic, subject, payload, command: options.name, by: options.by }
    const change = await appendEvent(tx, event)
    own.push(change)
    return change.seq
  }
  const intend: CommandContext['intend'] = (intent) => addIntent(tx, newId('int'), intent, now)
  let isRepeat = false
  database.exec('SAVEPOINT command')
  const outcome = await (async () => {
    const repeated = options.requestId ? await findAnswer<Result<Value, Code>>(tx, options) : undefined
    isRepeat = repeated !== undefined
    if (repeated) return repeated
    const result = await work({ tx, now, newId, emit, intend })
    if (result.ok && options.requestId) await keepAnswer(tx, options, result, now)
    return result
  })().then(
    (result): Outcome<Value, Code> => ({ kind: 'answered', result }),
    (error: unknown): Outcome<Value, Code> => ({ kind: 'threw', error }),
  )
  if (outcome.kind === 'threw' || !outcome.result.ok) {
    undo(database, outcome)
    own.length = 0
  }
  if (outcome.kind === 'answered' && !outcome.result.ok) {
    if (options.recordRefusalUnder !== undefined) markRecorded(outcome.result.refusal)
    if (!isRepeat) await recordRefusal(options, outcome.result, { tx, now, emit })
  }
  database.exec('RELEASE command')
  changes.push(...own)
  return outcome
}

const undo = (database: Database, outcome: Outcome<unknown, string>) => {
  // On a full disk SQLite has rolled back everything by itself, so this is refused: what went wrong first is to be told.
  try {
    database.exec('ROLLBACK TO command')
  } catch (error) {
    throw outcome.kind === 'threw' ? outcome.error : error
  }
}

const recordRefusal = async (
  options: CommandOptions,
  refused: Extract<Result<unknown, string>, { ok: false }>,
  { tx, now, emit }: Pick<CommandContext, 'tx' | 'now' | 'emit'>,
) => {
  const { name, by, recordRefusalUnder: subject } = options
  if (subject === undefined) return
  const { code, message } = refused.refusal
  await emit('refusals.recorded', subject, { subject, command: name, by: `${by.kind}:${by.id}`, code, message })
  if (options.requestId) await keepAnswer(tx, options, refused, now)
}
