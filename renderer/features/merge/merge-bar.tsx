import './merge-bar.css'
import { Check, CircleAlert, GitMerge, LoaderCircle, TriangleAlert, Undo2, type LucideIcon } from 'lucide-react'
import { useEffect, useId, useMemo, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { strategySchema, type Merge, type Strategy } from '../../../shared/contract/merge.ts'
import type { ProjectId, SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import { useIsLanded } from '../../data/merges.ts'
import { useDraftCount } from '../../data/drafts.ts'
import { useData } from '../../data/data-context.tsx'
import { useKeptValue } from '../../data/kept-value.ts'
import { useCommands } from '../../lib/command-context.tsx'
import type { Command } from '../../lib/commands.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { Button } from '../../ui/button.tsx'
import { useCommandKeys } from '../../ui/command-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Select } from '../../ui/select.tsx'
import { ApproveButton } from './approve-button.tsx'
import { ArchiveButton } from './archive-button.tsx'
import { Conflicts } from './conflicts-button.tsx'
import { createMergeDesk, type MergeDesk, type MergePlace } from './merge-desk.ts'
import { parseStrategy, strategyKey } from './merge-prefs.ts'
import {
  barWords,
  commitsWords,
  hasMessage,
  keptWords,
  landedWords,
  strategyOptions,
  targetOf,
  undoneWords,
  type BarWords,
} from './merge-words.ts'

/** The branch that is looked at; as the review tells it. */
export interface MergeBarBranch {
  readonly sessionId: SessionId
  readonly worktreeId: WorktreeId
  readonly projectId: ProjectId
  readonly branch: string | null
  readonly head: string | null
  readonly base: { readonly ref: string; readonly sha: string; readonly movedBy: number } | null
  readonly commits: number | null
  readonly uncommitted: number | null
  readonly onShowRange: (from: string, to: string) => void
}

/** What was chosen, for merging it later. */
export interface MergeChoice {
  readonly strategy: Strategy
  /** Null for the proposed one. */
  readonly message: string | null
  readonly target: string
  /** Why it cannot be merged now; null when it can. */
  readonly blocked: string | null
}

interface MergeBarProps {
  readonly branch: MergeBarBranch
  /** Beside the button that merges now. */
  readonly later?: (choice: MergeChoice) => ReactNode
}

/** What becomes of a branch: how it is merged, with what message, and whether it can be. */
export const MergeBar = ({ branch, later }: MergeBarProps) => {
  const { projectId, head, base } = branch
  const target = targetOf(base?.ref ?? null)
  if (head === null || base === null || target === null) return null
  const place = { projectId, head, branch: branch.branch, target, baseSha: base.sha }
  return <Bar key={`${projectId} ${target}`} place={place} base={base} branch={branch} later={later} />
}

interface BarProps {
  readonly place: MergePlace
  readonly base: NonNullable<MergeBarBranch['base']>
  readonly branch: MergeBarBranch
  readonly later: MergeBarProps['later'] | undefined
}

const Bar = ({ place, base, branch, later }: BarProps) => {
  const { sessionId, worktreeId, commits, uncommitted, onShowRange } = branch
  const { api } = useData()
  const [desk] = useState(() => createMergeDesk(api.merge))
  const [strategy, setStrategy] = useKeptValue(strategyKey(place.projectId), parseStrategy, 0)
  const { preview, message, proposed, resolutions, isMerging } = useStore(desk.store)
  useLooks(desk, place, strategy)
  const merge = useMerge(desk)
  const isLanded = useIsLanded(place.projectId, place.head, place.target)
  const words = barWords(preview, place.target, uncommitted, { isResolved: resolutions.length > 0, isLanded })
  const isInConflict = !isLanded && preview.kind === 'ready' && preview.preview.kind === 'conflicts'
  const start = () => void merge(place, strategy)
  const notices = useNotices()
  const showResult = async () => {
    const made = await desk.prepare(place, strategy)
    if ('refused' in made) notices.refuse(made.refused)
    else onShowRange(made.from, made.to)
  }
  const isCommented = useDraftCount(worktreeId) > 0
  useMergeCommand(words.blocked === null && !isMerging, start)
  return (
    <footer className="merge-bar" aria-label="Merge" data-testid={testId.mergeBar}>
      <Select
        label="How it is merged"
        value={strategy}
        options={strategyOptions(base)}
        onChange={(next) => setStrategy(strategySchema.parse(next))}
        testId={testId.mergeStrategy}
      />
      {hasMessage(strategy) ? (
        <Message value={message ?? proposed} onWrite={desk.write} aside={commitsWords(strategy, commits)} />
      ) : (
        <span className="merge-message-none text-12 text-faint cut">{keptWords(commits)}</span>
      )}
      <StateWords words={words} />
      <Conflicts
        desk={desk}
        place={place}
        strategy={strategy}
        worktreeId={worktreeId}
        isInConflict={isInConflict}
        isNext={!isCommented}
        isResolved={resolutions.length > 0 && !isLanded}
      />
      {isLanded && words.blocked !== null && uncommitted === 0 ? (
        <ArchiveButton sessionId={sessionId} />
      ) : isInConflict ? null : (
        <Button disabledReason={words.blocked} onClick={() => void showResult()} data-testid={testId.mergePreview}>
          Preview result
        </Button>
      )}
      <ApproveButton sessionId={sessionId} />
      {later?.({ strategy, message: messageOf(strategy, message), target: place.target, blocked: words.blocked })}
      <Button
        // While comments wait to be sent, sending them is the next thing to do.
        variant={isCommented ? 'default' : 'primary'}
        icon={GitMerge}
        keys={useCommandKeys('merge.merge')}
        isBusy={isMerging}
        disabledReason={words.blocked}
        onClick={start}
        data-testid={testId.mergeButton}
      >
        Merge
      </Button>
    </footer>
  )
}

const messageOf = (strategy: Strategy, typed: string | null): string | null =>
  hasMessage(strategy) && typed !== null && typed.trim() !== '' ? typed.trim() : null

const useMergeCommand = (isPossible: boolean, run: () => void) => {
  const latest = useLatest({ isPossible, run })
  const commands = useMemo(
    (): readonly Command[] => [
      {
        id: 'merge.merge',
        group: 'Review',
        title: 'Merge the branch',
        keywords: ['land', 'squash', 'rebase'],
        keys: [{ press: '$mod+Shift+M', scope: 'outside-terminal' }],
        isEnabled: () => latest.current.isPossible,
        run: () => latest.current.run(),
      },
    ],
    [latest],
  )
  useCommands(commands)
}

/** Computes the result whenever what it is made of has changed, also by merges of others. */
const useLooks = (desk: MergeDesk, place: MergePlace, strategy: Strategy) => {
  const { stores } = useData()
  const { projectId, head, branch, target, baseSha } = place
  useEffect(() => {
    const look = () => void desk.look({ projectId, head, branch, target, baseSha }, strategy)
    look()
    return stores.merges.store.subscribe(look)
  }, [desk, stores, projectId, head, branch, target, strategy, baseSha])
}

/** Merges, and offers to take it back. */
const useMerge = (desk: MergeDesk) => {
  const notices = useNotices()
  const undo = async (merge: Merge) => {
    const refused = await desk.undo(merge.id)
    if (refused === null) notices.show({ icon: Undo2, text: undoneWords(merge) })
    else notices.refuse(refused)
  }
  return async (place: MergePlace, strategy: Strategy) => {
    const done = await desk.merge(place, strategy, false)
    if ('refused' in done) return notices.refuse(done.refused)
    const { merge } = done
    const action = { label: 'Undo', run: () => void undo(merge) }
    return notices.show({ icon: GitMerge, text: landedWords(merge), action })
  }
}

interface MessageProps {
  readonly value: string
  readonly onWrite: (message: string) => void
  /** Beside it, while nobody writes. */
  readonly aside: string | null
}

/** One line that grows to the whole message when somebody writes in it. */
const Message = ({ value, onWrite, aside }: MessageProps) => {
  const id = useId()
  return (
    <div className="merge-message">
      <label className="visually-hidden" htmlFor={id}>
        Message of the commit
      </label>
      <textarea
        id={id}
        rows={1}
        value={value}
        maxLength={65_536}
        spellCheck
        onChange={(event) => onWrite(event.target.value)}
        data-testid={testId.mergeMessage}
      />
      {aside === null ? null : (
        <span className="merge-message-aside text-12 text-faint num" data-testid={testId.mergeCommits}>
          {aside}
        </span>
      )}
    </div>
  )
}

const icons: Readonly<Record<BarWords['tone'], LucideIcon>> = {
  ok: Check,
  warn: TriangleAlert,
  bad: CircleAlert,
  quiet: LoaderCircle,
}

const StateWords = ({ words: { tone, text } }: { readonly words: BarWords }) => (
  <span className="merge-state text-12" data-tone={tone} role="status" data-testid={testId.mergeState} title={text}>
    <Icon of={icons[tone]} size={14} />
    <span className="cut">{text}</span>
  </span>
)
