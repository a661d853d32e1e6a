import type { DiffSide, LineNote } from '../../lib/line-notes.tsx'

/** The lines that a hunk shows of both sides. */
export interface ShownLines {
  readonly additionStart: number
  readonly additionCount: number
  readonly deletionStart: number
  readonly deletionCount: number
}

/** A line that something hangs beneath; line 0 is the head of the file. */
export interface NotedLine {
  readonly side: DiffSide
  readonly line: number
  /** What hangs there, in its order. */
  readonly keys: readonly string[]
}

/**
 * Where the notes of a file hang: beneath their lines where those are shown, at the head of the file where they are not.
 * `isSince`: its old side is another version than the one that notes are on.
 */
export const notedLines = (notes: readonly LineNote[], hunks: readonly ShownLines[], isSince = false): NotedLine[] => {
  const lines = new Map<string, { readonly side: DiffSide; readonly line: number; readonly keys: string[] }>()
  for (const { key, side, line } of notes) {
    const isKnown = line > 0 && !(isSince && side === 'deletions')
    const isShown = isKnown && hunks.some((hunk) => isWithin(hunk, side, line))
    const place = isShown ? { side, line } : { side: 'additions' as const, line: 0 }
    const name = `${place.side} ${place.line}`
    const noted = lines.get(name) ?? { ...place, keys: [] }
    noted.keys.push(key)
    lines.set(name, noted)
  }
  return [...lines.values()]
}

const isWithin = (hunk: ShownLines, side: DiffSide, line: number) =>
  side === 'additions'
    ? line >= hunk.additionStart && line < hunk.additionStart + hunk.additionCount
    : line >= hunk.deletionStart && line < hunk.deletionStart + hunk.deletionCount
