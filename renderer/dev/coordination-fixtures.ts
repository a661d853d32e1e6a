import type { Lease, LeaseWaiter } from '../../shared/contract/leases.ts'
import type { IncarnationId, LeaseId, SessionId, WaiterId } from '../../shared/lib/ids.ts'
import { projectIdAt } from './fixtures.ts'

const now = Date.now()
const minute = 60_000
const idAt = (prefix: string, n: number) => `${prefix}_01JD0000000000000000000${String(n).padStart(3, '0')}`
export const leaseIdAt = (n: number) => idAt('lse', n) as LeaseId
export const waiterIdAt = (n: number) => idAt('wtr', n) as WaiterId

export const leaseRow = (n: number, sessionId: SessionId, pattern: string, change: Partial<Lease> = {}): Lease => ({
  id: leaseIdAt(n),
  projectId: projectIdAt(1),
  sessionId,
  incarnationId: idAt('inc', n) as IncarnationId,
  target: { kind: 'path', pattern },
  mode: 'exclusive',
  policy: 'warn',
  acquiredAt: now - 5 * minute,
  expiresAt: now + 10 * minute,
  holdUntil: now + 235 * minute,
  rev: 1,
  ...change,
})

export const waiterRow = (
  n: number,
  sessionId: SessionId,
  pattern: string,
  change: Partial<LeaseWaiter> = {},
): LeaseWaiter => ({
  id: waiterIdAt(n),
  projectId: projectIdAt(1),
  sessionId,
  incarnationId: idAt('inc', n) as IncarnationId,
  wants: [{ target: { kind: 'path', pattern }, mode: 'exclusive', policy: 'enforce' }],
  askedAt: now - n * minute,
  expiresAt: now + 230 * minute,
  ...change,
})
