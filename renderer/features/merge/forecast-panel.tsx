import './forecast-panel.css'
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { Forecast } from '../../../shared/contract/merge.ts'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useWorkOf } from '../../data/coordination.ts'
import { useData } from '../../data/data-context.tsx'
import { useIsLanded } from '../../data/merges.ts'
import { useBadge, useSessionValue } from '../../data/sessions.ts'
import { settle } from '../../data/settle.ts'
import { testId } from '../../lib/test-ids.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { fewOf, forecastWords, rivalsOf, type Rival } from './forecast-words.ts'
import { targetOf } from './merge-words.ts'

/** The branch that is looked at; as the review tells it. */
interface ForecastPlace {
  readonly projectId: ProjectId
  readonly sessionId: SessionId
  readonly head: string | null
  readonly base: { readonly ref: string; readonly sha: string } | null
}

interface ForecastPanelProps {
  readonly place: ForecastPlace
  readonly onReview: (id: SessionId) => void
}

/** What a merge of this branch would meet: in its target now, and in what other sessions have under way. */
export const ForecastPanel = ({ place, onReview }: ForecastPanelProps) => {
  const { projectId, sessionId, head, base } = place
  const target = targetOf(base?.ref ?? null)
  const looked = useForecast(projectId, head, target, base?.sha ?? null)
  const isLanded = useIsLanded(projectId, head ?? '', target ?? '')
  // What was made one commit there, or was resolved, conflicts with itself.
  const forecast: Known =
    isLanded && looked.outcome?.kind === 'conflicts' ? { ...looked, outcome: { kind: 'already-merged' } } : looked
  const overlaps = useStore(useData().stores.overlaps.store, (rows) => rows.byId)
  const rivals = useMemo(() => rivalsOf(overlaps.values(), sessionId), [overlaps, sessionId])
  return (
    <section className="forecast" aria-labelledby="forecast-heading" data-testid={testId.forecast}>
      <header className="forecast-header">
        <h2 id="forecast-heading">Conflict forecast</h2>
        <span className="spacer" />
        {forecast.at === null || forecast.baseSha !== base?.sha ? null : (
          <span className="text-12 text-faint">
            <AgeAgo at={forecast.at} />
          </span>
        )}
      </header>
      <ul className="forecast-list" aria-label="Conflict forecast">
        <Against forecast={forecast} target={target} />
        {rivals.map((rival) => (
          <RivalRow key={rival.sessionId} rival={rival} onReview={onReview} />
        ))}
      </ul>
      {rivals.some(({ isConflict }) => isConflict) ? (
        <p className="forecast-hint text-12 text-faint">Of two that conflict, whoever merges second resolves it.</p>
      ) : null}
    </section>
  )
}

interface Known {
  readonly outcome: Forecast['outcome'] | null
  readonly problem: string | null
  readonly at: number | null
  /** Where the base was then. */
  readonly baseSha: string | null
}

/** Looks again whenever one of the two ends has moved, and after each merge. */
const useForecast = (
  projectId: ProjectId,
  head: string | null,
  target: string | null,
  baseSha: string | null,
): Known => {
  const { api, stores } = useData()
  const [known, setKnown] = useState<Known>({ outcome: null, problem: null, at: null, baseSha: null })
  useEffect(() => {
    if (head === null || target === null) return undefined
    let turn = 0
    const look = async () => {
      const mine = (turn += 1)
      const result = await settle(api.merge.forecast({ projectId, target, heads: [{ sha: head, label: '' }] }))
      if (mine !== turn) return
      if (result.ok) setKnown({ outcome: result.value[0]?.outcome ?? null, problem: null, at: Date.now(), baseSha })
      else setKnown({ outcome: null, problem: result.refusal.message, at: null, baseSha })
    }
    void look()
    const stop = stores.merges.store.subscribe(() => void look())
    return () => {
      turn = -1
      stop()
    }
  }, [api, stores, projectId, head, target, baseSha])
  return known
}

const Against = ({ forecast, target }: { readonly forecast: Known; readonly target: string | null }) => {
  if (target === null || forecast.problem !== null)
    return (
      <li className="forecast-row text-12 text-quiet">
        <StatusMark kind="unknown" />
        <span>{forecast.problem ?? 'It has no branch to be merged into.'}</span>
      </li>
    )
  if (forecast.outcome === null)
    return (
      <li className="forecast-row text-quiet">
        <StatusMark kind="setting-up" />
        <span>Looking at {visibleLine(target)}</span>
      </li>
    )
  const { mark, text, paths } = forecastWords(forecast.outcome, target)
  return (
    <li className="forecast-row">
      <StatusMark kind={mark} />
      <div className="column grow">
        <span>{text}</span>
        <Files files={paths.map((path) => ({ path, hunks: 0 }))} />
      </div>
    </li>
  )
}

const RivalRow = ({ rival, onReview }: { readonly rival: Rival; readonly onReview: (id: SessionId) => void }) => {
  const { sessionId, isConflict, files } = rival
  const title = useSessionValue(sessionId, (session) => session.title)
  const badge = useBadge(sessionId)
  const work = useWorkOf(sessionId)
  if (title === undefined) return null
  const name = work?.task.key ?? visibleLine(title)
  return (
    <li className="forecast-row" data-rival={sessionId}>
      <StatusMark kind={isConflict ? 'needs-you' : 'idle'} />
      <div className="column grow">
        <span>
          {isConflict ? 'Conflicts with ' : 'Same lines as '}
          <button type="button" className="forecast-link" onClick={() => onReview(sessionId)}>
            {name}
          </button>
        </span>
        <span className="text-12 text-quiet cut">
          {work === null ? null : `${visibleLine(title)}, `}
          {badge?.word.toLowerCase()}
        </span>
        <Files files={files} />
      </div>
    </li>
  )
}

const Files = ({ files }: { readonly files: Rival['files'] }) => {
  const [few, more] = fewOf(files)
  return (
    <>
      {few.map(({ path, hunks }) => (
        <span key={path} className="text-12 text-faint forecast-file" title={visibleLine(path)}>
          <span className="mono cut">{visibleLine(path)}</span>
          {hunks === 0 ? null : <span className="num">{hunks === 1 ? '1 hunk' : `${hunks} hunks`}</span>}
        </span>
      ))}
      {more === 0 ? null : <span className="text-12 text-faint num">and {more} more files</span>}
    </>
  )
}
