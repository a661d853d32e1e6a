import type { Database } from '../db/database.ts'
import type { Clock } from './clock.ts'
import { systemIdentity } from './identity.ts'
import { failIntent, finishIntent, listNextIntents, postponeIntent, type Intent } from './intents-store.ts'
import type { Log } from './log.ts'
import { ok } from '../../../shared/lib/result.ts'
import type { RunCommand } from './run-command.ts'

/**
 * What became of a side effect. A handler may be killed at any point and is called again then, so it must find out what
 * it did already. `done` may also be booked by the handler itself, in the transaction of its own command, by
 * `finishIntent`.
 */
export type IntentOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly afterMs: number; readonly problem: string }
  | { readonly kind: 'failed'; readonly problem: string }

export type IntentHandler = (intent: Intent, signal: AbortSignal) => Promise<IntentOutcome>

export interface IntentLoopDeps {
  readonly database: Database
  readonly runCommand: RunCommand
  readonly clock: Clock
  readonly log: Log
  readonly handlers: ReadonlyMap<string, IntentHandler>
}

export interface IntentLoop {
  /** Looks for work now; called after each commit. */
  wake(): void
  /** Waits until what is under way has ended, and takes nothing more. */
  stop(): Promise<void>
}

/** A handler that throws is tried again after 1 s, doubling up to this. */
const longestBackOffMs = 60_000

/** Carries out intents: those of one subject in order, those of different subjects side by side. */
export const startIntentLoop = (deps: IntentLoopDeps): IntentLoop => {
  const underWay = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | null = null
  let lookAgain = false

  const lookForWork = async () => {
    do {
      lookAgain = false
      const intents = await deps.database.read(listNextIntents)
      if (stopping.signal.aborted) return
      const now = deps.clock.now()
      for (const intent of intents) if (intent.nextAt <= now) start(intent)
      const waiting = intents.filter((intent) => intent.nextAt > now && !underWay.has(intent.subject))
      clearTimeout(timer)
      if (waiting.length > 0) timer = setTimeout(wake, Math.min(...waiting.map((intent) => intent.nextAt)) - now)
    } while (lookAgain)
  }

  const start = (intent: Intent) => {
    if (underWay.has(intent.subject)) return
    const work = carryOut(deps, intent, stopping.signal).finally(() => {
      underWay.delete(intent.subject)
      wake()
    })
    underWay.set(intent.subject, work)
  }

  const wake = () => {
    if (stopping.signal.aborted) return
    if (looking) {
      lookAgain = true
      return
    }
    lookAgain = false
    looking = lookForWork()
      .catch((error: unknown) => {
        deps.log.error({ err: error }, 'intents cannot be read')
        timer = setTimeout(wake, 1000)
      })
      .finally(() => {
        looking = null
        // A wake-up between the last look and this line would otherwise wait for the next commit.
        if (lookAgain) wake()
      })
  }

  wake()
  return {
    wake,
    stop: async () => {
      stopping.abort()
      clearTimeout(timer)
      await looking
      await Promise.all(underWay.values())
    },
  }
}

const carryOut = async (deps: IntentLoopDeps, intent: Intent, signal: AbortSignal): Promise<void> => {
  const handler = deps.handlers.get(intent.kind)
  const outcome: IntentOutcome = handler
    ? await handler(intent, signal).catch((error: unknown) => afterThrow(deps, intent, error))
    : { kind: 'failed', problem: `Nothing carries out "${intent.kind}".` }
  await book(deps, intent, outcome).catch((error: unknown) =>
    deps.log.error({ err: error, intent: intent.id }, 'an intent cannot be booked; it runs again'),
  )
}

const afterThrow = (deps: IntentLoopDeps, intent: Intent, error: unknown): IntentOutcome => {
  deps.log.error({ err: error, intent: intent.id, kind: intent.kind }, 'an intent threw')
  return {
    kind: 'again',
    afterMs: Math.min(longestBackOffMs, 1000 * 2 ** intent.attempts),
    problem: error instanceof Error ? error.message : String(error),
  }
}

const book = (deps: IntentLoopDeps, intent: Intent, outcome: IntentOutcome) =>
  deps.runCommand({ name: 'book-intent', by: systemIdentity }, async ({ tx, now }) => {
    if (outcome.kind === 'done') await finishIntent(tx, intent.id, now)
    else if (outcome.kind === 'failed') await failIntent(tx, intent.id, outcome.problem, now)
    else await postponeIntent(tx, intent.id, now + outcome.afterMs, outcome.problem)
    return ok(undefined)
  })
