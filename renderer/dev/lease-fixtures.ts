import type { Overlap } from '../../shared/contract/radar.ts'
import type { OverlapId } from '../../shared/lib/ids.ts'
import type { Stores } from '../data/stores.ts'
import { leaseRow, waiterRow } from './coordination-fixtures.ts'
import { projectIdAt, sessionIdAt, worktreeIdAt } from './fixtures.ts'

const minute = 60_000
const now = Date.now()
export const overlapIdAt = (n: number) => `ovl_01JD0000000000000000000${String(n).padStart(3, '0')}` as OverlapId

export const overlapRow = (
  n: number,
  path: string,
  [one, other]: readonly [number, number],
  change: Partial<Overlap> = {},
): Overlap => ({
  id: overlapIdAt(n),
  projectId: projectIdAt(1),
  path,
  kind: 'same-file',
  sides: [
    { worktreeId: worktreeIdAt(one), sessionId: sessionIdAt(one), hunks: [{ start: 10, lines: 5, newLines: 7 }] },
    { worktreeId: worktreeIdAt(other), sessionId: sessionIdAt(other), hunks: [{ start: 12, lines: 1, newLines: 1 }] },
  ],
  since: now - n * minute,
  ...change,
})

/** Who holds what and who waits, and sessions that are in each other's way. */
export const putLeases = (stores: Stores): void => {
  stores.leases.put([
    leaseRow(1, sessionIdAt(3), 'src/settlement/**', { policy: 'enforce' }),
    leaseRow(2, sessionIdAt(2), 'src/transfers/idempotency.ts'),
    leaseRow(3, sessionIdAt(1), 'port:5173', { target: { kind: 'resource', name: 'port:5173' }, policy: 'enforce' }),
    leaseRow(4, sessionIdAt(4), 'docs/\u202E**', { mode: 'shared', policy: 'advisory' }),
  ])
  stores.waiters.put([
    waiterRow(1, sessionIdAt(2), 'src/settlement/batch.ts'),
    waiterRow(2, sessionIdAt(4), 'src/nobody/has/this.ts'),
  ])
  stores.overlaps.put([
    overlapRow(1, 'src/settlement/batch.ts', [2, 3], { kind: 'predicted-conflict' }),
    overlapRow(2, 'src/routes.ts', [2, 3], { kind: 'same-hunk' }),
    overlapRow(3, 'README.md', [1, 4]),
  ])
}
