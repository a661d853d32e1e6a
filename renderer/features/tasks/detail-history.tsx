import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { HistoryEntry } from '../../../shared/contract/tasks.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { useApi, useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { Age } from '../../ui/age.tsx'
import { Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from './detail-section.tsx'
import { historyLines } from './history-lines.ts'

const pageSize = 50

type Pages =
  | { readonly kind: 'folded' }
  | { readonly kind: 'loading'; readonly entries: readonly HistoryEntry[] }
  | { readonly kind: 'ready'; readonly entries: readonly HistoryEntry[]; readonly hasMore: boolean }
  | { readonly kind: 'failed'; readonly entries: readonly HistoryEntry[]; readonly message: string }

/** Everything that was ever done to the task, newest first; read when it is asked for. */
export const DetailHistory = ({ taskId }: { readonly taskId: TaskId }) => {
  const api = useApi()
  const [pages, setPages] = useState<Pages>({ kind: 'folded' })
  const isOpen = pages.kind !== 'folded'
  const load = async (entries: readonly HistoryEntry[]) => {
    setPages({ kind: 'loading', entries })
    const page = await settle(api.tasks.history({ taskId, before: entries.at(-1)?.seq ?? null, limit: pageSize }))
    setPages(
      page.ok
        ? { kind: 'ready', entries: [...entries, ...page.value], hasMore: page.value.length === pageSize }
        : { kind: 'failed', entries, message: page.refusal.message },
    )
  }
  return (
    <Section
      title="History"
      aside={
        <Button
          size="small"
          variant="ghost"
          icon={isOpen ? ChevronDown : ChevronRight}
          aria-expanded={isOpen}
          data-testid={testId.taskHistoryToggle}
          onClick={() => (isOpen ? setPages({ kind: 'folded' }) : void load([]))}
        >
          {isOpen ? 'Fold' : 'Show'}
        </Button>
      }
    >
      {isOpen ? <Lines entries={pages.entries} /> : null}
      {pages.kind === 'loading' ? <Skeleton width="50%" /> : null}
      {pages.kind === 'failed' ? (
        <span className="field-error" role="alert">
          {visibleText(pages.message)}
        </span>
      ) : null}
      {(pages.kind === 'ready' && pages.hasMore) || pages.kind === 'failed' ? (
        <Button size="small" onClick={() => void load(pages.entries)}>
          {pages.kind === 'failed' ? 'Try again' : 'Older'}
        </Button>
      ) : null}
    </Section>
  )
}

const Lines = ({ entries }: { readonly entries: readonly HistoryEntry[] }) => {
  const { stores } = useData()
  const lines = historyLines(entries, { session: (id) => stores.sessions.get(id) })
  return (
    <ol className="detail-history">
      {lines.map((line) => (
        <li key={line.seq} data-testid={testId.taskHistoryRow}>
          <span className="grow">
            <span className="medium">{visibleLine(line.who)}</span> {visibleText(line.what)}
          </span>
          <Age at={line.at} />
        </li>
      ))}
    </ol>
  )
}
