import type { Ask } from '../../shared/contract/asks.ts'
import type { AskId, SessionId } from '../../shared/lib/ids.ts'
import { openAsks } from '../data/asks.ts'
import type { Stores } from '../data/stores.ts'
import { askKindText } from '../features/asks/ask-text.ts'
import { visibleLine } from '../../shared/lib/visible-text.ts'

/**
 * An agent that was interrupted, or whose app was started again, asks the same once more: within this time that is told
 * once. A new question is always told, also of the same session.
 */
export const coolDownMs = 30_000

export interface Note {
  readonly title: string
  readonly body: string
  readonly askId: AskId
  readonly sessionId: SessionId
}

export interface NotifierDeps {
  readonly stores: Pick<Stores, 'asks' | 'sessions'>
  readonly now: () => number
  readonly mayNotify: () => boolean
  /** Shows it; the result takes it away. */
  readonly notify: (note: Note) => () => void
}

/** Tells of each ask that opens while the person looks elsewhere, until it is answered. Returns what stops it. */
export const startNotifier = (deps: NotifierDeps): (() => void) => {
  const { asks, sessions } = deps.stores
  let known = new Set(openAsks(asks.store.getState().byId.values()).map((ask) => ask.id))
  const told = new Map<string, { readonly askId: AskId; readonly at: number }>()
  const shown = new Map<AskId, () => void>()
  const isRepeat = (ask: Ask) => {
    const last = told.get(questionOf(ask))
    return last !== undefined && asks.get(last.askId)?.state.kind === 'gone'
  }
  const tell = (ask: Ask) => {
    const now = deps.now()
    for (const [question, { at }] of told) if (now - at >= coolDownMs) told.delete(question)
    if (!deps.mayNotify() || isRepeat(ask)) return
    told.set(questionOf(ask), { askId: ask.id, at: now })
    const title = visibleLine(sessions.get(ask.sessionId)?.title ?? 'A session')
    shown.set(ask.id, deps.notify({ title, body: askKindText(ask.detail), askId: ask.id, sessionId: ask.sessionId }))
  }
  return asks.store.subscribe((state) => {
    const open = openAsks(state.byId.values())
    for (const ask of open) if (!known.has(ask.id)) tell(ask)
    known = new Set(open.map((ask) => ask.id))
    for (const [id, takeAway] of shown) {
      if (known.has(id)) continue
      takeAway()
      shown.delete(id)
    }
  })
}

const questionOf = ({ sessionId, detail }: Ask) => `${sessionId} ${JSON.stringify(detail)}`
