import { systemIdentity } from '../../kernel/identity.ts'
import type { TokenHolder } from '../sessions/sessions-service.ts'
import type { HooksDeps } from './hook-parts.ts'

/** A checkpoint holds so much; what an agent writes for itself is shorter. */
const longestSummary = 60_000

/**
 * An agent whose conversation is summed up has just written down all that it knows. That is a checkpoint of what it works
 * on, for whoever goes on after it.
 */
export const keepSummary = async (deps: HooksDeps, holder: TokenHolder, summary: string): Promise<void> => {
  if (summary === '') return
  for (const attempt of await deps.database.read((tx) => deps.tasks.listOfSession(tx, holder.sessionId))) {
    const word = {
      ref: { attemptId: attempt.id, epoch: attempt.epoch },
      speaker: { holder: { kind: 'session', ...holder } as const, by: systemIdentity },
      requestId: `compacted-${attempt.id}-${deps.clock.now()}`.slice(0, 64),
    }
    const text = `From the agent’s own summary when its conversation was compacted:\n\n${summary.slice(0, longestSummary)}`
    const kept = await deps.tasks.checkpoint(word, { summary: text, nextSteps: '', headSha: null })
    if (!kept.ok)
      deps.log.warn({ attempt: attempt.id, code: kept.refusal.code }, 'a summary was not kept as a checkpoint')
  }
}
