import type { Ask } from '../../shared/contract/asks.ts'
import type { SessionId } from '../../shared/lib/ids.ts'
import { openAsks } from '../data/asks.ts'
import type { Stores } from '../data/stores.ts'
import { askKindText } from '../features/asks/ask-text.ts'
import { visibleLine } from '../lib/visible-text.ts'

// One agent that asks five times in a row is told once; another agent is told at once.
export const coolDownMs = 30_000

export interface NotifierDeps {
  readonly stores: Pick<Stores, 'asks' | 'sessions'>
  readonly now: () => number
  readonly mayNotify: () => boolean
  readonly notify: (note: { readonly title: string; readonly body: string; readonly sessionId: SessionId }) => void
}

/** Tells of each ask that opens while the person looks elsewhere. Returns what stops it. */
export const startNotifier = (deps: NotifierDeps): (() => void) => {
  const { asks, sessions } = deps.stores
  let known = new Set(openAsks(asks.store.getState().byId.values()).map((ask) => ask.id))
  const toldAt = new Map<SessionId, number>()
  const tell = (ask: Ask) => {
    const last = toldAt.get(ask.sessionId)
    if (!deps.mayNotify() || (last !== undefined && deps.now() - last < coolDownMs)) return
    toldAt.set(ask.sessionId, deps.now())
    deps.notify({
      title: visibleLine(sessions.get(ask.sessionId)?.title ?? 'A session'),
      body: askKindText(ask.detail),
      sessionId: ask.sessionId,
    })
  }
  return asks.store.subscribe((state) => {
    const open = openAsks(state.byId.values())
    for (const ask of open) if (!known.has(ask.id)) tell(ask)
    known = new Set(open.map((ask) => ask.id))
  })
}
