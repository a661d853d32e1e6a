import { Popover as Base } from '@base-ui/react/popover'
import { useState, type ReactElement, type ReactNode } from 'react'

interface PopoverProps {
  /** Its name for those who do not see it. */
  readonly label: string
  /** The button that opens it. */
  readonly trigger: ReactElement<Record<string, unknown>>
  readonly className: string
  readonly testId: string
  /** With a function: what in it leads elsewhere closes it. */
  readonly children: ReactNode | ((close: () => void) => ReactNode)
}

/** Something to read behind a button. Escape and a press elsewhere close it, and the button has the focus again. */
export const Popover = ({ label, trigger, className, testId, children }: PopoverProps) => {
  const [isOpen, setOpen] = useState(false)
  return (
    <Base.Root open={isOpen} onOpenChange={setOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="popup-positioner" sideOffset={6} align="start" collisionPadding={8}>
          <Base.Popup className={`popup ${className}`} aria-label={label} data-testid={testId}>
            {typeof children === 'function' ? children(() => setOpen(false)) : children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
