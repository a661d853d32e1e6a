import { describe, expect, it, vi } from 'vitest'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { deliveryRow, messageIdAt, messageRow, threadIdAt, threadRow } from '../../dev/coordination-fixtures.ts'
import { projectIdAt, projectRow, sessionIdAt, sessionRow } from '../../dev/fixtures.ts'
import { testId } from '../../lib/test-ids.ts'
import type { MailPlace } from './mail-place.ts'
import { MailRoom } from './mail-room.tsx'
import { MessageView } from './message-view.tsx'

const room = (place: MailPlace = { kind: 'nothing' }) => (
  <MailRoom place={place} usualProject={projectIdAt(1)} onPlace={vi.fn()} onGoToSession={vi.fn()} />
)
const open = (n: number) => room({ kind: 'thread', threadId: threadIdAt(n) })
const messagesOf = (thread: number) =>
  [...createMarkupData().stores.messages.store.getState().byId.values()].filter(
    ({ threadId }) => threadId === threadIdAt(thread),
  )
const compose = (to: number | null = null) =>
  room({
    kind: 'compose',
    preset:
      to === null
        ? null
        : { projectId: projectIdAt(1), to: [sessionIdAt(to)], subject: 'src/**', body: 'How long do you need it?' },
  })

describe('the list', () => {
  it('tells of each thread who is in it, since when, and what it asks of the person', () => {
    const words = wordsOf(renderMarkup(room()))
    expect(words).toMatch(/1 unread, Zone on settlement batches 1m Split settlement worker, Idempotency keys/)
    expect(words).toMatch(/1 unread, May I drop the old webhook table\? 6m .*you.* Acknowledge Urgent/)
    expect(words).toMatch(/Freeze until the release is cut 24m .*Not delivered High/)
    expect(words).toMatch(/Your lease was granted 40m Switchyard to Split settlement worker/)
    expect(words).toContain('2 threads wait for you')
  })

  it('is empty with a word on what appears there', () => {
    const words = wordsOf(renderMarkup(room(), createMarkupData(true)))
    expect(words).toContain('No mail yet')
    expect(words).toContain('Nothing waits for you')
  })

  it('writes out what hides in a subject', () => {
    expect(renderMarkup(room())).toContain('Sort ⟨U+202E⟩txet neddih')
  })
})

describe('a thread', () => {
  it('shows its messages with what became of each, and a reply to whoever wrote last', () => {
    const words = wordsOf(renderMarkup(open(1)))
    expect(words).toContain('Split settlement worker Question')
    expect(words).toContain('Acknowledged in 11 s')
    expect(words).toContain('Idempotency keys on transfers: Given to the agent, not known to be read yet')
    expect(words).toContain('You: Waits for you')
    expect(words).toContain('Split settlement worker: Queued: at its next step')
    expect(renderMarkup(open(1))).toMatch(new RegExp(`${testId.mailRecipient}.*Split settlement worker`))
  })

  it('offers to acknowledge what asks for it, and nothing where nothing is open', () => {
    expect(renderMarkup(open(2))).toContain(testId.mailAck)
    expect(renderMarkup(open(3))).not.toContain(testId.mailAck)
  })

  it('names whom a message did not reach, and folds the many', () => {
    expect(wordsOf(renderMarkup(open(3)))).toMatch(/Retry webhooks with backoff: Read in 1 min .* 1 more/)
  })

  it('shows text as text', () => {
    const markup = renderMarkup(open(5))
    expect(markup).not.toContain('<img')
    expect(markup).not.toContain('\u202E')
    expect(markup).not.toContain('\u001b')
    expect(wordsOf(markup)).toContain('⟨U+001B⟩[31mthis⟨U+001B⟩[0m: <img src=x onerror=alert(1)> ⟨U+202E⟩gnp.exe')
  })

  it('marks the message that a link led to, and no other', () => {
    const [first] = messagesOf(1)
    const markup = renderMarkup(room({ kind: 'thread', threadId: threadIdAt(1), marked: { id: first!.id } }))
    expect(markup.match(/data-marked/g)).toHaveLength(1)
    expect(markup).toContain(`data-message="${first!.id}" data-marked="true"`)
    expect(renderMarkup(open(1))).not.toContain('data-marked')
  })

  it('that is gone says so', () => {
    expect(wordsOf(renderMarkup(open(99)))).toContain('This thread is gone')
  })

  it('has the messages that are not here on offer', () => {
    const data = createMarkupData()
    data.stores.threads.put([threadRow(1, 'Zones', { messageCount: 7 })])
    expect(wordsOf(renderMarkup(open(1), data))).toContain('3 earlier messages')
  })
})

describe('a message', () => {
  const draw = (change: Parameters<typeof messageRow>[3], deliveries: Parameters<typeof deliveryRow>[3][] = []) => {
    const data = createMarkupData(true)
    data.stores.sessions.put([sessionRow(1, 'One')])
    const message = messageRow(1, threadIdAt(1), 'Hello', change)
    data.stores.messages.put([message])
    const to = { kind: 'session', sessionId: sessionIdAt(1) } as const
    data.stores.deliveries.put(deliveries.map((each, n) => deliveryRow(n, messageIdAt(1), to, each)))
    return wordsOf(
      renderMarkup(<MessageView message={message} onGoToSession={vi.fn()} onAcknowledge={vi.fn()} />, data),
    )
  }

  it('says who wrote it to whom', () => {
    expect(draw({ to: ['role:reviewer', '#tester'] })).toMatch(/^You .* to one reviewer, all with the role tester/)
    expect(draw({ from: { kind: 'session', sessionId: sessionIdAt(1) }, to: ['person'] })).toMatch(/^One .* to you/)
    expect(draw({ from: { kind: 'session', sessionId: sessionIdAt(9) } })).toMatch(/^A session that is gone/)
  })

  it('says which of a role took it', () => {
    const recipient = { kind: 'role', role: 'reviewer', sessionId: sessionIdAt(1) } as const
    expect(draw({}, [{ recipient, state: 'leased' }])).toContain('One, as reviewer: Being handed over')
  })
})

describe('a new message', () => {
  it('has a project to choose only where there are several', () => {
    expect(renderMarkup(compose())).toContain(testId.mailProject)
    const data = createMarkupData(true)
    data.stores.projects.put([projectRow(1, 'ledger-api')])
    expect(renderMarkup(compose(), data)).not.toContain(testId.mailProject)
  })

  it('begins with what it was begun with, and says when it arrives', () => {
    const markup = renderMarkup(compose(4))
    expect(markup).toContain('How long do you need it?')
    expect(wordsOf(markup)).toContain('Flaky ledger balance test: wakes it now')
  })

  it('goes on where it was left', () => {
    const data = createMarkupData()
    const value = { projectId: projectIdAt(1), to: ['everyone'], subject: 'Half a', body: 'thought', kind: 'handoff' }
    data.stores.settings.put([{ key: 'draft:mail:new', value }])
    const markup = renderMarkup(compose(), data)
    expect(markup).toContain('value="Half a"')
    expect(markup).toContain('thought')
    expect(wordsOf(markup)).toContain('everyone')
    expect(markup).toMatch(/data-value="handoff"/)
  })
})
