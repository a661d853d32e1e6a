import { answer, procedures } from '../../kernel/procedures.ts'
import type { LeasesService } from './leases-service.ts'

export const createLeasesProcedures = (leases: LeasesService) => ({
  acquire: procedures.leases.acquire.handler(async ({ input: { sessionId, ...request }, context, errors }) =>
    answer(await leases.acquireFor(sessionId, request, context.identity), errors),
  ),
  release: procedures.leases.release.handler(async ({ input, context, errors }) =>
    answer(await leases.releaseOne(input.leaseId, context.identity), errors),
  ),
  setPolicy: procedures.leases.setPolicy.handler(async ({ input, context, errors }) =>
    answer(await leases.setPolicy(input.leaseId, input.policy, context.identity), errors),
  ),
  cancelWait: procedures.leases.cancelWait.handler(async ({ input, context, errors }) =>
    answer(await leases.cancelWait(input.waiterId, context.identity), errors),
  ),
})
