import './status-mark.css'
import { useRef, type ReactNode } from 'react'
import { Tooltip } from './tooltip.tsx'

export type MarkKind =
  'working' | 'needs-you' | 'idle' | 'failed' | 'setting-up' | 'queued' | 'stopped' | 'unknown' | 'passed' | 'merged'

/** The shape of a state. It never stands alone: the word is beside it or in its label. */
export const StatusMark = ({ kind }: { readonly kind: MarkKind }) => (
  <svg className="status-mark" data-kind={kind} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
    {shapes[kind]}
  </svg>
)

interface StatusProps {
  readonly kind: MarkKind
  readonly word: string
  readonly isPill?: boolean
  readonly testId?: string
}

/** Shape, colour and word of a state. */
export const Status = ({ kind, word, isPill = false, testId }: StatusProps) => (
  <span className="status" data-kind={kind} data-pill={isPill || undefined} data-testid={testId}>
    <StatusMark kind={kind} />
    {word}
  </span>
)

interface AskedStatusProps extends StatusProps {
  readonly keys?: string | undefined
  readonly onWhy: () => void
}

/** The same, which answers why it is so. */
export const AskedStatus = ({ kind, word, isPill = false, testId, keys, onWhy }: AskedStatusProps) => (
  <Tooltip text="Why?" keys={keys}>
    <button
      type="button"
      className="status status-asked"
      data-kind={kind}
      data-pill={isPill || undefined}
      data-testid={testId}
      aria-label={`${word}. Why?`}
      onClick={onWhy}
    >
      <StatusMark kind={kind} />
      {word}
    </button>
  </Tooltip>
)

/**
 * The shape alone, in a row or tab that may hold no button: for the pointer, and only in one that is selected already, because
 * a click on any other selects it. The command of the same question has a key.
 */
export const AskedMark = ({
  kind,
  isSelected,
  onWhy,
}: {
  readonly kind: MarkKind
  /** Whether it was before the click. */
  readonly isSelected: () => boolean
  readonly onWhy: () => void
}) => {
  const wasSelected = useRef(false)
  return (
    <span
      className="status-asked-mark"
      aria-hidden="true"
      title="Why?"
      onPointerDownCapture={() => {
        wasSelected.current = isSelected()
      }}
      onClick={(event) => {
        if (!wasSelected.current) return
        event.stopPropagation()
        onWhy()
      }}
    >
      <StatusMark kind={kind} />
    </span>
  )
}

/** The dashed ring that stands in for an icon while something is on its way. */
export const BusyRing = () => <StatusMark kind="setting-up" />

const ring = <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />

const stroke = { fill: 'none', stroke: 'currentColor', strokeLinecap: 'round', strokeLinejoin: 'round' } as const

const shapes: Readonly<Record<MarkKind, ReactNode>> = {
  working: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  'needs-you': (
    <>
      {ring}
      <path d="M6 1.75a4.25 4.25 0 0 0 0 8.5z" fill="currentColor" />
    </>
  ),
  idle: ring,
  failed: <path {...stroke} d="M2.5 2.5l7 7m0-7l-7 7" strokeWidth="1.8" />,
  'setting-up': (
    <circle {...stroke} strokeLinecap="butt" cx="6" cy="6" r="4.25" strokeWidth="1.5" strokeDasharray="2 1.6" />
  ),
  queued: (
    <>
      <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path {...stroke} d="M6 3.6V6l1.7 1.2" strokeWidth="1.3" />
    </>
  ),
  stopped: <rect x="2.5" y="2.5" width="7" height="7" rx="1.2" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  unknown: (
    <>
      <path {...stroke} d="M4 4.4a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1.1" strokeWidth="1.5" />
      <circle cx="6" cy="9.8" r=".95" fill="currentColor" />
    </>
  ),
  passed: <path {...stroke} d="M1.8 6.4l2.8 2.8 5.6-6" strokeWidth="1.8" />,
  // Two lines that become one.
  merged: (
    <>
      <path {...stroke} d="M3.5 3.6v4.8M3.5 4.6c.4 2.3 2 3.4 4.6 3.4" strokeWidth="1.4" />
      <circle cx="3.5" cy="2.4" r="1.4" fill="currentColor" />
      <circle cx="3.5" cy="9.6" r="1.4" fill="currentColor" />
      <circle cx="9.2" cy="8" r="1.4" fill="currentColor" />
    </>
  ),
}
