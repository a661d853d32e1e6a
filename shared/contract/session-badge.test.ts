import { describe, expect, it } from 'vitest'
import { badgeOf, badgeOfMerged, type BadgeKind } from './session-badge.ts'
import type { Activity, Lifecycle, Runtime } from './sessions.ts'

const activity = (kind: Activity['kind']): Activity => ({
  kind,
  reason: kind === 'needs-you' ? 'Permission to run a command' : null,
  evidence: { source: 'hook', detail: 'PermissionRequest: Bash' },
  at: 1,
})
const alive: Runtime = { kind: 'alive', pid: 7, since: 1 }
const exited = (fields: Partial<Extract<Runtime, { kind: 'exited' }>> = {}): Runtime => ({
  kind: 'exited',
  code: 0,
  signal: null,
  at: 2,
  wasAsked: false,
  ...fields,
})
const lost: Runtime = { kind: 'lost', at: 2, reason: 'The computer was restarted.' }
const none: Runtime = { kind: 'none' }

interface Given {
  readonly lifecycle: Lifecycle
  readonly runtime?: Runtime
  readonly activity?: Activity['kind']
  readonly preparation?: readonly string[]
}
const of = (given: Given) =>
  badgeOf({
    lifecycle: given.lifecycle,
    lifecycleReason: null,
    preparation: (given.preparation ?? []).map((state) => ({ state })),
    runtime: given.runtime ?? none,
    activity: activity(given.activity ?? 'unknown'),
  })

describe('the badge of a session', () => {
  it.each<[string, Given, string, string]>([
    ['waits for its turn', { lifecycle: 'planned' }, 'queued', 'Queued'],
    ['is made ready', { lifecycle: 'preparing', preparation: ['done', 'running'] }, 'setting-up', 'Setting up'],
    ['has no steps yet', { lifecycle: 'preparing' }, 'setting-up', 'Setting up'],
    ['failed a step', { lifecycle: 'preparing', preparation: ['done', 'failed'] }, 'failed', 'Set-up failed'],
    ['works', { lifecycle: 'running', runtime: alive, activity: 'working' }, 'working', 'Working'],
    ['waits for an answer', { lifecycle: 'running', runtime: alive, activity: 'needs-you' }, 'needs-you', 'Needs you'],
    ['is idle', { lifecycle: 'running', runtime: alive, activity: 'idle' }, 'idle', 'Idle'],
    ['says nothing', { lifecycle: 'running', runtime: alive, activity: 'unknown' }, 'unknown', 'Unknown'],
    ['ended by itself', { lifecycle: 'running', runtime: exited() }, 'stopped', 'Ended'],
    ['failed', { lifecycle: 'running', runtime: exited({ code: 3 }) }, 'failed', 'Failed, exit 3'],
    [
      'failed, nobody knows how',
      { lifecycle: 'running', runtime: exited({ code: null }) },
      'failed',
      'Failed, exit unknown',
    ],
    [
      'was killed',
      { lifecycle: 'running', runtime: exited({ code: null, signal: 'SIGKILL' }) },
      'failed',
      'Killed, SIGKILL',
    ],
    ['was lost', { lifecycle: 'running', runtime: lost }, 'failed', 'Lost'],
    ['was never started', { lifecycle: 'running', runtime: none }, 'stopped', 'Stopped'],
    ['is being stopped', { lifecycle: 'stopped', runtime: alive }, 'working', 'Stopping'],
    [
      'was stopped, whatever its exit',
      { lifecycle: 'stopped', runtime: exited({ code: 143, wasAsked: true }) },
      'stopped',
      'Stopped',
    ],
    [
      'was stopped by force',
      { lifecycle: 'stopped', runtime: exited({ signal: 'SIGKILL', wasAsked: true }) },
      'stopped',
      'Stopped',
    ],
    ['stopped before it ran', { lifecycle: 'stopped', runtime: none }, 'stopped', 'Stopped'],
    ['crashed', { lifecycle: 'stopped', runtime: exited({ code: 1 }) }, 'failed', 'Failed, exit 1'],
    ['was lost and put away', { lifecycle: 'stopped', runtime: lost }, 'failed', 'Lost'],
    ['is archived', { lifecycle: 'archived', runtime: exited({ code: 1 }) }, 'stopped', 'Archived'],
  ])('that %s', (_name, given, kind, word) => {
    expect(of(given)).toEqual({ kind, word })
  })

  it('never claims an activity of an agent that does not run', () => {
    for (const runtime of [none, exited(), exited({ code: 1 }), lost])
      for (const said of ['working', 'needs-you', 'idle'] as const)
        expect(['stopped', 'failed']).toContain(of({ lifecycle: 'running', runtime, activity: said }).kind)
  })

  it('breaks on a state that does not exist rather than inventing a badge', () => {
    expect(() => of({ lifecycle: 'paused' as Lifecycle })).toThrow('paused')
    expect(() => of({ lifecycle: 'stopped', runtime: { kind: 'zombie' } as unknown as Runtime })).toThrow('zombie')
    expect(() => of({ lifecycle: 'running', runtime: alive, activity: 'asleep' as 'idle' })).toThrow('asleep')
  })
})

it('of a session whose work has landed says so while nobody is at it', () => {
  const over = (kind: BadgeKind, word: string) => badgeOfMerged({ kind, word }).kind
  expect([over('idle', 'Idle'), over('stopped', 'Ended'), over('unknown', 'Unknown')]).toEqual([
    'merged',
    'merged',
    'merged',
  ])
  for (const kind of ['working', 'needs-you', 'failed', 'setting-up', 'queued'] as const)
    expect(over(kind, 'x')).toBe(kind)
  expect(over('stopped', 'Archived')).toBe('stopped')
})
