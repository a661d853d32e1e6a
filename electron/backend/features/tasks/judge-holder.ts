import type { Holder } from '../../../../shared/contract/task-rows.ts'
import type { Activity } from '../../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { isSameProcess } from '../../adapters/processes.ts'
import type { Liveness } from '../sessions/sessions-service.ts'
import { silentAfterMs } from './attempt-rules.ts'
import type { Verdict } from './task-parts.ts'

export interface JudgeHolderDeps {
  readonly bootId: string
  readonly livenessOf: (id: SessionId) => Promise<Liveness>
  /** When its terminal last showed something; null when it never did. */
  readonly lastOutputAt: (id: SessionId) => Promise<number | null>
  readonly now: () => number
}

/**
 * Whether who holds an attempt still works. A process that lives counts as at work: it is there for nothing else. An agent
 * that lives and is idle is silent; one that waits for the person is not. One that says nothing of itself is judged by
 * whether its terminal goes on.
 */
export const judgeHolder = async (holder: Holder, deps: JudgeHolderDeps): Promise<Verdict> => {
  if (holder.kind === 'process') {
    const { pid, startTime: start, bootId } = holder
    if (bootId === deps.bootId && (await isSameProcess({ pid, start }))) return { kind: 'alive-active' }
    return { kind: 'dead', how: `Its process (${holder.label}, ${pid}) ended.`, wasAsked: false }
  }
  const liveness = await deps.livenessOf(holder.sessionId)
  if (liveness.kind === 'gone') return { kind: 'dead', how: liveness.how, wasAsked: liveness.wasAsked }
  return { kind: (await isActive(holder.sessionId, liveness.activity, deps)) ? 'alive-active' : 'alive-silent' }
}

const isActive = async (id: SessionId, activity: Activity['kind'], deps: JudgeHolderDeps): Promise<boolean> => {
  if (activity !== 'unknown') return activity !== 'idle'
  const shownAt = await deps.lastOutputAt(id)
  return shownAt !== null && deps.now() - shownAt < silentAfterMs
}
