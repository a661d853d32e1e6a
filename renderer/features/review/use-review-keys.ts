import { useMemo, type RefObject } from 'react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import { useCommands } from '../../lib/command-context.tsx'
import { useLatest } from '../../lib/use-latest.ts'
import type { DiffHandle } from './diff-pane.tsx'
import type { PatchHunk } from './patch-hunks.ts'
import { reviewCommands } from './review-commands.ts'
import { useDesk } from './review-context.tsx'
import { fileBeside, hunkBeside, type ReviewPlace } from './review-place.ts'
import type { ReviewPrefs } from './review-prefs.ts'
import { scopeBeside } from './review-words.ts'
import type { StagingDesk } from './use-staging.ts'

interface KeyDeps {
  readonly files: readonly ReviewFile[]
  readonly here: ReviewPlace | null
  readonly current: string | null
  readonly byPath: ReadonlyMap<string, ReviewFile>
  readonly prefs: ReviewPrefs
  /** Null while its lines are on their way. */
  readonly hunks: (file: ReviewFile) => readonly PatchHunk[] | null
  readonly diff: RefObject<DiffHandle | null>
  /** A hunk that was gone to before its lines were here: it is scrolled to when they come. */
  readonly awaited: RefObject<ReviewPlace | null>
  readonly onPrefs: (change: Partial<ReviewPrefs>) => void
  readonly onPlace: (place: ReviewPlace) => void
  readonly onFile: (rawPath: string) => void
  readonly onFind: () => void
  readonly onFilter: () => void
  readonly staging: StagingDesk
}

/** The keys of a review, while it is shown. */
export const useReviewKeys = (deps: KeyDeps): void => {
  const desk = useDesk()
  const latest = useLatest(deps)
  useCommands(
    useMemo(() => {
      const file = () => latest.current.byPath.get(latest.current.current ?? '')
      return reviewCommands({
        file: (by) => {
          const { files, here, onFile } = latest.current
          const next = fileBeside(files, here?.rawPath ?? null, by)
          if (next !== null) onFile(next.rawPath)
        },
        hunk: (by) => goToHunk(latest.current, by),
        toggleFile: () => {
          const one = file()
          if (one !== undefined) desk.toggleViewed(one)
        },
        toggleHunk: () => {
          const one = file()
          const hunk = one === undefined ? undefined : latest.current.hunks(one)?.[latest.current.here?.hunk ?? -1]
          if (one !== undefined && hunk !== undefined) desk.toggleHunk(one, hunk.hash)
        },
        fold: () => {
          const { current } = latest.current
          if (current !== null) desk.toggleFold(current)
        },
        scope: (by) => {
          const { view } = desk.review.store.getState()
          void desk.review.show({ kind: 'scope', scope: view.kind === 'scope' ? scopeBeside(view.scope, by) : 'all' })
        },
        act: (verb) => latest.current.staging.run(verb),
        undoStaging: () => latest.current.staging.undoLast(),
        filter: () => latest.current.onFilter(),
        find: () => latest.current.onFind(),
        ...lookKeys(latest),
        refresh: () => void desk.review.read(),
      })
    }, [desk, latest]),
  )
}

const goToHunk = ({ files, here, byPath, hunks, diff, awaited, onPlace }: KeyDeps, by: 1 | -1) => {
  const next = hunkBeside(files, here, by, (file) => hunks(file)?.length ?? null)
  if (next === null) return
  onPlace(next)
  const file = byPath.get(next.rawPath)
  const hunk = file === undefined ? undefined : hunks(file)?.[next.hunk]
  awaited.current = hunk === undefined ? next : null
  if (hunk === undefined) diff.current?.toFile(next.rawPath)
  else diff.current?.toSpot({ rawPath: next.rawPath, from: hunk.from, to: hunk.to })
}

const lookKeys = (latest: RefObject<KeyDeps>) => {
  const change = (make: (prefs: ReviewPrefs) => Partial<ReviewPrefs>) => () =>
    latest.current.onPrefs(make(latest.current.prefs))
  return {
    toggleStyle: change(({ style }) => ({ style: style === 'unified' ? 'split' : 'unified' })),
    toggleWhitespace: change(({ whitespace }) => ({ whitespace: whitespace === 'show' ? 'ignore' : 'show' })),
    toggleWrap: change(({ isWrapped }) => ({ isWrapped: !isWrapped })),
  }
}
