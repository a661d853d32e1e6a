import { ChevronDown, Pilcrow, Search, WrapText } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ReviewCommit, ReviewView } from '../../../shared/contract/review.ts'
import { testId } from '../../lib/test-ids.ts'
import { Count } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CommandIconButton, useCommandKeys } from '../../ui/command-button.tsx'
import { checked } from '../../ui/filter-bar.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { CommitMenu } from './commit-menu.tsx'
import { TurnMenu } from './turn-menu.tsx'
import { useDesk, useReviewState } from './review-context.tsx'
import type { ReviewPrefs } from './review-prefs.ts'
import { progressOf, scopes } from './review-words.ts'
import { SideToggle } from './side-dock.tsx'

interface ReviewBarProps {
  readonly prefs: ReviewPrefs
  readonly onPrefs: (change: Partial<ReviewPrefs>) => void
  /** At its end. */
  readonly children: ReactNode
}

/** Which changes are looked at, how much of them was viewed, and how they are drawn. */
export const ReviewBar = ({ prefs, onPrefs, children }: ReviewBarProps) => (
  <div className="review-bar">
    <Views />
    <span className="spacer" />
    <Progress />
    <Segmented
      label="How changes are drawn"
      value={prefs.style}
      testId={testId.reviewStyle}
      options={[
        { value: 'unified', label: 'Unified' },
        { value: 'split', label: 'Split' },
      ]}
      onChange={(style) => onPrefs({ style })}
    />
    <span className="review-tools">
      <IconButton
        icon={Pilcrow}
        label={prefs.whitespace === 'show' ? 'Ignore whitespace' : 'Show whitespace'}
        keys={useCommandKeys('review.whitespace')}
        aria-pressed={prefs.whitespace === 'ignore'}
        onClick={() => onPrefs({ whitespace: prefs.whitespace === 'show' ? 'ignore' : 'show' })}
      />
      <IconButton
        icon={WrapText}
        label={prefs.isWrapped ? 'Cut long lines' : 'Wrap long lines'}
        keys={useCommandKeys('review.wrap')}
        aria-pressed={prefs.isWrapped}
        onClick={() => onPrefs({ isWrapped: !prefs.isWrapped })}
      />
      <CommandIconButton command="review.find" icon={Search} />
      <SideToggle isShown={prefs.isSideShown} onShow={(isSideShown) => onPrefs({ isSideShown })} />
    </span>
    {children}
  </div>
)

const Views = () => {
  const { review } = useDesk()
  const view = useReviewState((state) => state.view)
  const count = useReviewState((state) => state.listing?.files.length ?? null)
  const turns = useReviewState((state) => state.listing?.turns)
  const commits = useReviewState((state) => state.listing?.commits)
  const scope = view.kind === 'scope' ? view.scope : 'all'
  const show = (next: ReviewView) => void review.show(next)
  return (
    <nav className="review-views" aria-label="Which changes" data-testid={testId.reviewViews}>
      <ViewButton
        label="Changes"
        isShown={view.kind === 'scope'}
        count={view.kind === 'scope' ? count : null}
        onShow={() => show({ kind: 'scope', scope })}
      />
      <ViewButton
        label="Since you looked"
        isShown={view.kind === 'since-looked'}
        count={view.kind === 'since-looked' ? count : null}
        onShow={() => show({ kind: 'since-looked' })}
      />
      {turns === undefined || turns.length === 0 ? null : <TurnMenu turns={turns} view={view} onShow={show} />}
      {commits === undefined || commits.length === 0 ? null : (
        <CommitMenu commits={commits} view={view} onShow={show} />
      )}
      {isResult(view, commits) ? (
        <ViewButton label="Result of the merge" isShown count={count} onShow={() => undefined} />
      ) : null}
      {view.kind === 'scope' ? (
        <Menu
          align="start"
          entries={scopes.map((one) => ({
            kind: 'item',
            id: one.scope,
            label: one.label,
            ...checked(one.scope === scope),
            onChoose: () => show({ kind: 'scope', scope: one.scope }),
          }))}
        >
          <Button size="small" variant="ghost" iconAfter={ChevronDown} data-testid={testId.reviewScope}>
            {scopes.find((one) => one.scope === scope)?.label}
          </Button>
        </Menu>
      ) : null}
    </nav>
  )
}

/** A range that is no commit of the branch is what a merge would make. */
const isResult = (view: ReviewView, commits: readonly ReviewCommit[] | undefined): boolean =>
  view.kind === 'range' && commits?.some(({ sha, parent }) => sha === view.to && parent === view.from) !== true

interface ViewButtonProps {
  readonly label: string
  readonly isShown: boolean
  /** Known of the view that is shown. */
  readonly count: number | null
  readonly onShow: () => void
}

const ViewButton = ({ label, isShown, count, onShow }: ViewButtonProps) => (
  <button type="button" className="review-view" aria-current={isShown ? 'true' : undefined} onClick={onShow}>
    {label}
    {count === null ? null : <Count value={count} />}
  </button>
)

const Progress = () => {
  const files = useReviewState((state) => state.listing?.files)
  if (files === undefined || files.length === 0) return null
  const { words, percent } = progressOf(files)
  return (
    <span className="review-progress text-12 text-quiet num" data-testid={testId.reviewProgress}>
      <span className="review-meter" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </span>
      {words}
    </span>
  )
}
