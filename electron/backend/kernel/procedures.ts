import { implement, ORPCError } from '@orpc/server'
import { api } from '../../../shared/contract/api.ts'
import type { Refusal, Result } from '../../../shared/lib/result.ts'
import { storageProblem } from '../../../shared/lib/storage-problem.ts'
import { includesRight, type Identity } from './identity.ts'
import { isRecorded, markRecorded } from './recorded-refusals.ts'

/** What each procedure knows of the connection it was called over. */
export interface ConnectionContext {
  readonly identity: Identity
}

/** Implements the contract; refuses every call whose connection lacks the right its procedure declares. */
export const procedures = implement(api)
  .$context<ConnectionContext>()
  .use(({ context, procedure, next }) => {
    const { right } = procedure['~orpc'].meta
    if (!includesRight(context.identity.right, right)) {
      throw new ORPCError('FORBIDDEN', {
        status: 403,
        defined: true,
        message: `This connection may only ${context.identity.right}; that needs the right "${right}".`,
      })
    }
    return Promise.resolve(next()).catch(tellTrouble)
  })

/** A disk or a database that does not do its work is told in words; anything else stays the bug that it is. */
const tellTrouble = (error: unknown): never => {
  const message = storageProblem(error)
  throw message === null ? error : new ORPCError('INTERNAL_SERVER_ERROR', { message, cause: error })
}

type ErrorConstructors<Code extends string> = { readonly [C in Code]: (options: { message: string }) => Error }

/** The value of a service's result, or its refusal thrown as the error the contract declares. */
export const answer = <Value, Code extends string>(
  result: Result<Value, Code>,
  errors: ErrorConstructors<Code>,
): Value => {
  if (result.ok) return result.value
  const { code, message }: Refusal<Code> = result.refusal
  const error = errors[code]({ message })
  if (isRecorded(result.refusal)) markRecorded(error)
  throw error
}
