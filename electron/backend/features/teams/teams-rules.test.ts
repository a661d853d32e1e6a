import { describe, expect, it } from 'vitest'
import type { Teammate, TeamTask } from '../../../../shared/contract/teams.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { ReadTeammate, ReadTeamTask } from '../../adapters/agents/team-rules.ts'
import {
  endedTeam,
  teammateChanges,
  teammateTold,
  teamTaskChanges,
  allowanceAt,
  mostAtOnce,
  mostPerMinute,
} from './teams-rules.ts'

const ids = {
  sessionId: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' as SessionId,
  projectId: 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId,
}
const at = { ids, now: 100 }
const mate = (change: Partial<Teammate> = {}): Teammate => ({
  ...ids,
  name: 'alice',
  type: 'general-purpose',
  model: 'opus',
  state: 'working',
  since: 10,
  joinedAt: 5,
  ...change,
})
const read = (change: Partial<ReadTeammate> = {}): ReadTeammate => ({
  name: 'alice',
  type: 'general-purpose',
  model: 'opus',
  joinedAt: 5,
  ...change,
})

describe('a teammate', () => {
  it.each<[string, Teammate[], ReadTeammate[], Teammate[]]>([
    ['that is new works', [], [read()], [mate({ since: 100 })]],
    ['that is known stays as it is', [mate({ state: 'idle' })], [read()], []],
    ['that is not named any more has ended', [mate()], [], [mate({ state: 'ended', since: 100 })]],
    ['that has ended ends once', [mate({ state: 'ended' })], [], []],
    ['that was left behind joins nothing', [mate({ state: 'ended' })], [read()], []],
    [
      'that is made again works again',
      [mate({ state: 'ended' })],
      [read({ joinedAt: 50 })],
      [mate({ since: 100, joinedAt: 50 })],
    ],
    [
      'of whom only a hook told gets the rest',
      [mate({ type: '', model: null, state: 'idle', joinedAt: 9 })],
      [read()],
      [mate({ state: 'idle' })],
    ],
    [
      'leaves the others alone',
      [mate(), mate({ name: 'bob' })],
      [read({ name: 'bob' })],
      [mate({ state: 'ended', since: 100 })],
    ],
  ])('%s', (_name, known, present, expected) => {
    expect(teammateChanges(known, present, at)).toEqual(expected)
  })

  it.each<[string, Teammate[], 'working' | 'idle', Teammate | null]>([
    ['is idle when it is said so', [mate()], 'idle', mate({ state: 'idle', since: 100 })],
    ['works again when it begins a turn', [mate({ state: 'idle' })], 'working', mate({ since: 100 })],
    ['is told of once', [mate({ state: 'idle' })], 'idle', null],
    ['that has ended does nothing', [mate({ state: 'ended' })], 'working', null],
    [
      'is known by its being idle',
      [],
      'idle',
      mate({ type: '', model: null, state: 'idle', since: 100, joinedAt: 100 }),
    ],
    ['is not whoever works', [], 'working', null],
  ])('%s', (_name, known, state, expected) => {
    expect(teammateTold(known, { name: 'alice', state }, at)).toEqual(expected)
  })

  it('is not made up without end', () => {
    const many = Array.from({ length: 64 }, (_, index) => mate({ name: `mate-${index}` }))
    expect(teammateTold(many, { name: 'alice', state: 'idle' }, at)).toBeNull()
  })

  it('ends with the process of its agent', () => {
    const known = [mate(), mate({ name: 'bob', state: 'idle' }), mate({ name: 'carl', state: 'ended' })]
    expect(endedTeam(known, 100).map(({ name, state, since }) => [name, state, since])).toEqual([
      ['alice', 'ended', 100],
      ['bob', 'ended', 100],
    ])
  })
})

describe('a task of a team', () => {
  const task = (change: Partial<TeamTask> = {}): TeamTask => ({
    ...ids,
    id: '1',
    subject: 'Read',
    state: 'pending',
    owner: null,
    blockedBy: [],
    changedAt: 10,
    ...change,
  })
  const readTask = (change: Partial<ReadTeamTask> = {}): ReadTeamTask => ({
    id: '1',
    subject: 'Read',
    state: 'pending',
    owner: null,
    blockedBy: [],
    ...change,
  })

  it.each<[string, TeamTask[], string[], ReadTeamTask[], TeamTask[]]>([
    ['that is new is told', [], ['1'], [readTask()], [task({ changedAt: 100 })]],
    ['that is the same is not', [task()], ['1'], [readTask()], []],
    [
      'that somebody took is told',
      [task()],
      ['1'],
      [readTask({ state: 'in-progress', owner: 'alice' })],
      [task({ state: 'in-progress', owner: 'alice', changedAt: 100 })],
    ],
    [
      'that waits for another is told',
      [task()],
      ['1'],
      [readTask({ blockedBy: ['2'] })],
      [task({ blockedBy: ['2'], changedAt: 100 })],
    ],
    ['that cannot be read yet stays as it was', [task()], ['1'], [], []],
    ['that is gone was deleted', [task()], [], [], [task({ state: 'deleted', changedAt: 100 })]],
    ['that is gone when it was completed stays completed', [task({ state: 'completed' })], [], [], []],
    ['that was deleted is so once', [task({ state: 'deleted' })], [], [], []],
    ['comes back under its number', [task({ state: 'deleted' })], ['1'], [readTask()], [task({ changedAt: 100 })]],
  ])('%s', (_name, known, present, readable, expected) => {
    expect(teamTaskChanges(known, { ids: present, readable }, at)).toEqual(expected)
  })
})

describe('how much is told of a team', () => {
  it('is much at once, and then fills up with time', () => {
    const full = allowanceAt(null, 0)
    expect(full).toEqual({ left: mostAtOnce, at: 0 })
    const spent = { ...full, left: 0 }
    expect(allowanceAt(spent, 400)).toBe(spent)
    expect(allowanceAt(spent, 30_000)).toEqual({ left: mostPerMinute / 2, at: 30_000 })
    expect(allowanceAt(spent, 24 * 60 * 60_000)).toEqual({ left: mostAtOnce, at: 24 * 60 * 60_000 })
  })

  it('is as much for somebody who looks often, and none for a clock that goes back', () => {
    let often = { left: 0, at: 0 }
    for (let now = 0; now <= 60_000; now += 100) often = allowanceAt(often, now)
    expect(often.left).toBe(mostPerMinute)
    expect(allowanceAt({ left: 7, at: 5000 }, 0)).toEqual({ left: 7, at: 5000 })
  })
})
