import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Message } from '../../../shared/contract/mail.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { ProjectId, SessionId, ThreadId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useMessageIds } from '../../data/mail.ts'
import { orderedIds } from '../../data/sessions.ts'
import { addressText } from './addresses.ts'
import { isToAck, isUnread, summarise, type ThreadSummary } from './thread-index.ts'

/** Every thread that is here, for the list. */
export const useThreadSummaries = (): readonly ThreadSummary[] => {
  const { stores } = useData()
  const threads = useStore(stores.threads.store, (rows) => rows.byId)
  const messages = useStore(stores.messages.store, (rows) => rows.byId)
  const deliveries = useStore(stores.deliveries.store, (rows) => rows.byId)
  return useMemo(
    () => summarise({ threads: threads.values(), messages: messages.values(), deliveries: deliveries.values() }),
    [threads, messages, deliveries],
  )
}

/** The messages of a thread that are here, oldest first. */
export const useMessagesOf = (threadId: ThreadId): readonly Message[] => {
  const ids = useMessageIds(threadId)
  return useStore(
    useData().stores.messages.store,
    useShallow((rows) => ids.flatMap((id) => rows.byId.get(id) ?? [])),
  )
}

/** The sessions of a project in the order of the sidebar, archived ones last; nobody's while there is no project. */
export const useSessionsOf = (projectId: ProjectId | null): readonly Session[] =>
  useStore(
    useData().stores.sessions.store,
    useShallow((rows) => {
      const own = [...rows.byId.values()].filter((session) => session.projectId === projectId)
      return orderedIds(own).flatMap((id) => rows.byId.get(id) ?? [])
    }),
  )

/** Titles by session: the component renders again when one of these changes. */
export const useTitles = (ids: readonly SessionId[]): readonly (string | undefined)[] =>
  useStore(
    useData().stores.sessions.store,
    useShallow((rows) => ids.map((id) => rows.byId.get(id)?.title)),
  )

/** Addresses as people read them: the component renders again when one of these texts changes. */
export const useAddressTexts = (addresses: readonly string[]): readonly string[] =>
  useStore(
    useData().stores.sessions.store,
    useShallow((rows) => addresses.map((address) => addressText(address, (id) => rows.byId.get(id)?.title))),
  )

/** How many messages to the person were not looked at and want no more than that. */
export const useMerelyUnreadCount = (): number =>
  useStore(useData().stores.deliveries.store, (rows) => {
    let count = 0
    for (const delivery of rows.byId.values()) if (isUnread(delivery) && !isToAck(delivery)) count += 1
    return count
  })
