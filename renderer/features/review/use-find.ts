import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { mostPatches, type ReviewFile } from '../../../shared/contract/review.ts'
import { useData } from '../../data/data-context.tsx'
import { patchKey } from '../../data/review.ts'
import { settle } from '../../data/settle.ts'
import { useLatest } from '../../lib/use-latest.ts'
import type { DiffSpot } from './diff-pane.tsx'
import { hasLines } from './diff-items.ts'
import { findInPatch, type Match } from './patch-hunks.ts'
import { useDesk, useReviewState } from './review-context.tsx'

export interface Finding {
  readonly isOpen: boolean
  readonly text: string
  /** Counts up when it is asked for, so that asking again selects what was typed. */
  readonly turn: number
  /** "3 of 17". */
  readonly words: string
  readonly spot: DiffSpot | null
  readonly open: () => void
  readonly close: () => void
  readonly setText: (text: string) => void
  readonly step: (by: 1 | -1) => void
}

/** A search reads no more files than these: beyond, the filter of the files says better what is meant. */
const mostSearched = 2_000

/** Finds text in the lines of every file that is shown, read or not. */
export const useFind = (files: readonly ReviewFile[], onGo: (spot: DiffSpot) => void): Finding => {
  const [{ isOpen, turn }, setOpen] = useState({ isOpen: false, turn: 0 })
  const [text, setText] = useState('')
  const [at, setAt] = useState<number | null>(null)
  const { patches, isReading, forget } = useAllPatches(files, isOpen)
  const whitespace = useReviewState((state) => state.whitespace)
  const matches = useMemo((): readonly Match[] => {
    if (!isOpen || text === '') return []
    return files.flatMap((file) => findInPatch(file.rawPath, patches.get(patchKey(file, whitespace)) ?? '', text))
  }, [isOpen, text, files, patches, whitespace])
  const latest = useLatest({ matches, at, onGo })
  const asked = useRef<1 | -1 | null>(null)
  const match = at === null ? undefined : matches[at]
  const spot = useMemo(() => (match === undefined ? null : spotOf(match)), [match])
  const { step, open, close } = useMemo(
    () => ({
      step: (by: 1 | -1) => {
        const { matches: found, at: before, onGo: go } = latest.current
        asked.current = found.length === 0 ? by : null
        if (found.length === 0) return
        const next = before === null ? (by === 1 ? 0 : found.length - 1) : (before + by + found.length) % found.length
        setAt(next)
        const one = found[next]
        if (one !== undefined) go(spotOf(one))
      },
      open: () => setOpen((state) => ({ isOpen: true, turn: state.turn + 1 })),
      close: () => {
        setOpen((state) => ({ ...state, isOpen: false }))
        setAt(null)
        forget()
      },
    }),
    [forget, latest],
  )
  // Asked for before anything was read: then the first that is found is gone to.
  const isFound = matches.length > 0
  useEffect(() => {
    if (isFound && asked.current !== null) step(asked.current)
  }, [isFound, step])
  return {
    isOpen,
    text,
    turn,
    spot,
    words: findWords({ text, at, count: matches.length, isReading, isCut: files.length > mostSearched }),
    open,
    close,
    step,
    setText: (next) => {
      setText(next)
      setAt(null)
      asked.current = null
    },
  }
}

const spotOf = ({ rawPath, side, number }: Match): DiffSpot => ({
  rawPath,
  from: { side, number },
  to: { side, number },
})

interface FindState {
  readonly text: string
  readonly at: number | null
  readonly count: number
  readonly isReading: boolean
  readonly isCut: boolean
}

export const findWords = ({ text, at, count, isReading, isCut }: FindState): string => {
  if (text === '') return ''
  if (count === 0) return isReading ? 'Reading…' : 'No results'
  const more = isReading || isCut ? '+' : ''
  return at === null ? `${count}${more} found` : `${at + 1} of ${count}${more}`
}

/** The patches of all files while a search is open, one batch after the other. */
const useAllPatches = (files: readonly ReviewFile[], isWanted: boolean) => {
  const { api } = useData()
  const { review, worktreeId } = useDesk()
  const [patches, setPatches] = useState<ReadonlyMap<string, string>>(new Map())
  const [isReading, setReading] = useState(false)
  const known = useLatest(patches)
  useEffect(() => {
    if (!isWanted) return undefined
    const { listing, view, whitespace } = review.store.getState()
    if (listing === null) return undefined
    const reading = { isOver: false }
    const missing = files
      .slice(0, mostSearched)
      .filter((file) => hasLines(file) && !known.current.has(patchKey(file, whitespace)))
    const readAll = async () => {
      setReading(missing.length > 0)
      for (let from = 0; from < missing.length && !reading.isOver; from += mostPatches) {
        const batch = new Map(missing.slice(from, from + mostPatches).map((file) => [file.rawPath, file]))
        const wish = { worktreeId, snapshot: listing.snapshot, view, whitespace, rawPaths: [...batch.keys()] }
        // oxlint-disable-next-line no-await-in-loop -- one after the other: what is looked at is asked for in between
        const result = await settle(api.review.patches(wish))
        // What is stale is read again by the listing, which comes here with its new files.
        if (!result.ok || reading.isOver) break
        const came = result.value.flatMap(({ rawPath, patch }) => {
          const file = batch.get(rawPath)
          return file === undefined ? [] : [[patchKey(file, whitespace), patch] as const]
        })
        setPatches((before) => new Map([...before, ...came]))
      }
      if (!reading.isOver) setReading(false)
    }
    void readAll()
    return () => {
      reading.isOver = true
    }
  }, [api, files, isWanted, known, review, worktreeId])
  return { patches, isReading, forget: useCallback(() => setPatches(new Map()), []) }
}
