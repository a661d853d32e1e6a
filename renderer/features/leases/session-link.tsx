import type { SessionId } from '../../../shared/lib/ids.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'

interface SessionLinkProps {
  readonly id: SessionId
  readonly onGoToSession: (id: SessionId) => void
}

/** A session by its title: a way to its terminal. */
export const SessionLink = ({ id, onGoToSession }: SessionLinkProps) => {
  const title = useSessionValue(id, (session) => session.title)
  return title === undefined ? (
    <span className="text-faint">a session that is gone</span>
  ) : (
    <button type="button" className="session-link cut" data-session={id} onClick={() => onGoToSession(id)}>
      {visibleLine(title)}
    </button>
  )
}
