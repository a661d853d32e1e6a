import type { CodeViewItem, CodeViewLineSelection, CodeView as Viewer, FileDiffMetadata } from '@pierre/diffs'
import type { CodeViewHandle } from '@pierre/diffs/react'
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import { useData } from '../../data/data-context.tsx'
import { useAppearance } from '../../data/settings.ts'
import { settle } from '../../data/settle.ts'
import { useLineNotes, type LineNotes } from '../../lib/line-notes.tsx'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { AddButton, NotesAt } from './notes-at.tsx'
import { openToKeyboard, pressExpandButton } from './diff-buttons.ts'
import { createItems, hasLines, type SinceDiff } from './diff-items.ts'
import { highlighterOptions, poolOptions, type DiffLibrary } from './diff-library.ts'
import { diffOptions, diffSizes } from './diff-look.ts'
import { createSources } from './diff-sources.ts'
import { FileHeader } from './file-header.tsx'
import { FileNote } from './file-note.tsx'
import { showOldNumbers } from './number-columns.ts'
import type { PatchHunk, Side } from './patch-hunks.ts'
import { useDesk, useReviewState } from './review-context.tsx'
import { around, type ReviewPlace } from './review-place.ts'
import type { ReviewPrefs } from './review-prefs.ts'
import { useIsLight } from './use-is-light.ts'

/** Lines are here for so many files around those in sight; when some are not, they are asked for so far ahead at once. */
const near = 12
const ahead = 30
/** So many are kept. */
const keptFiles = 120

export interface DiffSpot {
  readonly rawPath: string
  readonly from: { readonly side: Side; readonly number: number }
  readonly to: { readonly side: Side; readonly number: number }
}

export interface DiffHandle {
  readonly toFile: (rawPath: string) => void
  readonly toSpot: (spot: DiffSpot, align?: 'center' | 'nearest') => void
  readonly focus: () => void
}

interface DiffPaneProps {
  readonly ref: Ref<DiffHandle>
  readonly library: DiffLibrary
  /** Those that are shown, in their order. */
  readonly files: readonly ReviewFile[]
  readonly folded: ReadonlySet<string>
  readonly since: ReadonlyMap<string, SinceDiff>
  readonly place: ReviewPlace | null
  /** The hunk one is in, or the line that was found. */
  readonly spot: DiffSpot | null
  readonly hunksOf: (file: ReviewFile) => readonly PatchHunk[] | null
  readonly prefs: ReviewPrefs
  /** The file that stands at the top, when it was the person who scrolled. */
  readonly onReach: (rawPath: string) => void
  readonly choosing: Choosing
}

/** How lines are chosen: with the pointer, the arrows, and the button beside a line. */
export interface Choosing {
  readonly onSelect: (selection: CodeViewLineSelection | null) => void
  /** False where there is nothing to choose, so that the arrow scrolls. */
  readonly onArrow: (by: 1 | -1, isExtending: boolean) => boolean
  readonly onEscape: () => boolean
  readonly onAdd: (rawPath: string, side: Side, line: number) => void
}

type View = Viewer<undefined, undefined>

