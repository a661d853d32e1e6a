import { Play, RotateCcw, SquareTerminal } from 'lucide-react'
import { badgeOf } from '../../../shared/contract/session-badge.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import { useApi } from '../../data/data-context.tsx'
import { useSession } from '../../data/sessions.ts'
import { settle } from '../../data/settle.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { EntryRow, type EntryRowProps } from './entry-row.tsx'
import type { NeedsYouEntry } from './needs-you-entries.ts'

type SessionEntryRowProps = Pick<EntryRowProps, 'order' | 'isSelected' | 'onSelect' | 'onGoToTerminal'> & {
  readonly entry: Extract<NeedsYouEntry, { kind: 'session' }>
}

/** A session that waits without a question that can be answered here, failed, or fell silent. */
export const SessionEntryRow = ({ entry, ...row }: SessionEntryRowProps) => {
  const session = useSession(entry.sessionId)
  if (session === undefined) return null
  const badge = badgeOf(session)
  return (
    <EntryRow
      {...row}
      sessionId={session.id}
      since={entry.since}
      kind={badge.kind}
      word={wordOf(session, entry.why)}
      testId={testId.askRow}
    >
      {row.isSelected ? <Doing session={session} onGoToTerminal={row.onGoToTerminal} /> : null}
    </EntryRow>
  )
}

const wordOf = (session: Session, why: 'waits' | 'failed' | 'unknown') => {
  if (why === 'waits') return session.activity.reason ?? 'Waits in its terminal'
  return why === 'unknown' ? 'Unknown: no sign of it for a while' : badgeOf(session).word
}

const Doing = ({ session, onGoToTerminal }: { readonly session: Session; readonly onGoToTerminal: () => void }) => {
  const api = useApi()
  const notices = useNotices()
  const act = async (call: Promise<unknown>) => {
    const result = await settle(call)
    if (!result.ok) notices.refuse(result.refusal.message)
  }
  const failedStep = session.preparation.find((step) => step.state === 'failed')
  return (
    <div className="entry-answer">
      {failedStep === undefined && session.lifecycleReason === null ? null : (
        <p className="entry-quote">{visibleText(failedStep?.detail ?? session.lifecycleReason ?? '')}</p>
      )}
      <div className="answer-ways">
        {failedStep === undefined ? null : (
          <Button
            variant="primary"
            icon={RotateCcw}
            onClick={() => void act(api.sessions.retry({ sessionId: session.id }))}
          >
            Retry
          </Button>
        )}
        {failedStep === undefined && session.runtime.kind !== 'alive' && session.canResume ? (
          <Button
            variant="primary"
            icon={Play}
            onClick={() => void act(api.sessions.resume({ sessionId: session.id }))}
          >
            Resume
          </Button>
        ) : null}
        <Button icon={SquareTerminal} data-testid={testId.goToTerminal} onClick={onGoToTerminal}>
          Go to terminal
        </Button>
      </div>
    </div>
  )
}
