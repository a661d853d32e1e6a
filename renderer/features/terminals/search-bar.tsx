import { CaseSensitive, Regex } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { testId } from '../../lib/test-ids.ts'
import type { Screen } from '../../terminal/screen.ts'
import { IconButton } from '../../ui/button.tsx'
import { FindBar } from '../../ui/find-bar.tsx'

/** Finds text on a screen and in its history. */
export const SearchBar = ({ screen }: { readonly screen: Screen }) => {
  const isOpen = useStore(screen.search.state, (state) => state.isOpen)
  return isOpen ? <OpenBar screen={screen} /> : null
}

const OpenBar = ({ screen }: { readonly screen: Screen }) => {
  const { search } = screen
  const state = useStore(search.state)
  const [turn, setTurn] = useState(0)
  useEffect(() => search.onRefocus(() => setTurn((before) => before + 1)), [search])
  return (
    <FindBar
      label="Find in this terminal"
      text={state.text}
      words={countText(state)}
      problem={state.problem}
      turn={turn}
      testId={testId.terminalSearch}
      countTestId={testId.terminalSearchCount}
      onText={(text) => search.set({ text })}
      onStep={(by) => (by === 1 ? search.next() : search.previous())}
      onClose={() => {
        search.close()
        screen.focus()
      }}
    >
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
    </FindBar>
  )
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
