import { answer, procedures } from '../../kernel/procedures.ts'
import type { TasksService } from './tasks-service.ts'

const { tasks: of } = procedures

export const createTasksProcedures = (tasks: TasksService) => ({
  create: of.create.handler(async ({ input, context, errors }) =>
    answer(await tasks.create(input, context.identity), errors),
  ),
  update: of.update.handler(async ({ input, context, errors }) =>
    answer(await tasks.update(input, context.identity), errors),
  ),
  move: of.move.handler(async ({ input, context, errors }) =>
    answer(await tasks.move(input, context.identity), errors),
  ),
  place: of.place.handler(async ({ input, context, errors }) =>
    answer(await tasks.place(input.taskId, input.beforeId, context.identity), errors),
  ),
  addDependency: of.addDependency.handler(async ({ input, context, errors }) =>
    answer(await tasks.depend(input, context.identity), errors),
  ),
  removeDependency: of.removeDependency.handler(async ({ input, context, errors }) =>
    answer(await tasks.undepend(input, context.identity), errors),
  ),
  comment: of.comment.handler(async ({ input, context, errors }) =>
    answer(await tasks.comment(input, context.identity), errors),
  ),
  cancel: of.cancel.handler(async ({ input, context, errors }) =>
    answer(await tasks.cancel(input, context.identity), errors),
  ),
  reopen: of.reopen.handler(async ({ input, context, errors }) =>
    answer(await tasks.reopen(input.taskId, context.identity, input), errors),
  ),
  retry: of.retry.handler(async ({ input, context, errors }) =>
    answer(await tasks.retry(input.taskId, context.identity, input), errors),
  ),
  accept: of.accept.handler(async ({ input, context, errors }) =>
    answer(await tasks.accept(input.taskId, context.identity, input), errors),
  ),
  requestChanges: of.requestChanges.handler(async ({ input, context, errors }) =>
    answer(await tasks.requestChanges(input, context.identity), errors),
  ),
  startSession: of.startSession.handler(async ({ input, context, errors }) =>
    answer(await tasks.startSession(input, context.identity), errors),
  ),
  resumeDispatch: of.resumeDispatch.handler(async ({ context, errors }) =>
    answer(await tasks.resumeDispatch(context.identity), errors),
  ),
  detail: of.detail.handler(async ({ input, errors }) => answer(await tasks.detail(input.taskId), errors)),
  history: of.history.handler(({ input }) => tasks.history(input)),
  listEnded: of.listEnded.handler(({ input }) => tasks.listEnded(input)),
})
