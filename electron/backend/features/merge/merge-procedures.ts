import { answer, procedures } from '../../kernel/procedures.ts'
import type { MergeService } from './merge-service.ts'

export const createMergeProcedures = (merge: MergeService) => ({
  preview: procedures.merge.preview.handler(async ({ input, errors }) => answer(await merge.preview(input), errors)),
  prepare: procedures.merge.prepare.handler(async ({ input, errors }) => answer(await merge.prepare(input), errors)),
  conflicts: procedures.merge.conflicts.handler(async ({ input, errors }) =>
    answer(await merge.conflicts(input), errors),
  ),
  drop: procedures.merge.drop.handler(({ input }) => merge.drop(input.mergeId)),
  merge: procedures.merge.merge.handler(async ({ input, context, errors }) =>
    answer(await merge.merge(input, context.identity), errors),
  ),
  undo: procedures.merge.undo.handler(async ({ input, context, errors }) =>
    answer(await merge.undo(input.mergeId, context.identity), errors),
  ),
  refreshBase: procedures.merge.refreshBase.handler(async ({ input, context, errors }) =>
    answer(await merge.refreshBase(input, context.identity), errors),
  ),
  list: procedures.merge.list.handler(({ input }) => merge.list(input)),
  forecast: procedures.merge.forecast.handler(async ({ input, errors }) =>
    answer(await merge.forecast(input.projectId, input.heads, input.target), errors),
  ),
})
