import { describe, expect, it } from 'vitest'
import {
  attemptStateSchema,
  taskStateSchema,
  type AttemptState,
  type TaskState,
} from '../../../../shared/contract/task-rows.ts'
import { canMoveAttempt, canMoveTask, hasLiveAttempt, isAtWork, isEnd, isLive, wordOf } from './task-states-rules.ts'

const taskStates = taskStateSchema.options
const attemptStates = attemptStateSchema.options

describe('the states of a task', () => {
  it('end in done, failed or cancelled, and nowhere else', () => {
    expect(taskStates.filter(isEnd)).toEqual(['done', 'failed', 'cancelled'])
    for (const end of taskStates.filter(isEnd)) for (const to of taskStates) expect(canMoveTask(end, to)).toBe(false)
  })

  it('have a live attempt from the claim to the review', () => {
    expect(taskStates.filter(hasLiveAttempt)).toEqual(['claimed', 'in_progress', 'in_review', 'changes_requested'])
  })

  it('are claimed only from open, and done only by a review or by hand where nobody works', () => {
    const leadingTo = (to: TaskState) => taskStates.filter((from) => canMoveTask(from, to))
    expect(leadingTo('claimed')).toEqual(['open'])
    expect(leadingTo('done')).toEqual(['open', 'in_review', 'blocked', 'deferred'])
    expect(leadingTo('changes_requested')).toEqual(['in_review'])
  })

  it('can all be left for good, but for a draft that nobody could have failed at', () => {
    for (const from of taskStates.filter((state) => !isEnd(state))) {
      expect(canMoveTask(from, 'cancelled'), from).toBe(true)
      expect(canMoveTask(from, 'failed'), from).toBe(from !== 'draft')
      expect(canMoveTask(from, from), from).toBe(false)
    }
  })

  it('have each a word of their own', () => {
    expect(new Set(taskStates.map(wordOf)).size).toBe(taskStates.length)
  })
})

describe('the states of an attempt', () => {
  it('are live until it is decided, and at work until it is submitted', () => {
    expect(attemptStates.filter(isLive)).toEqual(['granted', 'running', 'submitted'])
    expect(attemptStates.filter(isAtWork)).toEqual(['granted', 'running'])
  })

  it.each<[AttemptState, AttemptState[]]>([
    ['accepted', []],
    ['superseded', []],
    ['released', ['superseded']],
    ['failed', ['superseded']],
    ['cancelled', ['superseded']],
    ['expired', ['running', 'submitted', 'superseded']],
  ])('%s leads to %j only', (from, expected) => {
    expect(attemptStates.filter((to) => canMoveAttempt(from, to))).toEqual(expected)
  })

  it('come to an acceptance by a submission alone', () => {
    expect(attemptStates.filter((from) => canMoveAttempt(from, 'accepted'))).toEqual(['submitted'])
  })
})
