import { messagePrioritySchema, type MessagePriority } from '../../../shared/contract/mail.ts'
import { testId } from '../../lib/test-ids.ts'
import type { ControlProps } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { priorityHints, priorityWords } from './mail-words.ts'

interface PrioritySelectProps {
  readonly priority: MessagePriority
  readonly onChange: (priority: MessagePriority) => void
  readonly control?: ControlProps
}

export const PrioritySelect = ({ priority, onChange, control }: PrioritySelectProps) => (
  <Select
    {...(control === undefined ? { label: 'Priority' } : { control })}
    value={priority}
    testId={testId.mailPriority}
    options={messagePrioritySchema.options.map((value) => ({
      value,
      label: priorityWords[value],
      hint: priorityHints[value],
    }))}
    onChange={(value) => onChange(value as MessagePriority)}
  />
)
