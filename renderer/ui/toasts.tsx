import './toasts.css'
import { X, type LucideIcon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

export interface Toast {
  readonly id: number
  readonly icon: LucideIcon
  readonly text: string
  readonly isError?: boolean
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
}

interface ToastsProps {
  readonly toasts: readonly Toast[]
  readonly onClose: (id: number) => void
  readonly testId?: string
  readonly actionTestId?: string
}

// Long enough to read two lines and reach for Undo; the clock stands while the pointer or the focus is inside.
const shownMs = 8_000

/** Passing messages over the foot of the sidebar. The newest is at the bottom. */
export const Toasts = ({ toasts, onClose, testId, actionTestId }: ToastsProps) => (
  <section className="toasts" aria-label="Notices" aria-live="polite">
    {toasts.map((toast) => (
      <ToastRow key={toast.id} toast={toast} onClose={onClose} testId={testId} actionTestId={actionTestId} />
    ))}
  </section>
)

interface ToastRowProps {
  readonly toast: Toast
  readonly onClose: (id: number) => void
  readonly testId: string | undefined
  readonly actionTestId: string | undefined
}

const ToastRow = ({ toast, onClose, testId, actionTestId }: ToastRowProps) => {
  const [isHeld, setHeld] = useState(false)
  const left = useRef(shownMs)
  useEffect(() => {
    if (isHeld) return undefined
    const begun = Date.now()
    const timer = setTimeout(() => onClose(toast.id), left.current)
    return () => {
      clearTimeout(timer)
      left.current -= Date.now() - begun
    }
  }, [isHeld, onClose, toast.id])
  return (
    <div
      className="toast"
      role={toast.isError === true ? 'alert' : 'status'}
      data-error={toast.isError || undefined}
      data-testid={testId}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon of={toast.icon} />
      <span className="toast-text">{toast.text}</span>
      {toast.action === undefined ? null : (
        <Button
          size="small"
          data-testid={actionTestId}
          onClick={() => {
            onClose(toast.id)
            toast.action?.run()
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton icon={X} label="Dismiss" side="top" onClick={() => onClose(toast.id)} />
    </div>
  )
}
