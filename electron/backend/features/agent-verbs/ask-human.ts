import type { VerbInput } from '../../../../shared/agent-verbs/verbs.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { Speaking, VerbDeps } from './verb-parts.ts'

/** Puts a question before the person, and waits a while for the answer. It stays open when nobody waits any more. */
export const askHuman = async (
  deps: VerbDeps,
  { holder, signal, requestId }: Speaking,
  { question, options, seconds }: VerbInput<'ask-human'>,
) => {
  const until = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)])
  const asked = await deps.asks.askPerson(holder, { question, options, requestId }, until)
  return asked.ok ? ok(asked.value) : asked
}
