import { BellRing } from 'lucide-react'
import type { MessagePriority } from '../../../shared/contract/mail.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import { useStore } from 'zustand'
import { useData } from '../../data/data-context.tsx'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Why } from '../../ui/bits.tsx'
import { forecast } from './addresses.ts'
import { namesText } from './mail-words.ts'

interface ArrivalsProps {
  readonly to: readonly string[]
  readonly sessions: readonly Session[]
  readonly priority: MessagePriority
}

const mostNamed = 3

/** What sending will do, told before it is done: who is woken, and who gets it later. */
export const Arrivals = ({ to, sessions, priority }: ArrivalsProps) => {
  const agents = useStore(useData().stores.agents.store, (rows) => rows.byId)
  const arrivals = forecast(to, { sessions, agents }, priority)
  return (
    <div className="mail-arrivals" aria-live="polite" data-testid={testId.mailArrivals}>
      {arrivals.map(({ when, titles }) => (
        <Why key={when} icon={BellRing}>
          {visibleLine(namesText(titles, mostNamed))}: {when}
        </Why>
      ))}
    </div>
  )
}
