import { useEffect, useState } from 'react'
import { startDiffWorker } from '../../lib/diff-markup.ts'
import { diffTheme, syntaxTheme } from './diff-theme.ts'

// Two: a diff in sight is coloured at once, and terminals keep the rest of the machine.
const workers = 2
/** Beyond that a line is shown as it is: colours of a minified file cost seconds and tell nothing. */
export const longestColouredLine = 2_000
/** Beyond that words within a line are not compared. */
const longestComparedLine = 1_000

/** The library that draws diffs. It is large, so it is loaded when the first diff is shown. */
const load = async () => {
  const [{ processFile, parseDiffFromFile, registerCustomTheme }, { CodeView, WorkerPoolContextProvider }] =
    await Promise.all([import('@pierre/diffs'), import('@pierre/diffs/react')])
  registerCustomTheme(diffTheme, () => Promise.resolve(syntaxTheme), 'diffs')
  return { processFile, parseDiffFromFile, CodeView, WorkerPoolContextProvider }
}

export type DiffLibrary = Awaited<ReturnType<typeof load>>

export type Loaded<Value> =
  { readonly kind: 'loading' } | { readonly kind: 'ready'; readonly value: Value } | { readonly kind: 'failed' }

const loading: { promise?: Promise<DiffLibrary> } = {}

export const loadDiffLibrary = (): Promise<DiffLibrary> => (loading.promise ??= load())

export const useDiffLibrary = (): Loaded<DiffLibrary> => {
  const [state, setState] = useState<Loaded<DiffLibrary>>({ kind: 'loading' })
  useEffect(() => {
    void loadDiffLibrary().then(
      (value) => setState({ kind: 'ready', value }),
      () => setState({ kind: 'failed' }),
    )
  }, [])
  return state
}

export const poolOptions = { workerFactory: startDiffWorker, poolSize: workers }

export const highlighterOptions = {
  theme: diffTheme,
  preferredHighlighter: 'shiki-js',
  lineDiffType: 'word-alt',
  tokenizeMaxLineLength: longestColouredLine,
  maxLineDiffLength: longestComparedLine,
} as const
