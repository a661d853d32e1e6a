import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { nextIndex } from '../../lib/roving.ts'
import { useRowFocus, useRowsInSight } from '../../ui/use-rows-in-sight.ts'

interface SightListProps<Row extends { readonly key: string }> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly usualHeight: number
  readonly renderRow: (row: Row) => ReactNode
  /** For a key that is pressed on a row itself. */
  readonly onKey: (row: Row, event: KeyboardEvent) => void
  /** A row to be brought into sight and given the focus, each time another one is handed over. */
  readonly marked?: { readonly key: string } | null
  readonly testId: string
}

const drawnBeyond = 8

/** Rows of which only those in sight are drawn. Arrows walk through them, one of them is reached by Tab. */
export const SightList = <Row extends { readonly key: string }>(props: SightListProps<Row>) => {
  const { label, rows, usualHeight, renderRow, onKey, marked = null, testId } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<{ readonly key: string } | null>(marked)
  const [taken, setTaken] = useState(marked)
  if (marked !== taken) {
    setTaken(marked)
    if (marked !== null) setFocused(marked)
  }
  const active = Math.max(
    0,
    rows.findIndex(({ key }) => key === focused?.key),
  )
  const virtual = useRowsInSight({
    scroller,
    count: rows.length,
    keyOf: (index) => rows[index]?.key ?? '',
    usualHeight,
    gap: 0,
    beyond: drawnBeyond,
    kept: useMemo(() => [active], [active]),
  })
  const focusRow = useRowFocus({
    scroller,
    virtual,
    indexOf: (key) => rows.findIndex((row) => row.key === key),
    marked,
  })
  const onRowKey = (row: Row, event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const next = nextIndex(event.key, active, rows.length)
    const key = next === null ? undefined : rows[next]?.key
    if (key === undefined) return onKey(row, event)
    event.preventDefault()
    focusRow(key)
    setFocused({ key })
  }
  return (
    <div ref={scroller} className="sight-list scroll">
      <ul aria-label={label} data-testid={testId} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index]
          return row === undefined ? null : (
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the row is a stop of the keyboard
            <li
              key={key}
              ref={virtual.measureElement}
              className="sight-row"
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- one tab stop for the list; keys answer the row
              tabIndex={index === active ? 0 : -1}
              style={{ transform: `translateY(${start}px)` }}
              data-index={index}
              data-marked={row.key === marked?.key || undefined}
              onFocus={() => setFocused({ key: row.key })}
              onKeyDown={(event) => onRowKey(row, event)}
            >
              {renderRow(row)}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
