import { ORPCError } from '@orpc/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { createStores, type Stores } from '../../data/stores.ts'
import { cardRow } from '../../dev/board-fixtures.ts'
import { taskVerbs } from '../../dev/fixture-tasks.ts'
import { taskIdAt } from '../../dev/task-fixtures.ts'
import type { Notice } from '../../lib/notices.tsx'
import { createTaskActions, type TaskVerb } from './use-task-actions.ts'

const [taskId, beforeId] = [taskIdAt(1), taskIdAt(2)]
let stores: Stores
let asked: (readonly [string, unknown])[]
let shown: Omit<Notice, 'id'>[]
let refused: string[]
beforeEach(() => {
  stores = createStores()
  stores.tasks.put([cardRow(1, 'One', { position: 5 }), cardRow(2, 'Two', { position: 1 })])
  ;[asked, shown, refused] = [[], [], []]
})

const actionsOn = (change: Readonly<Record<string, () => never>> = {}) => {
  const verbs: Readonly<Record<string, (input: never) => unknown>> = { ...taskVerbs(stores), ...change }
  const tasks = new Proxy(verbs, {
    get: (_, name: string) => async (input: never) => {
      asked.push([name, input])
      return verbs[name]?.(input)
    },
  })
  const notices = {
    show: (notice: Omit<Notice, 'id'>) => void shown.push(notice),
    refuse: (text: string) => void refused.push(text),
  }
  return createTaskActions({ api: { tasks } as never, stores, notices: notices as never })
}

describe('what is done to a task and where it then lies', () => {
  it.each<[string, TaskVerb, object]>([
    ['move', { kind: 'move', move: { to: 'draft' } }, { rev: null, move: { to: 'draft' } }],
    ['accept', { kind: 'accept' }, {}],
    ['reopen', { kind: 'reopen', to: 'draft' }, { to: 'draft' }],
    ['retry', { kind: 'retry' }, {}],
    ['requestChanges', { kind: 'request-changes', comment: 'More tests.' }, { comment: 'More tests.' }],
  ])('is asked for at once: %s', async (name, verb, more) => {
    expect(await actionsOn().change(taskId, { verbs: [verb], beforeId })).toBeNull()
    expect(asked).toEqual([[name, { taskId, beforeId, ...more }]])
    expect(stores.tasks.get(taskId)?.position).toBeLessThan(1)
  })

  it('says nothing of a place where it is to stay, and of nothing else where only that changes', async () => {
    await actionsOn().change(taskId, { verbs: [{ kind: 'move', move: { to: 'draft' } }] })
    await actionsOn().change(taskId, { verbs: [], beforeId: null })
    expect(asked).toEqual([
      ['move', { taskId, rev: null, move: { to: 'draft' } }],
      ['place', { taskId, beforeId: null }],
    ])
  })

  it('is not placed when it is refused', async () => {
    const accept = () => {
      throw new ORPCError('NOT_ALLOWED', { message: 'Nothing was submitted.' })
    }
    expect(await actionsOn({ accept }).changeAndTell(taskId, { verbs: [{ kind: 'accept' }], beforeId })).toBe(false)
    expect(refused).toEqual(['Nothing was submitted.'])
    expect(asked).toHaveLength(1)
    expect(stores.tasks.get(taskId)?.position).toBe(5)
  })

  it('is taken back at once as well, to where it lay', async () => {
    await actionsOn().change(taskId, { verbs: [{ kind: 'move', move: { to: 'draft' } }], beforeId })
    shown[0]?.action?.run()
    expect(asked.at(-1)).toEqual(['move', { taskId, rev: null, move: { to: 'open' }, beforeId: null }])
  })
})
