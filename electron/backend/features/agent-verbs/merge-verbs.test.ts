import { afterEach, beforeEach, expect, it } from 'vitest'
import { openVerbLab, projectId, type VerbLab } from '../../testing/verb-lab.ts'
import { entryAt, plainQueue } from '../queue/testing/queue-rows.ts'

let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
})
afterEach(() => lab.close())

it('puts a session’s own branch in line, at the commit it is at', async () => {
  const { entry } = await lab.does(lab.anna, 'merge.enqueue', { message: ' ', strategy: 'merge' }, 'request-1')
  const { session } = {
    session: await lab.kernel.database.read((tx) => lab.deps.sessions.find(tx, lab.anna.sessionId)),
  }
  const source = { kind: 'worktree', worktreeId: session?.worktreeId }
  const wish = { source, head: 'a'.repeat(40), target: null, strategy: 'merge', message: null, requestId: 'request-1' }
  expect(lab.line.wishes).toEqual([wish])
  expect(entry).toMatchObject({ isMine: true, place: 1, state: 'waiting' })
})

it('queues the commit that is named, and the message as it was written', async () => {
  await lab.does(lab.anna, 'merge.enqueue', { head: 'b'.repeat(40), message: 'Do it', target: 'dev' })
  expect(lab.line.wishes).toMatchObject([{ head: 'b'.repeat(40), message: 'Do it', target: 'dev' }])
})

it('tells where everybody stands in line, and why a queue is held', async () => {
  await lab.does(lab.bert, 'merge.enqueue')
  await lab.does(lab.anna, 'merge.enqueue')
  lab.line.entries.push({
    ...entryAt(3, { state: 'conflicted', conflicts: ['a.ts'], reason: 'It conflicts.' }),
    projectId,
  })
  lab.line.entries.push(entryAt(4, { projectId: `prj_${'7'.repeat(26)}` as typeof projectId }))
  const hold = { by: 'queue', cause: 'checkout', reason: 'It has changes.', tip: null, since: 1 } as const
  lab.line.queues.push({ ...plainQueue, projectId, hold }, { ...plainQueue, projectId, target: 'dev' })
  const { entries, queues } = await lab.does(lab.anna, 'merge.status')
  expect(entries.map(({ place, isMine }) => [place, isMine])).toEqual([
    [1, false],
    [2, true],
    [null, false],
  ])
  expect(entries[2]).toMatchObject({ conflicts: ['a.ts'], reason: 'It conflicts.' })
  expect(queues).toEqual([
    { target: 'main', state: 'held', reason: 'It has changes.' },
    { target: 'dev', state: 'idle', reason: null },
  ])
  expect((await lab.does(lab.anna, 'merge.status', { mine: true })).entries).toHaveLength(1)
})

it('lets the person look, and says where they queue', async () => {
  await lab.does(lab.bert, 'merge.enqueue')
  expect(await lab.runAsPerson('merge.status', {})).toMatchObject({ ok: true, value: { entries: [{ isMine: false }] } })
})
