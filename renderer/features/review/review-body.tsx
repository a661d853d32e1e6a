import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ReviewFile, ReviewListing } from '../../../shared/contract/review.ts'
import { useFolds } from '../../data/folds.ts'
import { patchKey } from '../../data/review.ts'
import { testId } from '../../lib/test-ids.ts'
import { withToggled } from '../../lib/toggled.ts'
import { FindBar } from '../../ui/find-bar.tsx'
import { DiffPane, type DiffHandle, type DiffSpot } from './diff-pane.tsx'
import { hasLines, type SinceDiff } from './diff-items.ts'
import type { DiffLibrary } from './diff-library.ts'
import { FileList } from './file-list.tsx'
import { orderFiles, treeRows } from './file-tree.ts'
import { hunksOf, type PatchHunk } from './patch-hunks.ts'
import { useDesk, useReviewState } from './review-context.tsx'
import type { ReviewPlace } from './review-place.ts'
import type { ReviewPrefs } from './review-prefs.ts'
import { StaleBanner } from './stale-banner.tsx'
import { useFind } from './use-find.ts'
import { usePicked } from './use-picked.ts'
import { useReviewKeys } from './use-review-keys.ts'
import { StagingProvider, useStaging } from './use-staging.ts'
import { CommitFoot } from './commit-foot.tsx'

interface ReviewBodyProps {
  readonly library: DiffLibrary
  readonly listing: ReviewListing
  readonly prefs: ReviewPrefs
  readonly folded: ReadonlySet<string>
  readonly since: ReadonlyMap<string, SinceDiff>
  readonly onPrefs: (change: Partial<ReviewPrefs>) => void
}

/** The files, and beside them what changed in each. */
export const ReviewBody = (props: ReviewBodyProps) => {
  const { library, listing, prefs, folded, since, onPrefs } = props
  const desk = useDesk()
  const diff = useRef<DiffHandle>(null)
  const filterBox = useRef<HTMLDivElement>(null)
  const [filter, setFilter] = useState('')
  const [closedFolders, changeFolders] = useFolds(desk.projectId)
  const [place, setPlace] = useState<ReviewPlace | null>(null)
  const { sort } = prefs
  const files = useMemo(() => orderFiles(listing.files, { filter, sort }), [listing.files, filter, sort])
  const byPath = useMemo(() => new Map(listing.files.map((file) => [file.rawPath, file])), [listing.files])
  const rows = useMemo(
    () => treeRows(listing.files, { filter, sort, folded: closedFolders }),
    [listing.files, filter, sort, closedFolders],
  )
  const hunks = useHunks()
  const here = place !== null && byPath.has(place.rawPath) ? place : null
  const current = here?.rawPath ?? files[0]?.rawPath ?? null
  const find = useFind(files, (spot) => {
    setPlace({ rawPath: spot.rawPath, hunk: -1 })
    diff.current?.toSpot(spot)
  })
  const hunk = useMemo(() => find.spot ?? hunkSpot(here, byPath, hunks), [find.spot, here, byPath, hunks])
  const toPlace = useCallback((rawPath: string) => setPlace({ rawPath, hunk: -1 }), [])
  const toAll = useCallback(() => setFilter(''), [])
  const around = { files, byPath, hunks, folded, since, current, diff }
  const { picked, spot, choosing } = usePicked({ ...around, spot: hunk, onPlace: toPlace, onUnfilter: toAll })

  const goTo = useCallback((rawPath: string, withFocus = false) => {
    setPlace({ rawPath, hunk: -1 })
    diff.current?.toFile(rawPath)
    if (withFocus) diff.current?.focus()
  }, [])
  const onReach = useCallback(
    (rawPath: string) => setPlace((before) => (before?.rawPath === rawPath ? before : { rawPath, hunk: -1 })),
    [],
  )
  const awaited = useRef<ReviewPlace | null>(null)
  useEffect(() => {
    if (hunk === null || here === null || awaited.current !== here) return
    awaited.current = null
    diff.current?.toSpot(hunk)
  }, [here, hunk])
  const staging = useStaging({ files, byPath, current, here, picked, onFile: goTo })
  useReviewKeys({
    files,
    here,
    current,
    byPath,
    prefs,
    hunks,
    diff,
    awaited,
    onPrefs,
    onPlace: setPlace,
    onFile: goTo,
    onFind: find.open,
    onFilter: () => filterBox.current?.querySelector('input')?.focus(),
    staging,
  })
  return (
    <div className="review-body">
      <div className="review-side">
        <FileList
          rows={rows}
          byPath={byPath}
          current={current}
          filter={filter}
          sort={sort}
          filterRef={filterBox}
          onFilter={setFilter}
          onSort={(next) => onPrefs({ sort: next })}
          onFolder={(key) => changeFolders((before) => withToggled(before, key))}
          onOpen={goTo}
        />
        <CommitFoot />
        <StaleBanner
          files={listing.files}
          onShow={(file) => {
            desk.toggleSince(file)
            goTo(file.rawPath)
          }}
        />
      </div>
      <div className="review-changes">
        {find.isOpen ? (
          <FindBar
            label="Find in the changes"
            text={find.text}
            words={find.words}
            turn={find.turn}
            testId={testId.reviewFind}
            countTestId={testId.reviewFindCount}
            onText={find.setText}
            onStep={find.step}
            onClose={() => {
              find.close()
              diff.current?.focus()
            }}
          />
        ) : null}
        <StagingProvider value={staging}>
          <DiffPane
            ref={diff}
            library={library}
            files={files}
            folded={folded}
            since={since}
            place={here}
            spot={spot}
            hunksOf={hunks}
            prefs={prefs}
            choosing={choosing}
            onReach={onReach}
          />
        </StagingProvider>
      </div>
    </div>
  )
}

const hunkSpot = (
  place: ReviewPlace | null,
  byPath: ReadonlyMap<string, ReviewFile>,
  hunks: (file: ReviewFile) => readonly PatchHunk[] | null,
): DiffSpot | null => {
  const file = place === null ? undefined : byPath.get(place.rawPath)
  const hunk = file === undefined || place === null ? undefined : hunks(file)?.[place.hunk]
  return hunk === undefined || file === undefined ? null : { rawPath: file.rawPath, from: hunk.from, to: hunk.to }
}

/** The hunks of files whose lines are here, read once for each content; null while they are on their way. */
const useHunks = () => {
  const patches = useReviewState((state) => state.patches)
  const whitespace = useReviewState((state) => state.whitespace)
  const [known] = useState(() => new Map<string, readonly PatchHunk[]>())
  return useCallback(
    (file: ReviewFile): readonly PatchHunk[] | null => {
      const key = patchKey(file, whitespace)
      const patch = patches.get(key)
      if (!hasLines(file) || (patch !== undefined && patch.kind !== 'ready' && patch.kind !== 'loading')) return []
      if (patch?.kind !== 'ready') return null
      const read = known.get(key) ?? hunksOf(patch.patch)
      // Only those near the view have lines, so this stays small; what is far away goes with the next that is read.
      if (known.size > mostKnown) known.clear()
      known.set(key, read)
      return read
    },
    [known, patches, whitespace],
  )
}

const mostKnown = 500
