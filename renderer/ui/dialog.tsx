import './dialog.css'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useInsertionEffect, useRef, type ReactNode, type RefObject } from 'react'
import { IconButton } from './button.tsx'

interface DialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: string
  /** Beside the title, in the header. */
  readonly heading?: ReactNode
  readonly width: number
  readonly children: ReactNode
  readonly footer?: ReactNode
  readonly initialFocus?: RefObject<HTMLElement | null>
  readonly testId?: string
  /** False when what was done moves the focus elsewhere; then it does not return to where it was. */
  readonly returnsFocus?: () => boolean
  /** A dialog without a visible header, such as the palette; its title is still read out. */
  readonly isBare?: boolean
}

/** A modal dialog: focus goes in, Escape closes, and focus returns to where it was. */
export const Dialog = (props: DialogProps) => {
  const popup = useRef<HTMLDivElement>(null)
  const opener = useFocusedBefore()
  return (
    <Base.Root
      open={props.isOpen}
      onOpenChange={(open) => {
        if (!open) props.onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Viewport className="dialog-viewport" data-bare={props.isBare || undefined}>
          <Base.Popup
            className="dialog"
            style={{ width: props.width }}
            data-testid={props.testId}
            ref={popup}
            finalFocus={() => (props.returnsFocus?.() === false ? false : backTo(opener.current))}
            initialFocus={props.initialFocus ?? (() => firstField(popup.current))}
          >
            {props.isBare === true ? (
              <Base.Title className="visually-hidden">{props.title}</Base.Title>
            ) : (
              <header className="dialog-header">
                <Base.Title>{props.title}</Base.Title>
                {props.heading}
                <span className="spacer" />
                <Base.Close render={<IconButton icon={X} label="Close" keys="Esc" />} />
              </header>
            )}
            {props.children}
            {props.footer === undefined ? null : <footer className="dialog-footer">{props.footer}</footer>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/**
 * What had the focus before the dialog took it. A field that takes it as it is drawn does so before any other effect
 * runs, and would be taken for what the dialog was opened from.
 */
const useFocusedBefore = (): RefObject<Element | null> => {
  const before = useRef<Element | null>(null)
  useInsertionEffect(() => {
    before.current = document.activeElement
  }, [])
  return before
}

const backTo = (opener: Element | null): HTMLElement | boolean =>
  opener instanceof HTMLElement && opener.isConnected && opener !== document.body ? opener : true

/** The first thing to fill in or choose; the dialog itself when there is none, so that no button is one key away. */
const firstField = (popup: HTMLElement | null): HTMLElement | null =>
  popup?.querySelector<HTMLElement>('input, textarea, [role="radio"][tabindex="0"], [role="combobox"]') ?? popup
