import { describe, expect, it } from 'vitest'
import { subagentRow, teammateRow, teamTaskRow } from '../dev/helper-fixtures.ts'
import { sessionIdAt } from '../dev/fixtures.ts'
import { helpersOf, teamTasksInOrder } from './helpers.ts'

const one = sessionIdAt(1)
const names = (rows: Partial<Parameters<typeof helpersOf>[0]>) =>
  helpersOf({ teammates: [], subagents: [], tasks: [], ...rows }).map(({ name }) => name)

describe('the helpers of a session', () => {
  it('are its team in the order in which it joined, then its subagents, then who has ended', () => {
    const teammates = [
      teammateRow(one, 'carl', { joinedAt: 1, state: 'ended' }),
      teammateRow(one, 'bob', { joinedAt: 3, state: 'idle' }),
      teammateRow(one, 'alice', { joinedAt: 2 }),
    ]
    const subagents = [
      subagentRow(one, 'a2', { startedAt: 9 }),
      subagentRow(one, 'a1', { startedAt: 8, type: 'Explore' }),
    ]
    expect(names({ teammates, subagents })).toEqual(['alice', 'bob', 'Explore', 'general-purpose', 'carl'])
  })

  it('are told once, though a teammate is a subagent too', () => {
    const teammates = [teammateRow(one, 'alice')]
    const subagents = [subagentRow(one, 'aalice-1', { type: 'alice' }), subagentRow(one, 'a1', { type: '' })]
    expect(names({ teammates, subagents })).toEqual(['alice', 'Subagent'])
  })

  it('are no subagents that have ended', () => {
    expect(names({ subagents: [subagentRow(one, 'a1', { endedAt: 5 })] })).toEqual([])
  })

  it.each([
    ['is in progress', { state: 'in-progress', owner: 'alice' }, '1'],
    ['is somebody else’s', { state: 'in-progress', owner: 'bob' }, undefined],
    ['waits', { state: 'pending', owner: 'alice' }, undefined],
    ['is done', { state: 'completed', owner: 'alice' }, undefined],
  ] as const)('work on a task that %s', (_name, change, expected) => {
    const rows = { teammates: [teammateRow(one, 'alice')], subagents: [], tasks: [teamTaskRow(one, '1', change)] }
    expect(helpersOf(rows)[0]?.task?.id).toBe(expected)
  })

  it('work on nothing once they have ended', () => {
    const teammates = [teammateRow(one, 'alice', { state: 'ended' })]
    const tasks = [teamTaskRow(one, '1', { state: 'in-progress', owner: 'alice' })]
    expect(helpersOf({ teammates, subagents: [], tasks })[0]?.task).toBeNull()
  })
})

describe('the tasks of a team', () => {
  it('come in the order of their numbers, without those that were deleted', () => {
    const tasks = ['10', '9', '2'].map((id) => teamTaskRow(one, id, id === '9' ? { state: 'deleted' } : {}))
    expect(teamTasksInOrder(tasks).map(({ id }) => id)).toEqual(['2', '10'])
  })
})
