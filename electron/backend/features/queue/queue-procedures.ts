import { answer, procedures } from '../../kernel/procedures.ts'
import type { QueueService } from './queue-service.ts'

const { queue: of } = procedures

export const createQueueProcedures = (queue: QueueService) => ({
  enqueue: of.enqueue.handler(async ({ input, context, errors }) =>
    answer(await queue.enqueue(input, context.identity), errors),
  ),
  approve: of.approve.handler(async ({ input, context, errors }) =>
    answer(await queue.approve(input.entryId, context.identity), errors),
  ),
  withdraw: of.withdraw.handler(async ({ input, context, errors }) =>
    answer(await queue.withdraw(input.entryId, context.identity), errors),
  ),
  restore: of.restore.handler(async ({ input, context, errors }) =>
    answer(await queue.restore(input.entryId, context.identity), errors),
  ),
  retry: of.retry.handler(async ({ input, context, errors }) =>
    answer(await queue.retry(input.entryId, input.head, context.identity), errors),
  ),
  place: of.place.handler(async ({ input, context, errors }) =>
    answer(await queue.place(input.entryId, input.beforeId, context.identity), errors),
  ),
  pause: of.pause.handler(async ({ input, context, errors }) =>
    answer(await queue.pause(input, input.reason, context.identity), errors),
  ),
  resume: of.resume.handler(async ({ input, context, errors }) =>
    answer(await queue.resume(input, context.identity), errors),
  ),
  configure: of.configure.handler(async ({ input: { batchSize, needsApproval, ...key }, context, errors }) =>
    answer(await queue.configure(key, { batchSize, needsApproval }, context.identity), errors),
  ),
  resolve: of.resolve.handler(async ({ input, context, errors }) =>
    answer(await queue.resolve(input, context.identity), errors),
  ),
})
