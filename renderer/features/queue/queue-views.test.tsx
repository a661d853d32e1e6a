import { expect, it } from 'vitest'
import type { MergeEntry, MergeQueue } from '../../../shared/contract/queue-rows.ts'
import type { MergeId, WorktreeId } from '../../../shared/lib/ids.ts'
import { projectIdAt, sessionIdAt } from '../../dev/fixtures.ts'
import { entryIdAt, entryRow, queueRow } from '../../dev/queue-fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { QueueButton } from './queue-button.tsx'
import { targetBefore } from './queue-order.ts'
import { QueuePanel } from './queue-panel.tsx'
import { QueueRoom } from './queue-room.tsx'
import { QueueStatus } from './queue-status.tsx'

const run = {
  of: 'batch',
  entryIds: [entryIdAt(1)],
  commit: 'c',
  tree: 't',
  base: 'b',
  round: 1,
  startedAt: 1,
  progress: { done: 2, of: 3 },
} as const
const hold = {
  by: 'queue',
  cause: 'checkout',
  reason: 'The checkout of main has changes.',
  tip: null,
  since: 1,
} as const

const dataWith = (queues: readonly MergeQueue[], entries: readonly MergeEntry[]) => {
  const data = createMarkupData()
  data.stores.mergeQueues.replace(queues)
  data.stores.mergeEntries.replace(entries)
  return data
}
const room = (queues: readonly MergeQueue[], entries: readonly MergeEntry[]) =>
  renderMarkup(<QueueRoom onGoToSession={() => undefined} />, dataWith(queues, entries))

it('the room says what it is for while there is no queue', () => {
  expect(wordsOf(room([], []))).toContain('No branch is in line')
})

it('the room shows who is in line, why, and what became of the others', () => {
  const words = wordsOf(
    room(
      [queueRow({ run: { ...run, entryIds: [entryIdAt(1)] } })],
      [
        entryRow(1, { state: 'checking' }),
        entryRow(2),
        entryRow(3, { state: 'conflicted', reason: 'Conflicts with main in a.ts.', route: routed }),
        entryRow(4, { state: 'merged', endedAt: 2, mergeId: 'mrg_1' as MergeId }),
        entryRow(5, { state: 'proposed' }),
        entryRow(6, { state: 'withdrawn', endedAt: 2 }),
      ],
    ),
  )
  expect(words).toContain('Gates 2 of 3')
  expect(words).toMatch(/1 Branch 1 .*2 Branch 2 .*3 Branch 5 /)
  expect(words).toContain('Conflicts with main in a.ts. Its session was told.')
  expect(words).toContain('Approve')
  expect(words).toContain('Queue again')
  expect(words).toMatch(/Merged in the last day .*Branch 4 .*Undo/)
  expect(words).not.toContain('Branch 6')
})
const routed = { to: 'author', taskId: null, sessionId: sessionIdAt(1), at: 1 } as const

it('a queue that stands still says why, and offers the way on', () => {
  const held = wordsOf(room([queueRow({ hold })], [entryRow(1)]))
  expect(held).toContain('The checkout of main has changes. Try now')
  const paused = room([queueRow({ hold: { ...hold, by: 'person', cause: 'asked', reason: '' } })], [])
  expect(wordsOf(paused)).toContain('You paused it. What is in line keeps its place.')
  expect(paused).toContain(testId.queueResume)
  expect(paused).not.toContain(testId.queuePause)
})

it('names are shown as text, with what is hidden in them', () => {
  expect(wordsOf(room([queueRow()], [entryRow(1, { title: 'A\u202eB', reason: 'x\ny' })]))).not.toContain('\u202e')
})

it('the panel tells who is ahead of a branch, and that it would be next', () => {
  const key = { projectId: projectIdAt(1), target: 'main', sessionId: sessionIdAt(1), onOpen: () => undefined }
  const panel = (entries: readonly MergeEntry[]) =>
    wordsOf(renderMarkup(<QueuePanel {...key} />, dataWith([queueRow()], entries)))
  expect(panel([entryRow(1)])).toContain('1 Branch 1 Waits 2 This branch would be next')
  const own = entryRow(2, { sessionId: sessionIdAt(1) })
  expect(panel([entryRow(1), own])).not.toContain('would be next')
  const failed = entryRow(2, { sessionId: sessionIdAt(1), state: 'failed', reason: 'Fails unit, twice.' })
  expect(panel([entryRow(1), failed])).toContain('2 Fails unit, twice.')
})

it('the button puts a branch in line, or takes it out again', () => {
  const props = {
    sessionId: sessionIdAt(1),
    worktreeId: 'wt_1' as WorktreeId,
    head: 'a'.repeat(40),
    strategy: 'squash',
    message: null,
    target: 'main',
    blocked: null,
  } as const
  const button = (entries: readonly MergeEntry[]) =>
    wordsOf(renderMarkup(<QueueButton {...props} />, dataWith([queueRow()], entries)))
  expect(button([])).toBe('Queue when green')
  expect(button([entryRow(1, { sessionId: sessionIdAt(1) })])).toBe('Withdraw from the queue')
  expect(button([entryRow(1, { sessionId: sessionIdAt(1), state: 'failed' })])).toBe('Queue when green')
})

it('the status bar counts what is in line and says what the queue does', () => {
  const status = (queue: MergeQueue, entries: readonly MergeEntry[]) =>
    wordsOf(renderMarkup(<QueueStatus onOpen={() => undefined} />, dataWith([queue], entries)))
  expect(status(queueRow(), [])).toBe('')
  expect(status(queueRow({ run: { ...run, entryIds: [] } }), [entryRow(1)])).toBe('Merge queue 1 , gates running')
  expect(status(queueRow({ hold }), [])).toBe('Merge queue 0 , held')
  expect(status(queueRow({ hold: { ...hold, by: 'person' } }), [entryRow(1)])).toContain('paused')
})

it('an entry moves one place by the keyboard, and not over the ends', () => {
  const entries = [1, 2, 3].map((n) => entryRow(n))
  expect(targetBefore(entries, entryIdAt(2), -1)).toBe(entryIdAt(1))
  expect(targetBefore(entries, entryIdAt(1), 1)).toBe(entryIdAt(3))
  expect(targetBefore(entries, entryIdAt(2), 1)).toBeNull()
  expect(targetBefore(entries, entryIdAt(1), -1)).toBeUndefined()
  expect(targetBefore(entries, entryIdAt(3), 1)).toBeUndefined()
})
