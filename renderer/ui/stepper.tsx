import './stepper.css'
import { Minus, Plus } from 'lucide-react'
import { Icon } from './icon.tsx'

interface StepperProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly onChange: (value: number) => void
}

/** A small whole number. */
export const Stepper = ({ label, value, min, max, onChange }: StepperProps) => (
  <span className="stepper" role="group" aria-label={label}>
    <button type="button" aria-label="Less" disabled={value <= min} onClick={() => onChange(value - 1)}>
      <Icon of={Minus} size={14} />
    </button>
    <output className="num" aria-live="polite">
      {value}
    </output>
    <button type="button" aria-label="More" disabled={value >= max} onClick={() => onChange(value + 1)}>
      <Icon of={Plus} size={14} />
    </button>
  </span>
)
