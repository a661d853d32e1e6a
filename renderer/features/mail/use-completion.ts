import { useId, useState, type KeyboardEvent } from 'react'
import type { AddressOption } from './addresses.ts'

/** Choosing from what fits while the focus stays in the field. */
export interface Completion {
  readonly listId: string
  readonly options: readonly AddressOption[]
  readonly activeIndex: number
  /** For the field, as a combobox of the list. */
  readonly field: {
    readonly 'aria-autocomplete': 'list'
    readonly 'aria-controls': string | undefined
    readonly 'aria-activedescendant': string | undefined
  }
  readonly optionId: (index: number) => string
  readonly setActive: (index: number) => void
  readonly choose: (index: number) => void
  /** True when the key was for the list. */
  readonly onKey: (event: KeyboardEvent) => boolean
}

interface Wish {
  /** Empty while the list is shut. */
  readonly options: readonly AddressOption[]
  readonly onChoose: (option: AddressOption) => void
  readonly onDismiss: () => void
}

export const useCompletion = ({ options, onChoose, onDismiss }: Wish): Completion => {
  const listId = useId()
  const [active, setActive] = useState(0)
  const activeIndex = Math.min(active, Math.max(0, options.length - 1))
  const optionId = (index: number) => `${listId}-${index}`
  const choose = (index: number) => {
    const option = options[index]
    setActive(0)
    if (option !== undefined) onChoose(option)
  }
  const isOpen = options.length > 0
  return {
    listId,
    options,
    activeIndex,
    field: {
      'aria-autocomplete': 'list',
      'aria-controls': isOpen ? listId : undefined,
      'aria-activedescendant': isOpen ? optionId(activeIndex) : undefined,
    },
    optionId,
    setActive,
    choose,
    onKey: (event) => {
      if (!isOpen || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false
      const next = stepOf(event.key, activeIndex, options.length)
      if (next !== null) setActive(next)
      else if (event.key === 'Enter' || event.key === 'Tab') choose(activeIndex)
      else if (event.key === 'Escape') onDismiss()
      else return false
      event.preventDefault()
      event.stopPropagation()
      return true
    },
  }
}

/** Round from the last to the first; null for any other key. */
export const stepOf = (key: string, index: number, count: number): number | null => {
  if (key === 'ArrowDown') return (index + 1) % count
  return key === 'ArrowUp' ? (index - 1 + count) % count : null
}