/** The changes of every file, one beneath the other. Only what is near the view is loaded and drawn. */
export const DiffPane = (props: DiffPaneProps) => {
  const { ref, library, files, prefs, place, spot, folded, since, hunksOf, choosing } = props
  const { CodeView, WorkerPoolContextProvider } = library
  const notes = useLineNotes()
  const hasNotes = notes !== null
  const { items, rawPathOf } = useItems(props, notes)
  const { terminalFontSize: fontSize } = useAppearance()
  const isLight = useIsLight()
  const view = useRef<CodeViewHandle<undefined, undefined>>(null)
  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const onScroll = useNearness(props, frame)
  useArrows(frame, choosing)
  const loadDiffFiles = useWholeFiles(rawPathOf)
  const options = useMemo(
    () => ({
      ...diffOptions(prefs, { fontSize, isLight, hasNotes }),
      loadDiffFiles,
      onPostRender: amend,
    }),
    [prefs, fontSize, isLight, hasNotes, loadDiffFiles],
  )
  useEffect(() => {
    const viewer = view.current?.getInstance()
    if (viewer !== undefined && items.length > 0) onScroll(viewer.getScrollTop(), viewer)
  }, [items, onScroll])
  useImperativeHandle(
    ref,
    () => ({
      toFile: (id) => view.current?.scrollTo({ type: 'item', id, align: 'start' }),
      toSpot: ({ rawPath: id, from }, align = 'center') =>
        view.current?.scrollTo({ type: 'line', id, lineNumber: from.number, side: from.side, align }),
      focus: () => frame?.focus(),
    }),
    [frame],
  )
  const renderHeader = useCallback(
    ({ id }: CodeViewItem<undefined>) => {
      const file = files.find((one) => one.rawPath === id)
      const isCurrent = place?.rawPath === id
      return (
        <FileHeader
          rawPath={id}
          isFolded={folded.has(id)}
          isSince={since.has(id)}
          isCurrent={isCurrent}
          hunk={isCurrent && file !== undefined ? hunkWords(place.hunk, hunksOf(file), file) : null}
        />
      )
    },
    [files, folded, since, place, hunksOf],
  )
  const renderAdd = useCallback(
    (
      hovered: () => { readonly lineNumber: number; readonly side?: Side } | undefined,
      { id }: CodeViewItem<undefined>,
    ) => (
      <AddButton
        onAdd={() => {
          const line = hovered()
          if (line?.side !== undefined) choosing.onAdd(id, line.side, line.lineNumber)
        }}
      />
    ),
    [choosing],
  )
  return (
    <WorkerPoolContextProvider poolOptions={poolOptions} highlighterOptions={highlighterOptions}>
      <CodeView
        ref={view}
        containerRef={useFrame(setFrame)}
        className="diff-view scroll"
        style={diffSizes(fontSize)}
        items={items}
        options={options}
        selectedLines={spot === null ? null : { id: spot.rawPath, range: rangeOf(spot) }}
        renderCustomHeader={renderHeader}
        renderAnnotation={renderNote}
        {...(notes === null ? {} : { renderGutterUtility: renderAdd, onSelectedLinesChange: choosing.onSelect })}
        onScroll={onScroll}
      />
    </WorkerPoolContextProvider>
  )
}

const amend = (container: HTMLElement) => {
  openToKeyboard(container)
  showOldNumbers(container)
}

const renderNote = (
  ...[{ lineNumber, ...at }, , item]: readonly [
    { readonly lineNumber: number; readonly side?: Side },
    unknown,
    CodeViewItem<undefined>,
  ]
) => (
  <>
    {item.type === 'file' ? <FileNote rawPath={item.id} /> : null}
    <NotesAt
      rawPath={item.id}
      side={at.side ?? 'additions'}
      line={lineNumber}
      hunks={item.type === 'diff' ? item.fileDiff.hunks : null}
    />
  </>
)

const rangeOf = ({ from, to }: DiffSpot) => ({
  start: from.number,
  side: from.side,
  end: to.number,
  endSide: to.side,
})

const hunkWords = (at: number, hunks: readonly PatchHunk[] | null, file: ReviewFile): string | null => {
  const hunk = hunks?.[at]
  if (hunks === null || hunk === undefined) return null
  return `hunk ${at + 1} of ${hunks.length}${file.viewedHunks.includes(hunk.hash) ? ', viewed' : ''}`
}

/** The library makes the frame; it is to be reached by keyboard, and to be named. */
const useFrame = (onFrame: (frame: HTMLDivElement | null) => void) =>
  useCallback(
    (frame: HTMLDivElement | null) => {
      if (frame !== null) {
        frame.tabIndex = 0
        frame.setAttribute('role', 'region')
        frame.setAttribute('aria-label', 'Changes')
        frame.dataset['region'] = ''
        frame.dataset['testid'] = testId.reviewDiff
        frame.addEventListener('keydown', pressExpandButton)
      }
      onFrame(frame)
    },
    [onFrame],
  )

