import { describe, expect, it } from 'vitest'
import type { Hunk } from '../../../shared/contract/radar.ts'
import { leaseRow, waiterRow } from '../../dev/coordination-fixtures.ts'
import { projectIdAt, sessionIdAt } from '../../dev/fixtures.ts'
import { overlapRow } from '../../dev/lease-fixtures.ts'
import { leaseRows } from './lease-rows.ts'
import { hunksText, untilText } from './lease-words.ts'
import { overlapPairs, radarRows } from './radar-rows.ts'

describe('the list of leases', () => {
  const held = [
    leaseRow(1, sessionIdAt(1), 'src/**', { policy: 'enforce' }),
    leaseRow(2, sessionIdAt(2), 'docs/**', { policy: 'enforce' }),
  ]
  const shown = (waiters: Parameters<typeof leaseRows>[1], ignoresCase = false, leases = held) =>
    leaseRows(leases, waiters, ignoresCase).map((row) =>
      row.kind === 'lease'
        ? `${row.lease.id.slice(-1)} (${row.waiting})`
        : `${row.isBeneath ? '- ' : ''}${row.waiter.id.slice(-1)}`,
    )

  it('has beneath each lease those who wait for what it covers', () => {
    expect(shown([waiterRow(7, sessionIdAt(3), 'src/app.ts'), waiterRow(8, sessionIdAt(4), 'docs/a.md')])).toEqual([
      '1 (1)',
      '- 7',
      '2 (1)',
      '- 8',
    ])
  })

  it('has somebody who waits for several beneath each of them, under keys of their own', () => {
    const both = waiterRow(7, sessionIdAt(3), 'src/app.ts', {
      wants: ['src/app.ts', 'docs/**'].map((pattern) => ({
        target: { kind: 'path', pattern },
        mode: 'exclusive',
        policy: 'warn',
      })),
    })
    expect(shown([both])).toEqual(['1 (1)', '- 7', '2 (1)', '- 7'])
    const keys = leaseRows(held, [both], false).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('has at the end who waits for others in line only', () => {
    expect(shown([waiterRow(7, sessionIdAt(3), 'other/x.ts')])).toEqual(['1 (0)', '2 (0)', '7'])
  })

  it('does not take the own lease, that of another project, or one that hinders nobody for what one waits for', () => {
    expect(shown([waiterRow(7, sessionIdAt(1), 'src/app.ts')])).toEqual(['1 (0)', '2 (0)', '7'])
    const elsewhere = waiterRow(7, sessionIdAt(3), 'src/app.ts', { projectId: projectIdAt(2) })
    expect(shown([elsewhere])).toEqual(['1 (0)', '2 (0)', '7'])
    const advisory = [leaseRow(1, sessionIdAt(1), 'src/**', { policy: 'advisory' })]
    expect(shown([waiterRow(7, sessionIdAt(3), 'src/app.ts')], false, advisory)).toEqual(['1 (0)', '7'])
  })

  it('compares names as the file system does', () => {
    const waiter = waiterRow(7, sessionIdAt(3), 'SRC/app.ts')
    expect(shown([waiter], true)).toEqual(['1 (1)', '- 7', '2 (0)'])
    expect(shown([waiter], false)).toEqual(['1 (0)', '2 (0)', '7'])
  })
})

it.each([
  [-1, 'now'],
  [0, 'now'],
  [1, '1 min'],
  [60_001, '2 min'],
  [3_600_000, '1 h'],
  [3_600_000 * 3 + 60_000 * 5, '3 h 5 min'],
])('in %i ms is %s', (ms, text) => {
  expect(untilText(1_000 + ms, 1_000)).toBe(text)
})

describe('the places of a change', () => {
  const hunk = (start: number, lines: number): Hunk => ({ start, lines, newLines: 1 })
  it.each([
    [[], 'the whole file'],
    [[hunk(10, 5)], 'lines 10–14'],
    [[hunk(12, 1)], 'line 12'],
    [[hunk(12, 0)], 'after line 12'],
    [[hunk(30, 1), hunk(52, 0)], 'lines 30, after 52'],
    [[1, 2, 3, 4].map((n) => hunk(n, 1)), 'lines 1, 2, 3 and 1 more place'],
    [[1, 2, 3, 4, 5].map((n) => hunk(n, 1)), 'lines 1, 2, 3 and 2 more places'],
  ])('%j: %s', (hunks, text) => {
    expect(hunksText(hunks)).toBe(text)
  })
})

describe('the radar', () => {
  const overlaps = [
    overlapRow(1, 'a.ts', [2, 3], { kind: 'predicted-conflict' }),
    overlapRow(2, 'b.ts', [4, 1], { kind: 'same-hunk' }),
    overlapRow(3, 'c.ts', [3, 2]),
    overlapRow(4, 'd.ts', [1, 4]),
  ]

  it('puts the files of two sessions together, whichever side they stand on, the worst pair first', () => {
    expect(
      overlapPairs(overlaps).map(({ sessionIds, kind, overlaps: own }) => [
        sessionIds.map((id) => Number(id.slice(-1))),
        kind,
        own.map(({ path }) => path),
      ]),
    ).toEqual([
      [[2, 3], 'predicted-conflict', ['a.ts', 'c.ts']],
      [[1, 4], 'same-hunk', ['b.ts', 'd.ts']],
    ])
  })

  it('has a row for each pair and beneath it one for each file', () => {
    expect(radarRows(overlaps).map((row) => (row.kind === 'pair' ? row.pair.kind : row.overlap.path))).toEqual([
      'predicted-conflict',
      'a.ts',
      'c.ts',
      'same-hunk',
      'b.ts',
      'd.ts',
    ])
    expect(radarRows([])).toEqual([])
  })
})
