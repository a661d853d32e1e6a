import './checkbox.css'
import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'

interface CheckboxProps {
  readonly label: string
  /** Beneath the label. */
  readonly hint?: string
  readonly testId?: string
  readonly isChecked: boolean
  readonly onChange: (isChecked: boolean) => void
}

export const Checkbox = ({ label, hint, testId, isChecked, onChange }: CheckboxProps) => (
  // eslint-disable-next-line jsx-a11y/label-has-associated-control -- the checkbox inside is its control
  <label className="checkbox" data-hinted={hint === undefined ? undefined : true}>
    <Base.Root
      className="checkbox-box"
      data-testid={testId}
      checked={isChecked}
      onCheckedChange={(next) => onChange(next)}
    >
      <Base.Indicator className="checkbox-mark">
        <Check size={12} strokeWidth={2.6} aria-hidden="true" />
      </Base.Indicator>
    </Base.Root>
    {hint === undefined ? (
      label
    ) : (
      <span className="column">
        {label}
        <span className="checkbox-hint">{hint}</span>
      </span>
    )}
  </label>
)
