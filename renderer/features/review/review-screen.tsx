import './review.css'
import { Copy, FileDiff, FolderX, GitCompare, TriangleAlert } from 'lucide-react'
import { useCallback, useMemo, useRef } from 'react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import type { ProjectId, SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import { useFolds } from '../../data/folds.ts'
import { useKeptValue } from '../../data/kept-value.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { useWorktree } from '../../data/worktrees.ts'
import type { ReviewGuide } from '../../lib/line-notes.tsx'
import { copyText } from '../../lib/copy-text.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { withToggled } from '../../lib/toggled.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { useMedia } from '../../lib/use-media.ts'
import { EmptyState, Note, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { CommandButton } from '../../ui/command-button.tsx'
import { useDiffLibrary } from './diff-library.ts'
import { BranchSlot } from './branch-slot.tsx'
import { CommitCommand } from './commit-foot.tsx'
import { ReviewBar } from './review-bar.tsx'
import { ReviewBody } from './review-body.tsx'
import { ReviewProvider, useDesk, useReviewState, type ReviewDesk } from './review-context.tsx'
import { ReviewHeader } from './review-header.tsx'
import { parsePrefs, prefsKey, type ReviewPrefs } from './review-prefs.ts'
import type { ReviewSlots } from './review-slots.ts'
import { scopes } from './review-words.ts'
import { narrow, SideButton, SideDock } from './side-dock.tsx'
import { useReview } from './use-review.ts'
import { stillSince, useSince } from './use-since.ts'

export interface ReviewScreenProps {
  readonly sessionId: SessionId
  readonly onGoToSession: (id: SessionId) => void
  readonly slots: ReviewSlots
}

/** What a session changed, to be read file by file. */
export const ReviewScreen = ({ sessionId, onGoToSession, slots }: ReviewScreenProps) => {
  const worktreeId = useSessionValue(sessionId, (session) => session.worktreeId)
  const worktree = useWorktree(worktreeId)
  return (
    <section className="review" aria-label="Review" data-testid={testId.review}>
      {worktreeId == null || worktree === undefined ? (
        <div className="review-empty">
          <EmptyState icon={FolderX} title="There is no worktree to review">
            {worktreeId === undefined
              ? 'The session is not there any more.'
              : 'The session gets its worktree when it starts. Its changes appear here then.'}
          </EmptyState>
        </div>
      ) : (
        <ReviewRoom
          key={worktreeId}
          projectId={worktree.projectId}
          worktreeId={worktreeId}
          sessionId={sessionId}
          onGoToSession={onGoToSession}
          slots={slots}
        />
      )}
    </section>
  )
}

interface ReviewRoomProps extends ReviewScreenProps {
  readonly projectId: ProjectId
  readonly worktreeId: WorktreeId
}

const ReviewRoom = ({ projectId, worktreeId, sessionId, onGoToSession, slots }: ReviewRoomProps) => {
  const { Around } = slots
  const guide = useRef<ReviewGuide | null>(null)
  const [prefs, setPrefs] = useKeptValue(prefsKey, parsePrefs, 0)
  const review = useReview(worktreeId, prefs)
  const notices = useNotices()
  const { since, toggle } = useSince(worktreeId)
  const [folded, setFolded] = useFolds(worktreeId)
  const latest = useLatest({ since })
  const markViewed = useCallback(
    (files: readonly ReviewFile[], isViewed: boolean) => {
      // What was read makes room, as in every review people know.
      const rawPaths = new Set(files.map(({ rawPath }) => rawPath))
      setFolded(
        (before) =>
          new Set([...before].filter((rawPath) => !rawPaths.has(rawPath)).concat(isViewed ? [...rawPaths] : [])),
      )
      void review.markFiles(files, isViewed).then((refused) => refused !== null && notices.refuse(refused))
    },
    [notices, review, setFolded],
  )
  const desk = useMemo(
    (): ReviewDesk => ({
      projectId,
      worktreeId,
      review,
      guide,
      toggleViewed: (file) => markViewed([file], file.mark !== 'viewed'),
      markViewed,
      toggleHunk: (file, hunk) =>
        void review
          .mark(file, hunk, !file.viewedHunks.includes(hunk))
          .then((refused) => refused !== null && notices.refuse(refused)),
      toggleFold: (rawPath) => setFolded((before) => withToggled(before, rawPath)),
      toggleSince: (file: ReviewFile) => {
        setFolded((before) => (before.has(file.rawPath) ? withToggled(before, file.rawPath) : before))
        toggle(file, latest.current.since.has(file.rawPath))
      },
      copyPath: (file) =>
        void copyText(file.path).then((isDone) =>
          isDone
            ? notices.show({ icon: Copy, text: 'Copied the path.' })
            : notices.refuse('The browser did not let the path be copied.'),
        ),
    }),
    [latest, markViewed, notices, projectId, review, setFolded, toggle, worktreeId],
  )
  const onPrefs = useMemo(
    () => (change: Partial<ReviewPrefs>) => {
      setPrefs((before) => ({ ...before, ...change }))
      if (change.whitespace !== undefined) void review.setWhitespace(change.whitespace)
    },
    [review, setPrefs],
  )
  const isDocked = !useMedia(narrow) && prefs.isSideShown
  const place = { sessionId, worktreeId }
  return (
    <ReviewProvider value={desk}>
      <Around {...place} review={review} guide={guide}>
        <ReviewHeader sessionId={sessionId}>
          <BranchSlot {...place} draw={slots.base} />
        </ReviewHeader>
        <ReviewBar prefs={prefs} onPrefs={onPrefs}>
          {isDocked ? null : <SideButton slot={slots.side} {...place} />}
          {slots.action}
        </ReviewBar>
        <Problem />
        <div className="review-main">
          <Content prefs={prefs} folded={folded} since={since} onPrefs={onPrefs}>
            <Button onClick={() => onGoToSession(sessionId)}>Go to its terminal</Button>
          </Content>
          {isDocked ? (
            <SideDock>
              <BranchSlot {...place} draw={slots.side.panel} />
            </SideDock>
          ) : null}
        </div>
        <CommitCommand />
        <BranchSlot {...place} draw={slots.side.commands} />
        <BranchSlot {...place} draw={slots.bar} />
      </Around>
    </ReviewProvider>
  )
}

/** What stands in the way of a right picture, and what to do about it. */
const Problem = () => {
  const problem = useReviewState((state) => state.listing?.problem ?? null)
  const isPartial = useReviewState((state) => state.listing?.isPartial ?? false)
  const failed = useReviewState((state) => (state.listing === null ? null : state.problem))
  const words = failed ?? problem ?? (isPartial ? 'Some files could not be read, so they are missing here.' : null)
  return words === null ? null : (
    <div className="review-problem">
      <Note icon={TriangleAlert} tone="warn" testId={testId.reviewProblem}>
        {words}
      </Note>
    </div>
  )
}

interface ContentProps {
  readonly prefs: ReviewPrefs
  readonly folded: ReadonlySet<string>
  readonly since: Parameters<typeof stillSince>[0]
  readonly onPrefs: (change: Partial<ReviewPrefs>) => void
  /** What one may do next when there is nothing to read. */
  readonly children: React.ReactNode
}

const Content = ({ prefs, folded, since, onPrefs, children }: ContentProps) => {
  const listing = useReviewState((state) => state.listing)
  const problem = useReviewState((state) => state.problem)
  const library = useDiffLibrary()
  const shownSince = useMemo(() => stillSince(since, listing?.files ?? []), [since, listing])
  if (listing === null) return problem === null ? <Loading /> : <Failed message={problem} />
  if (library.kind === 'failed')
    return <Failed message="The part that draws changes did not load. Load the page again." />
  if (listing.files.length === 0) return <NothingChanged>{children}</NothingChanged>
  if (library.kind === 'loading') return <Loading />
  return (
    <ReviewBody
      library={library.value}
      listing={listing}
      prefs={prefs}
      folded={folded}
      since={shownSince}
      onPrefs={onPrefs}
    />
  )
}

const NothingChanged = ({ children }: { readonly children: React.ReactNode }) => {
  const view = useReviewState((state) => state.view)
  const { review } = useDesk()
  const isAll = view.kind === 'scope' && view.scope === 'all'
  const scope = view.kind === 'scope' ? scopes.find((one) => one.scope === view.scope)?.label.toLowerCase() : null
  const title = isAll
    ? 'No changes yet'
    : view.kind === 'since-looked'
      ? 'Nothing changed since you looked'
      : view.kind === 'turn'
        ? `Turn ${view.number} changed no file`
        : view.kind === 'range'
          ? 'No file changed there'
          : `Nothing is ${scope}`
  return (
    <div className="review-empty">
      <EmptyState
        icon={isAll ? FileDiff : GitCompare}
        title={title}
        actions={
          isAll ? (
            children
          ) : (
            <>
              <Button onClick={() => void review.show({ kind: 'scope', scope: 'all' })}>Show all changes</Button>
              {view.kind === 'scope' && view.scope === 'unstaged' ? <CommandButton command="review.commit" /> : null}
            </>
          )
        }
      >
        {isAll
          ? 'What the session writes, commits or deletes appears here while it works.'
          : 'The other changes of the worktree are under Changes.'}
      </EmptyState>
    </div>
  )
}

const Failed = ({ message }: { readonly message: string }) => {
  const { review } = useDesk()
  return (
    <div className="review-empty">
      <EmptyState
        icon={TriangleAlert}
        title="The changes could not be read"
        actions={<Button onClick={() => void review.read()}>Try again</Button>}
      >
        {message}
      </EmptyState>
    </div>
  )
}

const skeletonWidths = ['62%', '48%', '70%', '55%', '38%', '66%', '44%', '58%'] as const

const Loading = () => (
  <div className="review-body" aria-busy="true" aria-label="Reading the changes" role="status">
    <div className="review-side review-skeletons">
      {skeletonWidths.map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
    <div className="review-changes review-skeletons">
      {skeletonWidths.map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
  </div>
)
