import './leases-room.css'
import { targetText } from '../../../shared/contract/lease-claims.ts'
import type { LeaseId, ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { testId } from '../../lib/test-ids.ts'
import { LeaseList } from './lease-list.tsx'
import { RadarList } from './radar-list.tsx'

interface Letter {
  readonly projectId: ProjectId
  readonly to: readonly SessionId[]
  readonly subject: string
  readonly body: string
}

export interface LeasesRoomProps {
  /** The lease that a link led to. */
  readonly marked: { readonly id: LeaseId } | null
  readonly onGoToSession: (id: SessionId) => void
  /** Begins a message with this. */
  readonly onWrite: (letter: Letter) => void
}

// A subject may be no longer, and says the same without its end.
const longestSubject = 200

/** Who has the right to what, and who is in whose way all the same. */
export const LeasesRoom = ({ marked, onGoToSession, onWrite }: LeasesRoomProps) => {
  const { stores } = useData()
  return (
    <section className="leases" aria-label="Leases and radar" data-region data-testid={testId.leases}>
      <LeaseList
        marked={marked}
        onGoToSession={onGoToSession}
        onAsk={({ projectId, sessionId, target }) => {
          const text = targetText(target)
          onWrite({
            projectId,
            to: [sessionId],
            subject: `Your lease on ${text}`.slice(0, longestSubject),
            body: `How long do you still need ${text}? Release it when you have done with it.`,
          })
        }}
      />
      <RadarList
        onGoToSession={onGoToSession}
        onWrite={({ sessionIds, overlaps }) => {
          const projectId = overlaps[0]?.projectId ?? stores.sessions.get(sessionIds[0])?.projectId
          if (projectId === undefined) return
          const paths = overlaps.map(({ path }) => `- ${path}`).join('\n')
          onWrite({
            projectId,
            to: sessionIds,
            subject: 'You change the same files',
            body: `Both of you changed:\n${paths}\n\nAgree on who changes what before you go on.`,
          })
        }}
      />
    </section>
  )
}
