import type { ISearchOptions, SearchAddon } from '@xterm/addon-search'
import { describe, expect, it } from 'vitest'
import { createScreenSearch } from './screen-search.ts'

type Results = { readonly resultIndex: number; readonly resultCount: number }

/** An addon that finds what the test says. */
const createAddon = (results: Results | null) => {
  const calls: (readonly [string, string, ISearchOptions | undefined])[] = []
  const counts = { cleared: 0 }
  let tell: (results: Results) => void = () => {}
  const find = (direction: string) => (text: string, options?: ISearchOptions) => {
    calls.push([direction, text, options])
    if (results !== null) tell(results)
    return results !== null
  }
  const addon = {
    findNext: find('next'),
    findPrevious: find('previous'),
    clearDecorations: () => void (counts.cleared += 1),
    onDidChangeResults: (listener: typeof tell) => {
      tell = listener
      return { dispose: () => void (tell = () => {}) }
    },
  } as unknown as SearchAddon
  const match = { background: '#111111', activeBackground: '#222222', activeBorder: '#333333' }
  return { calls, counts, search: createScreenSearch(addon, () => match) }
}

describe('finding text on a screen', () => {
  it('begins with a selected word, at the newest text', () => {
    const { calls, search } = createAddon({ resultIndex: 4, resultCount: 5 })
    search.open('word')
    expect(calls.at(-1)).toMatchObject(['previous', 'word', { caseSensitive: false, regex: false }])
    expect(search.state.getState()).toMatchObject({ isOpen: true, text: 'word', current: 5, count: 5 })
  })

  it('keeps what was last looked for when the selection is no word', () => {
    const { search } = createAddon({ resultIndex: 0, resultCount: 1 })
    search.open('word')
    search.close()
    search.open('two\nlines')
    expect(search.state.getState().text).toBe('word')
    search.open('x'.repeat(500))
    expect(search.state.getState().text).toBe('word')
  })

  it('brings the focus back when it is opened while it is open', () => {
    const { search } = createAddon(null)
    let focused = 0
    search.open('')
    const stop = search.onRefocus(() => (focused += 1))
    search.open('')
    stop()
    search.open('')
    expect(focused).toBe(1)
  })

  it('looks again from scratch when what counts as a match changes', () => {
    const { calls, counts, search } = createAddon({ resultIndex: 0, resultCount: 2 })
    search.open('a')
    search.set({ isCaseSensitive: true })
    expect(counts.cleared).toBe(1)
    expect(calls.at(-1)).toMatchObject(['next', 'a', { caseSensitive: true, incremental: true }])
  })

  it('says that an expression cannot be read, and asks the addon nothing', () => {
    const { calls, search } = createAddon({ resultIndex: 0, resultCount: 2 })
    search.open('a')
    search.set({ isRegex: true, text: '[' })
    expect(calls).toHaveLength(1)
    expect(search.state.getState()).toMatchObject({ count: 0, current: 0 })
    expect(search.state.getState().problem).toContain('character class')
    search.set({ text: '[a]' })
    expect(search.state.getState()).toMatchObject({ count: 2, problem: null })
  })

  it('counts nothing when nothing is found', () => {
    const { search } = createAddon(null)
    search.open('a')
    search.next()
    search.previous()
    expect(search.state.getState()).toMatchObject({ current: 0, count: 0 })
  })

  it('marks nothing once it is closed', () => {
    const { calls, counts, search } = createAddon({ resultIndex: 0, resultCount: 2 })
    search.open('a')
    search.close()
    search.refresh()
    expect(calls).toHaveLength(1)
    expect(counts.cleared).toBe(1)
    search.dispose()
  })
})
