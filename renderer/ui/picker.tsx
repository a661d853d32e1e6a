import './picker.css'
import { Popover } from '@base-ui/react/popover'
import { Command } from 'cmdk'
import { Check, ChevronsUpDown, type LucideIcon } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { ControlProps } from './field.tsx'
import { Icon } from './icon.tsx'
import { pickerEntries, type CustomPlace, type PickerOption } from './picker-entries.ts'

interface PickerProps {
  readonly value: string | null
  /** A function makes them only when the list opens: of thousands there is no need before. */
  readonly options: readonly PickerOption[] | (() => readonly PickerOption[])
  readonly onChange: (value: string) => void
  readonly placeholder: string
  /** What is said when nothing matches. */
  readonly emptyText: string
  readonly icon?: LucideIcon
  readonly control?: ControlProps
  readonly shown?: ReactNode
  /** Whether what is typed may be taken as it is. Left out: never. */
  readonly placeCustom?: (typed: string) => CustomPlace
  readonly testId?: string
}

// The list is filtered, not scrolled through: more rows than this would only slow the first key down.
const mostRows = 200

/** A choice of many, with a filter. */
export const Picker = (props: PickerProps) => {
  const [isOpen, setOpen] = useState(false)
  const chosen =
    typeof props.options === 'function' ? undefined : props.options.find((option) => option.value === props.value)
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

const never = (): CustomPlace => 'none'

const PickerList = ({ options: given, value, onChange, placeholder, emptyText, placeCustom = never }: PickerProps) => {
  const [search, setSearch] = useState('')
  const [made] = useState(() => (typeof given === 'function' ? given() : null))
  const options = made ?? (typeof given === 'function' ? [] : given)
  const { options: matching, custom } = pickerEntries(options, search, placeCustom)
  const shown = matching.slice(0, mostRows)
  const groups = [...new Set(shown.map((option) => option.group ?? ''))]
  const taken =
    custom === null ? null : (
      <Command.Item
        value={`custom ${custom.text}`}
        className="popup-item picker-item"
        onSelect={() => onChange(custom.text)}
      >
        <span className="select-check" />
        <span className="cut grow">
          Use <span className="mono">{custom.text}</span>
        </span>
      </Command.Item>
    )
  return (
    <Command shouldFilter={false} loop label={placeholder} defaultValue={value ?? ''}>
      <Command.Input className="picker-input" placeholder={placeholder} value={search} onValueChange={setSearch} />
      <Command.List className="picker-list scroll">
        {shown.length === 0 ? <p className="picker-empty">{emptyText}</p> : null}
        {custom?.place === 'first' ? taken : null}
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
        {custom?.place === 'last' ? taken : null}
        {matching.length > mostRows ? (
          <p className="picker-empty">{matching.length - mostRows} more: type to narrow the list.</p>
        ) : null}
      </Command.List>
    </Command>
  )
}
