import type { Agent, AgentId } from '../../../../shared/contract/agents.ts'
import { ok, refuse, valueOf, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { AgentAdapter, AgentResources, Environment } from '../../adapters/agents/agent-adapter.ts'
import { detectAgent, type Detected } from '../../adapters/agents/detect-agent.ts'
import { childEnvironment } from '../../adapters/child-environment-rules.ts'
import type { ShellEnvironment } from '../../adapters/shell-environment.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import { systemIdentity, type Identity } from '../../kernel/identity.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import { listAgents, putAgent } from './agents-store.ts'

export interface AgentsServiceDeps {
  readonly adapters: Readonly<Record<AgentId, AgentAdapter>>
  readonly resources: AgentResources
  readonly database: Database
  readonly runCommand: RunCommand
  /** Asks the person's shell; called once, at the first need. */
  readonly resolveEnvironment: () => Promise<ShellEnvironment>
}

/** An agent that can be started now. */
export interface LaunchableAgent {
  readonly adapter: AgentAdapter
  readonly executable: string
  readonly version: string | null
}

export interface AgentsService {
  list(tx: Tx): Promise<Agent[]>
  /** Looks for every agent again. */
  detect(by: Identity): Promise<Agent[]>
  /** The agent with its program, looked for when it was not found before. */
  findLaunchable(id: AgentId): Promise<Result<LaunchableAgent, 'AGENT_MISSING'>>
  adapterOf(id: AgentId): AgentAdapter
  /** The person's environment, as far as this agent may have it, with what is added. */
  environmentFor(id: AgentId, additions: Environment): Promise<Record<string, string>>
  /** The same for a program that is no agent: what tools need, and nothing that only an agent may have. */
  environmentForTools(additions: Environment): Promise<Record<string, string>>
  /** The environment of the person's login shell, for showing how it was found. */
  shellEnvironment(): Promise<ShellEnvironment>
  readonly resources: AgentResources
}

export const createAgentsService = (deps: AgentsServiceDeps): AgentsService => {
  const { adapters, resources } = deps
  let resolving: Promise<ShellEnvironment> | undefined
  const shellEnvironment = () => (resolving ??= deps.resolveEnvironment())
  const environmentFor = async (id: AgentId, additions: Environment) =>
    childEnvironment((await shellEnvironment()).variables, adapters[id].environmentPatterns, additions)

  const detectOne = async (adapter: AgentAdapter): Promise<Detected> => {
    const { variables } = await shellEnvironment()
    const environmentOf = (one: AgentAdapter) => childEnvironment(variables, one.environmentPatterns, {})
    return detectAgent(adapter, { resources, person: variables, environmentOf })
  }

  const save = async (found: readonly (readonly [AgentAdapter, Detected])[], by: Identity): Promise<Agent[]> => {
    const result = await deps.runCommand({ name: 'detect-agents', by }, async ({ tx, now, emit }) => {
      const agents = found.map(([adapter, detected]) => agentOf(adapter, detected, now))
      for (const agent of agents) {
        await putAgent(tx, agent)
        await emit('agents.changed', agent.id, agent)
      }
      return ok(agents)
    })
    return valueOf(result)
  }

  const findLaunchable = async (id: AgentId): Promise<Result<LaunchableAgent, 'AGENT_MISSING'>> => {
    const adapter = adapters[id]
    const known = (await deps.database.read(listAgents)).find((agent) => agent.id === id)
    const { availability } =
      known?.availability.kind === 'found'
        ? known
        : ((await save([[adapter, await detectOne(adapter)]], systemIdentity))[0] ?? missing)
    switch (availability.kind) {
      case 'found':
        return ok({ adapter, executable: availability.path, version: availability.version })
      case 'missing':
        return refuse('AGENT_MISSING', `${adapter.name} was not found. ${availability.hint}`)
      case 'broken':
        return refuse('AGENT_MISSING', `${adapter.name} does not run. ${availability.problem}`)
      default:
        return unreachable(availability)
    }
  }

  return {
    resources,
    shellEnvironment,
    environmentFor,
    environmentForTools: async (additions) => childEnvironment((await shellEnvironment()).variables, [], additions),
    findLaunchable,
    adapterOf: (id) => adapters[id],
    list: async (tx) => inOrder(adapters, await listAgents(tx)),
    detect: async (by) => {
      const all = Object.values(adapters)
      return save(await Promise.all(all.map(async (adapter) => [adapter, await detectOne(adapter)] as const)), by)
    },
  }
}

const missing: Pick<Agent, 'availability'> = { availability: { kind: 'missing', hint: '' } }

const inOrder = (adapters: Readonly<Record<AgentId, AgentAdapter>>, agents: readonly Agent[]): Agent[] => {
  const order = Object.keys(adapters)
  // Rows of an earlier version do not say everything.
  const whole = agents.map((agent) => ({
    ...agent,
    canUseTeams: adapters[agent.id].teams !== undefined,
    takesTypedMail: adapters[agent.id].isPromptEmpty !== undefined,
  }))
  return whole.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
}

const agentOf = (adapter: AgentAdapter, detected: Detected, now: number): Agent => ({
  id: adapter.id,
  name: adapter.name,
  ...detected,
  permissionModes: adapter.permissionModes,
  defaultPermissionMode: adapter.defaultPermissionMode,
  models: adapter.models,
  takesPrompt: adapter.takesPrompt,
  canResume: adapter.canResume,
  canUseTeams: adapter.teams !== undefined,
  statusSource: adapter.statusSource,
  wakesForMail: adapter.wake !== undefined,
  takesTypedMail: adapter.isPromptEmpty !== undefined,
  checkedAt: now,
})
