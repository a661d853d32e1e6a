import { expect, it } from 'vitest'
import type { ApiClient } from '../../../shared/contract/api.ts'
import type { MergeId, WorktreeId } from '../../../shared/lib/ids.ts'
import { worktreeIdAt, worktreeRow } from '../../dev/fixtures.ts'
import { entryRow, queueRow } from '../../dev/queue-fixtures.ts'
import { createStores } from '../../data/stores.ts'
import { createQueueActions } from './use-queue-actions.ts'

type Shown = { readonly text: string; readonly action?: { readonly run: () => void } }

/** Calls are noted; each is answered with this entry or queue. */
const openDesk = (entry = entryRow(1)) => {
  const calls: { readonly name: string; readonly input: Record<string, unknown> }[] = []
  const shown: Shown[] = []
  const refused: string[] = []
  const answering = (answer: unknown) =>
    new Proxy(
      {},
      {
        get: (_target, name: string) => async (input: Record<string, unknown>) => {
          calls.push({ name, input })
          if (name === 'retry' && input['head'] === 'nowhere') throw new Error('It is not there.')
          return ['pause', 'resume', 'configure'].includes(name) ? queueRow({ rev: 9 }) : answer
        },
      },
    )
  const api = { queue: answering({ entry, seq: 1 }), merge: answering({ id: 'mrg_1', state: 'undone' }) }
  const stores = createStores()
  const notices = {
    refuse: (text: string) => void refused.push(text),
    show: (notice: Shown) => void shown.push(notice),
  }
  const deps = { api: api as unknown as Pick<ApiClient, 'queue' | 'merge'>, stores, notices: notices as never }
  return { calls, shown, refused, stores, actions: createQueueActions(deps) }
}

it('what is put in line or withdrawn can be taken back from its notice', async () => {
  const desk = openDesk()
  const source = { kind: 'worktree', worktreeId: 'wt_1' as WorktreeId } as const
  const wish = { source, head: 'a', target: 'main', strategy: 'squash', message: null } as const
  expect(await desk.actions.enqueue(wish)).toBe(true)
  await desk.actions.withdraw(entryRow(1))
  expect(desk.shown.map(({ text }) => text)).toEqual(['Branch 1 is in line for main.', 'Branch 1 was withdrawn.'])
  for (const { action } of desk.shown) action?.run()
  expect(desk.calls.map(({ name }) => name)).toEqual(['enqueue', 'withdraw', 'withdraw', 'restore'])
  expect(desk.stores.mergeEntries.store.getState().byId.size).toBe(1)
})

it('a branch is queued again where it is: as the queue saw it, or as its worktree has it', async () => {
  const desk = openDesk()
  desk.stores.worktrees.put([{ ...worktreeRow(1, 'x'), headSha: 'seen' }])
  await desk.actions.retry(entryRow(1, { movedTo: 'moved', worktreeId: worktreeIdAt(1) }))
  await desk.actions.retry(entryRow(1, { worktreeId: worktreeIdAt(1) }))
  await desk.actions.retry(entryRow(1, { head: 'nowhere' }))
  expect(desk.calls.map(({ input }) => input['head'])).toEqual(['moved', 'seen', 'nowhere'])
  expect(desk.refused).toHaveLength(1)
})

it('a queue is paused, resumed from its notice, and set', async () => {
  const desk = openDesk()
  const { projectId, target } = queueRow()
  await desk.actions.pause({ projectId, target })
  desk.shown[0]?.action?.run()
  await desk.actions.configure({ projectId, target }, { batchSize: 1, needsApproval: false })
  expect(desk.calls.map(({ name }) => name)).toEqual(['pause', 'resume', 'configure'])
  expect(desk.stores.mergeQueues.store.getState().byId.size).toBe(1)
})

it('an entry is approved, placed, and its merge undone', async () => {
  const desk = openDesk()
  const entry = entryRow(1, { mergeId: 'mrg_1' as MergeId })
  await desk.actions.approve(entry)
  await desk.actions.place(entry, null)
  await desk.actions.undo(entry)
  await desk.actions.undo(entryRow(2))
  expect(desk.calls.map(({ name }) => name)).toEqual(['approve', 'place', 'undo'])
  expect(desk.shown.at(-1)?.text).toBe('The merge of Branch 1 was undone.')
})
