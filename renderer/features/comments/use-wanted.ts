import { useEffect, useRef } from 'react'
import { useLatest } from '../../lib/use-latest.ts'
import type { CommentsDesk } from './comments-context.tsx'

/** Puts the focus on something that is wanted, once for each time it is, and once it is drawn. */
export const useWanted = (id: string, wanted: CommentsDesk['wanted'], focus: () => void): void => {
  const taken = useRef(0)
  const latest = useLatest(focus)
  const turn = wanted?.id === id ? wanted.turn : 0
  useEffect(() => {
    if (turn === 0 || turn === taken.current) return
    taken.current = turn
    latest.current()
  }, [latest, turn])
}
