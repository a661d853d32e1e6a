import { answer, procedures } from '../../kernel/procedures.ts'
import type { ChecksService } from './checks-service.ts'

const { checks: contract } = procedures

export const createChecksProcedures = (checks: ChecksService) => ({
  add: contract.add.handler(async ({ input, context, errors }) =>
    answer(await checks.add(input.projectId, input.fields, context.identity), errors),
  ),
  update: contract.update.handler(async ({ input, context, errors }) =>
    answer(await checks.update(input.checkId, input.fields, context.identity), errors),
  ),
  move: contract.move.handler(async ({ input, context, errors }) =>
    answer(await checks.move(input.checkId, input.beforeId, context.identity), errors),
  ),
  remove: contract.remove.handler(async ({ input, context, errors }) =>
    answer(await checks.remove(input.checkId, context.identity), errors),
  ),
  restore: contract.restore.handler(async ({ input, context, errors }) =>
    answer(await checks.restore(input.checkId, context.identity), errors),
  ),
  proposals: contract.proposals.handler(async ({ input, errors }) =>
    answer(await checks.proposals(input.projectId), errors),
  ),
  run: contract.run.handler(async ({ input, context, errors }) => [
    ...answer(await checks.run(input, context.identity), errors).runs,
  ]),
  cancel: contract.cancel.handler(async ({ input, context, errors }) =>
    answer(await checks.cancel(input.runId, context.identity), errors),
  ),
  output: contract.output.handler(async ({ input, errors }) => answer(await checks.output(input.runId), errors)),
  history: contract.history.handler(({ input }) => checks.history(input.checkId, input.worktreeId)),
  gates: contract.gates.handler(async ({ input, errors }) => answer(await checks.gates(input.worktreeId), errors)),
})
