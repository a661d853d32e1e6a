import type { Agent } from '../../../../shared/contract/agents.ts'
import type { Tx } from '../../db/tx.ts'

export const listAgents = async (tx: Tx): Promise<Agent[]> =>
  (await tx.all<{ row: string }>('SELECT row FROM agents')).map(({ row }) => JSON.parse(row) as Agent)

export const putAgent = async (tx: Tx, agent: Agent): Promise<void> => {
  await tx.run(
    'INSERT INTO agents (id, row) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET row = excluded.row',
    agent.id,
    JSON.stringify(agent),
  )
}
