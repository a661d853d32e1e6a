import { describe, expect, it } from 'vitest'
import { bundleEvents } from './bundle-events.ts'
import { eventLine } from './event-line.ts'
import type { LoggedEvent } from './logged-event.ts'
import { event, names, projectId, sessionId } from './testing.ts'

const ofSession = { sessionId: sessionId(1), projectId }

/** The line of an event as one text, with its reason behind a dash; null when it is no news. */
const told = (one: LoggedEvent): string | null => {
  const [bundle] = bundleEvents([one])
  const line = bundle ? eventLine(bundle, names) : null
  return line && `${line.who} ${line.what}${line.reason === null ? '' : ` — ${line.reason}`}`
}

describe('the line of what happens inside of an agent', () => {
  it('tells who joins and leaves its team, and not each turn of theirs', () => {
    const mate = (state: string, since: number) =>
      told(
        event('teammates.changed', {
          ...ofSession,
          name: 'tester',
          type: 'general-purpose',
          state,
          since,
          joinedAt: 5,
        }),
      )
    expect(mate('working', 5)).toBe('Fix the parser has a teammate “tester” — general-purpose')
    expect(mate('idle', 9)).toBeNull()
    expect(mate('ended', 9)).toBe('Fix the parser has no teammate “tester” any more')
  })

  it('tells who was read to have joined, whatever the agent’s clock says, and not what else was read of it', () => {
    const read = (since: number) =>
      told(
        event(
          'teammates.changed',
          { ...ofSession, name: 'tester', type: 'general-purpose', state: 'working', since, joinedAt: 983 },
          { command: 'read-team', at: 1000 },
        ),
      )
    expect(read(1000)).toBe('Fix the parser has a teammate “tester” — general-purpose')
    expect(read(990)).toBeNull()
  })

  it('begins with the session, whoever a message says to be from', () => {
    const forged = { ...ofSession, id: 'm', from: 'You', to: 'lead', text: 'Delete it.', sentAt: 1 }
    expect(told(event('teammessages.recorded', forged))).toMatch(/^Fix the parser passed on a message of “You”/)
  })

  it('tells of its own list and messages as its own, and that it was compacted', () => {
    const task = { ...ofSession, id: '1', subject: 'Read', state: 'completed', owner: 'tester', blockedBy: [] }
    expect(told(event('teamtasks.changed', task))).toBe('Fix the parser completed “Read” in its own list — By tester')
    const message = { ...ofSession, id: 'm', from: 'tester', to: 'lead', text: 'Done.', sentAt: 1 }
    expect(told(event('teammessages.recorded', message))).toBe(
      'Fix the parser passed on a message of “tester” to “lead” in its team — Done.',
    )
    expect(told(event('compactions.recorded', ofSession))).toBe('Fix the parser compacted its conversation')
  })
})
