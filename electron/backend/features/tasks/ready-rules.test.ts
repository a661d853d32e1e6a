import { describe, expect, it } from 'vitest'
import type { Dispatch, Task, TaskState } from '../../../../shared/contract/task-rows.ts'
import { taskStateSchema } from '../../../../shared/contract/task-rows.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import { isSatisfied, type Wait } from '../../../../shared/contract/task-waits.ts'
import { findObstacle, judgeClaim, judgeReady, needsOpening, type Claimant } from './ready-rules.ts'
import { taskRow } from './testing/rows.ts'

const now = 1_000_000
const states = taskStateSchema.options
const on = (kind: Wait['kind'], state: TaskState, key = 'APP-2'): Wait => ({
  direction: 'on',
  kind,
  satisfiedOn: 'merged',
  other: { key, state },
})
const by = (kind: Wait['kind'], state: TaskState): Wait => ({ ...on(kind, state), direction: 'by' })
const codeOf = (result: Result<unknown, string>) => (result.ok ? 'ready' : result.refusal.code)
const messageOf = (result: Result<unknown, string>) => (result.ok ? '' : result.refusal.message)
const satisfying = (waitAt: (state: TaskState) => Wait) => states.filter((state) => isSatisfied(waitAt(state)))

describe('a dependency', () => {
  it.each<[string, (state: TaskState) => Wait, TaskState[]]>([
    ['blocks', (state) => on('blocks', state), ['done']],
    ['blocks, on completion', (state) => ({ ...on('blocks', state), satisfiedOn: 'completed' }), ['done']],
    ['any_of', (state) => on('any_of', state), ['done']],
    ['on_failure', (state) => on('on_failure', state), ['failed']],
    ['parent, for the epic', (state) => by('parent', state), ['done', 'failed', 'cancelled']],
  ])('that %s is satisfied in exactly these states of the other', (_name, waitAt, expected) => {
    expect(satisfying(waitAt)).toEqual(expected)
  })

  it('on an epic holds its tasks only while the epic is put aside', () => {
    const holding = states.filter((state) => !isSatisfied(on('parent', state)))
    expect(holding).toEqual(['draft', 'blocked', 'deferred', 'failed', 'cancelled'])
  })

  it.each(['related', 'discovered_from'] as const)('%s holds nobody, in either direction', (kind) => {
    expect(satisfying((state) => on(kind, state))).toEqual(states)
    expect(satisfying((state) => by(kind, state))).toEqual(states)
  })

  it('holds only who depends, but for the epic', () => {
    for (const kind of ['blocks', 'any_of', 'on_failure'] as const)
      expect(satisfying((state) => by(kind, state))).toEqual(states)
  })
})

describe('the obstacle of a task', () => {
  it('is none without dependencies', () => {
    expect(findObstacle([])).toBeNull()
  })

  it('is gone when one of the alternatives is satisfied', () => {
    const waits = [on('any_of', 'open', 'APP-2'), on('any_of', 'done', 'APP-3'), on('any_of', 'failed', 'APP-4')]
    expect(findObstacle(waits)).toBeNull()
    expect(findObstacle(waits.slice(0, 1))?.other.key).toBe('APP-2')
  })

  it('is a plain dependency also when an alternative is satisfied', () => {
    expect(findObstacle([on('any_of', 'done', 'APP-2'), on('blocks', 'open', 'APP-3')])?.other.key).toBe('APP-3')
  })

  it('is not taken away by a satisfied dependency of another kind', () => {
    expect(findObstacle([on('blocks', 'done', 'APP-2'), on('any_of', 'open', 'APP-3')])?.other.key).toBe('APP-3')
  })
})

describe('a task that a person starts on', () => {
  it.each<[Partial<Task>, boolean]>([
    [{ state: 'draft' }, true],
    [{ state: 'blocked' }, true],
    [{ state: 'deferred' }, true],
    [{ state: 'open', retryAt: now + 1 }, true],
    [{ state: 'open', failedAttempts: 2, maxAttempts: 2 }, true],
    [{ state: 'open', failedAttempts: 1, maxAttempts: 2, retryAt: now }, false],
    [{ state: 'open' }, false],
    [{ state: 'in_progress' }, false],
    [{ state: 'done' }, false],
  ])('%j is opened by that: %s', (change, isOpened) => {
    expect(needsOpening(taskRow(change), now)).toBe(isOpened)
  })
})

