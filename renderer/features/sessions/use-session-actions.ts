import { Archive, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { SessionId, TerminalId } from '../../../shared/lib/ids.ts'
import type { Result } from '../../../shared/lib/result.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { copyText } from '../../lib/copy-text.ts'
import { useNotices } from '../../lib/notices.tsx'
import { visibleLine } from '../../../shared/lib/visible-text.ts'

export interface SessionActions {
  readonly rename: (id: SessionId, title: string) => Promise<boolean>
  readonly pin: (session: Session) => void
  /** Whether mail may be typed at its prompt. */
  readonly setMailTyped: (session: Session, isMailTyped: boolean) => void
  readonly move: (id: SessionId, beforeId: SessionId | null) => void
  readonly stop: (id: SessionId) => void
  readonly resume: (id: SessionId) => void
  readonly retry: (id: SessionId) => void
  readonly archive: (session: Session) => void
  readonly unarchive: (id: SessionId) => void
  readonly remove: (session: Session, deleteBranch: boolean) => void
  readonly openShell: (id: SessionId) => Promise<TerminalId | null>
  readonly markSeen: (id: SessionId) => void
  readonly copy: (text: string, what: string) => void
}

/** What a person can do with a session. A refusal is said in a notice; what can be undone offers it there. */
export const useSessionActions = (): SessionActions => {
  const { api, stores } = useData()
  const notices = useNotices()
  return useMemo(() => {
    const { sessions } = api
    const tell = <Value>(result: Result<Value, string>): Value | null => {
      if (result.ok) return result.value
      notices.refuse(result.refusal.message)
      return null
    }
    /** A call that answers with the session: the row is put at once, without waiting for the news of it. */
    const change = async (call: Promise<Session>) => {
      const session = tell(await settle(call))
      if (session !== null) stores.sessions.put([session])
      return session !== null
    }
    const archive = async (session: Session) => {
      if (!(await change(sessions.archive({ sessionId: session.id })))) return
      notices.show({
        icon: Archive,
        text: `Archived ${visibleLine(session.title)}. Its worktree and branch stay.`,
        action: { label: 'Undo', run: () => void change(sessions.unarchive({ sessionId: session.id })) },
      })
    }
    const remove = async (session: Session, deleteBranch: boolean) => {
      const answer = tell(await settle(sessions.delete({ sessionId: session.id, deleteBranch })))
      if (answer === null) return
      notices.show({
        icon: Trash2,
        text: deletedText(session, deleteBranch, answer.rescueRef),
        action: { label: 'Undo', run: () => void change(sessions.undoDelete({ sessionId: session.id })) },
      })
    }
    return {
      rename: (sessionId, title) => change(sessions.rename({ sessionId, title })),
      pin: (session) => void change(sessions.pin({ sessionId: session.id, isPinned: !session.isPinned })),
      setMailTyped: ({ id: sessionId }, isMailTyped) => void change(sessions.setMailTyped({ sessionId, isMailTyped })),
      move: (sessionId, beforeId) => void change(sessions.move({ sessionId, beforeId })),
      stop: (sessionId) => void change(sessions.stop({ sessionId })),
      resume: (sessionId) => void change(sessions.resume({ sessionId })),
      retry: (sessionId) => void change(sessions.retry({ sessionId })),
      archive: (session) => void archive(session),
      unarchive: (sessionId) => void change(sessions.unarchive({ sessionId })),
      remove: (session, deleteBranch) => void remove(session, deleteBranch),
      openShell: async (sessionId) => tell(await settle(sessions.openShell({ sessionId })))?.terminalId ?? null,
      // Not worth a notice: the next look at the session tries again.
      markSeen: (sessionId) => void settle(sessions.markSeen({ sessionId })),
      copy: (text, what) =>
        void copyText(text).then((isCopied) => {
          if (!isCopied) notices.refuse(`The browser did not let Switchyard copy the ${what}.`)
        }),
    }
  }, [api, stores, notices])
}

export const deletedText = (session: Pick<Session, 'title'>, deleteBranch: boolean, rescueRef: string | null) =>
  [
    `Deleted ${visibleLine(session.title)}${deleteBranch ? ' and its branch' : ', its branch stays'}.`,
    ...(rescueRef === null ? [] : ['What was not committed is kept in a rescue ref.']),
  ].join(' ')
