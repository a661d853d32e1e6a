import { ORPCError } from '@orpc/client'
import type { Result } from '../../shared/lib/result.ts'

const lostMessage = 'Switchyard did not answer. Nothing you typed is lost: try again when the connection is back.'
const internalMessage = 'An internal error stopped this. The details are in the log of Switchyard.'

/**
 * The outcome of a call as a value: what came, or a refusal whose message can be shown as it is. A call that never
 * arrived, or whose answer was lost, is a refusal with the code `CONNECTION_LOST`.
 */
export const settle = <Value>(call: Promise<Value>): Promise<Result<Value, string>> =>
  call.then(
    (value): Result<Value, string> => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, refusal: refusalOf(error) }),
  )

const refusalOf = (error: unknown) => {
  if (!(error instanceof ORPCError)) return { code: 'CONNECTION_LOST', message: lostMessage }
  if (error.code === 'BAD_REQUEST') return { code: 'INVALID', message: issueOf(error.data) ?? error.message }
  if (error.code === 'INTERNAL_SERVER_ERROR') return { code: 'INTERNAL_SERVER_ERROR', message: internalMessage }
  return { code: String(error.code), message: error.message }
}

/** oRPC reports input that does not parse with the issues of the schema; the first one is written for people. */
const issueOf = (data: unknown): string | null => {
  const issues = (data as { readonly issues?: readonly { readonly message?: unknown }[] } | undefined)?.issues
  const message = issues?.[0]?.message
  return typeof message === 'string' ? message : null
}
