import { useMemo } from 'react'
import type { ApiClient } from '../../../shared/contract/api.ts'
import type { Delivery, MailPage, NewMessage, NewReply, Sent } from '../../../shared/contract/mail.ts'
import type { MessageId, ProjectId, ThreadId } from '../../../shared/lib/ids.ts'
import type { Refusal, Result } from '../../../shared/lib/result.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import type { Stores } from '../../data/stores.ts'
import { useNotices, type Notices } from '../../lib/notices.tsx'
import { isToAck, isUnread } from './thread-index.ts'

export interface MailActions {
  readonly send: (input: NewMessage & { readonly projectId: ProjectId }) => Promise<Result<Sent, string>>
  readonly reply: (input: NewReply) => Promise<Result<Sent, string>>
  /** Messages to the person that they have looked at. One that asks for an acknowledgement stays open. */
  readonly markRead: (ids: readonly MessageId[]) => Promise<Refusal | null>
  /** The person has done with them. A refusal is said in a notice. */
  readonly acknowledge: (ids: readonly MessageId[]) => Promise<void>
  /** Everything to the person that was not looked at, except what asks for an acknowledgement. */
  readonly markAllRead: () => Promise<void>
  /** Fetches messages of a thread that are not here; answers why it could not. */
  readonly fetchMissing: (threadId: ThreadId) => Promise<Refusal | null>
  /** Fetches older messages: of a thread, or of all. */
  readonly fetchOlder: (before: {
    readonly threadId: ThreadId | null
    readonly messageId: MessageId | null
  }) => Promise<Result<MailPage, string>>
}

/** What a person can do with mail. Rows that come with an answer are put at once, before the news of them arrives. */
export const useMailActions = (): MailActions => {
  const { api, stores } = useData()
  const notices = useNotices()
  return useMemo(() => createMailActions({ api, stores, notices }), [api, stores, notices])
}

interface ActionDeps {
  readonly api: Pick<ApiClient, 'mail'>
  readonly stores: Stores
  readonly notices: Pick<Notices, 'refuse'>
}

/** As many messages as one look into the past brings. */
export const pageSize = 100
/** As many as the backend takes at once. */
const mostAcked = 100

export const createMailActions = ({ api, stores, notices }: ActionDeps): MailActions => {
  const take = (sent: Result<Sent, string>) => {
    if (sent.ok) {
      stores.messages.put([sent.value.message])
      putDeliveries(stores, sent.value.deliveries)
    }
    return sent
  }
  const acknowledge = async (ids: readonly MessageId[]) => {
    for (let at = 0; at < ids.length; at += mostAcked) {
      const acked = await settle(api.mail.ack({ messageIds: ids.slice(at, at + mostAcked) }))
      if (!acked.ok) return notices.refuse(acked.refusal.message)
      putDeliveries(stores, acked.value.deliveries)
    }
    return undefined
  }
  const fetchOlder: MailActions['fetchOlder'] = async ({ threadId, messageId }) => {
    const page = await settle(api.mail.page({ projectId: null, threadId, before: messageId, limit: pageSize }))
    if (page.ok) putPage(stores, page.value)
    return page
  }
  return {
    send: async (input) => take(await settle(api.mail.send(input))),
    reply: async (input) => take(await settle(api.mail.reply(input))),
    markRead: async (ids) => {
      for (const messageId of ids) {
        const read = await settle(api.mail.read({ messageId }))
        if (!read.ok) return read.refusal
        if (read.value.delivery !== null) putDeliveries(stores, [read.value.delivery])
      }
      return null
    },
    acknowledge,
    markAllRead: () => {
      const deliveries = [...stores.deliveries.store.getState().byId.values()]
      const unread = deliveries.filter((delivery) => isUnread(delivery) && !isToAck(delivery))
      return acknowledge(unread.map(({ messageId }) => messageId))
    },
    fetchMissing: (threadId) => fetchMissing(stores, fetchOlder, threadId),
    fetchOlder,
  }
}

/**
 * Looks back from the newest message until there is one that is not here. Not from the oldest that is: what waits for the
 * person comes however old it is, and what lies between it and the newest ones does not.
 */
const fetchMissing = async (
  { messages }: Stores,
  fetchOlder: MailActions['fetchOlder'],
  threadId: ThreadId,
): Promise<Refusal | null> => {
  const known = messages.store.getState().byId
  let before: MessageId | null = null
  for (;;) {
    const page: Result<MailPage, string> = await fetchOlder({ threadId, messageId: before })
    if (!page.ok) return page.refusal
    const last = page.value.messages.at(-1)
    if (!last || !page.value.hasMore || page.value.messages.some(({ id }) => !known.has(id))) return null
    before = last.id
  }
}

const putPage = (stores: Stores, { threads, messages, deliveries }: MailPage) => {
  // A thread may have gone on since the page was read; what is here is as new as the news.
  stores.threads.put(threads.filter(({ id }) => stores.threads.get(id) === undefined))
  stores.messages.put(messages)
  putDeliveries(stores, deliveries)
}

/** News may be faster than an answer: an older row never takes the place of a newer one. */
const putDeliveries = (stores: Stores, deliveries: readonly Delivery[]) =>
  stores.deliveries.put(deliveries.filter(({ id, rev }) => (stores.deliveries.get(id)?.rev ?? -1) < rev))
