import { answer, procedures } from '../../kernel/procedures.ts'
import type { CommentsService } from './comments-service.ts'

const of = procedures.comments

export const createCommentsProcedures = (comments: CommentsService) => ({
  list: of.list.handler(async ({ input, errors }) => answer(await comments.list(input), errors)),
  write: of.write.handler(async ({ input, context, errors }) =>
    answer(await comments.write(input, context.identity), errors),
  ),
  add: of.add.handler(async ({ input, context, errors }) =>
    answer(await comments.add(input, context.identity), errors),
  ),
  edit: of.edit.handler(async ({ input, context, errors }) =>
    answer(await comments.edit(input, context.identity), errors),
  ),
  remove: of.remove.handler(async ({ input, context, errors }) =>
    answer(await comments.remove(input.commentId, context.identity), errors),
  ),
  restore: of.restore.handler(async ({ input, context, errors }) =>
    answer(await comments.restore(input.commentId, context.identity), errors),
  ),
  resolve: of.resolve.handler(async ({ input, context, errors }) =>
    answer(await comments.resolve(input, context.identity), errors),
  ),
  send: of.send.handler(async ({ input, context, errors }) =>
    answer(await comments.send(input, context.identity), errors),
  ),
})
