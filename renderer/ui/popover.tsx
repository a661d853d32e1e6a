import './popover.css'
import { Popover as Base } from '@base-ui/react/popover'
import { useState, type ReactNode } from 'react'
import type { LucideIcon } from 'lucide-react'
import { Icon } from './icon.tsx'

interface PopoverProps {
  /** Its name for those who do not see it. */
  readonly label: string
  /** The button that opens it: a mark, what stands beside it, and its name where that does not say enough. */
  readonly button: {
    readonly icon: LucideIcon
    readonly label?: string
    readonly content: ReactNode
    readonly testId: string
  }
  readonly testId: string
  /** With a function: what in it leads elsewhere closes it. */
  readonly children: ReactNode | ((close: () => void) => ReactNode)
}

/** Something to read behind a small button in a line of text. Escape and a press elsewhere close it, and the button has the focus again. */
export const Popover = ({ label, button, testId, children }: PopoverProps) => {
  const [isOpen, setOpen] = useState(false)
  return (
    <Base.Root open={isOpen} onOpenChange={setOpen}>
      <Base.Trigger className="popover-button" aria-label={button.label} data-testid={button.testId}>
        <Icon of={button.icon} size={12} />
        {button.content}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="popup-positioner" sideOffset={6} align="start" collisionPadding={8}>
          <Base.Popup className="popup popover" aria-label={label} data-testid={testId}>
            {typeof children === 'function' ? children(() => setOpen(false)) : children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
