import './checks.css'
import { useEffect, useRef, useState } from 'react'
import type { CheckRun } from '../../../shared/contract/checks.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { isUnderWay } from '../../data/check-summary.ts'
import { useApi } from '../../data/data-context.tsx'
import { useRun } from '../../data/checks.ts'
import { settle } from '../../data/settle.ts'
import { useTerminal } from '../../data/terminals.ts'
import { testId } from '../../lib/test-ids.ts'
import { TerminalView } from '../../terminal/terminal-view.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Status } from '../../ui/status-mark.tsx'
import { stateWords, timeWords } from './check-words.ts'
import { useCheckActions } from './use-check-actions.ts'

interface OutputDialogProps {
  /** As it was when its output was asked for. */
  readonly run: CheckRun
  readonly onClose: () => void
}

/** Everything a run printed: its terminal, live while it runs, and the end of it as text once that is not kept any more. */
export const OutputDialog = ({ run: asked, onClose }: OutputDialogProps) => {
  const newest = useNewest(asked)
  const run = newest ?? asked
  const { mark, word } = stateWords(run.state)
  const actions = useCheckActions()
  // Not into the terminal, whose program would get the Escape that is to close this.
  const close = useRef<HTMLButtonElement>(null)
  return (
    <Dialog
      isOpen
      title={`Output of ${visibleLine(run.name)}`}
      heading={<Status kind={mark} word={word} isPill />}
      width={960}
      testId={testId.checkOutput}
      onClose={onClose}
      initialFocus={close}
      footer={
        <>
          <span className="mono text-12 text-quiet cut">{visibleLine(run.command)}</span>
          <span className="text-12 text-faint num">{run.endedAt === null ? null : timeWords(run, 0)}</span>
          <span className="spacer" />
          {isUnderWay(run.state.kind) ? <Button onClick={() => void actions.cancel(run)}>Cancel the run</Button> : null}
          <Button ref={close} onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className="check-output">
        <Screen run={run} />
      </div>
    </Dialog>
  )
}

/** The same run as it is now; undefined once a later one took its place. */
const useNewest = (asked: CheckRun): CheckRun | undefined => {
  const newest = useRun(asked.checkId, asked.worktreeId)
  return newest?.id === asked.id ? newest : undefined
}

const Screen = ({ run }: { readonly run: CheckRun }) => {
  const { terminalId } = run
  return terminalId === null ? <Kept run={run} /> : <Live run={run} terminalId={terminalId} />
}

const Live = ({
  run,
  terminalId,
}: {
  readonly run: CheckRun
  readonly terminalId: NonNullable<CheckRun['terminalId']>
}) => {
  const isThere = useTerminal(terminalId) !== undefined
  return isThere ? (
    <TerminalView terminalId={terminalId} isVisible label={`Output of ${visibleLine(run.name)}`} />
  ) : (
    <Kept run={run} />
  )
}

const Kept = ({ run }: { readonly run: CheckRun }) => {
  const api = useApi()
  const [words, setWords] = useState<string | null>(null)
  useEffect(() => {
    let isShown = true
    void settle(api.checks.output({ runId: run.id })).then((read) => {
      if (isShown) setWords(read.ok ? keptWords(read.value) : read.refusal.message)
    })
    return () => {
      isShown = false
    }
  }, [api, run.id])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is scrolled with the keys
    <pre className="check-text" tabIndex={0} aria-label="What it printed" data-testid={testId.checkText}>
      {words}
    </pre>
  )
}

const keptWords = ({ text, isCut }: { readonly text: string; readonly isCut: boolean }): string => {
  if (text === '') return 'It printed nothing.'
  return isCut ? `… what came before is not kept\n${text}` : text
}
