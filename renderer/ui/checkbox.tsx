import './checkbox.css'
import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'

interface CheckboxProps {
  readonly label: string
  readonly isChecked: boolean
  readonly onChange: (isChecked: boolean) => void
}

export const Checkbox = ({ label, isChecked, onChange }: CheckboxProps) => (
  // eslint-disable-next-line jsx-a11y/label-has-associated-control -- the checkbox inside is its control
  <label className="checkbox">
    <Base.Root className="checkbox-box" checked={isChecked} onCheckedChange={(next) => onChange(next)}>
      <Base.Indicator className="checkbox-mark">
        <Check size={12} strokeWidth={2.6} aria-hidden="true" />
      </Base.Indicator>
    </Base.Root>
    {label}
  </label>
)
