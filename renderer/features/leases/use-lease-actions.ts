import { Undo2 } from 'lucide-react'
import { useMemo } from 'react'
import type { ApiClient } from '../../../shared/contract/api.ts'
import { targetText } from '../../../shared/contract/lease-claims.ts'
import type { Lease, LeaseRequest, LeaseWaiter } from '../../../shared/contract/leases.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import type { Stores } from '../../data/stores.ts'
import { useNotices, type Notices } from '../../lib/notices.tsx'
import { visibleLine } from '../../../shared/lib/visible-text.ts'

export interface LeaseActions {
  /** Whoever holds it; whoever waits for it may have it then. The notice offers to take it for its holder again. */
  readonly end: (lease: Lease) => Promise<void>
  /** Takes a session out of the line. */
  readonly cancelWait: (waiter: LeaseWaiter) => Promise<void>
}

export const useLeaseActions = (): LeaseActions => {
  const { api, stores } = useData()
  const notices = useNotices()
  return useMemo(() => createLeaseActions({ api, stores, notices }), [api, stores, notices])
}

interface ActionDeps {
  readonly api: Pick<ApiClient, 'leases'>
  readonly stores: Stores
  readonly notices: Pick<Notices, 'refuse' | 'show'>
}

export const createLeaseActions = ({ api, stores, notices }: ActionDeps): LeaseActions => {
  const nameOf = (id: SessionId) => visibleLine(stores.sessions.get(id)?.title ?? 'A session')
  const acquire = async (sessionId: SessionId, wish: Omit<LeaseRequest, 'requestId'>) => {
    const acquired = await settle(api.leases.acquire({ ...wish, sessionId, requestId: crypto.randomUUID() }))
    if (!acquired.ok) return notices.refuse(acquired.refusal.message)
    if (acquired.value.kind === 'granted') stores.leases.put(acquired.value.leases)
    else stores.waiters.put([acquired.value.waiter])
    return undefined
  }
  const offer = (text: string, sessionId: SessionId, wish: Omit<LeaseRequest, 'requestId'>) =>
    notices.show({ icon: Undo2, text, action: { label: 'Undo', run: () => void acquire(sessionId, wish) } })
  return {
    end: async (lease) => {
      const { id, sessionId, target, mode, policy } = lease
      const ended = await settle(api.leases.release({ leaseId: id }))
      if (!ended.ok) return notices.refuse(ended.refusal.message)
      stores.leases.remove(id)
      const text = `${nameOf(sessionId)} holds ${visibleLine(targetText(target))} no more.`
      return offer(text, sessionId, { targets: [targetText(target)], mode, policy, wait: false })
    },
    cancelWait: async ({ id, sessionId, wants }) => {
      const cancelled = await settle(api.leases.cancelWait({ waiterId: id }))
      if (!cancelled.ok) return notices.refuse(cancelled.refusal.message)
      stores.waiters.remove(id)
      const targets = wants.map(({ target }) => targetText(target))
      const [first, ...others] = wants
      const text = `${nameOf(sessionId)} waits no more. Undo puts it at the end of the line.`
      return first === undefined
        ? undefined
        : offer(text, sessionId, {
            targets,
            mode: first.mode,
            // One that was named holds for all of them. Several are what each kind of target has where none was named.
            policy: others.every(({ policy }) => policy === first.policy) ? first.policy : null,
            wait: true,
          })
    },
  }
}
