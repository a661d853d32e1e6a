import { useEffect, useImperativeHandle, useMemo, useRef, useState, type RefObject } from 'react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import { useLineNotes, type LineNote, type PickedLines, type ReviewGuide } from '../../lib/line-notes.tsx'
import { useLatest } from '../../lib/use-latest.ts'
import type { Choosing, DiffHandle, DiffSpot } from './diff-pane.tsx'
import type { PatchHunk } from './patch-hunks.ts'
import { firstOf, lastOf, pickedOf, stepPicked, textOf, type Picked } from './picked-lines.ts'
import { useDesk } from './review-context.tsx'

interface PickDeps {
  readonly files: readonly ReviewFile[]
  readonly byPath: ReadonlyMap<string, ReviewFile>
  readonly hunks: (file: ReviewFile) => readonly PatchHunk[] | null
  readonly folded: ReadonlySet<string>
  /** Only what changed since they were viewed is shown of these. */
  readonly since: ReadonlyMap<string, unknown>
  readonly current: string | null
  /** The hunk one is in. */
  readonly spot: DiffSpot | null
  readonly diff: RefObject<DiffHandle | null>
  readonly onPlace: (rawPath: string) => void
  /** Shows every file again. */
  readonly onUnfilter: () => void
}

export interface PickedNow {
  readonly picked: Picked | null
  /** What is marked: the lines that are chosen, else the hunk one is in. */
  readonly spot: DiffSpot | null
  readonly choosing: Choosing
}

/** The lines that are chosen, and what others are told and may ask of them. */
export const usePicked = (deps: PickDeps): PickedNow => {
  const desk = useDesk()
  const notes = useLineNotes()
  const [picked, setPicked] = useState<Picked | null>(null)
  const shown = picked !== null && deps.byPath.has(picked.rawPath) ? picked : null
  const latest = useLatest({ ...deps, picked: shown, notes })
  const hunksOf = useMemo(
    () =>
      (rawPath: string): readonly PatchHunk[] | null => {
        const file = latest.current.byPath.get(rawPath)
        return file === undefined ? [] : latest.current.hunks(file)
      },
    [latest],
  )
  const choosing = useMemo(
    (): Choosing => ({
      onSelect: (selection) => {
        setPicked(selection === null ? null : pickedOf(selection.id, selection.range, hunksOf(selection.id) ?? []))
        if (selection !== null) latest.current.onPlace(selection.id)
      },
      onArrow: (by, isExtending) => {
        const { files, picked: now, current, diff, onPlace, folded, notes: all } = latest.current
        if (all === null) return false
        const rawPaths = files.map(({ rawPath }) => rawPath).filter((rawPath) => !folded.has(rawPath))
        const next = stepPicked({ rawPaths, hunksOf }, { picked: now, begin: current }, by, isExtending)
        if (next === null) return now !== null
        setPicked(next)
        onPlace(next.rawPath)
        diff.current?.toSpot(
          { rawPath: next.rawPath, from: pointOf(next, next.head), to: pointOf(next, next.head) },
          'nearest',
        )
        return true
      },
      onEscape: () => {
        setPicked(null)
        return latest.current.picked !== null
      },
      onAdd: (rawPath, side, line) => {
        const { picked: now, notes: all } = latest.current
        const isInside =
          now !== null && now.rawPath === rawPath && now.side === side && firstOf(now) <= line && line <= lastOf(now)
        const one = isInside ? now : pickedOf(rawPath, { start: line, end: line, side }, hunksOf(rawPath) ?? [])
        setPicked(one)
        latest.current.onPlace(rawPath)
        const lines = describe(one)
        if (lines !== null) all?.onWrite(lines)
      },
    }),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- describe reads what was drawn last
    [hunksOf, latest],
  )

  const describe = (one: Picked): PickedLines | null => {
    const { listing, view } = desk.review.store.getState()
    const file = listing?.files.find(({ rawPath }) => rawPath === one.rawPath)
    const isOld = one.side === 'deletions'
    // What was viewed is neither of the two versions that a comment can be on.
    if (!listing || !file || (isOld && latest.current.since.has(one.rawPath))) return null
    return {
      rawPath: one.rawPath,
      path: isOld ? (file.oldPath ?? file.path) : file.path,
      side: one.side,
      from: firstOf(one),
      to: lastOf(one),
      text: textOf(one, hunksOf(one.rawPath) ?? []),
      snapshot: listing.snapshot,
      view,
      oid: isOld ? file.oldOid : file.newOid,
    }
  }
  const toNote = useNoteFinder(latest, hunksOf, deps.hunks)
  useImperativeHandle(
    desk.guide,
    (): ReviewGuide => ({
      picked: () => {
        const one = latest.current.picked ?? lastChanged(latest.current.spot)
        return one === null ? null : describe(one)
      },
      toNote,
      focus: () => latest.current.diff.current?.focus(),
    }),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- describe reads what was drawn last
    [latest, toNote],
  )
  const spot = useMemo(
    () =>
      shown === null
        ? deps.spot
        : { rawPath: shown.rawPath, from: pointOf(shown, firstOf(shown)), to: pointOf(shown, lastOf(shown)) },
    [deps.spot, shown],
  )
  // Whoever goes to another hunk has left the lines.
  useEffect(() => {
    if (deps.spot !== null) setPicked(null)
  }, [deps.spot])
  return { picked: shown, spot, choosing }
}

const pointOf = ({ side }: Picked, number: number) => ({ side, number })

/** Of a hunk, its last changed line: what most is said of. */
const lastChanged = (spot: DiffSpot | null): Picked | null =>
  spot === null ? null : { rawPath: spot.rawPath, side: spot.to.side, anchor: spot.to.number, head: spot.to.number }

/** Goes to where something hangs, also when the lines there are still on their way. */
const useNoteFinder = (
  latest: RefObject<PickDeps>,
  hunksOf: (rawPath: string) => readonly PatchHunk[] | null,
  hunks: PickDeps['hunks'],
) => {
  const desk = useDesk()
  const awaited = useRef<LineNote | null>(null)
  const go = useMemo(
    () => (note: LineNote) => {
      const { diff } = latest.current
      const { rawPath, side, line } = note
      const known = hunksOf(rawPath)
      awaited.current = known === null && line > 0 ? note : null
      const isShown = known?.some(({ lines }) => lines.some((one) => one.number === line && one.side === side)) === true
      const point = { side, number: line }
      if (isShown) diff.current?.toSpot({ rawPath, from: point, to: point })
      else diff.current?.toFile(rawPath)
    },
    [hunksOf, latest],
  )
  useEffect(() => {
    const file = awaited.current === null ? undefined : latest.current.byPath.get(awaited.current.rawPath)
    if (awaited.current !== null && file !== undefined && hunks(file) !== null) go(awaited.current)
  }, [go, hunks, latest])
  return useMemo(
    () => (note: LineNote) => {
      const { files, folded, onPlace, onUnfilter } = latest.current
      if (!files.some(({ rawPath }) => rawPath === note.rawPath)) onUnfilter()
      if (folded.has(note.rawPath)) desk.toggleFold(note.rawPath)
      onPlace(note.rawPath)
      // What was folded or filtered out is drawn first.
      requestAnimationFrame(() => go(note))
    },
    [desk, go, latest],
  )
}
