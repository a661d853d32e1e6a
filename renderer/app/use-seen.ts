import { useEffect } from 'react'
import { useSessionValue } from '../data/sessions.ts'
import type { SessionId } from '../../shared/lib/ids.ts'
import { useActions, useNavigation } from './app-context.tsx'

/** News of the session one looks at is read as it arrives, while the window has the focus. */
export const useSeen = (): void => {
  const actions = useActions()
  const selectedId = useNavigation((state) => (state.view.kind === 'terminals' ? state.selectedSessionId : null))
  const isUnread = useSessionValue(selectedId ?? ('' as SessionId), (session) => session.isUnread) ?? false
  useEffect(() => {
    if (selectedId === null || !isUnread) return undefined
    const see = () => {
      if (document.hasFocus()) actions.seen(selectedId)
    }
    see()
    window.addEventListener('focus', see)
    return () => window.removeEventListener('focus', see)
  }, [actions, selectedId, isUnread])
}
