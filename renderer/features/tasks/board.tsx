import './board.css'
import { useEffect, useMemo, useRef, type RefObject } from 'react'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { testId } from '../../lib/test-ids.ts'
import { columnsWith, spotOf } from './board-carry.ts'
import { BoardColumn } from './board-column.tsx'
import type { BoardColumns, BoardQuestion } from './board-columns.ts'
import { columnIds, type ColumnId } from './task-columns.ts'
import { useBoardColumns } from './task-index.tsx'
import { useBoardHand, type Hand } from './use-board-hand.ts'
import type { NewTaskDrafts } from './use-new-task-drafts.ts'

interface BoardProps {
  readonly question: BoardQuestion
  readonly openId: TaskId | null
  readonly drafts: NewTaskDrafts
}

/** The tasks of a project in columns by their state. */
export const Board = ({ question, openId, drafts }: BoardProps) => {
  const columns = useBoardColumns(question)
  const { hand, hint, focus, said, onKeyDown, onFocusCard, cancel } = useBoardHand(columns)
  const drawn = useMemo(
    () => (hand?.by === 'keyboard' || hand?.isDropped === true ? columnsWith(columns, hand.carry) : columns),
    [columns, hand],
  )
  const element = useRef<HTMLDivElement>(null)
  useOpenInView(element, openId)
  const tabStop = tabStopOf(drawn, [focus.id, openId])
  return (
    <div className="board-frame">
      <div
        ref={element}
        className="board scroll"
        data-testid={testId.taskBoard}
        // A card in the hand of the keyboard is put back by a click anywhere.
        onPointerDown={cancel}
      >
        {columnIds.map((column) => (
          <BoardColumn
            key={column}
            column={column}
            ids={drawn[column]}
            hand={touches(hand, column) ? settled(hand) : null}
            hint={hint}
            isTarget={hand !== null && hand.carry.at.column === column && hand.carry.from.column !== column}
            focus={focus}
            tabStop={tabStop !== null && drawn[column].includes(tabStop) ? tabStop : null}
            openId={openId}
            draft={drafts.of[column]}
            onDraft={drafts.set}
            onFocusCard={onFocusCard}
            onCardKey={onKeyDown}
          />
        ))}
      </div>
      <div className="visually-hidden" role="status" aria-live="assertive" data-testid={testId.taskSaid}>
        {said}
      </div>
    </div>
  )
}

/** The detail takes room from the board: the card it belongs to stays in sight. */
const useOpenInView = (board: RefObject<HTMLElement | null>, openId: TaskId | null) => {
  useEffect(() => {
    if (openId === null) return
    board.current?.querySelector(`[data-task="${openId}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [board, openId])
}

const touches = (hand: Hand | null, column: ColumnId): boolean =>
  hand !== null && (hand.carry.at.column === column || hand.carry.from.column === column)

/** A card that was let go is drawn where it was put, whoever put it there, until its fate is known. */
const settled = (hand: Hand | null): Hand | null => (hand?.isDropped === true ? null : hand)

const tabStopOf = (columns: BoardColumns, wanted: readonly (TaskId | null)[]): TaskId | null => {
  const there = wanted.find((id) => id !== null && spotOf(columns, id) !== null)
  return there ?? columnIds.flatMap((column) => columns[column][0] ?? [])[0] ?? null
}
