import { answer, procedures } from '../../kernel/procedures.ts'
import type { StagingService } from './staging-service.ts'

export const createStagingProcedures = (staging: StagingService) => ({
  act: procedures.staging.act.handler(async ({ input, context, errors }) =>
    answer(await staging.act(input, context.identity), errors),
  ),
  undo: procedures.staging.undo.handler(async ({ input, context, errors }) =>
    answer(await staging.undo(input.id, context.identity), errors),
  ),
  list: procedures.staging.list.handler(({ input }) => staging.list(input.worktreeId)),
  draft: procedures.staging.draft.handler(async ({ input, errors }) =>
    answer(await staging.draft(input.worktreeId), errors),
  ),
  commit: procedures.staging.commit.handler(async ({ input, context, errors }) =>
    answer(await staging.commit(input, context.identity), errors),
  ),
})
