import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Ask } from '../../shared/contract/asks.ts'
import type { AskId, SessionId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

const useAsks = () => useData().stores.asks.store

export const useAsk = (id: AskId): Ask | undefined => useStore(useAsks(), (rows) => rows.byId.get(id))

/** The oldest ask of a session that can be answered here; one that only its terminal answers when there is no other. */
export const useOpenAskOf = (sessionId: SessionId): Ask | undefined =>
  useStore(useAsks(), (rows) => firstToAnswer(rows.byId.values(), sessionId))

export const firstToAnswer = (asks: Iterable<Ask>, sessionId: SessionId): Ask | undefined => {
  const own = openAsks(asks).filter((ask) => ask.sessionId === sessionId)
  return own.find((ask) => ask.canAnswerHere) ?? own[0]
}

/** Every open ask, oldest first. */
export const useOpenAskIds = (): readonly AskId[] =>
  useStore(
    useAsks(),
    useShallow((rows) => openAsks(rows.byId.values()).map((ask) => ask.id)),
  )

export const useOpenAskCount = (): number => useStore(useAsks(), (rows) => openAsks(rows.byId.values()).length)

export const openAsks = (asks: Iterable<Ask>): Ask[] =>
  [...asks].filter((ask) => ask.state.kind === 'open').sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))
