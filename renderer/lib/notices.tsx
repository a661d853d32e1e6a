import { CircleAlert, type LucideIcon } from 'lucide-react'
import { createContext, useContext, type ReactNode } from 'react'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** A passing message. What can be undone offers it here instead of asking beforehand. */
export interface Notice {
  readonly id: number
  readonly icon: LucideIcon
  readonly text: string
  readonly isError?: boolean
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
}

export interface Notices {
  readonly store: StoreApi<{ readonly notices: readonly Notice[] }>
  show(notice: Omit<Notice, 'id'>): void
  /** Says why something was not done. */
  refuse(message: string): void
  close(id: number): void
}

// More than these would cover the sidebar; the oldest goes.
const mostAtOnce = 3

export const createNotices = (): Notices => {
  const store: Notices['store'] = createStore(() => ({ notices: [] }))
  let nextId = 1
  const show = (notice: Omit<Notice, 'id'>) => {
    const others = store.getState().notices.filter((other) => other.text !== notice.text)
    store.setState({ notices: [...others, { ...notice, id: nextId }].slice(-mostAtOnce) })
    nextId += 1
  }
  return {
    store,
    show,
    refuse: (message) => show({ icon: CircleAlert, text: message, isError: true }),
    close: (id) => {
      store.setState({ notices: store.getState().notices.filter((notice) => notice.id !== id) })
    },
  }
}

const NoticeContext = createContext<Notices | null>(null)

export const NoticeProvider = ({ notices, children }: { readonly notices: Notices; readonly children: ReactNode }) => (
  <NoticeContext value={notices}>{children}</NoticeContext>
)

export const useNotices = (): Notices => {
  const notices = useContext(NoticeContext)
  if (notices === null) throw new Error('A screen was drawn outside NoticeProvider.')
  return notices
}
