import { expect, it } from 'vitest'
import type { Change } from '../../shared/contract/changes.ts'
import type { Overlap, OverlapKind } from '../../shared/contract/radar.ts'
import type { OverlapId } from '../../shared/lib/ids.ts'
import { emptySnapshot, projectIdAt, sessionIdAt, worktreeIdAt } from '../dev/fixtures.ts'
import { overlapIdsOf, worstOverlapOf } from './radar.ts'
import { applyChange, createStores, replaceAll } from './stores.ts'

const idAt = (n: number) => `ovl_01JD0000000000000000000${String(n).padStart(3, '0')}` as OverlapId
const sideOf = (n: number) => ({ worktreeId: worktreeIdAt(n), sessionId: sessionIdAt(n), hunks: [] })
const overlapRow = (n: number, path: string, kind: OverlapKind, a = 1, b = 2): Overlap => ({
  id: idAt(n),
  projectId: projectIdAt(1),
  path,
  kind,
  sides: [sideOf(a), sideOf(b)],
  since: 0,
})
const rows = [
  overlapRow(1, 'b', 'same-file'),
  overlapRow(2, 'a', 'same-file', 1, 3),
  overlapRow(3, 'z', 'predicted-conflict', 2, 3),
  overlapRow(4, 'm', 'same-hunk', 3, 4),
  { ...overlapRow(5, 'c', 'same-hunk', 5, 6), projectId: projectIdAt(2) },
]

it('lists the overlaps of a project, the worst first and then by path', () => {
  expect(overlapIdsOf(rows, projectIdAt(1))).toEqual([3, 4, 2, 1].map(idAt))
  expect(overlapIdsOf(rows, null)).toHaveLength(5)
})

it('knows the worst of a session, on whichever side it is', () => {
  expect([1, 2, 3, 4, 9].map((n) => worstOverlapOf(rows, sessionIdAt(n)))).toEqual([
    'same-file',
    'predicted-conflict',
    'predicted-conflict',
    'same-hunk',
    null,
  ])
})

it('is fed by the snapshot and by news', () => {
  const stores = createStores()
  replaceAll(stores, { ...emptySnapshot(), overlaps: rows.slice(0, 1) })
  expect(stores.overlaps.get(idAt(1))?.path).toBe('b')
  const tell = (part: Pick<Change, 'topic' | 'payload'>) => applyChange(stores, { seq: 1, at: 0, ...part } as Change)
  tell({ topic: 'radar.changed', payload: overlapRow(2, 'a', 'same-hunk') })
  tell({ topic: 'radar.removed', payload: { id: idAt(1) } })
  expect([...stores.overlaps.store.getState().byId.keys()]).toEqual([idAt(2)])
})
