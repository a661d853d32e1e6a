import { answer, procedures } from '../../kernel/procedures.ts'
import type { WorktreesService } from './worktrees-service.ts'

export const createWorktreesProcedures = (worktrees: WorktreesService) => ({
  refresh: procedures.worktrees.refresh.handler(async ({ input, errors }) =>
    answer(await worktrees.refresh(input.worktreeId), errors),
  ),
  restore: procedures.worktrees.restore.handler(async ({ input, context, errors }) =>
    answer(await worktrees.restore(input.worktreeId, context.identity), errors),
  ),
  rebind: procedures.worktrees.rebind.handler(async ({ input, context, errors }) =>
    answer(await worktrees.rebind(input.worktreeId, input.path, context.identity), errors),
  ),
})
