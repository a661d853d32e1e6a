import { describe, expect, it } from 'vitest'
import {
  deliveryRow,
  leaseRow,
  messageIdAt,
  messageRow,
  threadIdAt,
  threadRow,
  waiterRow,
} from '../../dev/coordination-fixtures.ts'
import { sessionIdAt, sessionRow } from '../../dev/fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { attemptRow, taskIdAt, taskRow } from '../../dev/task-fixtures.ts'
import { CoordinationButton, CoordinationPanel, type CoordinationLinks } from './coordination-panel.tsx'
import { mailText, summaryText } from './coordination-words.ts'

const one = sessionIdAt(1)
const nowhere: CoordinationLinks = {
  openTask: () => {},
  showLeases: () => {},
  openLease: () => {},
  showMail: () => {},
  openMessage: () => {},
  showActivity: () => {},
}

const emptyData = () => {
  const data = createMarkupData(true)
  data.stores.sessions.put([sessionRow(1, 'Split the worker')])
  return data
}

const busyData = () => {
  const data = emptyData()
  data.stores.tasks.put([taskRow(7, { title: 'Split \u202Eit', maxAttempts: 3 })])
  data.stores.attempts.put([attemptRow(2, taskIdAt(7), { state: 'submitted' })])
  data.stores.leases.put([leaseRow(1, one, 'src/settlement/**', { policy: 'enforce' })])
  data.stores.waiters.put([waiterRow(1, one, 'src/api/**')])
  data.stores.deliveries.put([deliveryRow(1, messageIdAt(1), { kind: 'session', sessionId: one })])
  data.stores.reports.put([
    { sessionId: one, projectId: taskRow(7).projectId, text: 'Half of the tests are green', at: Date.now() },
  ])
  data.stores.outages.put([
    {
      sessionId: one,
      projectId: taskRow(7).projectId,
      edits: 2,
      lastPath: 'a.ts',
      firstAt: Date.now(),
      lastAt: Date.now(),
      why: 'late',
    },
  ])
  return data
}

const panel = (data = emptyData()) => wordsOf(renderMarkup(<CoordinationPanel sessionId={one} links={nowhere} />, data))

describe('what a session coordinates', () => {
  it('says that there is nothing, and leads to what may be', () => {
    const words = panel()
    expect(words).toContain('It works on no task.')
    expect(words).toContain('It holds none.')
    expect(words).toContain('Nothing unread.')
    expect(words).not.toContain('Open the task')
    expect(words).toContain('All leases')
  })

  it('names its task, leases, mail and last signs, and what hides in them', () => {
    const words = panel(busyData())
    expect(words).toContain('LA-7')
    expect(words).not.toContain('\u202E')
    expect(words).toContain('Handed in, attempt 2 of at most 3')
    expect(words).toContain('Half of the tests are green')
    expect(words).toMatch(/src\/settlement\/\*\* refuses others/)
    expect(words).toContain('Waits for src/api/**')
    expect(words).toContain('1 waits for its next step')
    expect(words).toContain('2 edits nobody checked')
    expect(words).toContain('Open the task')
  })

  it('leads to each lease and to each unread message', () => {
    const data = busyData()
    data.stores.threads.put([threadRow(1, 'Which \u202Ezone?')])
    data.stores.messages.put([messageRow(1, threadIdAt(1), 'UTC?')])
    const markup = renderMarkup(<CoordinationPanel sessionId={one} links={nowhere} />, data)
    expect(markup).toMatch(new RegExp(`data-testid="${testId.coordinationLease}"[^>]*>src/settlement/`))
    expect(markup).toMatch(new RegExp(`data-testid="${testId.coordinationMessage}"[^>]*>Which ⟨U\\+202E⟩zone`))
  })

  it('is summed up on its button', () => {
    const draw = (data: ReturnType<typeof emptyData>) =>
      renderMarkup(<CoordinationButton sessionId={one} links={nowhere} />, data)
    expect(draw(emptyData())).toContain('aria-label="Coordination: nothing yet"')
    expect(draw(busyData())).toContain(
      'aria-label="Coordination: works on LA-7, 1 lease, waits for a lease, 1 unread message"',
    )
  })

  it.each([
    [0, 0, null],
    [2, 0, '2 wait for its next step'],
    [1, 1, '1 waits for its next step, 1 given to it, not known to be read yet'],
  ])('tells of %d waiting and %d given messages: %s', (waiting, given, expected) => {
    expect(mailText({ waiting, given })).toBe(expected)
  })

  it('counts one and many', () => {
    const mail = { waiting: 1, given: 1 }
    expect(summaryText({ taskKey: null, leases: 2, isWaiting: false, mail })).toBe(
      'Coordination: 2 leases, 2 unread messages',
    )
  })
})
