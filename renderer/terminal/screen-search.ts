import type { SearchAddon } from '@xterm/addon-search'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TerminalTheme } from './terminal-theme.ts'

export interface SearchState {
  readonly isOpen: boolean
  readonly text: string
  readonly isCaseSensitive: boolean
  readonly isRegex: boolean
  /** From 1; 0 when nothing is found. */
  readonly current: number
  readonly count: number
  /** The expression cannot be read. */
  readonly problem: string | null
}

export interface ScreenSearch {
  readonly state: StoreApi<SearchState>
  /** Opens it, with a selected word if there is one; the same again only brings the focus back. */
  readonly open: (selection: string) => void
  readonly close: () => void
  readonly set: (changes: Partial<Pick<SearchState, 'text' | 'isCaseSensitive' | 'isRegex'>>) => void
  readonly next: () => void
  readonly previous: () => void
  /** Calls back when it is opened while it is open: the focus belongs in its field again. */
  readonly onRefocus: (listener: () => void) => () => void
  /** Colours changed, or the screen was drawn anew: marks what is found again. */
  readonly refresh: () => void
  readonly dispose: () => void
}

// A selection that is longer was not made to be searched for.
const maxSeedLength = 200

/** Finds text on one screen and in its history. */
export const createScreenSearch = (addon: SearchAddon, match: () => TerminalTheme['match']): ScreenSearch => {
  const state = createStore<SearchState>(() => closedSearch)
  const results = addon.onDidChangeResults(({ resultIndex, resultCount }) => {
    state.setState({ current: resultIndex + 1, count: resultCount })
  })
  const refocusListeners = new Set<() => void>()
  const find = (direction: 'next' | 'previous', isIncremental: boolean) => {
    const { isOpen, text, isCaseSensitive, isRegex } = state.getState()
    const problem = isRegex ? regexProblem(text) : null
    state.setState({ problem })
    if (!isOpen || text === '' || problem !== null) {
      addon.clearDecorations()
      return state.setState({ current: 0, count: 0 })
    }
    const options = {
      caseSensitive: isCaseSensitive,
      regex: isRegex,
      incremental: isIncremental,
      decorations: decorationsOf(match()),
    }
    const isFound = direction === 'next' ? addon.findNext(text, options) : addon.findPrevious(text, options)
    return isFound ? undefined : state.setState({ current: 0, count: 0 })
  }

  return {
    state,
    open: (selection) => {
      const seed = selection.includes('\n') || selection.length > maxSeedLength ? '' : selection
      state.setState(seed === '' ? { isOpen: true } : { isOpen: true, text: seed })
      // The newest text is at the end: that is where looking begins.
      find('previous', false)
      for (const listener of refocusListeners) listener()
    },
    onRefocus: (listener) => {
      refocusListeners.add(listener)
      return () => refocusListeners.delete(listener)
    },
    close: () => {
      addon.clearDecorations()
      state.setState({ isOpen: false, current: 0, count: 0 })
    },
    set: (changes) => {
      state.setState(changes)
      // The addon keeps its marks while the text is the same, also when what counts as a match is not.
      addon.clearDecorations()
      find('next', true)
    },
    next: () => find('next', false),
    previous: () => find('previous', false),
    refresh: () => {
      if (state.getState().isOpen) find('next', true)
    },
    dispose: () => results.dispose(),
  }
}

const closedSearch: SearchState = {
  isOpen: false,
  text: '',
  isCaseSensitive: false,
  isRegex: false,
  current: 0,
  count: 0,
  problem: null,
}

const decorationsOf = ({ background, activeBackground, activeBorder }: TerminalTheme['match']) => ({
  matchBackground: background,
  activeMatchBackground: activeBackground,
  activeMatchBorder: activeBorder,
  matchOverviewRuler: background,
  activeMatchColorOverviewRuler: activeBorder,
})

const regexProblem = (source: string): string | null => {
  try {
    RegExp(source)
    return null
  } catch (error) {
    // A SyntaxError: while an expression is being typed most of its beginnings are none.
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error)
  }
}
