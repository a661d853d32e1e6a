import './search-bar.css'
import { ArrowDown, ArrowUp, CaseSensitive, Regex, X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import { testId } from '../../lib/test-ids.ts'
import type { Screen } from '../../terminal/screen.ts'
import { IconButton } from '../../ui/button.tsx'

/** Finds text on a screen and in its history. Enter goes to the next, Shift+Enter to the one before, Escape back. */
export const SearchBar = ({ screen }: { readonly screen: Screen }) => {
  const isOpen = useStore(screen.search.state, (state) => state.isOpen)
  return isOpen ? <OpenBar screen={screen} /> : null
}

const OpenBar = ({ screen }: { readonly screen: Screen }) => {
  const { search } = screen
  const state = useStore(search.state)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
    return search.onRefocus(() => {
      field.current?.focus()
      field.current?.select()
    })
  }, [search])
  const close = () => {
    search.close()
    screen.focus()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the field and its buttons
    <div role="search" className="search-bar" data-testid={testId.terminalSearch} onKeyDown={onKey(search, close)}>
      <input
        ref={field}
        className="search-field"
        aria-label="Find in this terminal"
        aria-invalid={state.problem !== null}
        placeholder="Find"
        spellCheck={false}
        autoComplete="off"
        value={state.text}
        onChange={(event) => search.set({ text: event.target.value })}
      />
      <span
        className="search-count num"
        role="status"
        title={state.problem ?? undefined}
        data-testid={testId.terminalSearchCount}
      >
        {countText(state)}
      </span>
      <IconButton
        icon={CaseSensitive}
        label="Match case"
        aria-pressed={state.isCaseSensitive}
        onClick={() => search.set({ isCaseSensitive: !state.isCaseSensitive })}
      />
      <IconButton
        icon={Regex}
        label="Regular expression"
        aria-pressed={state.isRegex}
        onClick={() => search.set({ isRegex: !state.isRegex })}
      />
      <IconButton icon={ArrowUp} label="Previous" keys="Shift Enter" onClick={search.previous} />
      <IconButton icon={ArrowDown} label="Next" keys="Enter" onClick={search.next} />
      <IconButton icon={X} label="Close" keys="Esc" onClick={close} />
    </div>
  )
}

const onKey = (search: Screen['search'], close: () => void) => (event: KeyboardEvent<HTMLElement>) => {
  if (event.key === 'Escape') close()
  else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
    if (event.shiftKey) search.previous()
    else search.next()
  } else return
  event.preventDefault()
  event.stopPropagation()
}

const countText = (state: {
  readonly text: string
  readonly current: number
  readonly count: number
  readonly problem: string | null
}) => {
  if (state.problem !== null) return 'No expression'
  if (state.text === '') return ''
  if (state.count === 0) return 'No results'
  // Beyond the limit of highlights the addon counts without placing the current one.
  return state.current === 0 ? `${state.count}+` : `${state.current} of ${state.count}`
}
