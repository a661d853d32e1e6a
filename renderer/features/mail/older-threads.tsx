import { useState } from 'react'
import type { MessageId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { useMailActions } from './use-mail-actions.ts'

/** As many messages as come of themselves: with fewer here, there are no older ones. */
const comeOfThemselves = 200

type Past =
  /** From here on what is older has to be asked for. */
  | { readonly kind: 'more'; readonly before: MessageId; readonly problem: string | null }
  | { readonly kind: 'busy' }
  | { readonly kind: 'all' }

/** Fetches older messages when it is asked to. */
export const OlderThreads = () => {
  const { stores } = useData()
  const { fetchOlder } = useMailActions()
  const [past, setPast] = useState<Past>(() => beginningOf([...stores.messages.store.getState().byId.keys()]))
  const fetch = async (before: MessageId) => {
    setPast({ kind: 'busy' })
    const page = await fetchOlder({ threadId: null, messageId: before })
    if (!page.ok) return setPast({ kind: 'more', before, problem: page.refusal.message })
    const last = page.value.messages.at(-1)
    return setPast(page.value.hasMore && last ? { kind: 'more', before: last.id, problem: null } : { kind: 'all' })
  }
  if (past.kind === 'all') return null
  return (
    <div className="mail-earlier">
      {past.kind === 'more' && past.problem !== null ? (
        <span className="field-error" role="alert">
          {visibleText(past.problem)}
        </span>
      ) : null}
      <Button
        size="small"
        variant="ghost"
        isBusy={past.kind === 'busy'}
        data-testid={testId.mailOlder}
        onClick={() => {
          if (past.kind === 'more') void fetch(past.before)
        }}
      >
        Older threads
      </Button>
    </div>
  )
}

/** What waits for the person may be older than the rest; the newest ones alone are without gaps. */
const beginningOf = (ids: MessageId[]): Past => {
  const before = ids.sort((a, b) => (a < b ? 1 : -1))[comeOfThemselves - 1]
  return before === undefined ? { kind: 'all' } : { kind: 'more', before, problem: null }
}
