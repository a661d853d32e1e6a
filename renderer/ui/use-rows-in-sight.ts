import { defaultRangeExtractor, useVirtualizer, type Range, type Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'

interface RowsInSight {
  readonly scroller: RefObject<HTMLElement | null>
  readonly count: number
  readonly keyOf: (index: number) => string
  /** Of a row that was never drawn; one that is drawn is measured. */
  readonly usualHeight: number
  readonly gap: number
  /** So many more than what is seen, above and below: a quick wheel finds rows, not gaps. */
  readonly beyond: number
  /** These stay, wherever it is scrolled to: one with the focus must not go away beneath it. */
  readonly kept: readonly number[]
}

/** The rows of a long list that are in sight. However many there are, only those are drawn. */
export const useRowsInSight = (wish: RowsInSight): Virtualizer<HTMLElement, HTMLElement> => {
  const { scroller, count, keyOf, usualHeight, gap, beyond, kept } = wish
  // Drawn without a window there is no height to find out.
  const [initialRect] = useState({ width: 240, height: 1_200 })
  const rangeExtractor = useCallback(
    (range: Range) => [...new Set([...defaultRangeExtractor(range), ...kept])].sort((a, b) => a - b),
    [kept],
  )
  // oxlint-disable-next-line react/incompatible-library -- its answers change while it stays the same object, as is known
  return useVirtualizer<HTMLElement, HTMLElement>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => usualHeight,
    getItemKey: keyOf,
    gap,
    overscan: beyond,
    initialRect,
    rangeExtractor,
  })
}

interface RowFocus {
  readonly scroller: RefObject<HTMLElement | null>
  readonly virtual: Virtualizer<HTMLElement, HTMLElement>
  /** Where a row stands now; -1 when it is not there any more. */
  readonly indexOf: (key: string) => number
  /** A row that gets the focus as soon as it is there, each time another value is handed over. */
  readonly marked?: { readonly key: string } | null
}

/**
 * Gives the focus to a row, by its key. One that is far away is drawn before it can have the focus: it is asked for here and
 * given in the drawing after, which the caller brings about. Rows say where they stand by `data-index`.
 */
export const useRowFocus = ({ scroller, virtual, indexOf, marked = null }: RowFocus): ((key: string) => void) => {
  const wanted = useRef<string | null>(null)
  const taken = useRef<RowFocus['marked']>(null)
  useEffect(() => {
    if (marked !== taken.current) {
      taken.current = marked
      wanted.current = marked?.key ?? null
    }
    const index = wanted.current === null ? -1 : indexOf(wanted.current)
    if (index === -1) return
    wanted.current = null
    virtual.scrollToIndex(index, { align: 'auto' })
    scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true })
  })
  return useCallback((key) => {
    wanted.current = key
  }, [])
}
