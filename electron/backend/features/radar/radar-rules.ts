import type { Hunk, OverlapKind } from '../../../../shared/contract/radar.ts'

/** Whether two changes of one old file meet: they share a line or adjoin, where git cannot tell one from the other. */
export function hunksMeet(a: Hunk, b: Hunk): boolean {
  const [fromA, fromB] = [firstGap(a), firstGap(b)]
  return fromA <= fromB + b.lines && fromB <= fromA + a.lines
}

/** The gap between lines before which a change begins: 0 is before the first line. */
const firstGap = ({ start, lines }: Hunk): number => (lines === 0 ? start : start - 1)

/** Whether any change of one side meets any of the other; both are in the order of the file. */
export function anyMeet(a: readonly Hunk[], b: readonly Hunk[]): boolean {
  let at = 0
  for (const hunk of a) {
    for (; at < b.length; at++) {
      const other = b[at]
      if (!other || hunksMeet(hunk, other)) return other !== undefined
      // What begins after this change may still meet the next one.
      if (firstGap(other) > firstGap(hunk)) break
    }
  }
  return false
}

export function overlapKind(a: readonly Hunk[], b: readonly Hunk[], isConflict: boolean): OverlapKind {
  if (isConflict) return 'predicted-conflict'
  return anyMeet(a, b) ? 'same-hunk' : 'same-file'
}

/** What both sets have, in order; of the smaller set's cost. */
export function sharedPaths(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a]
  return [...few].filter((path) => many.has(path)).sort()
}

/** One file as a side has it: nothing when it is not there. */
export interface FileState {
  readonly mode: string
  readonly oid: string
}

const isSame = (a: FileState | undefined, b: FileState | undefined): boolean => a?.oid === b?.oid && a?.mode === b?.mode

/** Whether both sides changed a file, and not to the same. */
export function isContested(base: FileState | undefined, a: FileState | undefined, b: FileState | undefined): boolean {
  return !isSame(base, a) && !isSame(base, b) && !isSame(a, b)
}
