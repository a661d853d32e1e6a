import type { LineChoice, LineRange } from '../../../../shared/contract/staging.ts'
import type { Replacement } from '../../../../shared/lib/replacements.ts'

/** Bytes of a file as latin1 text, one character a byte, so that every content survives. */
export type RawText = string

/** How much of a diff a choice takes; `outside` when it names lines that the diff does not have. */
export const weighChoice = (
  replacements: readonly Replacement[],
  choice: LineChoice,
): 'nothing' | 'some' | 'everything' | 'outside' => {
  const of = { removed: ranges(choice.removed), added: ranges(choice.added) }
  let [all, hit] = [0, 0]
  for (const { oldAt, oldLines, newAt, newLines } of replacements) {
    all += oldLines + newLines
    hit += countIn(of.removed, oldAt, oldLines) + countIn(of.added, newAt, newLines)
  }
  if (hit !== size(of.removed) + size(of.added)) return 'outside'
  if (hit === 0) return 'nothing'
  return hit === all ? 'everything' : 'some'
}

export interface SelectionInput {
  readonly before: RawText
  readonly after: RawText
  readonly replacements: readonly Replacement[]
  readonly choice: LineChoice
}

/** The old text with only the chosen changes. */
export const applySelection = (input: SelectionInput): RawText => {
  const [removed, added] = [ranges(input.choice.removed), ranges(input.choice.added)]
  return compose(input, 'before', {
    keepsOld: (line) => !isIn(removed, line),
    takesNew: (line) => isIn(added, line),
  })
}

/** The new text without the chosen changes. */
export const revertSelection = (input: SelectionInput): RawText => {
  const [removed, added] = [ranges(input.choice.removed), ranges(input.choice.added)]
  return compose(input, 'after', {
    keepsOld: (line) => isIn(removed, line),
    takesNew: (line) => !isIn(added, line),
  })
}

/** Replaces lines; with `to` one below `from` it inserts before `from`. Null when there are no such lines. */
export const replaceRange = (text: RawText, [from, to]: LineRange, replacement: RawText): RawText | null => {
  const lines = splitLines(text)
  if (from < 1 || to < from - 1 || to > lines.length) return null
  const ending = endingOf(lines)
  const wanted = splitLines(replacement.replaceAll('\r\n', '\n')).map((line) => line.replace(/\n$/, ending))
  const rest = lines.slice(to)
  // What replaces the last line ends as that did; anywhere else a line ends.
  const last = wanted.pop()
  const isLastOpen = rest.length === 0 && lines.length > 0 && !lines.at(-1)?.endsWith('\n')
  if (last !== undefined) wanted.push(isLastOpen ? last.replace(/\r?\n$/, '') : closed(last, ending))
  return joinLines([...lines.slice(0, from - 1), ...wanted, ...rest])
}

/** The same text with the line ends that another one has. */
export const withEndingsOf = (text: RawText, example: RawText): RawText => {
  const ending = endingOf(splitLines(example))
  return text.replaceAll(/\r?\n/g, ending)
}

/** Each line with what ends it; only a line feed does, as for git. */
export const splitLines = (text: RawText): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

interface Wanted {
  readonly keepsOld: (line: number) => boolean
  readonly takesNew: (line: number) => boolean
}

/** `ground`: whose lines stand between the changes; they differ where a diff overlooks white space. */
const compose = (input: SelectionInput, ground: 'before' | 'after', wanted: Wanted): RawText => {
  const [before, after] = [splitLines(input.before), splitLines(input.after)]
  const lines: string[] = []
  let [oldDone, newDone] = [0, 0]
  const between = (oldUpTo: number, newUpTo: number): void => {
    const same = ground === 'before' ? before.slice(oldDone, oldUpTo) : after.slice(newDone, newUpTo)
    for (const line of same) lines.push(line)
  }
  for (const one of input.replacements) {
    between(one.oldAt, one.newAt)
    for (const slot of slotsOf(one)) {
      for (const at of slot.old) if (wanted.keepsOld(at + 1)) lines.push(before[at] ?? '')
      for (const at of slot.new) if (wanted.takesNew(at + 1)) lines.push(after[at] ?? '')
    }
    oldDone = one.oldAt + one.oldLines
    newDone = one.newAt + one.newLines
  }
  between(before.length, after.length)
  return joinLines(lines)
}

interface Slot {
  readonly old: readonly number[]
  readonly new: readonly number[]
}

/**
 * In which order old and new lines of a replacement stand when only some of both are taken. As many lines in the place of as many
 * others were changed one by one, so that each stands in the place of its own; otherwise the old ones stand first, as in
 * the patch.
 */
const slotsOf = ({ oldAt, oldLines, newAt, newLines }: Replacement): readonly Slot[] => {
  const old = Array.from({ length: oldLines }, (_, at) => oldAt + at)
  const fresh = Array.from({ length: newLines }, (_, at) => newAt + at)
  if (oldLines !== newLines) return [{ old, new: fresh }]
  return old.map((at, index) => ({ old: [at], new: [fresh[index] ?? 0] }))
}

/** Only the last line of a text may be without an end; another gets the one of the line before it. */
const joinLines = (lines: readonly string[]): RawText => {
  const isOpen = (line: string, at: number): boolean => at < lines.length - 1 && !line.endsWith('\n')
  if (!lines.some(isOpen)) return lines.join('')
  const endingAt = (at: number): string => (lines[at - 1]?.endsWith('\r\n') ? '\r\n' : '\n')
  return lines.map((line, at) => (isOpen(line, at) ? `${line}${endingAt(at)}` : line)).join('')
}

const closed = (line: string, ending: string): string => (line.endsWith('\n') ? line : `${line}${ending}`)

/** How most lines end. */
const endingOf = (lines: readonly string[]): '\r\n' | '\n' => {
  const ended = lines.filter((line) => line.endsWith('\n'))
  const returned = ended.filter((line) => line.endsWith('\r\n'))
  return returned.length * 2 > ended.length ? '\r\n' : '\n'
}

/** Sorted, and apart from each other, so that each line counts once. */
const ranges = (given: readonly LineRange[]): readonly LineRange[] => {
  const merged: [number, number][] = []
  for (const [from, to] of [...given].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1)
    if (from > to) continue
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

const size = (sorted: readonly LineRange[]): number => sorted.reduce((sum, [from, to]) => sum + to - from + 1, 0)

const countIn = (sorted: readonly LineRange[], at: number, lines: number): number =>
  sorted.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, at + lines) - Math.max(from, at + 1) + 1), 0)

const isIn = (sorted: readonly LineRange[], line: number): boolean => {
  let [low, high] = [0, sorted.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const [from, to] = sorted[middle] ?? [0, 0]
    if (line < from) high = middle - 1
    else if (line > to) low = middle + 1
    else return true
  }
  return false
}
