import { procedures } from '../../kernel/procedures.ts'
import type { AgentHooksService } from './agent-hooks-service.ts'

export const createAgentHooksProcedures = (hooks: AgentHooksService) => ({
  dismissOutage: procedures.agentHooks.dismissOutage.handler(({ input, context }) =>
    hooks.dismissOutage(input.sessionId, context.identity),
  ),
  touchedFiles: procedures.agentHooks.touchedFiles.handler(({ input }) => hooks.listTouched(input.sessionId)),
})
