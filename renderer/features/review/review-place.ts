import type { ReviewFile } from '../../../shared/contract/review.ts'

/** Where a person is: in a file, and in one of its hunks. -1 stands before the first hunk. */
export interface ReviewPlace {
  readonly rawPath: string
  readonly hunk: number
}

/** The file after or before this one; the first when there is none yet. Null at the end. */
export const fileBeside = (files: readonly ReviewFile[], rawPath: string | null, by: 1 | -1): ReviewFile | null => {
  const at = rawPath === null ? -1 : files.findIndex((file) => file.rawPath === rawPath)
  if (at === -1) return files[0] ?? null
  return files[at + by] ?? null
}

/**
 * The hunk after or before a place, over the ends of files. Of a file whose lines are on their way nobody knows how many it
 * has, null: then its first is meant.
 */
export const hunkBeside = (
  files: readonly ReviewFile[],
  place: ReviewPlace | null,
  by: 1 | -1,
  countOf: (file: ReviewFile) => number | null,
): ReviewPlace | null => {
  const first = files[0]
  if (place === null) return first === undefined ? null : { rawPath: first.rawPath, hunk: 0 }
  const at = files.findIndex((file) => file.rawPath === place.rawPath)
  const file = files[at]
  if (file === undefined) return first === undefined ? null : { rawPath: first.rawPath, hunk: 0 }
  const next = place.hunk + by
  if (next >= 0 && next < (countOf(file) ?? 1)) return { rawPath: file.rawPath, hunk: next }
  const other = files[at + by]
  if (other === undefined) return null
  return { rawPath: other.rawPath, hunk: by === 1 ? 0 : Math.max(0, (countOf(other) ?? 1) - 1) }
}

/** What is near a range of the list: those in it, so many before and after. */
export const around = <Item>(items: readonly Item[], first: number, last: number, beyond: number): Item[] =>
  first < 0 || last < first ? items.slice(0, beyond) : items.slice(Math.max(0, first - beyond), last + 1 + beyond)
