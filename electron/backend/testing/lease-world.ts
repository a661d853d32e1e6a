import { silentLog, type TestKernel } from '../kernel/testing.ts'
import { mailDepsOn, projectId } from './mail-lab.ts'
import type { Stage } from './kill-points.ts'
import { createTestSessions } from './test-sessions.ts'
import { createMailService } from '../features/mail/mail-service.ts'
import { findOwner } from '../features/sessions/find-owner.ts'
import { targetText } from '../../../shared/contract/lease-claims.ts'
import { createLeasesService } from '../features/leases/leases-service.ts'

export type LeaseWorld = Awaited<ReturnType<typeof openLeaseWorld>>

/** Leases beside the mail that tells of a grant in the same transaction, as the app composes them. */
const openLeaseWorld = async (kernel: TestKernel) => {
  const mail = createMailService(mailDepsOn(kernel))
  const leases = await createLeasesService({
    ...kernel,
    log: silentLog,
    sessions: { findOwner },
    ignoresCase: false,
    granted: (context, waiter) =>
      mail.tellGranted(
        context,
        waiter,
        waiter.wants.map(({ target }) => targetText(target)),
      ),
    lookForSuspend: async () => undefined,
  })
  return { kernel, leases, mail, sessions: createTestSessions(kernel, projectId) }
}

export const leaseStage: Stage<LeaseWorld> = {
  open: openLeaseWorld,
  close: async ({ leases, mail }) => {
    await leases.close()
    mail.close()
  },
}
