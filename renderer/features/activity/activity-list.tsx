import { ArrowUp } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import type { ActivityObject } from '../../../shared/contract/activity.ts'
import { nextIndex } from '../../lib/roving.ts'
import { testId } from '../../lib/test-ids.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { useRowFocus, useRowsInSight } from '../../ui/use-rows-in-sight.ts'
import type { ActivityLog, LogState } from './activity-log.ts'
import { EntryCells } from './activity-row.tsx'
import { logItems, type LogItem } from './log-items.ts'

interface ActivityListProps {
  readonly log: ActivityLog
  readonly state: LogState
  /** Null for an object that is shown nowhere. */
  readonly follow: (object: ActivityObject) => (() => void) | null
}

// A line with its reason; the true height is measured when it is drawn.
const usualHeight = 44
const drawnBeyond = 8
/** So near to its end the list is continued. */
const nearEnd = 20
/** Scrolled down by more than this, somebody reads. */
const readingFromPx = 12
const pageRows = 12
/** “Today” becomes “Yesterday” within a minute of midnight. */
const dayLookMs = 60_000

/** The lines of the log. However many there are, only those in sight are drawn. */
export const ActivityList = ({ log, state, follow }: ActivityListProps) => {
  const scroller = useRef<HTMLDivElement>(null)
  const now = useNow(dayLookMs)
  const items = useMemo(() => logItems(state.entries, now), [state.entries, now])
  const [focusedKey, setFocusedKey] = useState<string | null>(null)
  const active = activeIndex(items, focusedKey)
  const virtual = useRowsInSight({
    scroller,
    count: items.length,
    keyOf: (index) => items[index]?.key ?? '',
    usualHeight,
    gap: 0,
    beyond: drawnBeyond,
    kept: useMemo(() => (active === -1 ? [] : [active]), [active]),
  })
  const focusRow = useRowFocus({ scroller, virtual, indexOf: (key) => items.findIndex((item) => item.key === key) })
  const reading = useReading(scroller, log)
  const rows = virtual.getVirtualItems()
  const lastDrawn = rows.at(-1)?.index ?? 0
  const mayGoOn = state.phase === 'ready' && lastDrawn >= items.length - nearEnd
  useEffect(() => {
    if (mayGoOn) log.more()
  }, [log, mayGoOn])

  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const item = items[index]
    if (event.ctrlKey || event.metaKey || event.altKey || item?.kind !== 'entry') return
    const { object } = item.entry
    if (event.key === 'Enter' && event.target === event.currentTarget) {
      const go = object && follow(object)
      if (!go) return
      event.preventDefault()
      return go()
    }
    const to = nextEntryIndex(items, index, event.key)
    const key = to === null ? undefined : items[to]?.key
    if (key === undefined) return
    event.preventDefault()
    focusRow(key)
    setFocusedKey(key)
  }

  return (
    <div className="activity-frame">
      {state.unseen.length === 0 ? null : (
        <div className="activity-new">
          <Button
            size="small"
            variant="primary"
            icon={ArrowUp}
            data-testid={testId.activityNew}
            onClick={() => {
              scroller.current?.scrollTo({ top: 0 })
              log.read(false)
            }}
          >
            {state.unseen.length} new
          </Button>
        </div>
      )}
      <div
        ref={scroller}
        className="activity-list scroll"
        role="grid"
        aria-label="Activity"
        aria-rowcount={items.length}
        aria-busy={state.phase === 'older' || state.phase === 'asking'}
        data-testid={testId.activityList}
        onScroll={reading.onScroll}
        onFocus={reading.onFocus}
        onBlur={reading.onBlur}
      >
        <div role="rowgroup" className="activity-all" style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, start, key }) => {
            const item = items[index]
            return item === undefined ? null : (
              <div
                key={key}
                ref={virtual.measureElement}
                role="row"
                className={item.kind === 'day' ? 'activity-day' : 'activity-row'}
                tabIndex={item.kind === 'day' ? undefined : index === active ? 0 : -1}
                aria-rowindex={index + 1}
                data-index={index}
                data-group={item.kind === 'entry' ? item.entry.group : undefined}
                data-testid={item.kind === 'day' ? testId.activityDay : testId.activityRow}
                style={{ transform: `translateY(${start}px)` }}
                onFocus={() => setFocusedKey(item.key)}
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                <Cell item={item} follow={follow} />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

const Cell = ({ item, follow }: { readonly item: LogItem } & Pick<ActivityListProps, 'follow'>) => {
  if (item.kind === 'day') return <span role="gridcell">{item.text}</span>
  const { object } = item.entry
  const go = object === null ? null : follow(object)
  return (
    <span role="gridcell" className="activity-cells">
      <EntryCells entry={item.entry} onFollow={go} />
    </span>
  )
}

/** The one row that Tab reaches. */
const activeIndex = (items: readonly LogItem[], focusedKey: string | null): number => {
  const focused = items.findIndex(({ key }) => key === focusedKey)
  return focused === -1 ? items.findIndex(({ kind }) => kind === 'entry') : focused
}

/** Where a key leads from a row; headings are passed over. Null when the key means nothing here. */
const nextEntryIndex = (items: readonly LogItem[], index: number, key: string): number | null => {
  const entries = items.flatMap((item, at) => (item.kind === 'entry' ? [at] : []))
  const place = entries.indexOf(index)
  const to =
    key === 'PageDown'
      ? Math.min(entries.length - 1, place + pageRows)
      : key === 'PageUp'
        ? Math.max(0, place - pageRows)
        : nextIndex(key, place, entries.length)
  return to === null ? null : (entries[to] ?? null)
}

/** Who has scrolled down or is in the rows by keyboard reads: nothing moves beneath them. */
const useReading = (scroller: { readonly current: HTMLElement | null }, log: ActivityLog) => {
  const isInside = useRef(false)
  const tell = () => log.read(isInside.current || (scroller.current?.scrollTop ?? 0) > readingFromPx)
  return {
    onScroll: tell,
    onFocus: (event: FocusEvent) => {
      isInside.current = event.target instanceof Element && event.target.matches(':focus-visible')
      tell()
    },
    onBlur: () => {
      isInside.current = false
      tell()
    },
  }
}
