import './segmented.css'
import { RadioGroup } from '@base-ui/react/radio-group'
import { Radio } from '@base-ui/react/radio'

interface SegmentedProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly onChange: (value: Value) => void
  readonly isStretched?: boolean
  readonly testId?: string
}

/** A choice of few, all shown. Arrows move between them. */
export const Segmented = <Value extends string>({
  label,
  value,
  options,
  onChange,
  isStretched = false,
  testId,
}: SegmentedProps<Value>) => (
  <RadioGroup
    className="segmented"
    aria-label={label}
    value={value}
    data-stretched={isStretched || undefined}
    data-testid={testId}
    onValueChange={(next) => onChange(next)}
  >
    {options.map((option) => (
      <Radio.Root key={option.value} value={option.value} className="segment" data-value={option.value}>
        {option.label}
      </Radio.Root>
    ))}
  </RadioGroup>
)
