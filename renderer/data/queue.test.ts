import { expect, it } from 'vitest'
import type { Change } from '../../shared/contract/changes.ts'
import { emptySnapshot, projectIdAt } from '../dev/fixtures.ts'
import { entryIdAt, entryRow, queueRow } from '../dev/queue-fixtures.ts'
import { entriesInOrder } from './queue.ts'
import { applyChange, createStores, queueKey, replaceAll } from './stores.ts'

const change = (part: Pick<Change, 'topic' | 'payload'>) => ({ seq: 1, at: 0, ...part }) as Change

it('a queue is in its order: in line, then what waits for somebody, then what ended, newest first', () => {
  const entries = [
    entryRow(1, { state: 'merged', endedAt: 5 }),
    entryRow(2, { state: 'failed' }),
    entryRow(3, { position: 9 }),
    entryRow(4, { state: 'proposed' }),
    entryRow(5, { state: 'withdrawn', endedAt: 8 }),
    entryRow(6, { target: 'other' }),
    entryRow(7, { projectId: projectIdAt(2) }),
  ]
  const ids = entriesInOrder(entries, { projectId: projectIdAt(1), target: 'main' }).map(({ id }) => id)
  expect(ids).toEqual([4, 3, 2, 5, 1].map(entryIdAt))
})

it('the stores follow queues and entries, and a fresh snapshot replaces them', () => {
  const stores = createStores()
  applyChange(stores, change({ topic: 'queues.changed', payload: queueRow() }))
  applyChange(stores, change({ topic: 'queues.changed', payload: queueRow({ batchSize: 1 }) }))
  applyChange(stores, change({ topic: 'entries.changed', payload: entryRow(1) }))
  applyChange(stores, change({ topic: 'entries.changed', payload: entryRow(2) }))
  expect(stores.mergeQueues.get(queueKey(queueRow()))?.batchSize).toBe(1)
  const { id, projectId, target } = entryRow(1)
  applyChange(stores, change({ topic: 'entries.removed', payload: { id, projectId, target } }))
  expect([...stores.mergeEntries.store.getState().byId.keys()]).toEqual([entryIdAt(2)])
  replaceAll(stores, emptySnapshot())
  expect(stores.mergeEntries.store.getState().byId.size + stores.mergeQueues.store.getState().byId.size).toBe(0)
})
