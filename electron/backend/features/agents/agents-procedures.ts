import { procedures } from '../../kernel/procedures.ts'
import type { AgentsService } from './agents-service.ts'

export const createAgentsProcedures = (agents: AgentsService) => ({
  detect: procedures.agents.detect.handler(({ context }) => agents.detect(context.identity)),
})
