import { describe, expect, it } from 'vitest'
import type { Change } from '../../shared/contract/changes.ts'
import {
  agentRow,
  askRow,
  emptySnapshot,
  projectIdAt,
  projectRow,
  sessionIdAt,
  sessionRow,
  snapshotRows,
  worktreeIdAt,
  worktreeRow,
} from '../dev/fixtures.ts'
import { leaseIdAt, leaseRow, waiterIdAt, waiterRow } from '../dev/coordination-fixtures.ts'
import { createFeed } from './app-data.ts'
import { applyChange, createStores, replaceAll } from './stores.ts'

const change = (part: Pick<Change, 'topic' | 'payload'>, seq = 1) => ({ seq, at: 0, ...part }) as Change

describe('the stores', () => {
  it('take a snapshot whole', () => {
    const stores = createStores()
    const snapshot = snapshotRows()
    replaceAll(stores, snapshot)
    expect(stores.sessions.store.getState().byId.size).toBe(snapshot.sessions.length)
    expect(stores.projects.get(projectIdAt(1))?.name).toBe('ledger-api')
    expect(stores.asks.store.getState().byId.size).toBe(snapshot.asks.length)
    replaceAll(stores, emptySnapshot())
    expect(stores.sessions.store.getState().byId.size).toBe(0)
    expect(stores.worktrees.store.getState().byId.size).toBe(0)
  })

  it('put the row of every kind of news where it belongs', () => {
    const stores = createStores()
    const session = sessionRow(1, 'One')
    const ask = askRow(1, session.id, { kind: 'plan', plan: 'Do it' }, 0)
    applyChange(stores, change({ topic: 'sessions.changed', payload: session }))
    applyChange(stores, change({ topic: 'projects.changed', payload: projectRow(1, 'ledger') }))
    applyChange(stores, change({ topic: 'worktrees.changed', payload: worktreeRow(1, 'one') }))
    applyChange(stores, change({ topic: 'agents.changed', payload: agentRow('demo', 'Demo') }))
    applyChange(stores, change({ topic: 'asks.changed', payload: ask }))
    const lease = leaseRow(1, session.id, 'src/**')
    const waiter = waiterRow(1, session.id, 'docs')
    applyChange(stores, change({ topic: 'leases.changed', payload: lease }))
    applyChange(stores, change({ topic: 'waiters.changed', payload: waiter }))
    applyChange(stores, change({ topic: 'settings.changed', payload: { key: 'layout:window', value: 3 } }))
    expect(stores.sessions.get(session.id)).toBe(session)
    expect(stores.projects.get(projectIdAt(1))?.name).toBe('ledger')
    expect(stores.worktrees.get(worktreeIdAt(1))?.branch).toBe('switchyard/one')
    expect(stores.agents.get('demo')?.name).toBe('Demo')
    expect(stores.asks.get(ask.id)).toBe(ask)
    expect(stores.leases.get(lease.id)).toBe(lease)
    expect(stores.waiters.get(waiter.id)).toBe(waiter)
    expect(stores.settings.get('layout:window')?.value).toBe(3)
  })

  it('drop what was removed', () => {
    const stores = createStores()
    const leases = [leaseRow(1, sessionIdAt(1), 'a'), leaseRow(2, sessionIdAt(2), 'b')]
    replaceAll(stores, { ...snapshotRows(), leases, waiters: [waiterRow(1, sessionIdAt(2), 'a')] })
    const ended = { projectId: projectIdAt(1), sessionId: sessionIdAt(1) }
    applyChange(stores, change({ topic: 'leases.removed', payload: { id: leaseIdAt(1), ...ended, why: 'released' } }))
    applyChange(stores, change({ topic: 'waiters.removed', payload: { id: waiterIdAt(1), ...ended, why: 'granted' } }))
    applyChange(stores, change({ topic: 'sessions.removed', payload: { id: sessionIdAt(1) } }))
    applyChange(stores, change({ topic: 'projects.removed', payload: { id: projectIdAt(3) } }))
    applyChange(stores, change({ topic: 'worktrees.removed', payload: { id: worktreeIdAt(1) } }))
    expect(stores.sessions.get(sessionIdAt(1))).toBeUndefined()
    expect(stores.projects.get(projectIdAt(3))).toBeUndefined()
    expect(stores.worktrees.get(worktreeIdAt(1))).toBeUndefined()
    expect([...stores.leases.store.getState().byId.keys()]).toEqual([leaseIdAt(2)])
    expect(stores.waiters.get(waiterIdAt(1))).toBeUndefined()
  })
})

describe('the feed', () => {
  const renamed = (seq: number, title: string) =>
    change({ topic: 'sessions.changed', payload: sessionRow(1, title) }, seq)

  it('takes a snapshot and then only what came after it', () => {
    const stores = createStores()
    const take = createFeed(stores)
    expect(take({ kind: 'snapshot', seq: 10, state: snapshotRows() })).toBe(10)
    expect(
      take({ kind: 'changes', changes: [renamed(9, 'Old news'), renamed(10, 'Old too'), renamed(11, 'News')] }),
    ).toBe(11)
    expect(stores.sessions.get(sessionIdAt(1))?.title).toBe('News')
  })

  it('ignores a replay of what it has heard', () => {
    const stores = createStores()
    const take = createFeed(stores)
    take({ kind: 'snapshot', seq: 10, state: emptySnapshot() })
    take({ kind: 'changes', changes: [renamed(11, 'First'), renamed(12, 'Second')] })
    expect(take({ kind: 'changes', changes: [renamed(11, 'First')] })).toBe(12)
    expect(stores.sessions.get(sessionIdAt(1))?.title).toBe('Second')
  })

  it('starts over with a snapshot that is older than what it knew, as after the data folder was replaced', () => {
    const stores = createStores()
    const take = createFeed(stores)
    take({ kind: 'snapshot', seq: 500, state: snapshotRows() })
    expect(take({ kind: 'snapshot', seq: 3, state: emptySnapshot() })).toBe(3)
    expect(take({ kind: 'changes', changes: [renamed(4, 'New life')] })).toBe(4)
    expect(stores.sessions.get(sessionIdAt(1))?.title).toBe('New life')
  })
})
