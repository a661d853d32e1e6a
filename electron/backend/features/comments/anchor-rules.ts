import type { Anchor } from '../../../../shared/contract/comments.ts'

/** Lines of the old version that others replace; without lines, what is inserted after line `start`. In their order. */
export interface ChangedLines {
  readonly start: number
  readonly lines: number
  readonly newLines: number
}

export interface LineRange {
  readonly from: number
  readonly to: number
}

/** Lines as they were when something was said of them. */
export interface WrittenLines extends LineRange {
  readonly lines: readonly string[]
  readonly before: readonly string[]
  readonly after: readonly string[]
}

export interface Versions {
  /** What differs between the two; null where the old version cannot be read any more. */
  readonly changes: readonly ChangedLines[] | null
  /** All lines of both; null where a version cannot be read, or is too large for that. */
  readonly oldLines: readonly string[] | null
  readonly newLines: readonly string[] | null
}

/** Where lines of an older version are in a newer one: where the difference of the two says, else where their text is. */
export const findAnchor = (written: WrittenLines, { changes, oldLines, newLines }: Versions): Anchor => {
  const mapped = changes && mapRange(changes, written)
  if (mapped && !mapped.isTouched && (newLines === null || isAt(newLines, written.lines, mapped.from)))
    return { kind: 'kept', from: mapped.from, to: mapped.to }
  const moved = newLines && findMoved(written, oldLines, newLines)
  if (moved) return { kind: 'kept', ...moved }
  if (!mapped || !mapped.isTouched) return { kind: 'outdated', why: 'lines-gone' }
  return isTrace(mapped, written)
    ? { kind: 'changed', from: mapped.from, to: mapped.to }
    : { kind: 'outdated', why: 'lines-gone' }
}

export interface MappedRange extends LineRange {
  /** Some of its lines were replaced or removed, or others came between them. */
  readonly isTouched: boolean
  /** How many of its lines and of those around it are as they were. */
  readonly survivors: number
}

/**
 * A range of the old version in numbers of the new one. Of a change that reaches beyond the range, all that it put there
 * belongs to it: which of it stands for which line nobody can say.
 */
export const mapRange = (changes: readonly ChangedLines[], written: WrittenLines): MappedRange => {
  const { from, to } = written
  const earlier = changes.filter((change) => isBefore(change, from))
  const touching = changes.filter((change) => !isBefore(change, from) && !isAfter(change, to))
  const shift = shiftOf(earlier)
  const survivors = countSurvivors(changes, from - written.before.length, to + written.after.length)
  const [first] = touching
  const last = touching.at(-1)
  if (!first || !last) return { from: from + shift, to: to + shift, isTouched: false, survivors }
  const shiftAtLast = shift + shiftOf(touching.slice(0, -1))
  const startsInside = first.lines > 0 && first.start <= from
  const endsInside = last.lines > 0 && endOf(last) >= to
  return {
    from: (startsInside ? first.start : from) + shift,
    to: endsInside ? last.start + shiftAtLast + last.newLines - 1 : to + shift + shiftOf(touching),
    isTouched: true,
    survivors,
  }
}

const endOf = ({ start, lines }: ChangedLines) => start + lines - 1
const isBefore = (change: ChangedLines, from: number) =>
  change.lines === 0 ? change.start < from : endOf(change) < from
const isAfter = (change: ChangedLines, to: number) => (change.lines === 0 ? change.start >= to : change.start > to)
const shiftOf = (changes: readonly ChangedLines[]) =>
  changes.reduce((sum, { lines, newLines }) => sum + newLines - lines, 0)

const countSurvivors = (changes: readonly ChangedLines[], from: number, to: number): number => {
  let count = 0
  for (let line = Math.max(1, from); line <= to; line++)
    if (!changes.some((change) => change.start <= line && line <= endOf(change))) count += 1
  return count
}

/** What was rewritten far around leaves no place that could be shown for these lines. */
const widestTrace = 20

const isTrace = (mapped: MappedRange, written: WrittenLines): boolean =>
  mapped.survivors > 0 ||
  (mapped.to >= mapped.from && mapped.to - mapped.from <= widestTrace + 3 * (written.to - written.from + 1))

/** So many letters and digits say which lines are meant; a bracket alone does not. */
const tellingCharacters = 8

/**
 * Where the lines went, when somebody cut and pasted them: there must be one such place alone, and what stands there or
 * around it must say that it is the same. Lines that merely look alike are no move.
 */
const findMoved = (
  written: WrittenLines,
  oldLines: readonly string[] | null,
  newLines: readonly string[],
): LineRange | null => {
  const { lines, before, after } = written
  const places = placesOf(newLines, lines)
  const withAll = places.filter(
    (from) => isAt(newLines, before, from - before.length) && isAt(newLines, after, from + lines.length),
  )
  const isOnlyOne = places.length === 1 && isTelling(lines) && (!oldLines || placesOf(oldLines, lines).length === 1)
  const hasSame = withAll.length === 1 && isTelling([...before, ...after])
  const from = hasSame ? withAll[0] : isOnlyOne ? places[0] : undefined
  return from === undefined ? null : { from, to: from + lines.length - 1 }
}

const isTelling = (lines: readonly string[]) =>
  lines.join('').replace(/[^\p{L}\p{N}]/gu, '').length >= tellingCharacters

const placesOf = (all: readonly string[], lines: readonly string[]): number[] =>
  all.flatMap((_, at) => (isAt(all, lines, at + 1) ? [at + 1] : []))

/** Whether these lines stand from a line on, counted from 1. */
const isAt = (all: readonly string[], lines: readonly string[], from: number): boolean =>
  from >= 1 && from - 1 + lines.length <= all.length && lines.every((line, at) => all[from - 1 + at] === line)

/** The lines of a text; none of an empty one. Their ends, and whether the last has one, say nothing of what is in them. */
export const linesOfText = (text: string): string[] => {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
}

const linesAround = 3

interface TakenLines extends WrittenLines {
  readonly lines: string[]
  readonly before: string[]
  readonly after: string[]
}

/** What is kept of lines that something is said of; null when the version does not have them. */
export const takeLines = (all: readonly string[], { from, to }: LineRange): TakenLines | null =>
  from < 1 || to < from || to > all.length
    ? null
    : {
        from,
        to,
        lines: all.slice(from - 1, to),
        before: upToLong(all.slice(Math.max(0, from - 1 - linesAround), from - 1).toReversed()).toReversed(),
        after: upToLong(all.slice(to, to + linesAround)),
      }

/** A line of a minified file would be more than all the rest of a comment. */
const longestAround = 2000
const upToLong = (lines: readonly string[]): string[] => {
  const end = lines.findIndex((line) => line.length > longestAround)
  return end === -1 ? [...lines] : lines.slice(0, end)
}
