import { answer, procedures } from '../../kernel/procedures.ts'
import type { SessionsService } from './sessions-service.ts'

export const createSessionsProcedures = (sessions: SessionsService) => ({
  create: procedures.sessions.create.handler(async ({ input, context, errors }) =>
    answer(await sessions.create(input, context.identity), errors),
  ),
  rename: procedures.sessions.rename.handler(async ({ input, context, errors }) =>
    answer(await sessions.rename(input.sessionId, input.title, context.identity), errors),
  ),
  pin: procedures.sessions.pin.handler(async ({ input, context, errors }) =>
    answer(await sessions.pin(input.sessionId, input.isPinned, context.identity), errors),
  ),
  setRole: procedures.sessions.setRole.handler(async ({ input, context, errors }) =>
    answer(await sessions.setRole(input.sessionId, input.role, context.identity), errors),
  ),
  setMailTyped: procedures.sessions.setMailTyped.handler(async ({ input, context, errors }) =>
    answer(await sessions.setMailTyped(input.sessionId, input.isMailTyped, context.identity), errors),
  ),
  move: procedures.sessions.move.handler(async ({ input, context, errors }) =>
    answer(await sessions.move(input.sessionId, input.beforeId, context.identity), errors),
  ),
  stop: procedures.sessions.stop.handler(async ({ input, context, errors }) =>
    answer(await sessions.stop(input.sessionId, context.identity), errors),
  ),
  resume: procedures.sessions.resume.handler(async ({ input, context, errors }) =>
    answer(await sessions.resume(input.sessionId, context.identity), errors),
  ),
  retry: procedures.sessions.retry.handler(async ({ input, context, errors }) =>
    answer(await sessions.retry(input.sessionId, context.identity), errors),
  ),
  archive: procedures.sessions.archive.handler(async ({ input, context, errors }) =>
    answer(await sessions.archive(input.sessionId, context.identity), errors),
  ),
  unarchive: procedures.sessions.unarchive.handler(async ({ input, context, errors }) =>
    answer(await sessions.unarchive(input.sessionId, context.identity), errors),
  ),
  delete: procedures.sessions.delete.handler(async ({ input, context, errors }) =>
    answer(await sessions.delete(input.sessionId, input.deleteBranch, context.identity), errors),
  ),
  undoDelete: procedures.sessions.undoDelete.handler(async ({ input, context, errors }) =>
    answer(await sessions.undoDelete(input.sessionId, context.identity), errors),
  ),
  markSeen: procedures.sessions.markSeen.handler(async ({ input, context, errors }) => {
    answer(await sessions.markSeen(input.sessionId, context.identity), errors)
  }),
  openShell: procedures.sessions.openShell.handler(async ({ input, errors }) =>
    answer(await sessions.openShell(input.sessionId), errors),
  ),
})
