import { createContext, useContext } from 'react'
import type { ReviewView } from '../../shared/contract/review.ts'

/** The two sides of a diff, as the library that draws it calls them. */
export type DiffSide = 'additions' | 'deletions'

/** Something that hangs beneath a line of a diff. Line 0 is the head of its file. */
export interface LineNote {
  readonly key: string
  readonly rawPath: string
  readonly side: DiffSide
  readonly line: number
}

/** Lines that a person chose, as they were shown then. */
export interface PickedLines {
  readonly rawPath: string
  readonly path: string
  readonly side: DiffSide
  readonly from: number
  readonly to: number
  /** Null where not all of them are at hand. */
  readonly text: string[] | null
  readonly snapshot: string
  readonly view: ReviewView
  /** The version of the file on that side. */
  readonly oid: string | null
}

/** What hangs on the lines of a review, from whoever says something of them. */
export interface LineNotes {
  /** In the order in which they are to be kept; what is typed into comes first. */
  readonly notes: readonly LineNote[]
  /** By raw path: how much there is to be read of each file. */
  readonly counts: ReadonlyMap<string, number>
  readonly render: (key: string) => React.ReactNode
  readonly onWrite: (lines: PickedLines) => void
}

/** What a review does for those who have something on its lines. */
export interface ReviewGuide {
  /** The lines that are chosen, else those of the hunk one is in. */
  readonly picked: () => PickedLines | null
  readonly toNote: (note: LineNote) => void
  readonly focus: () => void
}

const LineNotesContext = createContext<LineNotes | null>(null)
export const LineNotesProvider = LineNotesContext

/** Null where nobody has anything to say of lines. */
export const useLineNotes = (): LineNotes | null => useContext(LineNotesContext)
