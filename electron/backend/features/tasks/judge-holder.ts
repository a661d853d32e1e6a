import type { Holder } from '../../../../shared/contract/task-rows.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { isSameProcess } from '../../adapters/processes.ts'
import type { Liveness } from '../sessions/sessions-service.ts'
import type { Verdict } from './task-parts.ts'

export interface JudgeHolderDeps {
  readonly bootId: string
  readonly livenessOf: (id: SessionId) => Promise<Liveness>
}

/**
 * Whether who holds an attempt still works. A process that lives counts as at work: it is there for nothing else. An agent
 * that lives and is idle, or of whom nothing is known, is silent; one that waits for the person is not.
 */
export const judgeHolder = async (holder: Holder, deps: JudgeHolderDeps): Promise<Verdict> => {
  if (holder.kind === 'process') {
    const { pid, startTime: start, bootId } = holder
    if (bootId === deps.bootId && (await isSameProcess({ pid, start }))) return { kind: 'alive-active' }
    return { kind: 'dead', how: `Its process (${holder.label}, ${pid}) ended.`, wasAsked: false }
  }
  const liveness = await deps.livenessOf(holder.sessionId)
  if (liveness.kind === 'gone') return { kind: 'dead', how: liveness.how, wasAsked: liveness.wasAsked }
  const isActive = liveness.activity === 'working' || liveness.activity === 'needs-you'
  return { kind: isActive ? 'alive-active' : 'alive-silent' }
}
