import './select.css'
import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ControlProps } from './field.tsx'
import { Icon } from './icon.tsx'
import { Tag, withCode } from './bits.tsx'

export interface SelectOption {
  readonly value: string
  readonly label: string
  /** After the label, quieter. */
  readonly detail?: string | undefined
  /** Beneath, in the list only. */
  readonly hint?: string | undefined
  readonly isDangerous?: boolean
  readonly isDisabled?: boolean
}

interface SelectProps {
  readonly value: string
  readonly options: readonly SelectOption[]
  readonly onChange: (value: string) => void
  readonly icon?: LucideIcon
  readonly control?: ControlProps
  readonly label?: string
  /** Shown while nothing is chosen. */
  readonly placeholder?: string
  readonly isDisabled?: boolean
  readonly testId?: string
}

/** A choice of some. Type to jump; the list opens beneath. */
export const Select = (props: SelectProps) => {
  const { value, options, onChange, icon, control, label, placeholder = '', isDisabled = false, testId } = props
  const chosen = options.find((option) => option.value === value)
  return (
    <Base.Root
      value={value}
      disabled={isDisabled}
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      onValueChange={(next) => {
        if (next !== null) onChange(next)
      }}
    >
      <Base.Trigger className="select" aria-label={label} data-testid={testId} data-value={value} {...control}>
        {icon === undefined ? null : <Icon of={icon} size={14} />}
        <span className="cut grow select-value">
          {chosen === undefined ? <span className="text-faint">{placeholder}</span> : <OptionText option={chosen} />}
        </span>
        {chosen?.isDangerous === true ? <Tag tone="bad">No questions</Tag> : null}
        <Icon of={ChevronsUpDown} size={14} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          className="popup-positioner"
          sideOffset={4}
          align="start"
          alignItemWithTrigger={false}
          collisionPadding={8}
        >
          <Base.Popup className="popup select-popup">
            <Base.List>{options.map((option) => optionRow(option))}</Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

const optionRow = (option: SelectOption): ReactNode => (
  <Base.Item
    key={option.value}
    value={option.value}
    disabled={option.isDisabled === true}
    className="popup-item select-item"
    data-value={option.value}
  >
    <span className="select-check">
      <Base.ItemIndicator>
        <Icon of={Check} size={14} />
      </Base.ItemIndicator>
    </span>
    <span className="column grow">
      <Base.ItemText className="cut">
        <OptionText option={option} />
      </Base.ItemText>
      {option.hint === undefined ? null : <span className="select-hint">{withCode(option.hint)}</span>}
    </span>
    {option.isDangerous === true ? <Tag tone="bad">No questions</Tag> : null}
  </Base.Item>
)

const OptionText = ({ option }: { readonly option: SelectOption }) => (
  <>
    {option.label}
    {option.detail === undefined ? null : <span className="select-detail num"> {option.detail}</span>}
  </>
)
