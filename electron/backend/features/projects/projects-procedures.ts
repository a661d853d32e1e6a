import { answer, procedures } from '../../kernel/procedures.ts'
import type { ProjectsService } from './projects-service.ts'

export const createProjectsProcedures = (projects: ProjectsService) => ({
  open: procedures.projects.open.handler(async ({ input, context, errors }) =>
    answer(await projects.open(input, context.identity), errors),
  ),
  openSample: procedures.projects.openSample.handler(async ({ input, context, errors }) =>
    answer(await projects.openSample(input.parent, context.identity), errors),
  ),
  rename: procedures.projects.rename.handler(async ({ input, context, errors }) =>
    answer(await projects.rename(input.projectId, input.name, context.identity), errors),
  ),
  forget: procedures.projects.forget.handler(async ({ input, context, errors }) =>
    answer(await projects.forget(input.projectId, context.identity), errors),
  ),
  createFirstCommit: procedures.projects.createFirstCommit.handler(async ({ input, context, errors }) =>
    answer(await projects.createFirstCommit(input.projectId, context.identity), errors),
  ),
  branches: procedures.projects.branches.handler(async ({ input, errors }) =>
    answer(await projects.branches(input.projectId), errors),
  ),
  freshBase: procedures.projects.freshBase.handler(async ({ input, errors }) =>
    answer(await projects.freshBase(input.projectId, input.baseRef), errors),
  ),
})
