import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Activity, Lifecycle, NewSession, Runtime, Session } from '../../../../shared/contract/sessions.ts'
import { lifecycleSchema } from '../../../../shared/contract/sessions.ts'
import type { ProjectId, SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import { positionBetween } from '../../../../shared/lib/position.ts'
import {
  canMove,
  failedStep,
  isNews,
  isPrepared,
  judgeConversation,
  judgeResume,
  newSession,
  sessionEnded,
  sessionStarted,
  sessionStopped,
  sessionUnarchived,
  stepAgain,
  stepDone,
  stepFailed,
  stepRunning,
  titleOf,
} from './sessions-rules.ts'

const id = 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' as SessionId
const terminalId = 'trm_01ARZ3NDEKTSV4RRFFQ69G5FAV' as TerminalId
const input: NewSession = {
  projectId: 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId,
  title: null,
  prompt: null,
  agentId: 'demo',
  model: null,
  permissionMode: null,
  worktree: { kind: 'in-place' },
  requestId: 'request-1',
}
const birth = { id, now: 10, position: 1, agentName: 'Demo agent' }
const planned = newSession(input, birth)
const alive: Runtime = { kind: 'alive', pid: 7, since: 20 }
const with_ = (changes: Partial<Session>): Session => ({ ...planned, ...changes })
const exited = (wasAsked: boolean, code: number | null = 0) =>
  ({ kind: 'exited', code, signal: null, at: 30, wasAsked }) as const
const lost = { kind: 'lost', at: 30, reason: 'The computer was restarted.' } as const

describe('a new session', () => {
  it.each<[string, Partial<NewSession>, Partial<Session>]>([
    ['is named as wanted', { title: 'Mine', prompt: 'Do it' }, { title: 'Mine', prompt: 'Do it' }],
    ['is named after its prompt', { prompt: 'Fix it\nand more' }, { title: 'Fix it' }],
    ['is named after its agent when there is nothing else', {}, { title: 'Demo agent', prompt: null }],
    ['has no prompt of blanks', { prompt: ' \n\t' }, { title: 'Demo agent', prompt: null }],
    ['has no teams of its own accord', {}, { usesTeams: false }],
    ['has teams when that was wanted', { usesTeams: true }, { usesTeams: true }],
    ['keeps its prompt as it was typed', { prompt: '  two\nlines ' }, { prompt: '  two\nlines ' }],
  ])('%s', (_name, changes, expected) => {
    expect(newSession({ ...input, ...changes }, birth)).toMatchObject(expected)
  })

  it('waits with both steps, and says nothing of what it does not know', () => {
    expect(planned).toMatchObject({
      lifecycle: 'planned',
      runtime: { kind: 'none' },
      activity: { kind: 'unknown', evidence: { source: 'none', detail: 'Not started yet' }, at: 10 },
      preparation: [
        { name: 'worktree', state: 'waiting' },
        { name: 'agent', state: 'waiting' },
      ],
      canResume: false,
      rev: 0,
    })
  })

  it.each([
    [null, null],
    ['', null],
    ['\n  \n', null],
    ['# Heading\ntext', 'Heading'],
    ['\n- first item', 'first item'],
    ['> quoted', 'quoted'],
    ['***', null],
    ['a'.repeat(80), 'a'.repeat(80)],
    ['a'.repeat(81), `${'a'.repeat(79)}…`],
    [`${'a'.repeat(78)} bcd`, `${'a'.repeat(78)}…`],
  ])('of the prompt %j has the title %j', (prompt, title) => {
    expect(titleOf(prompt)).toBe(title)
  })
})

describe('getting ready', () => {
  it('shows the step that runs and the one that is done', () => {
    const first = stepRunning(planned, 'worktree', 'Fetching main')
    expect(first).toMatchObject({ lifecycle: 'preparing' })
    expect(first.preparation).toEqual([
      { name: 'worktree', state: 'running', detail: 'Fetching main' },
      { name: 'agent', state: 'waiting', detail: '' },
    ])
    expect(isPrepared(first)).toBe(false)
    expect(isPrepared(stepDone(first, 'worktree', '/w'))).toBe(true)
  })

  it('fails at a step, with why, and begins there again', () => {
    const failed = stepFailed(stepRunning(planned, 'worktree', ''), 'worktree', 'No disk.')
    expect(failed).toMatchObject({ lifecycle: 'preparing', lifecycleReason: 'No disk.', isUnread: true })
    expect(failedStep(failed)).toBe('worktree')
    const again = stepAgain(failed, 'worktree')
    expect(again).toMatchObject({ lifecycle: 'preparing', lifecycleReason: null })
    expect(failedStep(again)).toBeNull()
  })

  it.each<Lifecycle>(['running', 'stopped', 'archived'])(
    'does not touch a session that is %s meanwhile',
    (lifecycle) => {
      const session = with_({ lifecycle })
      expect(stepRunning(session, 'agent', 'Starting')).toBe(session)
      expect(stepFailed(session, 'agent', 'No agent.')).toBe(session)
      expect(failedStep(session)).toBeNull()
    },
  )
})

describe('a start', () => {
  const start = { terminalId, pid: 7, now: 20 }

  it('makes a session that is getting ready run', () => {
    const started = sessionStarted(stepRunning(planned, 'agent', ''), start)
    expect(started).toMatchObject({ lifecycle: 'running', terminalId, runtime: alive, canResume: false })
    expect(started.preparation[1]).toEqual({ name: 'agent', state: 'done', detail: '' })
  })

  it.each<Lifecycle>(['stopped', 'archived'])(
    'leaves one %s that was meanwhile, though its process lives',
    (lifecycle) => {
      expect(sessionStarted(with_({ lifecycle }), start)).toMatchObject({ lifecycle, runtime: alive })
    },
  )
})

describe('an end', () => {
  const running = with_({ lifecycle: 'running', runtime: alive })

  it.each<[string, Session, Parameters<typeof sessionEnded>[1], boolean, Partial<Session>]>([
    [
      'that was asked for is no news',
      running,
      exited(true, 143),
      true,
      { lifecycle: 'stopped', isUnread: false, canResume: true, lifecycleReason: null },
    ],
    ['that nobody asked for is news', running, exited(false, 1), true, { lifecycle: 'stopped', isUnread: true }],
    ['of an agent without conversations cannot be resumed', running, exited(false), false, { canResume: false }],
    [
      'that was lost says why',
      running,
      lost,
      true,
      { lifecycle: 'stopped', lifecycleReason: lost.reason, isUnread: true, canResume: true },
    ],
    [
      'of an archived session leaves it there',
      with_({ lifecycle: 'archived', runtime: alive }),
      exited(true),
      true,
      { lifecycle: 'archived', canResume: true },
    ],
    [
      'that was asked for leaves one that is resumed meanwhile',
      with_({ lifecycle: 'preparing' }),
      exited(true),
      true,
      { lifecycle: 'preparing', canResume: false },
    ],
    [
      'does not make seen what was not',
      with_({ lifecycle: 'running', isUnread: true }),
      exited(true),
      true,
      { isUnread: true },
    ],
  ])('%s', (_name, session, runtime, agentCanResume, expected) => {
    expect(sessionEnded(session, runtime, agentCanResume)).toMatchObject({ ...expected, runtime })
  })
})

describe('a stop', () => {
  it('of what never ran begins anew when it is resumed', () => {
    const preparing = stepRunning(stepDone(planned, 'worktree', '/w'), 'agent', 'Starting')
    const stopped = sessionStopped(preparing, 'stopped', 50)
    expect(stopped).toMatchObject({ lifecycle: 'stopped', canResume: true, archivedAt: null })
    expect(stopped.preparation.map(({ state }) => state)).toEqual(['done', 'waiting'])
  })

  it('of what runs cannot be resumed before it has ended', () => {
    const stopped = sessionStopped(with_({ lifecycle: 'running', runtime: alive }), 'stopped', 50)
    expect(stopped).toMatchObject({ lifecycle: 'stopped', canResume: false })
    expect(judgeResume(stopped, 'Demo agent')).toMatchObject({
      refusal: { message: expect.stringContaining('still ending') },
    })
  })

  it('into the archive says since when, and comes back without', () => {
    const archived = sessionStopped(
      with_({ lifecycle: 'stopped', runtime: exited(true), canResume: true }),
      'archived',
      50,
    )
    expect(archived).toMatchObject({ lifecycle: 'archived', archivedAt: 50, canResume: true })
    expect(sessionUnarchived(archived)).toMatchObject({ lifecycle: 'stopped', archivedAt: null, canResume: true })
    const running = with_({ lifecycle: 'running' })
    expect(sessionUnarchived(running)).toBe(running)
  })
})

describe('the lifecycle', () => {
  it('goes from everything into the archive, and out of it only to stopped', () => {
    for (const from of lifecycleSchema.options.filter((state) => state !== 'archived'))
      expect(canMove(from, 'archived')).toBe(true)
    expect(lifecycleSchema.options.filter((to) => canMove('archived', to))).toEqual(['stopped'])
  })

  it('never goes back to planned, nor from stopped straight to running', () => {
    for (const from of lifecycleSchema.options) expect(canMove(from, 'planned')).toBe(false)
    expect(canMove('stopped', 'running')).toBe(false)
  })
})

describe('news', () => {
  const activity = (kind: Activity['kind']): Activity => ({
    kind,
    reason: null,
    evidence: { source: 'hook', detail: '' },
    at: 1,
  })
  it.each<[Activity['kind'], Activity['kind'], boolean]>([
    ['working', 'needs-you', true],
    ['idle', 'needs-you', true],
    ['needs-you', 'needs-you', false],
    ['working', 'idle', true],
    ['unknown', 'idle', false],
    ['needs-you', 'idle', false],
    ['idle', 'working', false],
    ['working', 'unknown', false],
  ])('from %s to %s: %s', (before, after, expected) => {
    expect(isNews(activity(before), activity(after))).toBe(expected)
  })
})

describe('resuming', () => {
  it.each<[string, Partial<Session>, string]>([
    ['planned', { lifecycle: 'planned' }, 'already'],
    ['preparing', { lifecycle: 'preparing' }, 'already'],
    ['running', { lifecycle: 'running', runtime: alive }, 'already'],
    ['stopped', { lifecycle: 'stopped', canResume: true }, 'start'],
    ['stopped of an agent that cannot', { lifecycle: 'stopped' }, 'CANNOT_RESUME'],
    ['archived', { lifecycle: 'archived', canResume: true }, 'ARCHIVED'],
  ])('a session that is %s', (_name, changes, expected) => {
    const judged = judgeResume(with_(changes), 'Codex')
    expect(judged.ok ? judged.value : judged.refusal.code).toBe(expected)
  })

  it.each([
    [{ isPrompted: true, record: 'exists', openPid: null }, 'resume'],
    [{ isPrompted: false, record: 'exists', openPid: null }, 'resume'],
    [{ isPrompted: false, record: 'missing', openPid: null }, 'start'],
    [{ isPrompted: false, record: 'unknown', openPid: null }, 'start'],
    [{ isPrompted: true, record: 'unknown', openPid: null }, 'resume'],
    [{ isPrompted: true, record: 'missing', openPid: null }, 'has no record of this conversation'],
    [{ isPrompted: true, record: 'exists', openPid: 42 }, 'open in another process (42)'],
    [{ isPrompted: false, record: 'missing', openPid: 42 }, 'open in another process (42)'],
  ] as const)('a conversation of %j: %s', (state, expected) => {
    const judged = judgeConversation(state, 'Claude Code')
    expect(judged.ok ? judged.value : judged.refusal.message).toContain(expected)
  })
})

describe('a place in the list', () => {
  it.each([
    [null, null, 1],
    [null, 5, 4],
    [5, null, 6],
    [1, 2, 1.5],
    [1, 1, null],
    [1, 1 + Number.EPSILON, null],
  ])('between %s and %s is %s', (before, after, expected) => {
    expect(positionBetween(before, after)).toBe(expected)
  })

  it('is between its neighbours, or none', () => {
    const numbers = fc.double({ noNaN: true, min: -1e6, max: 1e6 })
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        const place = positionBetween(low, high)
        expect(place === null || (place > low && place < high)).toBe(true)
      }),
    )
  })
})
