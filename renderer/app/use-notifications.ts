import { useEffect } from 'react'
import { useData } from '../data/data-context.tsx'
import { useActions } from './app-context.tsx'
import { startNotifier } from './notifier.ts'

/** Notifications of the system, once the person has agreed and only while the window is in the background. */
export const useNotifications = (): void => {
  const { stores } = useData()
  const actions = useActions()
  useEffect(
    () =>
      startNotifier({
        stores,
        now: Date.now,
        mayNotify: () =>
          typeof Notification !== 'undefined' && Notification.permission === 'granted' && !document.hasFocus(),
        notify: ({ title, body, askId, sessionId }) => {
          // One tag an ask: two windows show it once, and a newer question is not taken for the older one.
          const note = new Notification(title, { body, tag: askId })
          note.addEventListener('click', () => {
            window.focus()
            actions.goToSession(sessionId, 'answer')
            note.close()
          })
          return () => note.close()
        },
      }),
    [stores, actions],
  )
}
