import { Plus } from 'lucide-react'
import { Fragment } from 'react'
import { useLineNotes, type DiffSide } from '../../lib/line-notes.tsx'
import { testId } from '../../lib/test-ids.ts'
import { notedLines, type ShownLines } from './noted-lines.ts'

interface NotesAtProps {
  readonly rawPath: string
  readonly side: DiffSide
  readonly line: number
  /** Null where a word stands in the place of lines: everything hangs there. */
  readonly hunks: readonly ShownLines[] | null
}

/** What hangs beneath one line of a diff. */
export const NotesAt = ({ rawPath, side, line, hunks }: NotesAtProps) => {
  const all = useLineNotes()
  if (all === null) return null
  const own = all.notes.filter((note) => note.rawPath === rawPath)
  const here = notedLines(own, hunks ?? []).find((noted) => noted.side === side && noted.line === line)
  if (here === undefined) return null
  return (
    <div className="line-notes">
      {here.keys.map((key) => (
        <Fragment key={key}>{all.render(key)}</Fragment>
      ))}
    </div>
  )
}

/** Beside the line under the pointer; the keyboard has a key for it. */
export const AddButton = ({ onAdd }: { readonly onAdd: () => void }) => (
  <button
    type="button"
    className="line-add"
    tabIndex={-1}
    aria-label="Comment on this line"
    data-testid={testId.lineAdd}
    onClick={onAdd}
  >
    <Plus size={14} strokeWidth={2.4} aria-hidden="true" />
  </button>
)
