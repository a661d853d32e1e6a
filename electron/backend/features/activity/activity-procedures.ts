import { answer, procedures } from '../../kernel/procedures.ts'
import type { ActivityService } from './activity-service.ts'

export const createActivityProcedures = (activity: ActivityService) => ({
  page: procedures.activity.page.handler(({ input }) => activity.page(input)),
  why: procedures.activity.why.handler(async ({ input, errors }) => answer(await activity.why(input), errors)),
})
