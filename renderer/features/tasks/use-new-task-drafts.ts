import { useCallback, useMemo, useState } from 'react'
import { z } from 'zod'
import { useKeptValue } from '../../data/kept-value.ts'
import { useCommands } from '../../lib/command-context.tsx'
import { newTaskCommand } from './new-task-command.ts'
import type { ColumnId } from './task-columns.ts'

export interface NewTaskDraft {
  readonly text: string
  readonly isOpen: boolean
}

export interface NewTaskDrafts {
  readonly of: Readonly<Record<ColumnId, NewTaskDraft>>
  readonly set: (column: ColumnId, draft: NewTaskDraft) => void
}

const draftTexts = z.object({ draft: z.string().catch(''), open: z.string().catch('') })
const parseTexts = (stored: unknown) => {
  const parsed = draftTexts.safeParse(stored)
  return parsed.success ? parsed.data : { draft: '', open: '' }
}
const closed: NewTaskDraft = { text: '', isOpen: false }

/** The titles that are being typed into columns; kept when their fields are closed and when the page is. */
export const useNewTaskDrafts = (projectId: string): NewTaskDrafts => {
  const [texts, setTexts] = useKeptValue(`draft:new-task:${projectId}`, parseTexts)
  const [opened, setOpened] = useState<readonly ColumnId[]>([])
  const set = useCallback(
    (column: ColumnId, { text, isOpen }: NewTaskDraft) => {
      setOpened((now) => (isOpen ? [...new Set([...now, column])] : now.filter((one) => one !== column)))
      if (column === 'draft' || column === 'open') setTexts((now) => ({ ...now, [column]: text }))
    },
    [setTexts],
  )
  useCommands(useMemo(() => [newTaskCommand(() => setOpened((now) => [...new Set([...now, 'open' as const])]))], []))
  const of = useMemo(
    (): Readonly<Record<ColumnId, NewTaskDraft>> => ({
      draft: { text: texts.draft, isOpen: opened.includes('draft') },
      open: { text: texts.open, isOpen: opened.includes('open') },
      progress: closed,
      review: closed,
      hold: closed,
      done: closed,
    }),
    [texts, opened],
  )
  return { of, set }
}
