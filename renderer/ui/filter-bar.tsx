import './filter-bar.css'
import { Check, ChevronDown, ListFilter, type LucideIcon } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { toggled } from '../lib/toggled.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { Menu } from './menu.tsx'

interface FilterBarProps {
  /** Above a list at the side of a screen: its text takes what room there is. */
  readonly isNarrow?: boolean
  readonly ref?: Ref<HTMLDivElement>
  readonly children: ReactNode
}

/** A line of choices above a list: which of it is shown. */
export const FilterBar = ({ isNarrow = false, ref, children }: FilterBarProps) => (
  <div className="filter-bar" data-narrow={isNarrow || undefined} ref={ref}>
    {children}
  </div>
)

interface FilterTextProps {
  readonly text: string
  readonly onText: (text: string) => void
  readonly placeholder: string
  /** Its name for those who do not see it. */
  readonly label: string
  readonly testId: string
}

/** Words that what is shown has in it. Escape empties the field before it means anything else. */
export const FilterText = ({ text, onText, placeholder, label, testId }: FilterTextProps) => (
  <label className="input filter-bar-text" data-size="small">
    <Icon of={ListFilter} size={14} />
    <input
      type="text"
      placeholder={placeholder}
      aria-label={label}
      maxLength={200}
      value={text}
      data-testid={testId}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || text === '') return
        event.preventDefault()
        onText('')
      }}
    />
  </label>
)

interface FilterMenuProps<Value extends string | number> {
  readonly name: string
  readonly values: readonly Value[]
  /** Empty for all of them. */
  readonly chosen: readonly Value[]
  readonly wordOf: (value: Value) => string
  readonly onChosen: (chosen: Value[]) => void
  readonly testId: string
}

/** Several values to choose from; each is put in or taken out. */
export const FilterMenu = <Value extends string | number>(props: FilterMenuProps<Value>) => {
  const { name, values, chosen, wordOf, onChosen, testId } = props
  return (
    <Menu
      align="start"
      entries={values.map((value) => ({
        kind: 'item',
        id: String(value),
        label: wordOf(value),
        ...checked(chosen.includes(value)),
        onChoose: () => onChosen(toggled(chosen, value)),
      }))}
    >
      <Button variant="ghost" iconAfter={ChevronDown} data-filter={name} data-testid={testId}>
        {chosen.length === 0 ? name : <span className="cut filter-bar-chosen">{chosen.map(wordOf).join(', ')}</span>}
      </Button>
    </Menu>
  )
}

/** The mark of an entry that is chosen. */
export const checked = (isChecked: boolean): { icon?: LucideIcon } => (isChecked ? { icon: Check } : {})
