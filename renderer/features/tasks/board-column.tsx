import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { Play, Plus } from 'lucide-react'
import { memo, useEffect, useMemo, useRef, type KeyboardEvent } from 'react'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { testId } from '../../lib/test-ids.ts'
import { Count } from '../../ui/bits.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useRowsInSight } from '../../ui/use-rows-in-sight.ts'
import { columnItems, type ColumnItem } from './column-items.ts'
import { NewTaskField } from './new-task-field.tsx'
import { OlderTasks } from './older-tasks.tsx'
import { TaskCard } from './task-card.tsx'
import { columns, type ColumnId } from './task-columns.ts'
import type { BoardFocus, Hand } from './use-board-hand.ts'
import type { NewTaskDraft } from './use-new-task-drafts.ts'

interface BoardColumnProps {
  readonly column: ColumnId
  readonly ids: readonly TaskId[]
  /** Only while it touches this column. */
  readonly hand: Hand | null
  /** What letting the card go here would do. */
  readonly hint: string | null
  readonly isTarget: boolean
  readonly focus: BoardFocus
  /** The card that Tab comes to, when it is in this column. */
  readonly tabStop: TaskId | null
  readonly openId: TaskId | null
  readonly draft: NewTaskDraft
  readonly onDraft: (column: ColumnId, draft: NewTaskDraft) => void
  readonly onFocusCard: (id: TaskId) => void
  readonly onCardKey: (event: KeyboardEvent<HTMLElement>) => void
}

/** One column. However many cards it holds, only those in sight are there. */
export const BoardColumn = memo((props: BoardColumnProps) => {
  const { column, ids, draft, onDraft } = props
  const { name, birthState, emptyText } = columns[column]
  const element = useRef<HTMLElement>(null)
  useEffect(
    () =>
      element.current === null
        ? undefined
        : dropTargetForElements({ element: element.current, getData: () => ({ column }), getIsSticky: () => false }),
    [column],
  )
  return (
    <section
      ref={element}
      className="board-column"
      aria-label={`${name}, ${ids.length === 1 ? '1 task' : `${ids.length} tasks`}`}
      data-target={props.isTarget || undefined}
      data-column={column}
      data-testid={testId.taskColumn}
    >
      <header className="board-column-header">
        <h2>{name}</h2>
        <Count value={ids.length} />
        <span className="spacer" />
        {birthState === null ? null : (
          <IconButton
            icon={Plus}
            label={birthState === 'draft' ? 'New draft' : 'New task'}
            data-testid={testId.taskColumnAdd}
            onClick={() => onDraft(column, { ...draft, isOpen: true })}
          />
        )}
      </header>
      <Cards {...props} />
      {ids.length === 0 && !draft.isOpen ? <p className="board-column-empty">{emptyText}</p> : null}
      {column === 'done' && ids.length > 0 ? <OlderTasks /> : null}
      {birthState !== null && draft.isOpen ? (
        <NewTaskField
          state={birthState}
          text={draft.text}
          onText={(text) => onDraft(column, { text, isOpen: true })}
          onClose={() => onDraft(column, { ...draft, isOpen: false })}
        />
      ) : null}
      {props.isTarget && props.hint !== null ? (
        <p className="board-hint" data-testid={testId.taskDropHint}>
          <Icon of={Play} size={14} />
          {props.hint}
        </p>
      ) : null}
    </section>
  )
})
BoardColumn.displayName = 'BoardColumn'

// A title of one line and a badge; the true height is measured when a card is drawn.
const usualCardHeight = 78
const cardGap = 8
const drawnBeyond = 6

const keyOf = (item: ColumnItem | undefined) => (item?.kind === 'card' ? item.id : 'slot')

const Cards = ({ column, ids, hand, focus, tabStop, openId, onFocusCard, onCardKey }: BoardColumnProps) => {
  const scroller = useRef<HTMLDivElement>(null)
  const items = useMemo(() => columnItems(column, ids, hand), [column, ids, hand])
  const heldId = hand?.carry.id ?? null
  // Cards that have the focus or are carried stay, wherever the column is scrolled to.
  const kept = useMemo(
    () => items.flatMap((item, at) => (item.kind === 'card' && [tabStop, heldId].includes(item.id) ? [at] : [])),
    [items, tabStop, heldId],
  )
  const virtual = useRowsInSight({
    scroller,
    count: items.length,
    keyOf: (index) => keyOf(items[index]),
    usualHeight: usualCardHeight,
    gap: cardGap,
    beyond: drawnBeyond,
    kept,
  })
  useFocusedCard(scroller, items, focus, (index) => virtual.scrollToIndex(index, { align: 'auto' }))
  return (
    <div ref={scroller} className="board-cards scroll">
      <div role="list" className="board-cards-all" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const item = items[index]
          return item === undefined ? null : (
            <div
              key={key}
              ref={virtual.measureElement}
              role="listitem"
              className="board-card-place"
              data-index={index}
              style={{ transform: `translateY(${start}px)` }}
            >
              {item.kind === 'slot' ? (
                <div className="board-slot" data-testid={testId.taskSlot} />
              ) : (
                <TaskCard
                  id={item.id}
                  look={item.look}
                  isOpen={item.id === openId}
                  isTabStop={item.id === tabStop}
                  onFocus={onFocusCard}
                  onKeyDown={onCardKey}
                />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** Gives the focus to the card that is to have it, once for each time it is asked for. */
const useFocusedCard = (
  scroller: { readonly current: HTMLElement | null },
  items: readonly ColumnItem[],
  focus: BoardFocus,
  show: (index: number) => void,
) => {
  const done = useRef(0)
  useEffect(() => {
    if (focus.id === null || focus.turn === done.current) return
    const index = items.findIndex((item) => item.kind === 'card' && item.id === focus.id)
    if (index === -1) return
    done.current = focus.turn
    show(index)
    scroller.current?.querySelector<HTMLElement>(`[data-task="${focus.id}"]`)?.focus({ preventScroll: true })
  })
}
