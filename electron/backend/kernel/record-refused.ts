import { ORPCError } from '@orpc/server'
import type { ProcedureMeta } from '../../../shared/contract/base.ts'
import type { Identity } from './identity.ts'
import type { Log } from './log.ts'
import { recordRefusal } from './record-refusal.ts'
import { isRecorded } from './recorded-refusals.ts'
import type { RunCommand } from './run-command.ts'

/** What a procedure was called with, as far as it is looked at here. */
interface Call {
  readonly context: { readonly identity: Identity }
  readonly path: readonly string[]
  readonly procedure: { readonly '~orpc': { readonly meta: ProcedureMeta } }
}

/** An id of ours, of whatever it is. */
const idForm = /^[a-z]{2,4}_[0-9A-Z]{26}$/

/**
 * Keeps what a connection was refused, as it is kept of agents. What only looks says nothing, and so do terminals, into
 * which people type: a key that comes too late is no news.
 */
export const createRefusalRecorder =
  (deps: { readonly runCommand: RunCommand; readonly log: Log }) =>
  async ({ context, path, procedure }: Call, input: unknown, error: unknown): Promise<void> => {
    if (!(error instanceof ORPCError) || isRecorded(error)) return
    if (procedure['~orpc'].meta.right === 'view' || path[0] === 'terminals') return
    const tried = { by: context.identity, command: path.join('.'), subject: subjectOf(input) }
    await recordRefusal(deps, tried, { code: String(error.code), message: error.message })
  }

/** The first id that is named in it. */
const subjectOf = (input: unknown): string => {
  const values: unknown[] = typeof input === 'object' && input !== null ? Object.values(input) : []
  return values.find((value): value is string => typeof value === 'string' && idForm.test(value)) ?? 'window'
}
