import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import { useData } from '../../data/data-context.tsx'
import type { Stores } from '../../data/stores.ts'
import { useNow } from '../../lib/use-now.ts'
import { needsYouGroups, type NeedsYouGroups } from './needs-you-entries.ts'

export const readNeedsYou = ({ sessions, asks, agents }: Stores, now: number): NeedsYouGroups =>
  needsYouGroups(
    {
      sessions: sessions.store.getState().byId.values(),
      asks: asks.store.getState().byId.values(),
      talkative: new Set(
        [...agents.store.getState().byId.values()].filter((one) => one.statusSource === 'hooks').map((one) => one.id),
      ),
    },
    now,
  )

// Silence becomes worth a look after minutes, so a quarter of one is exact enough.
const clockMs = 15_000

/** Who needs the person now. For the screen that lists them; a count has a cheaper hook. */
export const useNeedsYou = (): NeedsYouGroups => {
  const { stores } = useData()
  const sessions = useStore(stores.sessions.store)
  const asks = useStore(stores.asks.store)
  const agents = useStore(stores.agents.store)
  const now = useNow(clockMs)
  // eslint-disable-next-line react/exhaustive-deps -- the rows are what the stores hold
  return useMemo(() => readNeedsYou(stores, now), [stores, sessions, asks, agents, now])
}

/** How many agents stand still until a person answers. Renders only when the number changes. */
export const useNeedsYouCount = (): number => {
  const { stores } = useData()
  const subscribe = useCallback((changed: () => void) => watchBoth(stores, changed), [stores])
  const count = () => readNeedsYou(stores, 0).blocking.length
  return useSyncExternalStore(subscribe, count, count)
}

const watchBoth = ({ asks, sessions }: Stores, changed: () => void) => {
  const stopAsks = asks.store.subscribe(changed)
  const stopSessions = sessions.store.subscribe(changed)
  return () => {
    stopAsks()
    stopSessions()
  }
}
