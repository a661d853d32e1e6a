import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { agentIdSchema, type Agent, type AgentId } from '../../shared/contract/agents.ts'
import { useData } from './data-context.tsx'

export const useAgent = (id: AgentId): Agent | undefined =>
  useStore(useData().stores.agents.store, (rows) => rows.byId.get(id))

/** Every agent that was looked for, in the contract's order. */
export const useAgents = (): readonly Agent[] =>
  useStore(
    useData().stores.agents.store,
    useShallow((rows) => agentIdSchema.options.map((id) => rows.byId.get(id)).filter((agent) => agent !== undefined)),
  )
