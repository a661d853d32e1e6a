import './outage-banner.css'
import { ShieldAlert } from 'lucide-react'
import { useStore } from 'zustand'
import type { GuardOutage } from '../../../shared/contract/agent-hooks.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

/** At a session's terminal while edits of its agent passed that nobody had checked. */
export const OutageBanner = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const { api, stores } = useData()
  const notices = useNotices()
  const outage = useStore(stores.outages.store, (rows) => rows.byId.get(sessionId))
  if (outage === undefined || outage.edits === 0) return null
  const dismiss = async () => {
    const done = await settle(api.agentHooks.dismissOutage({ sessionId }))
    if (!done.ok) notices.refuse(done.refusal.message)
  }
  return (
    <section className="outage-banner" aria-label="Edits that nobody checked" data-testid={testId.outageBanner}>
      <Icon of={ShieldAlert} size={14} />
      <p className="grow outage-banner-text">
        <span className="medium">{countText(outage)}</span>
        {outage.edits === 1 ? ' ' : ', the first '}
        <AgeAgo at={outage.firstAt} />: {whyText(outage)} Compare{' '}
        <span className="mono">{visibleLine(outage.lastPath)}</span> with what others lease.
      </p>
      <Button size="small" data-testid={testId.outageDismiss} onClick={() => void dismiss()}>
        Dismiss
      </Button>
    </section>
  )
}

const countText = ({ edits }: GuardOutage): string =>
  edits === 1 ? '1 edit was not checked' : `${edits} edits were not checked`

const whyText = ({ why }: GuardOutage): string =>
  why === 'away' ? 'Switchyard was closed.' : 'the guard did not answer in time. This goes when it does again.'
