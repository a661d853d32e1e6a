import { describe, expect, it } from 'vitest'
import { leaseRequestSchema, leaseSchema } from './leases.ts'

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

describe('a request for leases', () => {
  const request = { targets: ['src/**'], mode: 'exclusive', policy: null, wait: false, requestId: 'request-1' }
  it.each<[string, object, boolean]>([
    ['for a pattern', {}, true],
    ['for a resource', { targets: ['resource:port:5173'] }, true],
    ['for as much as may be asked for at a time', { targets: Array.from({ length: 32 }, (_, n) => `${n}`) }, true],
    ['for more', { targets: Array.from({ length: 33 }, (_, n) => `${n}`) }, false],
    ['for nothing', { targets: [] }, false],
    ['for an empty pattern', { targets: [''] }, false],
    ['for a pattern nobody can read', { targets: ['x'.repeat(601)] }, false],
    ['to look only', { mode: 'none' }, false],
    ['with a policy nobody knows', { policy: 'deny' }, false],
    ['with a policy', { policy: 'advisory' }, true],
    ['without a request id', { requestId: '' }, false],
  ])('%s is accepted: %s', (_name, change, expected) => {
    expect(leaseRequestSchema.safeParse({ ...request, ...change }).success).toBe(expected)
  })
})

it('a lease covers a pattern or a resource, and belongs to a process of a session', () => {
  const lease = {
    id: `lse_${ulid}`,
    projectId: `prj_${ulid}`,
    sessionId: `ses_${ulid}`,
    incarnationId: `inc_${ulid}`,
    target: { kind: 'path', pattern: 'src/**' },
    mode: 'shared',
    policy: 'warn',
    acquiredAt: 1,
    expiresAt: 2,
    holdUntil: 3,
    rev: 1,
  }
  expect(leaseSchema.safeParse(lease).success).toBe(true)
  expect(leaseSchema.safeParse({ ...lease, target: { kind: 'resource', name: 'merge' } }).success).toBe(true)
  expect(leaseSchema.safeParse({ ...lease, target: { kind: 'resource' } }).success).toBe(false)
  expect(leaseSchema.safeParse({ ...lease, incarnationId: null }).success).toBe(false)
})
