import { CircleHelp, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { ActivityObject, Why, WhyQuery } from '../../../shared/contract/activity.ts'
import type { Result } from '../../../shared/lib/result.ts'
import { useApi } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { EntryCells } from './activity-row.tsx'
import { untilText } from './log-items.ts'

interface WhyPanelProps {
  readonly about: WhyQuery
  /** The number of the newest line about it: with each the answer may be another. */
  readonly newest: number
  readonly follow: (object: ActivityObject) => (() => void) | null
}

/** Why a session or a task is where it is, in a sentence, with the line that decided it. */
export const WhyPanel = ({ about, newest, follow }: WhyPanelProps) => {
  const [answer, retry] = useWhy(about, newest)
  if (answer === null)
    return (
      <section className="activity-why" aria-label="Why" aria-busy="true" data-testid={testId.activityWhy}>
        <Skeleton width="60%" />
      </section>
    )
  if (!answer.ok)
    return (
      <section className="activity-why" aria-label="Why" data-testid={testId.activityWhy}>
        <Icon of={TriangleAlert} />
        <p className="grow">{visibleText(answer.refusal.message)}</p>
        <Button size="small" onClick={retry}>
          Try again
        </Button>
      </section>
    )
  const why = answer.value
  return (
    <section className="activity-why" aria-label={`Why ${why.title}`} data-testid={testId.activityWhy}>
      <Icon of={CircleHelp} />
      <div className="activity-why-text">
        <h2 className="cut">{why.title}</h2>
        <p data-testid={testId.activityWhySentence}>{sentenceOf(why)}</p>
        {why.next === null ? null : <p className="activity-reason">{why.next}</p>}
        {why.decidedBy === null ? null : <Decided why={{ ...why, decidedBy: why.decidedBy }} follow={follow} />}
      </div>
    </section>
  )
}

const sentenceOf = ({ sentence, until }: Why): string =>
  until === null ? `${sentence}.` : `${sentence}, until ${untilText(until, Date.now())}.`

interface DecidedProps {
  readonly why: Why & { readonly decidedBy: NonNullable<Why['decidedBy']> }
  readonly follow: WhyPanelProps['follow']
}

const Decided = ({ why: { decidedBy }, follow }: DecidedProps) => (
  <div className="activity-decided" data-testid={testId.activityDecided}>
    <span className="activity-decided-label">
      Decided <AgeAgo at={decidedBy.at} />
    </span>
    <div className="activity-cells">
      <EntryCells entry={decidedBy} onFollow={decidedBy.object === null ? null : follow(decidedBy.object)} />
    </div>
  </div>
)

type Answer = Result<Why, string>

const useWhy = (about: WhyQuery, newest: number) => {
  const api = useApi()
  const [turn, setTurn] = useState(0)
  const [answer, setAnswer] = useState<{ readonly id: string; readonly value: Answer } | null>(null)
  const ask = useCallback((_since: string) => settle(api.activity.why(about)), [api, about])
  useEffect(() => {
    let isGone = false
    void ask(`${newest} ${turn}`).then((value) => {
      if (!isGone) setAnswer({ id: about.id, value })
    })
    return () => {
      isGone = true
    }
  }, [ask, about, newest, turn])
  // While the next answer is on its way the last one about the same thing stays.
  const shown = answer?.id === about.id ? answer.value : null
  return [shown, () => setTurn((before) => before + 1)] as const
}
