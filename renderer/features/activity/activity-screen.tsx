import './activity.css'
import { Activity, SearchX, TriangleAlert } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { ActivityObject, WhyQuery } from '../../../shared/contract/activity.ts'
import { useData } from '../../data/data-context.tsx'
import { useKeptValue } from '../../data/kept-value.ts'
import { settle } from '../../data/settle.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { EmptyState, Note, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { ActivityBar } from './activity-bar.tsx'
import { emptyFilter, isFiltering, parseFilter, questionOf, type ActivityFilter } from './activity-filter.ts'
import { ActivityList } from './activity-list.tsx'
import { createActivityLog, type ActivityLog, type LogState } from './activity-log.ts'
import { WhyPanel } from './why-panel.tsx'

export interface ActivityScreenProps {
  /** What somebody asked why about; taken once. */
  readonly asked: WhyQuery | null
  readonly onTaken: () => void
  /** How an object of a line is shown; null when it cannot be. */
  readonly follow: (object: ActivityObject) => (() => void) | null
}

/** Everything that happened, newest first: who did what, and why something was not done. */
export const ActivityScreen = ({ asked, onTaken, follow }: ActivityScreenProps) => {
  const [filter, setFilter] = useKeptValue('layout:activity', parseFilter)
  useEffect(() => {
    if (asked === null) return
    setFilter({ ...emptyFilter, about: asked })
    onTaken()
  }, [asked, onTaken, setFilter])
  const log = useActivityLog(filter)
  const state = useStore(log.store)
  return (
    <section className="activity" aria-label="Activity" data-region data-testid={testId.activity}>
      <ActivityBar filter={filter} onFilter={setFilter} />
      {filter.about === null ? null : (
        <WhyPanel about={filter.about} newest={(state.unseen[0] ?? state.entries[0])?.seq ?? 0} follow={follow} />
      )}
      {state.phase === 'failed' && state.entries.length > 0 ? (
        <div className="activity-note">
          <Note icon={TriangleAlert} tone="bad" role="alert">
            {visibleText(state.problem ?? '')}{' '}
            <Button size="small" onClick={log.retry}>
              Try again
            </Button>
          </Note>
        </div>
      ) : null}
      <Shown log={log} state={state} filter={filter} follow={follow} onFilter={setFilter} />
    </section>
  )
}

const useActivityLog = (filter: ActivityFilter): ActivityLog => {
  const { api, stores } = useData()
  const [log] = useState(() => createActivityLog((query) => settle(api.activity.page(query))))
  const question = useMemo(() => questionOf(filter), [filter])
  useEffect(() => log.ask(question), [log, question])
  const told = useStore(stores.log.store, (rows) => rows.byId.get('log')?.seq ?? 0)
  useEffect(() => log.hear(told), [log, told])
  return log
}

interface ShownProps {
  readonly log: ActivityLog
  readonly state: LogState
  readonly filter: ActivityFilter
  readonly follow: ActivityScreenProps['follow']
  readonly onFilter: (filter: ActivityFilter) => void
}

const Shown = ({ log, state, filter, follow, onFilter }: ShownProps) => {
  if (state.entries.length > 0)
    return (
      <>
        <ActivityList log={log} state={state} follow={follow} />
        {state.phase === 'ready' && state.next === null && state.isArchived ? (
          <p className="activity-end">Older events are in the file events-archive.jsonl of the data folder.</p>
        ) : null}
      </>
    )
  if (state.phase === 'failed')
    return (
      <div className="activity-empty">
        <EmptyState
          icon={TriangleAlert}
          title="The log cannot be shown"
          actions={<Button onClick={log.retry}>Try again</Button>}
        >
          {visibleText(state.problem ?? '')}
        </EmptyState>
      </div>
    )
  if (state.phase !== 'ready') return <LoadingRows />
  return isFiltering(filter) ? (
    <div className="activity-empty">
      <EmptyState
        icon={SearchX}
        title="No line matches"
        actions={
          <Button onClick={() => onFilter({ ...emptyFilter, projectId: filter.projectId })}>Clear the filter</Button>
        }
      >
        Nothing that is kept is what you filter for.
      </EmptyState>
    </div>
  ) : (
    <div className="activity-empty">
      <EmptyState icon={Activity} title="Nothing happened yet">
        What sessions, tasks, leases and messages do is told here as it happens, with the reason when something was not
        started, was stopped or was refused.
      </EmptyState>
    </div>
  )
}

const widths = ['46%', '62%', '38%', '54%', '48%', '66%']

const LoadingRows = () => (
  <div className="activity-loading" aria-busy="true" data-testid={testId.activityLoading}>
    {widths.map((width) => (
      <div key={width} className="activity-cells">
        <Skeleton width="48px" />
        <Skeleton width="14px" />
        <Skeleton width={width} />
      </div>
    ))}
  </div>
)
