import { CircleStop, Play, RefreshCwOff } from 'lucide-react'
import { useState } from 'react'
import type { Check, CheckRun, GateState } from '../../../shared/contract/checks.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { isFailing, isUnderWay } from '../../data/check-summary.ts'
import { testId } from '../../lib/test-ids.ts'
import { useNow } from '../../lib/use-now.ts'
import { Tag } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { stateWords, timeWords } from './check-words.ts'

interface CheckRowProps {
  readonly check: Check
  /** Its newest run here; undefined when there is none. */
  readonly run: CheckRun | undefined
  /** Why that may not be what it says of the files as they are. */
  readonly stale: string | null
  /** What it says as a gate; null when it is none, or that is not known yet. */
  readonly gate: GateState['gates'][number] | null
  readonly onRun: () => void
  readonly onCancel: (run: CheckRun) => void
  readonly onSend: (run: CheckRun) => Promise<void>
  readonly onOutput: (run: CheckRun) => void
}

/** One check: what it came to, how long it took, and where it went wrong. */
export const CheckRow = ({ check, run, stale, gate, onRun, onCancel, onSend, onOutput }: CheckRowProps) => {
  const { mark, word } = stateWords(run?.state)
  const name = visibleLine(check.name)
  const isLive = run !== undefined && isUnderWay(run.state.kind)
  return (
    <li className="check" data-state={run?.state.kind ?? 'none'} data-testid={testId.check}>
      <div className="check-line">
        <Tooltip text={gate?.why == null ? word : `${word}. ${gate.why}`} side="left">
          <span className="check-title">
            <StatusMark kind={mark} />
            <span className="mono cut">{name}</span>
            <span className="visually-hidden">{gate?.why == null ? `, ${word}` : `, ${word}. ${gate.why}`}</span>
          </span>
        </Tooltip>
        {stale === null ? null : (
          <span className="check-stale" title={stale} data-testid={testId.checkStale}>
            <Icon of={RefreshCwOff} size={12} />
            <span className="visually-hidden">{stale}</span>
          </span>
        )}
        {check.isGate ? <Tag>gate</Tag> : null}
        <span className="spacer" />
        {run === undefined ? null : <Time run={run} onOutput={onOutput} name={name} />}
        {isLive ? (
          <IconButton
            icon={CircleStop}
            label={`Cancel ${name}`}
            data-testid={testId.checkCancel}
            onClick={() => onCancel(run)}
          />
        ) : (
          <IconButton icon={Play} label={`Run ${name}`} data-testid={testId.checkRun} onClick={onRun} />
        )}
      </div>
      {run !== undefined && isFailing(run.state.kind) ? (
        <Failure run={run} word={word} onSend={onSend} onOutput={onOutput} />
      ) : run?.state.kind === 'not-started' ? (
        <p className="check-problem text-12 text-quiet">{visibleLine(run.state.problem)}</p>
      ) : null}
    </li>
  )
}

interface TimeProps extends Pick<CheckRowProps, 'onOutput'> {
  readonly run: CheckRun
  readonly name: string
}

/** How long, and the way to what it printed. */
const Time = ({ run, name, onOutput }: TimeProps) => {
  const words = run.state.kind === 'running' ? <Running run={run} /> : timeWords(run, 0)
  if (run.startedAt === null) return <span className="check-time text-12 text-faint num">{words}</span>
  return (
    <button
      type="button"
      className="check-time text-12 text-faint num"
      data-testid={testId.checkOutputOf}
      onClick={() => onOutput(run)}
    >
      <span className="visually-hidden">Output of {name}, </span>
      {words}
    </button>
  )
}

const Running = ({ run }: { readonly run: CheckRun }) => <>{timeWords(run, useNow(1000))}</>

interface FailureProps extends Pick<CheckRowProps, 'onSend' | 'onOutput'> {
  readonly run: CheckRun
  readonly word: string
}

const Failure = ({ run, word, onSend, onOutput }: FailureProps) => {
  const [isSending, setSending] = useState(false)
  const send = () => {
    setSending(true)
    void onSend(run).finally(() => setSending(false))
  }
  return (
    <>
      <pre className="check-excerpt" data-testid={testId.checkExcerpt}>
        {[word, ...run.excerpt].join('\n')}
      </pre>
      <div className="check-actions">
        <Button size="small" isBusy={isSending} onClick={send} data-testid={testId.checkSend}>
          Send to agent
        </Button>
        <Button size="small" variant="ghost" onClick={() => onOutput(run)}>
          Output
        </Button>
      </div>
    </>
  )
}
