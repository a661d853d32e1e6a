import './picker.css'
import { Popover } from '@base-ui/react/popover'
import { Command } from 'cmdk'
import { Check, ChevronsUpDown, type LucideIcon } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { ControlProps } from './field.tsx'
import { Icon } from './icon.tsx'

export interface PickerOption {
  readonly value: string
  readonly label: string
  readonly detail?: string | undefined
  readonly group?: string | undefined
  readonly disabledReason?: string | undefined
}

interface PickerProps {
  readonly value: string | null
  readonly options: readonly PickerOption[]
  readonly onChange: (value: string) => void
  readonly placeholder: string
  /** What is said when nothing matches. */
  readonly emptyText: string
  readonly icon?: LucideIcon
  readonly control?: ControlProps
  readonly shown?: ReactNode
  /** What is typed may be taken as it is. */
  readonly allowCustom?: boolean
  readonly testId?: string
}

// The list is filtered, not scrolled through: more rows than this would only slow the first key down.
const mostRows = 200

/** A choice of many, with a filter. */
export const Picker = (props: PickerProps) => {
  const [isOpen, setOpen] = useState(false)
  const chosen = props.options.find((option) => option.value === props.value)
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className="select" data-testid={props.testId} data-value={props.value ?? ''} {...props.control}>
        {props.icon === undefined ? null : <Icon of={props.icon} size={14} />}
        <span className="cut grow">
          {props.shown ?? chosen?.label ?? props.value ?? <span className="text-faint">{props.placeholder}</span>}
        </span>
        <Icon of={ChevronsUpDown} size={14} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="popup-positioner" sideOffset={4} align="start" collisionPadding={8}>
          <Popover.Popup className="popup picker" aria-label={props.placeholder}>
            <PickerList
              {...props}
              onChange={(value) => {
                setOpen(false)
                props.onChange(value)
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

const PickerList = ({ options, value, onChange, placeholder, emptyText, allowCustom = false }: PickerProps) => {
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const matching = options.filter((option) => option.label.toLowerCase().includes(wanted))
  const shown = matching.slice(0, mostRows)
  const groups = [...new Set(shown.map((option) => option.group ?? ''))]
  return (
    <Command shouldFilter={false} loop label={placeholder} defaultValue={value ?? ''}>
      <Command.Input className="picker-input" placeholder={placeholder} value={search} onValueChange={setSearch} />
      <Command.List className="picker-list scroll">
        {shown.length === 0 ? <p className="picker-empty">{emptyText}</p> : null}
        {groups.map((group) => (
          <Command.Group key={group} heading={group === '' ? undefined : group}>
            {shown
              .filter((option) => (option.group ?? '') === group)
              .map((option) => (
                <Command.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabledReason !== undefined}
                  className="popup-item picker-item"
                  onSelect={() => onChange(option.value)}
                >
                  <span className="select-check">{option.value === value ? <Icon of={Check} size={14} /> : null}</span>
                  <span className="cut grow">{option.label}</span>
                  <span className="picker-detail">{option.disabledReason ?? option.detail}</span>
                </Command.Item>
              ))}
          </Command.Group>
        ))}
        {allowCustom && search.trim() !== '' && !shown.some((option) => option.label === search.trim()) ? (
          <Command.Item
            value={`custom ${search}`}
            className="popup-item picker-item"
            onSelect={() => onChange(search.trim())}
          >
            <span className="select-check" />
            <span className="cut grow">
              Use <span className="mono">{search.trim()}</span>
            </span>
          </Command.Item>
        ) : null}
        {matching.length > mostRows ? (
          <p className="picker-empty">{matching.length - mostRows} more: type to narrow the list.</p>
        ) : null}
      </Command.List>
    </Command>
  )
}
