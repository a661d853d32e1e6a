/**
 * The outcome of something a person or an agent can cause to fail. `message` says what happened and what to do next, in
 * words shown as they are; `code` is one of the codes the contract declares for the procedure.
 */
export interface Refusal<Code extends string = string> {
  readonly code: Code
  readonly message: string
  /** The row as it is now, where the refused call was made against an older one. */
  readonly current?: object
}

export type Result<Value, Code extends string = never> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: Refusal<Code> }

export const ok = <Value>(value: Value): Result<Value> => ({ ok: true, value })

export const refuse = <Code extends string>(code: Code, message: string, current?: object): Result<never, Code> => ({
  ok: false,
  refusal: current ? { code, message, current } : { code, message },
})

/** The value of a result that cannot be a refusal. */
export const valueOf = <Value>(result: Result<Value>): Value => {
  if (result.ok) return result.value
  throw new Error(`Refused without a code: ${JSON.stringify(result)}`)
}