const useItems = ({ library, files, folded, since }: DiffPaneProps, lineNotes: LineNotes | null) => {
  const notes = useMemo(() => Map.groupBy(lineNotes?.notes ?? [], ({ rawPath }) => rawPath), [lineNotes])
  const [builder] = useState(() => createItems(library.processFile))
  const patches = useReviewState((state) => state.patches)
  const whitespace = useReviewState((state) => state.whitespace)
  const [sourcesOf] = useState(createSources)
  const items = useMemo(
    () => builder.build(sourcesOf({ files, folded, notes, patches, since, whitespace })),
    [builder, sourcesOf, files, folded, notes, patches, since, whitespace],
  )
  return { items, rawPathOf: builder.rawPathOf }
}

/** The arrows choose lines while the changes have the focus, and not something in them. */
const useArrows = (frame: HTMLElement | null, choosing: Choosing) => {
  const latest = useLatest(choosing)
  useEffect(() => {
    if (frame === null) return undefined
    const onKey = (event: KeyboardEvent) => {
      if (event.target !== frame || event.ctrlKey || event.metaKey || event.altKey) return
      const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null
      const isUsed =
        by === null ? event.key === 'Escape' && latest.current.onEscape() : latest.current.onArrow(by, event.shiftKey)
      if (isUsed) event.preventDefault()
    }
    frame.addEventListener('keydown', onKey)
    return () => frame.removeEventListener('keydown', onKey)
  }, [frame, latest])
}

/** Asks for what comes near, and says which file stands at the top when a person scrolled there. */
const useNearness = ({ files, onReach }: DiffPaneProps, frame: HTMLElement | null) => {
  const { review } = useDesk()
  const latest = useLatest({ files, onReach })
  const isByHand = useRef(false)
  useEffect(() => {
    if (frame === null) return undefined
    const byHand = () => {
      isByHand.current = true
    }
    const byKey = ({ key }: KeyboardEvent) => {
      isByHand.current = /^(Arrow|Page|Home|End| $)/.test(key)
    }
    frame.addEventListener('wheel', byHand, { passive: true })
    frame.addEventListener('pointerdown', byHand)
    window.addEventListener('keydown', byKey, { capture: true })
    return () => {
      frame.removeEventListener('wheel', byHand)
      frame.removeEventListener('pointerdown', byHand)
      window.removeEventListener('keydown', byKey, { capture: true })
    }
  }, [frame])
  return useCallback(
    (scrollTop: number, viewer: View) => {
      const { files: now, onReach: reach } = latest.current
      const drawn = viewer.getRenderedItems()
      const first = now.findIndex((file) => file.rawPath === drawn[0]?.id)
      const last = first + drawn.length - 1
      // Each batch that comes is laid out among all files: a few at a time would be felt at every turn of the wheel.
      const isMissing = around(now, first, last, near).some((file) => hasLines(file) && !review.patchOf(file))
      const wanted = isMissing ? around(now, first, last, ahead).filter(hasLines) : []
      review.want(wanted, around(now, first, last, keptFiles))
      if (!isByHand.current) return
      const top = drawn.findLast(({ id }) => (viewer.getTopForItem(id) ?? 0) <= scrollTop + 1) ?? drawn[0]
      if (top !== undefined) reach(top.id)
    },
    [latest, review],
  )
}

/** Both versions of a file as a whole, for the lines between its hunks. */
const useWholeFiles = (rawPathOf: (diff: FileDiffMetadata) => string | undefined) => {
  const { api } = useData()
  const notices = useNotices()
  const { review, worktreeId } = useDesk()
  return useCallback(
    async (diff: FileDiffMetadata) => {
      const rawPath = rawPathOf(diff)
      const file = review.store.getState().listing?.files.find((one) => one.rawPath === rawPath)
      const read = async (oid: string | null | undefined) => {
        if (oid == null) throw new Error('There is no such version of the file.')
        const result = await settle(api.review.text({ worktreeId, oid }))
        if (result.ok) return { name: diff.name, contents: result.value.text, cacheKey: oid }
        notices.refuse(result.refusal.message)
        throw new Error(result.refusal.message)
      }
      const newFile = await read(file?.newOid)
      return diff.type === 'rename-pure' ? { oldFile: null, newFile } : { oldFile: await read(file?.oldOid), newFile }
    },
    [api, notices, rawPathOf, review, worktreeId],
  )
}
