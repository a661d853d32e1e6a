import './menu.css'
import { ContextMenu as BaseContext } from '@base-ui/react/context-menu'
import { Menu as Base } from '@base-ui/react/menu'
import type { LucideIcon } from 'lucide-react'
import { Fragment, useRef, type ReactElement } from 'react'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'

export type MenuEntry =
  | {
      readonly kind: 'item'
      readonly id: string
      readonly label: string
      readonly icon?: LucideIcon
      readonly keys?: string | undefined
      readonly isDanger?: boolean
      /** Says why it cannot be chosen now. */
      readonly disabledReason?: string | null
      readonly onChoose: () => void
    }
  | { readonly kind: 'line'; readonly id: string }

type Trigger = ReactElement<Record<string, unknown>>

interface MenuProps {
  readonly entries: readonly MenuEntry[]
  /** The button that opens it. */
  readonly children: Trigger
  readonly align?: 'start' | 'end'
}

/** A menu behind a button. */
export const Menu = ({ entries, children, align = 'end' }: MenuProps) => {
  const { choose, onOpenChangeComplete } = useChosen()
  return (
    <Base.Root onOpenChangeComplete={onOpenChangeComplete}>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner
          className="popup-positioner"
          sideOffset={4}
          align={align}
          collisionPadding={8}
          // A long menu goes beside its button rather than being cut above or below it.
          collisionAvoidance={{ fallbackAxisSide: 'end' }}
        >
          <Base.Popup className="popup menu">
            <Entries entries={entries} onChoose={choose} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/**
 * An entry runs when its menu is gone: it may open a field or a dialog, and a menu that is still closing would take the
 * focus away again.
 */
const useChosen = () => {
  const chosen = useRef<(() => void) | null>(null)
  return {
    choose: (run: () => void) => {
      chosen.current = run
    },
    onOpenChangeComplete: (isOpen: boolean) => {
      if (isOpen) return
      const run = chosen.current
      chosen.current = null
      // The menu gives the focus back in a microtask of its own; what the entry opens comes after that.
      if (run !== null) setTimeout(run)
    },
  }
}

interface ContextMenuProps {
  /** Made when it opens, so that a long list of rows costs nothing. */
  readonly entries: () => readonly MenuEntry[]
  readonly children: Trigger
  readonly onOpenChange?: (isOpen: boolean) => void
}

/** A menu on the secondary button, the menu key, and Shift+F10. */
export const ContextMenu = ({ entries, children, onOpenChange }: ContextMenuProps) => {
  const { choose, onOpenChangeComplete } = useChosen()
  return (
    <BaseContext.Root onOpenChange={(open) => onOpenChange?.(open)} onOpenChangeComplete={onOpenChangeComplete}>
      <BaseContext.Trigger render={children} />
      <BaseContext.Portal>
        <BaseContext.Positioner className="popup-positioner" collisionPadding={8}>
          <BaseContext.Popup className="popup menu">
            <LateEntries entries={entries} onChoose={choose} />
          </BaseContext.Popup>
        </BaseContext.Positioner>
      </BaseContext.Portal>
    </BaseContext.Root>
  )
}

interface Choosing {
  readonly onChoose: (run: () => void) => void
}

const LateEntries = ({ entries, onChoose }: Choosing & { readonly entries: () => readonly MenuEntry[] }) => (
  <Entries entries={entries()} onChoose={onChoose} />
)

const Entries = ({ entries, onChoose }: Choosing & { readonly entries: readonly MenuEntry[] }) =>
  entries.map((entry) => (
    <Fragment key={entry.id}>
      {entry.kind === 'line' ? (
        <Base.Separator className="menu-line" />
      ) : (
        <Base.Item
          className="popup-item menu-item"
          data-danger={entry.isDanger || undefined}
          data-entry={entry.id}
          disabled={entry.disabledReason != null}
          onClick={() => onChoose(entry.onChoose)}
        >
          <span className="menu-icon">{entry.icon === undefined ? null : <Icon of={entry.icon} size={14} />}</span>
          <span className="column grow">
            {entry.label}
            {entry.disabledReason == null ? null : <span className="menu-reason">{entry.disabledReason}</span>}
          </span>
          {entry.keys === undefined ? null : <Kbd keys={entry.keys} />}
        </Base.Item>
      )}
    </Fragment>
  ))