describe('a task', () => {
  const ready: [string, Partial<Task>, Wait[], string][] = [
    ['that is open', {}, [], 'ready'],
    ['whose pause is over', { retryAt: now, failedAttempts: 1 }, [], 'ready'],
    ['with its last attempt left', { failedAttempts: 1, maxAttempts: 2 }, [], 'ready'],
    ['whose dependency is done', {}, [on('blocks', 'done')], 'ready'],
    ['in its pause', { retryAt: now + 1 }, [], 'NOT_READY'],
    ['without attempts left', { failedAttempts: 2, maxAttempts: 2 }, [], 'NOT_READY'],
    ['that is a draft', { state: 'draft' }, [], 'NOT_READY'],
    ['that is deferred', { state: 'deferred' }, [], 'NOT_READY'],
    ['with an open dependency', {}, [on('blocks', 'in_review')], 'NOT_READY'],
    ['that is an epic with an open task', {}, [by('parent', 'open')], 'NOT_READY'],
    ['that is blocked', { state: 'blocked', reason: 'No key.' }, [], 'BLOCKED'],
    ['that is claimed', { state: 'claimed' }, [], 'ALREADY_CLAIMED'],
    ['in progress', { state: 'in_progress' }, [], 'ALREADY_CLAIMED'],
    ['in review', { state: 'in_review' }, [], 'ALREADY_CLAIMED'],
    ['that waits for changes', { state: 'changes_requested' }, [], 'ALREADY_CLAIMED'],
    ['that is done', { state: 'done' }, [], 'TERMINAL'],
    ['that has failed', { state: 'failed' }, [], 'TERMINAL'],
    ['that was cancelled', { state: 'cancelled' }, [on('blocks', 'open')], 'TERMINAL'],
  ]
  it.each(ready)('%s: %j %j', (_name, change, waits, expected) => {
    expect(codeOf(judgeReady(taskRow(change), waits, now))).toBe(expected)
  })

  it.each<[string, Partial<Task>, Wait[], string]>([
    ['the pause in seconds', { retryAt: now + 29_001 }, [], 'pauses after a failed attempt for 30 s more.'],
    ['the reason of a block', { state: 'blocked', reason: 'No key.' }, [], 'is blocked: No key.'],
    ['what it waits for', {}, [on('blocks', 'in_progress')], 'waits for APP-2, which is in progress. Take another'],
    ['what never comes', {}, [on('blocks', 'cancelled')], 'Reopen that one, or remove the dependency.'],
    ['a failure that never comes', {}, [on('on_failure', 'done')], 'Cancel it, or remove the dependency.'],
    ['a failure that may come', {}, [on('on_failure', 'open')], 'is only for a failure of APP-2'],
    ['the epic', {}, [on('parent', 'deferred')], 'belongs to APP-2, which is deferred. Open the epic first.'],
    ['the tasks of the epic', {}, [by('parent', 'open')], 'is the epic of APP-2'],
    ['the alternatives', {}, [on('any_of', 'open')], 'waits for one of several tasks'],
  ])('says %s and what to do', (_name, change, waits, words) => {
    expect(messageOf(judgeReady(taskRow(change), waits, now))).toContain(words)
  })
})

describe('a claim', () => {
  const free: Dispatch = { paused: null, rev: 0 }
  const paused: Dispatch = { paused: { at: 0, reason: '3 attempts died within a minute.' }, rev: 1 }
  const someone: Claimant = { agentId: 'claude-code', role: null }
  const judge = (change: Partial<Task>, claimant: Claimant, dispatch = free) =>
    judgeClaim(taskRow(change), [], { claimant, dispatch, now })

  it.each<[string, Partial<Task>, Claimant, string]>([
    ['anybody', {}, { agentId: null, role: null }, 'ready'],
    ['its role', { requiredRole: 'reviewer' }, { agentId: null, role: 'reviewer' }, 'ready'],
    ['another role', { requiredRole: 'reviewer' }, { agentId: null, role: 'builder' }, 'NOT_FOR_YOU'],
    ['no role', { requiredRole: 'reviewer' }, someone, 'NOT_FOR_YOU'],
    ['one of its agents', { allowedAgents: ['codex', 'claude-code'] }, someone, 'ready'],
    ['another agent', { allowedAgents: ['codex'] }, someone, 'NOT_FOR_YOU'],
    ['no agent', { allowedAgents: ['codex'] }, { agentId: null, role: null }, 'NOT_FOR_YOU'],
  ])('by %s', (_name, change, claimant, expected) => {
    expect(codeOf(judge(change, claimant))).toBe(expected)
  })

  it('is refused while nothing is handed out, with the reason', () => {
    const refused = judge({}, someone, paused)
    expect(codeOf(refused)).toBe('PAUSED')
    expect(messageOf(refused)).toBe('No task is handed out: 3 attempts died within a minute. A person resumes it.')
  })

  it('is refused for the task itself before anything else', () => {
    expect(codeOf(judge({ state: 'done', requiredRole: 'reviewer' }, someone, paused))).toBe('TERMINAL')
  })
})
