import { oc } from '@orpc/contract'
import { z } from 'zod'

/**
 * What a connection may do, each including the one before: `view` sees, `answer` also answers asks and types into
 * terminals, `full` does everything. Each procedure declares the right it needs.
 */
export const rightSchema = z.enum(['view', 'answer', 'full'])
export type Right = z.infer<typeof rightSchema>

export interface ProcedureMeta {
  readonly right: Right
}

const commonErrors = {
  FORBIDDEN: { status: 403, message: 'This connection may not do that.' },
  NOT_FOUND: { status: 404, message: 'It is not there any more. Reload the list and try again.' },
  INVALID: { status: 422, message: 'That value cannot be used.' },
} as const

/** Starts a procedure of the contract. Its common refusals are FORBIDDEN, NOT_FOUND and INVALID. */
export const procedure = (right: Right) => oc.$meta<ProcedureMeta>({ right }).errors(commonErrors)

/** Declares refusal codes beside the common ones; the message always comes with the refusal. */
export const refusals = <Code extends string>(...codes: readonly Code[]) =>
  Object.fromEntries(codes.map((code) => [code, { status: 409 }])) as Record<Code, { status: 409 }>

/** Milliseconds since the epoch, from the backend's clock. */
export const timeSchema = z.number().int().nonnegative()

/** A title or name as a person types it: one line, shown as text. */
export const titleSchema = z.string().trim().min(1, 'Give it a name.').max(200, 'Use at most 200 characters.')

export const noInput = z.object({}).optional()
/** The output of a procedure that answers nothing but that it was done. */
export const done = z.void()
