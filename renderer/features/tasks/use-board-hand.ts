import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useNotices } from '../../lib/notices.tsx'
import { useLatest } from '../../lib/use-latest.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import {
  carryByKey,
  carryTo,
  canWait,
  isMoved,
  neighboursAt,
  neighbourOf,
  pickUp,
  saySpot,
  type Carry,
} from './board-carry.ts'
import { nextOnBoard, type BoardColumns } from './board-columns.ts'
import { isDragOfTask, spotUnder, taskIdOfDrag, type DragLocation } from './board-pointer.ts'
import { dropHint, planDrop } from './drop-plan.ts'
import { useTasksRoom } from './room-context.tsx'
import { carryOut } from './carry-out.ts'

export interface Hand {
  readonly carry: Carry
  readonly by: 'keyboard' | 'pointer'
  /** It was let go, and its fate is being decided. */
  readonly isDropped: boolean
}

/** Where the focus is to be on the board; `turn` counts up, so that asking twice for the same card works. */
export interface BoardFocus {
  readonly id: TaskId | null
  readonly turn: number
}

/** What was typed while a card that was let go was still on its way: it counts after that, on the card with the focus. */
interface WaitingKeys {
  readonly keys: string[]
  press: (card: TaskId | null, key: string) => boolean
}

/** Each key finds the board as the one before it left it; what comes after a further drop waits for that one. */
const replay = (
  { keys, press }: WaitingKeys,
  latest: { readonly current: { readonly hand: Hand | null; readonly focus: BoardFocus } },
) => {
  while (keys.length > 0 && latest.current.hand?.isDropped !== true) {
    const key = keys.shift() ?? ''
    flushSync(() => press(latest.current.focus.id, key))
  }
}

