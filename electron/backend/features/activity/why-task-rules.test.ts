import { describe, expect, it } from 'vitest'
import { attemptRow, taskRow } from '../../../../renderer/dev/task-fixtures.ts'
import type { Task } from '../../../../shared/contract/task-rows.ts'
import { event } from '../../../../shared/event-lines/testing.ts'
import { whyOfTask, type TaskFacts } from './why-task-rules.ts'

const now = 1_000_000
const attempt = { row: attemptRow(1, taskRow(1).id), holder: 'Fix it' }
const silent = { ...attempt, row: { ...attempt.row, silentSince: 5 } }
const why = (change: Partial<Task>, facts: Partial<TaskFacts> = {}) =>
  whyOfTask({
    task: taskRow(1, change),
    waits: [],
    attempt: null,
    dispatch: { paused: null, rev: 0 },
    sessions: [],
    events: [],
    now,
    ...facts,
  })
const wait = (n: number, change: Partial<TaskFacts['waits'][number]> = {}): TaskFacts['waits'][number] => ({
  direction: 'on',
  kind: 'blocks',
  satisfiedOn: 'completed',
  other: taskRow(n, { title: `Part ${n}` }),
  ...change,
})

describe('why a task is where it is', () => {
  it.each<[string, Partial<Task>, Partial<TaskFacts>, string, string | null]>([
    ['draft', { state: 'draft' }, {}, 'It is a draft, and nobody takes up drafts', 'Open it'],
    ['claimed', { state: 'claimed' }, { attempt }, '“Fix it” has taken it up and is starting', null],
    ['at work', { state: 'in_progress' }, { attempt }, '“Fix it” works on it', null],
    ['silent', { state: 'in_progress' }, { attempt: silent }, '“Fix it” has it, lives and says nothing', 'Look at'],
    ['in review', { state: 'in_review' }, { attempt }, '“Fix it” handed it in, and it waits for you', 'Accept it'],
    ['changes', { state: 'changes_requested' }, { attempt }, 'It waits for “Fix it” to make the changes', null],
    ['blocked', { state: 'blocked', reason: 'No key.' }, {}, 'It is blocked: No key', 'Retry it when'],
    ['deferred', { state: 'deferred' }, {}, 'It is deferred to no day in particular', 'Open it'],
    ['done', { state: 'done' }, {}, 'It is done', null],
    ['failed', { state: 'failed', reason: 'Too hard.' }, {}, 'It failed: Too hard', 'Reopen it'],
    ['cancelled', { state: 'cancelled' }, {}, 'It was cancelled: no reason was given', 'Reopen it'],
    ['used up', { failedAttempts: 2, reason: 'It died.' }, {}, 'All of its 2 attempts failed: It died', 'Retry it'],
    [
      'waits',
      {},
      { waits: [wait(2), wait(3)] },
      'It waits for LA-2 “Part 2” (open) and LA-3 “Part 3” (open)',
      'Finish',
    ],
    [
      'any of',
      {},
      { waits: [wait(2, { kind: 'any_of' }), wait(3, { kind: 'any_of' })] },
      'It waits for one of LA-2',
      'Finish',
    ],
    [
      'on failure',
      {},
      { waits: [wait(2, { kind: 'on_failure' })] },
      'It waits for LA-2 “Part 2” (open) to fail',
      'Finish',
    ],
    [
      'paused',
      {},
      { dispatch: { paused: { at: 1, reason: 'Three died.' }, rev: 1 } },
      'No task is handed out: Three died',
      'Resume',
    ],
    [
      'role',
      { requiredRole: 'reviewer' },
      {},
      'It is for the role “reviewer”, and no session that runs has it',
      'Give a',
    ],
    [
      'agent',
      { allowedAgents: ['codex'] },
      {},
      'It is for codex, and no session of that agent runs',
      'Start a session',
    ],
    ['ready', {}, {}, 'It is ready, and no session has taken it up', 'Start a session on it.'],
  ])('%s', (_, change, facts, sentence, next) => {
    const said = why(change, facts)
    expect(said.sentence).toContain(sentence)
    expect(said.until).toBeNull()
    if (next === null) expect(said.next).toBeNull()
    else expect(said.next).toContain(next)
  })

  it('says until when it pauses or is deferred', () => {
    expect(why({ retryAt: now + 5000, failedAttempts: 1, reason: 'It died.' })).toMatchObject({
      sentence: 'It pauses after a failed attempt: It died',
      until: now + 5000,
    })
    expect(why({ retryAt: now - 1 }).until).toBeNull()
    expect(why({ state: 'deferred', deferUntil: now + 9 })).toMatchObject({
      sentence: 'It is deferred',
      until: now + 9,
    })
  })

  it('counts what is satisfied as no obstacle, and sessions that run as able to take it', () => {
    const done = wait(2, { other: taskRow(2, { state: 'done' }) })
    expect(why({}, { waits: [done] }).sentence).toContain('It is ready')
    const reviewer = { lifecycle: 'running', role: 'reviewer', agentId: 'codex' } as const
    expect(why({ requiredRole: 'reviewer' }, { sessions: [reviewer] }).sentence).toContain('It is ready')
    expect(why({ allowedAgents: ['codex'] }, { sessions: [reviewer] }).sentence).toContain('It is ready')
    const ended = { ...reviewer, lifecycle: 'stopped' } as const
    expect(why({ requiredRole: 'reviewer' }, { sessions: [ended] }).sentence).toContain('no session that runs')
  })

  it('points to the event that brought its state, made it wait, paused all, or refused it', () => {
    const opened = event('tasks.changed', taskRow(1))
    const blocked = event('tasks.changed', taskRow(1, { state: 'blocked' }))
    const renamed = event('tasks.changed', taskRow(1, { state: 'blocked', title: 'x' }))
    expect(why({ state: 'blocked' }, { events: [renamed, blocked, opened] }).event).toBe(blocked)
    const edge = event('dependencies.changed', { taskId: taskRow(1).id, dependsOnId: taskRow(2).id })
    expect(why({}, { waits: [wait(2)], events: [opened, edge] }).event).toBe(edge)
    expect(why({}, { waits: [wait(3)], events: [opened, edge] }).event).toBe(opened)
    const paused = event('dispatch.changed', { paused: { at: 1, reason: 'x' }, rev: 1 })
    const dispatch = { paused: { at: 1, reason: 'x' }, rev: 1 }
    expect(why({}, { dispatch, events: [paused, opened] }).event).toBe(paused)
    const refusal = event('refusals.recorded', { message: 'It is for somebody else.' })
    expect(why({}, { events: [refusal, opened] })).toMatchObject({
      sentence: 'Nobody has it; who asked last was refused: It is for somebody else',
      event: refusal,
    })
  })
})
