import type { DiffSide } from '../../lib/line-notes.tsx'
import type { PatchHunk, PatchLine } from './patch-hunks.ts'

/** Lines of one side of a file that a person chose. `head` is the end that moves. */
export interface Picked {
  readonly rawPath: string
  readonly side: DiffSide
  readonly anchor: number
  readonly head: number
}

export const firstOf = ({ anchor, head }: Picked): number => Math.min(anchor, head)
export const lastOf = ({ anchor, head }: Picked): number => Math.max(anchor, head)

interface SelectedRange {
  readonly start: number
  readonly side?: DiffSide
  readonly end: number
  readonly endSide?: DiffSide
}

/**
 * What was chosen with the pointer. Over both sides it is the side of its end alone; a line that both have is taken as the
 * new one, whichever column it was chosen in.
 */
export const pickedOf = (rawPath: string, range: SelectedRange, hunks: readonly PatchHunk[]): Picked => {
  const side = range.endSide ?? range.side ?? 'additions'
  const start = (range.side ?? side) === side ? range.start : range.end
  const lines = hunks.flatMap((hunk) => hunk.lines)
  const newNumber = (number: number) => lines.find(({ old }) => old === number)?.number
  const [anchor, head] = [newNumber(start), newNumber(range.end)]
  if (side === 'deletions' && anchor !== undefined && head !== undefined)
    return { rawPath, side: 'additions', anchor, head }
  return { rawPath, side, anchor: start, head: range.end }
}

/** The text of chosen lines; null where not all of them are at hand. */
export const textOf = (picked: Picked, hunks: readonly PatchHunk[]): string[] | null => {
  const [from, to] = [firstOf(picked), lastOf(picked)]
  const isIn = ({ side, number }: PatchLine) => side === picked.side && number >= from && number <= to
  const lines = hunks.flatMap((hunk) => hunk.lines.filter(isIn))
  return lines.length === to - from + 1 ? lines.map(({ text }) => text) : null
}

interface Files {
  /** In their order. */
  readonly rawPaths: readonly string[]
  /** Null while the lines of a file are on their way. */
  readonly hunksOf: (rawPath: string) => readonly PatchHunk[] | null
}

/**
 * One line on or back, over the ends of hunks and files; from `begin` when none is chosen. Extended, it stays on its side and
 * in its file. Null where there is no further line.
 */
export const stepPicked = (
  { rawPaths, hunksOf }: Files,
  { picked, begin }: { readonly picked: Picked | null; readonly begin: string | null },
  by: 1 | -1,
  isExtending: boolean,
): Picked | null => {
  const linesOf = (rawPath: string) => hunksOf(rawPath)?.flatMap((hunk) => hunk.lines) ?? []
  const at = picked === null ? -1 : linesOf(picked.rawPath).findIndex(isLine(picked.side, picked.head))
  if (picked !== null && isExtending) {
    const next = linesOf(picked.rawPath)
      .filter(({ side }) => side === picked.side)
      .map(({ number }) => number)
    const number = next[next.indexOf(picked.head) + by]
    return number === undefined ? null : { ...picked, head: number }
  }
  const here = picked?.rawPath ?? begin ?? rawPaths[0]
  if (here === undefined) return null
  // Nothing is chosen yet, or what was is not shown any more: at the beginning, or the end, of its file.
  const line = at === -1 ? linesOf(here).at(by === 1 ? 0 : -1) : linesOf(here)[at + by]
  if (line !== undefined) return pick(here, line)
  const others =
    by === 1 ? rawPaths.slice(rawPaths.indexOf(here) + 1) : rawPaths.slice(0, rawPaths.indexOf(here)).toReversed()
  for (const rawPath of others) {
    const next = by === 1 ? linesOf(rawPath)[0] : linesOf(rawPath).at(-1)
    if (next !== undefined) return pick(rawPath, next)
    // Its lines are on their way: further than that nobody can go yet.
    if (hunksOf(rawPath) === null) return null
  }
  return null
}

const isLine = (side: DiffSide, number: number) => (line: PatchLine) => line.side === side && line.number === number
const pick = (rawPath: string, { side, number }: PatchLine): Picked => ({ rawPath, side, anchor: number, head: number })
