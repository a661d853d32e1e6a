import type { Agent } from '../../../../shared/contract/agents.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

/**
 * What there is to start: nothing is known yet, nothing was found, only what Switchyard brings itself, or an agent of the
 * person's own.
 */
export type AgentSupply = 'looking' | 'none' | 'stand-in' | 'ready'

export const agentSupplyOf = (agents: readonly Agent[]): AgentSupply => {
  if (agents.length === 0) return 'looking'
  const found = agents.filter((agent) => agent.availability.kind === 'found').map((agent) => agent.id)
  if (found.length === 0) return 'none'
  return found.some((id) => id !== 'demo' && id !== 'shell') ? 'ready' : 'stand-in'
}

/** Why nothing can be started now; null when something can. */
export const whyNoStart = (supply: AgentSupply): string | null => {
  switch (supply) {
    case 'looking':
      return 'Agents are still being looked for. Start it in a moment.'
    case 'none':
      return 'No agent was found on this computer. Install one, such as Claude Code, then look again.'
    case 'stand-in':
    case 'ready':
      return null
    default:
      return unreachable(supply)
  }
}

/** What to do about it, where the agent is chosen; undefined when there is nothing to say. */
export const supplyHint = (supply: AgentSupply): string | undefined => {
  switch (supply) {
    case 'looking':
      return 'Your shell is asked where they are.'
    case 'none':
      return whyNoStart(supply) ?? undefined
    case 'stand-in':
      return 'No agent of your own was found. Install one, such as Claude Code, then look again.'
    case 'ready':
      return undefined
    default:
      return unreachable(supply)
  }
}
