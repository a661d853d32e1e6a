import './tooltip.css'
import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import { Kbd } from './kbd.tsx'

interface TooltipProps {
  readonly text: ReactNode
  readonly keys?: string | undefined
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
  /** The element that is explained; it gets the handlers. */
  readonly children: ReactElement<Record<string, unknown>>
}

// Half a second keeps a passing pointer quiet; the next tooltip of the group comes at once.
const openDelayMs = 500

export const TooltipProvider = ({ children }: { readonly children: ReactNode }) => (
  <Base.Provider delay={openDelayMs} timeout={400}>
    {children}
  </Base.Provider>
)

export const Tooltip = ({ text, keys, side = 'bottom', children }: TooltipProps) => (
  <Base.Root>
    <Base.Trigger render={children} />
    <Base.Portal>
      <Base.Positioner className="tooltip-positioner" side={side} sideOffset={6} collisionPadding={8}>
        <Base.Popup className="tooltip">
          {text}
          {keys === undefined ? null : <Kbd keys={keys} />}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
)
