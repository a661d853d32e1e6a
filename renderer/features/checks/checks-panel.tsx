import './checks.css'
import { Ellipsis, ListChecks, Play } from 'lucide-react'
import { useMemo } from 'react'
import type { Check, CheckRun } from '../../../shared/contract/checks.ts'
import type { ProjectId, SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import { countChecks } from '../../data/check-summary.ts'
import { useChecks, useGates, useGateStamp, useRuns } from '../../data/checks.ts'
import { useCommands } from '../../lib/command-context.tsx'
import type { Command } from '../../lib/commands.ts'
import { testId } from '../../lib/test-ids.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { CommandIconButton, useCommandKeys } from '../../ui/command-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { CheckRow } from './check-row.tsx'
import { staleWords, summaryWords } from './check-words.ts'
import { useCheckActions } from './use-check-actions.ts'

/** The branch that is looked at; as the review tells it. */
export interface CheckPlace {
  readonly projectId: ProjectId
  readonly worktreeId: WorktreeId
  readonly sessionId: SessionId
  readonly head: string | null
  readonly snapshot: string | null
}

export interface ChecksPanelProps {
  readonly place: CheckPlace
  readonly onEdit: (projectId: ProjectId) => void
  readonly onOutput: (run: CheckRun) => void
}

/** What the project's own commands say of a worktree. */
export const ChecksPanel = ({ place, onEdit, onOutput }: ChecksPanelProps) => {
  const { projectId, worktreeId, sessionId, head, snapshot } = place
  const checks = useChecks(projectId)
  const runs = useRuns(checks, worktreeId)
  const gates = useGates(worktreeId, useGateStamp(projectId, worktreeId, snapshot))
  const editKeys = useCommandKeys('checks.edit')
  const runFailedKeys = useCommandKeys('checks.run-failed')
  const actions = useCheckActions()
  return (
    <section className="checks-panel" aria-labelledby="checks-heading" data-testid={testId.checks}>
      <header className="checks-header">
        <h2 id="checks-heading">Checks</h2>
        <span className="spacer" />
        {head === null || checks.length === 0 ? null : (
          <span className="text-12 text-faint">
            at <span className="mono">{head.slice(0, 7)}</span>
          </span>
        )}
        {checks.length === 0 ? null : (
          <CommandIconButton command="checks.run-all" icon={Play} testId={testId.checksRunAll} />
        )}
        <Menu
          entries={[
            {
              kind: 'item',
              id: 'failed',
              label: 'Run those that did not pass',
              keys: runFailedKeys,
              onChoose: () => void actions.run(worktreeId, 'failed'),
            },
            { kind: 'item', id: 'edit', label: 'Edit checks…', keys: editKeys, onChoose: () => onEdit(projectId) },
          ]}
        >
          <IconButton icon={Ellipsis} label="More about checks" data-testid={testId.checksMenu} />
        </Menu>
      </header>
      {checks.length === 0 ? (
        <NoChecks onEdit={() => onEdit(projectId)} />
      ) : (
        <ul className="checks-list" aria-label="Checks">
          {checks.map((check, at) => (
            <CheckRow
              key={check.id}
              check={check}
              run={currentOf(check, runs[at])}
              stale={staleWords(runs[at], gates?.tree ?? null)}
              gate={gates?.gates.find(({ checkId }) => checkId === check.id) ?? null}
              onRun={() => void actions.run(worktreeId, [check.id])}
              onCancel={(run) => void actions.cancel(run)}
              onSend={(run) => actions.sendToAgent(run, sessionId)}
              onOutput={onOutput}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

/** What another command came to says nothing of this one. */
const currentOf = (check: Check, run: CheckRun | undefined) => (run?.command === check.command ? run : undefined)

const NoChecks = ({ onEdit }: { readonly onEdit: () => void }) => (
  <div className="checks-none">
    <p className="text-12 text-quiet">
      Commands of the project, such as its tests, run here in the session’s worktree. Those that are gates must pass
      before a merge.
    </p>
    <Button size="small" icon={ListChecks} onClick={onEdit} data-testid={testId.checksAdd}>
      Add checks…
    </Button>
  </div>
)

/** The same in a word and a number. */
export const ChecksSummary = ({ place: { projectId, worktreeId, head } }: { readonly place: CheckPlace }) => {
  const checks = useChecks(projectId)
  const runs = useRuns(checks, worktreeId)
  const counts = countChecks(checks, (check) => runs[checks.indexOf(check)], head)
  const { mark, words } = summaryWords(counts)
  return (
    <span className="checks-summary text-12 num">
      Checks
      {mark === null ? null : <StatusMark kind={mark} />}
      {words}
    </span>
  )
}

interface ChecksCommandsProps {
  readonly place: CheckPlace
  readonly onEdit: (projectId: ProjectId) => void
}

/** What can be done with checks by key and from the palette, whether they are shown or not. */
export const ChecksCommands = ({ place, onEdit }: ChecksCommandsProps) => {
  const actions = useCheckActions()
  const latest = useLatest({ place, actions, onEdit })
  const commands = useMemo(
    (): readonly Command[] => [
      {
        id: 'checks.run-all',
        group: 'Review',
        title: 'Run all checks',
        keywords: ['tests', 'gates', 'lint', 'build'],
        keys: [{ press: 'Shift+R', scope: 'outside-terminal' }],
        run: () => void latest.current.actions.run(latest.current.place.worktreeId, 'all'),
      },
      {
        id: 'checks.run-failed',
        group: 'Review',
        title: 'Run the checks that did not pass',
        keywords: ['tests', 'gates', 'again', 'failed'],
        keys: [],
        run: () => void latest.current.actions.run(latest.current.place.worktreeId, 'failed'),
      },
      {
        id: 'checks.edit',
        group: 'Review',
        title: 'Edit the project’s checks',
        keywords: ['tests', 'gates', 'define', 'command'],
        keys: [],
        run: () => latest.current.onEdit(latest.current.place.projectId),
      },
    ],
    [latest],
  )
  useCommands(commands)
  return null
}
