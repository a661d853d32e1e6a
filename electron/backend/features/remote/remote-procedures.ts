import { answer, procedures } from '../../kernel/procedures.ts'
import type { RemoteService } from './remote-service.ts'

export const createRemoteProcedures = (remote: RemoteService) => ({
  state: procedures.remote.state.handler(async ({ input, errors }) =>
    answer(await remote.state(input.worktreeId), errors),
  ),
  push: procedures.remote.push.handler(async ({ input, context, signal, errors }) =>
    answer(await remote.push(input, context.identity, signal), errors),
  ),
  propose: procedures.remote.propose.handler(async ({ input, errors }) =>
    answer(await remote.propose(input.worktreeId), errors),
  ),
  createPullRequest: procedures.remote.createPullRequest.handler(async ({ input, context, errors }) =>
    answer(await remote.createPullRequest(input, context.identity), errors),
  ),
  refresh: procedures.remote.refresh.handler(async ({ input, context, errors }) =>
    answer(await remote.refresh(input, context.identity), errors),
  ),
  comments: procedures.remote.comments.handler(({ input }) => remote.comments(input.pullRequestId)),
  give: procedures.remote.give.handler(async ({ input, context, errors }) =>
    answer(await remote.give(input, context.identity), errors),
  ),
})
