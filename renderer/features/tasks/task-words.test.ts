import { describe, expect, it } from 'vitest'
import {
  attemptStateSchema,
  dependencyKindSchema,
  taskKindSchema,
  taskStateSchema,
} from '../../../shared/contract/task-rows.ts'
import { attemptOf, cardRow } from '../../dev/board-fixtures.ts'
import { taskIdAt } from '../../dev/task-fixtures.ts'
import { sessionIdAt } from '../../dev/fixtures.ts'
import {
  attemptWord,
  authorName,
  dependencyNames,
  holderName,
  kindNames,
  momentOf,
  priorities,
  priorityName,
  reasonLine,
  reverseDependencyNames,
  stateInSentence,
  stateWord,
  waitWord,
} from './task-words.ts'

const noon = new Date(2026, 10, 21, 12, 0).getTime()

describe('the words', () => {
  it('are another one for each state, kind and priority', () => {
    const all = [
      taskStateSchema.options.map(stateWord),
      taskStateSchema.options.map(stateInSentence),
      attemptStateSchema.options.map(attemptWord),
      taskKindSchema.options.map((kind) => kindNames[kind]),
      dependencyKindSchema.options.map((kind) => dependencyNames[kind]),
      dependencyKindSchema.options.map((kind) => reverseDependencyNames[kind]),
      priorities.map(priorityName),
    ]
    for (const words of all) expect(new Set(words).size).toBe(words.length)
  })

  it('name who wrote and who works', () => {
    expect(authorName({ kind: 'person', id: 'desktop' }, undefined)).toBe('You')
    expect(authorName({ kind: 'system', id: 'switchyard' }, undefined)).toBe('Switchyard')
    expect(authorName({ kind: 'session', id: 'ses_1' }, 'Fix it')).toBe('Fix it')
    expect(authorName({ kind: 'session', id: 'ses_1' }, undefined)).toBe('Session ses_1')
    const process = { kind: 'process' as const, pid: 7, startTime: '1', bootId: 'b', label: 'nightly worker' }
    expect(holderName({ holder: process })).toBe('nightly worker')
    expect(holderName(attemptOf(1, taskIdAt(1), sessionIdAt(1)))).toBe('A session that is gone')
  })

  it('say what a blocker would have to become', () => {
    expect(waitWord('blocks', { state: 'in_progress' })).toBe('which is in progress')
    expect(waitWord('on_failure', { state: 'open' })).toBe('unless it fails; it is open')
  })
})

describe('the reason on a card', () => {
  const line = (change: Parameters<typeof cardRow>[2]) => reasonLine(cardRow(1, 'a', change), noon)

  it('is left out where the column says it all', () => {
    for (const state of ['draft', 'open', 'claimed', 'in_progress', 'in_review', 'done'] as const)
      expect(line({ state }), state).toBeNull()
  })

  it('names the day, the reason or the pause', () => {
    expect(line({ state: 'deferred', deferUntil: new Date(2026, 11, 1).getTime() })).toBe(
      'Deferred until 1 December 2026',
    )
    expect(line({ state: 'deferred' })).toBe('Deferred, no day named')
    expect(line({ state: 'blocked', reason: 'No key.' })).toBe('Blocked: No key.')
    expect(line({ state: 'blocked' })).toBe('Blocked: no reason was given')
    expect(line({ state: 'cancelled', reason: 'Not needed.' })).toBe('Cancelled: Not needed.')
    expect(line({ state: 'changes_requested' })).toBe('Changes were requested')
  })

  it('tells of failed attempts, and of the pause while it lasts', () => {
    const paused = { failedAttempts: 1, retryAt: noon + 90_000 }
    expect(line(paused)).toBe('Pauses until 12:01 after a failed attempt')
    expect(line({ ...paused, retryAt: noon - 1 })).toBe('1 attempt of 2 failed')
    expect(line({ failedAttempts: 3, maxAttempts: 5 })).toBe('3 attempts of 5 failed')
  })

  it('gives the day with the clock when it is another one', () => {
    expect(momentOf(new Date(2026, 10, 22, 8, 5).getTime(), noon)).toBe('22 November 2026, 08:05')
  })
})