/** The card that is carried over the board, by mouse or by keyboard, and what is said of it to those who do not see it. */
export const useBoardHand = (columns: BoardColumns) => {
  const { stores } = useData()
  const room = useTasksRoom()
  const notices = useNotices()
  const [hand, setHand] = useState<Hand | null>(null)
  const [focus, setFocus] = useState<BoardFocus>({ id: null, turn: 0 })
  const [said, say] = useState('')
  const waiting = useRef<WaitingKeys>({ keys: [], press: () => false })
  const latest = useLatest({ columns, hand, room, focus })

  const moveFocus = useCallback((id: TaskId) => setFocus(({ turn }) => ({ id, turn: turn + 1 })), [])

  const hintAt = useCallback(
    ({ id, at }: Carry): string | null => {
      const task = stores.tasks.get(id)
      return task === undefined ? null : dropHint(planDrop(task, at.column))
    },
    [stores],
  )

  const drop = useCallback(
    async (held: Hand) => {
      const { columns: now, room: here } = latest.current
      const task = stores.tasks.get(held.carry.id)
      if (task === undefined || !isMoved(held.carry)) return setHand(null)
      const dropped = { ...held, isDropped: true }
      setHand(dropped)
      const { below, above } = neighboursAt(now, held.carry)
      const aboveRow = above === null ? undefined : stores.tasks.get(above)
      const others = [...stores.tasks.store.getState().byId.values()].filter(({ id }) => id !== task.id)
      const beforeId = below ?? (aboveRow === undefined ? undefined : nextOnBoard(others, aboveRow))
      await carryOut(here, notices, { task, plan: planDrop(task, held.carry.at.column), beforeId })
      flushSync(() => {
        // The mouse may have taken up another card meanwhile.
        setHand((current) => (current === dropped ? null : current))
        if (held.by === 'keyboard') moveFocus(task.id)
      })
      replay(waiting.current, latest)
      return undefined
    },
    [latest, moveFocus, notices, stores],
  )

  /** A key with a card in the hand. Whether it meant something. */
  const carryOn = useCallback(
    (held: Hand, key: string): boolean => {
      const { columns: now } = latest.current
      const step = carryByKey(now, held.carry, key)
      if (step.kind === 'none') return false
      if (step.kind === 'moved') {
        setHand({ ...held, carry: step.carry })
        moveFocus(held.carry.id)
        say([saySpot(now, held.carry.id, step.carry.at), hintAt(step.carry)].filter(Boolean).join('. '))
      } else if (step.kind === 'dropped') {
        say(`Dropped in ${saySpot(now, held.carry.id, held.carry.at)}.`)
        void drop(held)
      } else {
        setHand(null)
        moveFocus(held.carry.id)
        say(`Cancelled. Back in ${saySpot(now, held.carry.id, held.carry.from)}.`)
      }
      return true
    },
    [drop, hintAt, latest, moveFocus],
  )

  /** A key on a card that lies on the board. Whether it meant something. */
  const actOn = useCallback(
    (id: TaskId, key: string): boolean => {
      const { columns: now, room: here } = latest.current
      if (key === 'Enter') {
        here.open(id, true)
        return true
      }
      if (key !== ' ') {
        const next = neighbourOf(now, id, key)
        if (next !== null) moveFocus(next)
        return next !== null
      }
      const carry = pickUp(now, id)
      const task = stores.tasks.get(id)
      if (carry === null || task === undefined) return true
      setHand({ carry, by: 'keyboard', isDropped: false })
      say(
        `Picked up ${task.key} ${visibleLine(task.title)}. ${saySpot(now, id, carry.at)}. Arrows move it, Space drops it, Escape cancels.`,
      )
      return true
    },
    [latest, moveFocus, stores],
  )

  const press = useCallback(
    (card: TaskId | null, key: string): boolean => {
      const { hand: held } = latest.current
      if (held?.by === 'keyboard') return carryOn(held, key)
      // A button within the card has its keys to itself.
      return card !== null && actOn(card, key)
    },
    [actOn, carryOn, latest],
  )

  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const card = event.target instanceof HTMLElement ? event.target.dataset['task'] : undefined
      const { hand: held } = latest.current
      if (held?.isDropped === true) {
        if (card === undefined || !canWait(event.key, waiting.current.keys)) return
        waiting.current.keys.push(event.key)
      } else if (!press((card as TaskId | undefined) ?? null, event.key)) return
      event.preventDefault()
      if (held?.by === 'keyboard') event.stopPropagation()
    },
    [latest, press],
  )

  useLayoutEffect(() => {
    waiting.current.press = press
  })

  usePointer({ setHand, drop, latest })
  const isGone = hand !== null && stores.tasks.get(hand.carry.id) === undefined
  return {
    hand: isGone ? null : hand,
    hint: hand === null || hand.isDropped ? null : hintAt(hand.carry),
    focus,
    said,
    onKeyDown,
    onFocusCard: useCallback((id: TaskId) => setFocus((now) => (now.id === id ? now : { id, turn: now.turn })), []),
    cancel: useCallback(() => setHand((now) => (now?.by === 'keyboard' && !now.isDropped ? null : now)), []),
  }
}

interface PointerParts {
  readonly setHand: (hand: Hand | null) => void
  readonly drop: (hand: Hand) => Promise<void>
  readonly latest: { readonly current: { readonly columns: BoardColumns; readonly hand: Hand | null } }
}

/** The mouse: the card stays where it was until it is let go, and the place it would take is kept free. */
const usePointer = ({ setHand, drop, latest }: PointerParts) => {
  const monitor = useMemo(() => {
    const follow = (location: DragLocation) => {
      const { columns, hand } = latest.current
      if (hand === null || hand.isDropped) return
      const spot = spotUnder(location, columns, hand.carry.id) ?? hand.carry.from
      const carry = carryTo(columns, hand.carry, spot)
      if (carry.at.column !== hand.carry.at.column || carry.at.index !== hand.carry.at.index)
        setHand({ ...hand, carry })
    }
    return () =>
      monitorForElements({
        canMonitor: isDragOfTask,
        onDragStart: ({ source }) => {
          const carry = pickUp(latest.current.columns, taskIdOfDrag(source))
          if (carry !== null) setHand({ carry, by: 'pointer', isDropped: false })
        },
        onDrag: ({ location }) => follow(location.current),
        onDropTargetChange: ({ location }) => follow(location.current),
        onDrop: ({ location }) => {
          const { columns, hand } = latest.current
          if (hand === null) return
          const spot = spotUnder(location.current, columns, hand.carry.id)
          if (spot === null) setHand(null)
          else void drop({ ...hand, carry: carryTo(columns, hand.carry, spot) })
        },
      })
  }, [setHand, drop, latest])
  useEffect(() => monitor(), [monitor])
}
