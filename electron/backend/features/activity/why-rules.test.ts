import { describe, expect, it } from 'vitest'
import { event } from '../../../../shared/event-lines/testing.ts'
import { sessionRow } from '../../../../renderer/dev/fixtures.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import { listed, whyOfSession } from './why-rules.ts'

const exited = (code: number | null, signal: string | null, wasAsked = false): Partial<Session> => ({
  lifecycle: 'stopped',
  runtime: { kind: 'exited', code, signal, at: 1, wasAsked },
})
const agentStep = (state: 'running' | 'failed', detail: string): Partial<Session> => ({
  lifecycle: 'preparing',
  runtime: { kind: 'none' },
  preparation: [
    { name: 'worktree', state: 'done', detail: '' },
    { name: 'agent', state, detail },
  ],
})
const waiting = agentStep('running', 'Waits for its turn: other agents are starting')
const says = (kind: Session['activity']['kind'], reason: string | null = null): Partial<Session> => ({
  activity: { kind, reason, evidence: { source: 'hook', detail: '' }, at: 1 },
})
const why = (change: Partial<Session>, others: readonly Session[] = [], events = [] as ReturnType<typeof event>[]) =>
  whyOfSession({ session: sessionRow(1, 'Mine', change), others, events })

describe('why a session is where it is', () => {
  it.each<[string, Partial<Session>, string, string | null]>([
    ['planned', { lifecycle: 'planned' }, 'Not started yet: its worktree is made first', null],
    ['planned with a reason', { lifecycle: 'planned', lifecycleReason: 'Queued' }, 'Queued', null],
    ['getting ready', agentStep('running', 'Starting Claude Code'), 'Not started yet: starting Claude Code', null],
    ['set-up failed', agentStep('failed', 'No login.'), 'Its agent could not be started: No login', 'Mend that, then'],
    [
      'no worktree',
      { lifecycle: 'preparing', preparation: [{ name: 'worktree', state: 'failed', detail: 'Disk full.' }] },
      'Its worktree could not be made: Disk full',
      'Mend that',
    ],
    ['needs you', says('needs-you', 'Permission to run'), 'It waits for you: permission to run', 'Answer it.'],
    ['works', says('working'), 'Its agent works', null],
    ['idle', says('idle'), 'Its agent is idle: it has finished what it was asked', 'Tell it'],
    ['unknown', says('unknown'), 'Its agent runs and has said nothing that can be trusted', 'Look at its terminal.'],
    ['ended', exited(0, null), 'Its agent ended by itself', 'Resume it'],
    ['failed', exited(2, null), 'Its agent failed with exit 2', 'Its terminal says why.'],
    ['killed', exited(null, 'SIGKILL'), 'Its agent was killed by SIGKILL, and not by Switchyard', 'Resume it'],
    ['stopped', exited(143, null, true), 'It was stopped', 'Resume it'],
    ['cannot resume', { ...exited(1, null), canResume: false }, 'Its agent failed with exit 1', 'Start a new session'],
    [
      'lost',
      { lifecycle: 'stopped', runtime: { kind: 'lost', at: 1, reason: 'The computer restarted.' } },
      'Lost: the computer restarted',
      'Resume it',
    ],
    ['archived', { lifecycle: 'archived' }, 'It is archived', 'Take it out'],
  ])('%s', (_, change, sentence, next) => {
    const said = why(change)
    expect(said.sentence).toContain(sentence)
    if (next === null) expect(said.next).toBeNull()
    else expect(said.next).toContain(next)
  })

  it('names who takes the start slots: those that boot, and not those that wait, work or ended', () => {
    const others = [
      sessionRow(2, 'Boots', agentStep('running', 'Starting Codex')),
      sessionRow(3, 'Waits too', waiting),
      sessionRow(4, 'Just started', says('unknown')),
      sessionRow(5, 'Works', says('working')),
      sessionRow(6, 'Ended', exited(0, null)),
    ]
    expect(why(waiting, others).sentence).toBe(
      'Not started yet: “Boots” and “Just started” take the start slots, as only a few agents boot at a time',
    )
    expect(why(waiting, others.slice(0, 1)).sentence).toContain('“Boots” takes the start slots')
    expect(why(waiting).sentence).toContain('other agents that boot take the start slots')
  })

  it('says who stopped it, and points to that and not to the end that followed', () => {
    const row = (change: Partial<Session>) => sessionRow(1, 'Mine', change)
    const stopped = event('sessions.changed', row({ lifecycle: 'stopped' }), {
      command: 'stop-session',
      by: 'person:desktop',
    })
    const ended = event('sessions.changed', row(exited(143, null, true)), { command: 'end-session' })
    const said = why(exited(143, null, true), [], [ended, stopped])
    expect(said).toMatchObject({ sentence: 'You stopped it', event: stopped })
    const before = why({ lifecycle: 'stopped', runtime: { kind: 'none' } }, [], [stopped])
    expect(before.sentence).toBe('You stopped it before its agent ran')
    expect(why({ lifecycle: 'stopped' }, [], [stopped]).sentence).toBe('You stopped it and is ending')
  })

  it('points to the event with which it became what it is', () => {
    const row = (change: Partial<Session>) => sessionRow(1, 'Mine', change)
    const began = event('sessions.changed', row({}), { command: 'start-session' })
    const died = event('sessions.changed', row(exited(null, 'SIGKILL')), { command: 'end-session' })
    const renamed = event('sessions.changed', row(exited(null, 'SIGKILL')), { command: 'rename-session' })
    expect(why(exited(null, 'SIGKILL'), [], [renamed, died, began]).event).toBe(died)
    expect(why(exited(null, 'SIGKILL'), [], []).event).toBeNull()
  })

  it('tells the last refusal of an agent that runs, unless it is from before its start', () => {
    const refusal = event('refusals.recorded', { message: 'src/a.ts is leased. Ask its owner.' })
    const start = event('sessions.changed', sessionRow(1, 'Mine'), { command: 'start-session' })
    expect(why(says('idle'), [], [refusal])).toMatchObject({
      sentence: 'Its agent is idle; last it was refused: src/a.ts is leased. Ask its owner',
      event: refusal,
    })
    expect(why(says('working'), [], [refusal]).sentence).toContain('works; last it was refused')
    expect(why(says('idle'), [], [start, refusal])).toMatchObject({ event: start })
    const ofPerson = event('refusals.recorded', { message: 'It has ended. Start it.' }, { by: 'person:window' })
    expect(why(says('working'), [], [ofPerson])).toMatchObject({ sentence: 'Its agent works', event: null })
  })

  it('lists names as people do', () => {
    expect(listed([])).toBe('')
    expect(listed(['a'])).toBe('a')
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c')
    expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b and 3 more')
  })
})
