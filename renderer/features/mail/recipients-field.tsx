import { X } from 'lucide-react'
import { useRef, useState } from 'react'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import type { ControlProps } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { matchAddresses, type AddressOption } from './addresses.ts'
import { CompletionList } from './completion-list.tsx'
import { useCompletion } from './use-completion.ts'
import { useAddressTexts } from './use-mail.ts'

interface RecipientsFieldProps {
  readonly to: readonly string[]
  readonly options: readonly AddressOption[]
  readonly onChange: (to: readonly string[]) => void
  readonly control?: ControlProps
  readonly isSmall?: boolean
}

/** Those a message goes to. Typing finds sessions, roles and everyone; Backspace takes the last one off. */
export const RecipientsField = ({ to, options, onChange, control, isSmall = false }: RecipientsFieldProps) => {
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const texts = useAddressTexts(to)
  const completion = useCompletion({
    options: isOpen ? matchAddresses(options, typed, to) : [],
    onChoose: ({ value }) => {
      setTyped('')
      setOpen(false)
      onChange([...to, value])
    },
    onDismiss: () => setOpen(false),
  })
  const takeOff = (address: string) => {
    onChange(to.filter((other) => other !== address))
    input.current?.focus()
  }
  return (
    <div className="recipients">
      <div
        role="presentation"
        className="input recipients-box"
        data-size={isSmall ? 'small' : undefined}
        onMouseDown={(event) => {
          if (event.target !== event.currentTarget) return
          event.preventDefault()
          input.current?.focus()
        }}
      >
        {to.map((address, index) => (
          <span key={address} className="tag recipient" data-testid={testId.mailRecipient}>
            <span className="cut">{visibleLine(texts[index] ?? address)}</span>
            <button
              type="button"
              className="recipient-remove"
              aria-label={`Take off ${visibleLine(texts[index] ?? address)}`}
              onClick={() => takeOff(address)}
            >
              <Icon of={X} size={12} />
            </button>
          </span>
        ))}
        <input
          {...control}
          {...completion.field}
          ref={input}
          type="text"
          role="combobox"
          aria-controls={completion.listId}
          aria-expanded={completion.options.length > 0}
          aria-label={control === undefined ? 'Recipients' : undefined}
          placeholder={to.length === 0 ? 'A session, a role, or everyone' : ''}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={typed}
          data-testid={testId.mailTo}
          onChange={(event) => {
            setTyped(event.target.value)
            setOpen(true)
          }}
          onClick={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={(event) => {
            if (completion.onKey(event)) return
            if (event.key === 'ArrowDown' || (event.key === 'Enter' && !event.ctrlKey && !event.metaKey)) {
              event.preventDefault()
              setOpen(true)
            }
            const last = to.at(-1)
            if (event.key === 'Backspace' && typed === '' && last !== undefined) takeOff(last)
          }}
        />
      </div>
      <CompletionList completion={completion} label="Who could be meant" />
    </div>
  )
}
