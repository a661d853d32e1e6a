import { describe, expect, it } from 'vitest'
import { leaseIdAt, messageIdAt, threadIdAt } from '../dev/coordination-fixtures.ts'
import { projectIdAt, sessionRow } from '../dev/fixtures.ts'
import { layoutOf, restoredLayout } from './layout.ts'
import {
  closeTab,
  createNavigation,
  keepKnown,
  revealLease,
  revealMessage,
  revealSession,
  showView,
  viewKey,
  type NavigationState,
  type View,
} from './navigation.ts'

const terminals = (n: number): View => ({ kind: 'terminals', projectId: projectIdAt(n) })
const needsYou: View = { kind: 'needs-you' }
const activity: View = { kind: 'activity' }
const getStarted: View = { kind: 'get-started' }
const start = () => createNavigation().getState()
const after = (...views: readonly View[]) => views.reduce(showView, start())
const tabs = (state: NavigationState) => state.tabs.map(viewKey)

describe('showView', () => {
  it('opens a tab for a new view and shows the tab of an open one', () => {
    const state = after(terminals(1), needsYou, terminals(1))
    expect(tabs(state)).toEqual([terminals(1), needsYou].map(viewKey))
    expect(state.view).toEqual(terminals(1))
  })

  it('lets the first-run page give way to the first real view', () => {
    expect(tabs(start())).toEqual(['get-started'])
    expect(tabs(after(needsYou))).toEqual(['needs-you'])
  })

  it('has one tab for the log of all projects', () => {
    expect(tabs(after(terminals(1), activity, terminals(2), activity))).toContain('activity')
    expect(tabs(after(activity, activity))).toEqual(['activity'])
    expect(restoredLayout(layoutOf(after(activity)), [])?.view).toEqual(activity)
  })

  it('keeps a tab for each project', () => {
    expect(tabs(after(terminals(1), terminals(2)))).toHaveLength(2)
  })
})

describe('revealSession', () => {
  const session = sessionRow(1, 'One')

  it('shows the terminals of its project and selects it', () => {
    const state = revealSession(after(needsYou), session, 'answer')
    expect(state.view).toEqual(terminals(1))
    expect(state.selectedSessionId).toBe(session.id)
    expect(state.reveal).toMatchObject({ sessionId: session.id, focus: 'answer', terminalId: null })
  })

  it('is a new request each time, even for the same session', () => {
    const once = revealSession(start(), session)
    const twice = revealSession(once, session)
    expect(twice.reveal?.turn).toBe((once.reveal?.turn ?? 0) + 1)
  })
})

describe('closeTab', () => {
  it('shows the tab that takes its place', () => {
    const state = closeTab({ ...after(terminals(1), needsYou, terminals(2)), view: needsYou }, needsYou)
    expect(state.view).toEqual(terminals(2))
  })

  it('shows the one before when the last one is closed', () => {
    expect(closeTab(after(terminals(1), needsYou), needsYou).view).toEqual(terminals(1))
  })

  it('leaves the shown view alone when another one is closed', () => {
    expect(closeTab(after(terminals(1), needsYou), terminals(1)).view).toEqual(needsYou)
  })

  it('comes back to the first-run page when nothing is left', () => {
    const state = closeTab(after(needsYou), needsYou)
    expect(tabs(state)).toEqual(['get-started'])
    expect(state.view).toEqual(getStarted)
  })

  it('does nothing for a view that has no tab', () => {
    const state = after(needsYou)
    expect(closeTab(state, terminals(1))).toBe(state)
  })
})

describe('keepKnown', () => {
  it('closes the tabs of projects that are gone', () => {
    const state = keepKnown(after(terminals(1), terminals(2)), [projectIdAt(1)])
    expect(tabs(state)).toEqual([viewKey(terminals(1))])
    expect(state.view).toEqual(terminals(1))
  })

  it('changes nothing while all of them are there', () => {
    const state = after(terminals(1), needsYou)
    expect(keepKnown(state, [projectIdAt(1)])).toBe(state)
  })
})

describe('views of the whole window', () => {
  it.each(['mail', 'leases', 'queue'] as const)(
    '%s has one tab, whatever project is looked at, and comes back',
    (kind) => {
      const state = after(terminals(1), { kind }, terminals(2), { kind })
      expect(tabs(state)).toEqual([viewKey(terminals(1)), kind, viewKey(terminals(2))])
      expect(restoredLayout(layoutOf(state), [])).toEqual({ view: { kind }, tabs: [{ kind }] })
    },
  )
})

describe('links', () => {
  const leaseId = leaseIdAt(4)
  const message = { id: messageIdAt(7), threadId: threadIdAt(3) }

  it('lead to the very lease, which is marked until something else is gone to', () => {
    const state = revealLease(after(terminals(1)), leaseId)
    expect(state).toMatchObject({ view: { kind: 'leases' }, markedLease: { id: leaseId } })
    expect(showView(state, { kind: 'leases' }).markedLease).toBeNull()
  })

  it('lead to the very message in its thread, and a second time the same', () => {
    const state = revealMessage(after(terminals(1)), message)
    expect(state).toMatchObject({ view: { kind: 'mail' }, mailPlace: { threadId: message.threadId } })
    const again = revealMessage(state, message)
    expect(again.mailPlace).toEqual(state.mailPlace)
    // A value of its own: it is brought into sight anew.
    expect(again.mailPlace).not.toBe(state.mailPlace)
  })
})

describe('the kept layout', () => {
  it('comes back as it was stored', () => {
    const state = after(terminals(1), needsYou)
    const stored: unknown = JSON.parse(JSON.stringify(layoutOf(state)))
    expect(restoredLayout(stored, [projectIdAt(1)])).toEqual({ view: needsYou, tabs: [terminals(1), needsYou] })
  })

  it('leaves out what is gone and shows what is left', () => {
    const stored = layoutOf({ ...after(terminals(1), terminals(2)), view: terminals(2) })
    expect(restoredLayout(stored, [projectIdAt(1)])).toEqual({ view: terminals(1), tabs: [terminals(1)] })
  })

  it('is nothing when all is gone, when there was none, or when it cannot be read', () => {
    expect(restoredLayout(layoutOf(after(terminals(1))), [])).toBeNull()
    expect(restoredLayout(undefined, [])).toBeNull()
    expect(restoredLayout({ view: 'x', tabs: 3 }, [])).toBeNull()
  })
})
