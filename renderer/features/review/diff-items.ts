import type { CodeViewFileItem, CodeViewItem, FileDiffMetadata, processFile } from '@pierre/diffs'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import { patchKey, type PatchState } from '../../data/review.ts'
import type { LineNote } from '../../lib/line-notes.tsx'
import { notedLines } from './noted-lines.ts'

/** What stands beneath the header of a file: its lines, or a word on why there are none. */
export type BodyKind = 'diff' | 'loading' | 'note'

export interface FileBody {
  readonly kind: BodyKind
  /** Two bodies with the same key look the same. */
  readonly key: string
}

export type DiffItem = CodeViewItem<undefined>

export interface ItemSource {
  readonly file: ReviewFile
  readonly patch: PatchState | undefined
  /** Shown instead of the patch: what changed since the file was viewed. */
  readonly since: SinceDiff | undefined
  readonly isCollapsed: boolean
  /** What hangs on its lines. */
  readonly notes?: readonly LineNote[]
}

export interface SinceDiff {
  readonly key: string
  readonly diff: FileDiffMetadata
}

interface Kept {
  /** What it was made of. */
  readonly source: ItemSource
  readonly key: string
  readonly bodyKey: string
  /** What of the file is shown; older than the file itself while its new lines are on their way. */
  readonly content: string
  readonly item: DiffItem
}

/**
 * Makes what the list of diffs shows, one item a file. An item stays the same object while nothing about it changes, so that
 * a change of one file leaves the others, their place and what is unfolded in them alone. While a file's new lines are on
 * their way the old ones stay.
 */
export const createItems = (parse: typeof processFile) => {
  let kept: readonly Kept[] = []
  const diffs = new Map<string, FileDiffMetadata | undefined>()
  let version = 0

  const diffOf = (file: ReviewFile, patch: string, key: string) => {
    if (!diffs.has(key)) diffs.set(key, parse(patch, { cacheKey: key, isGitDiff: true }))
    const diff = diffs.get(key)
    // The names in a patch are quoted and cut where they are odd; the listing's are right.
    if (diff !== undefined) diff.name = file.path
    return diff
  }

  const itemOf = (source: ItemSource, before: Kept | undefined): Kept => {
    // Of many thousands of files a few are others at each step.
    if (before !== undefined && isSameSource(source, before.source)) return before
    const { file, patch, since, isCollapsed } = source
    const parsed = since?.diff ?? (patch?.kind === 'ready' ? diffOf(file, patch.patch, patch.key) : undefined)
    const body = since === undefined ? bodyOf(file, patch, parsed) : ({ kind: 'diff', key: since.key } as const)
    const ownContent = patchKey(file, 'show')
    const old = body.kind === 'loading' && before?.item.type === 'diff' && before.content !== ownContent ? before : null
    const [bodyKey, content] = old === null ? [body.key, ownContent] : [old.bodyKey, old.content]
    const shown = old?.item.type === 'diff' ? old.item.fileDiff : body.kind === 'diff' ? parsed : undefined
    const annotations = shown === undefined ? [] : annotationsOf(source, shown)
    const key = JSON.stringify([bodyKey, isCollapsed, annotations])
    if (before?.key === key) return { ...before, source }
    version += 1
    const common = { id: file.rawPath, version, collapsed: isCollapsed }
    const made = { source, key, bodyKey, content }
    if (shown !== undefined) return { ...made, item: { ...common, type: 'diff', fileDiff: shown, annotations } }
    if (body.kind === 'loading')
      return { ...made, item: { ...common, type: 'diff', fileDiff: blankDiff(blankLines(file)) } }
    return { ...made, item: { ...common, ...noteItem(file) } }
  }

  return {
    build: (sources: readonly ItemSource[]): readonly DiffItem[] => {
      const isSameFiles = kept.length === sources.length && kept.every((one, at) => isOf(one, sources[at]))
      const before = isSameFiles ? null : new Map(kept.map((one) => [one.source.file.rawPath, one]))
      kept = sources.map((one, at) => itemOf(one, before === null ? kept[at] : before.get(one.file.rawPath)))
      const used = new Set(sources.flatMap(({ patch }) => (patch?.kind === 'ready' ? [patch.key] : [])))
      for (const key of diffs.keys()) if (!used.has(key)) diffs.delete(key)
      return kept.map(({ item }) => item)
    },
    /** Whose lines these are, by the object itself: paths need not be unique as text. */
    rawPathOf: (diff: FileDiffMetadata): string | undefined =>
      kept.find(({ item }) => item.type === 'diff' && item.fileDiff === diff)?.source.file.rawPath,
  }
}

const isOf = ({ source }: Kept, other: ItemSource | undefined): boolean =>
  source === other || source.file.rawPath === other?.file.rawPath

const isSameSource = (a: ItemSource, b: ItemSource): boolean =>
  a === b ||
  (a.file === b.file &&
    a.patch === b.patch &&
    a.since === b.since &&
    a.isCollapsed === b.isCollapsed &&
    a.notes === b.notes)

export type DiffItems = ReturnType<typeof createItems>

/** One for each line that something hangs beneath: what hangs there is asked for when it is drawn. */
const annotationsOf = ({ notes = [], since }: ItemSource, { hunks }: FileDiffMetadata) =>
  notedLines(notes, hunks, since !== undefined).map(({ side, line }) => ({ side, lineNumber: line }))

const bodyOf = (file: ReviewFile, patch: PatchState | undefined, diff: FileDiffMetadata | undefined): FileBody => {
  if (!hasLines(file)) return { kind: 'note', key: `note ${file.oldOid} ${file.newOid}` }
  if (patch === undefined || patch.kind === 'loading') return { kind: 'loading', key: `loading ${blankLines(file)}` }
  if (patch.kind !== 'ready') return { kind: 'note', key: `${patch.kind} ${file.oldOid} ${file.newOid}` }
  if (diff === undefined || diff.hunks.length === 0) return { kind: 'note', key: `empty ${patch.key}` }
  return { kind: 'diff', key: patch.key }
}

/** Whether lines of it can be shown at all. */
export const hasLines = (file: ReviewFile): boolean =>
  file.content === 'text' || file.content === 'symlink' || file.content === 'lfs'

// A note stands where the first line of a file would; the line itself is drawn without height.
const noteItem = (file: ReviewFile): Pick<CodeViewFileItem, 'type' | 'file' | 'annotations'> => ({
  type: 'file',
  file: { name: file.path, contents: ' ', lang: 'text' },
  annotations: [{ lineNumber: 0 }],
})

// More would only make the bar beside the list more exact.
const mostBlankLines = 400
const contextLines = 6
const blanks: readonly string[] = Array.from({ length: mostBlankLines }, () => '\n')

const blankLines = (file: ReviewFile) =>
  Math.min(mostBlankLines, Math.max(1, (file.added ?? 0) + (file.removed ?? 0) + contextLines))

const blankByLines = new Map<number, FileDiffMetadata>()

/**
 * Empty lines in the place of those on their way, as many as there will be, so that nothing below moves much. Files with the
 * same number of them share one: there may be many thousands, and it has no name that is shown.
 */
const blankDiff = (lines: number): FileDiffMetadata => {
  const known = blankByLines.get(lines) ?? makeBlank(lines)
  blankByLines.set(lines, known)
  return known
}

const makeBlank = (lines: number): FileDiffMetadata => {
  const drawn = blanks.slice(0, lines)
  return {
    name: 'blank',
    lang: 'text',
    // Of a new file there is nothing to unfold.
    type: 'new',
    isPartial: true,
    additionLines: drawn,
    deletionLines: drawn,
    additionCharacterCount: lines,
    deletionCharacterCount: lines,
    splitLineCount: lines,
    unifiedLineCount: lines,
    cacheKey: `blank ${lines}`,
    hunks: [
      {
        collapsedBefore: 0,
        additionStart: 1,
        additionCount: lines,
        additionLines: 0,
        additionLineIndex: 0,
        deletionStart: 1,
        deletionCount: lines,
        deletionLines: 0,
        deletionLineIndex: 0,
        hunkContent: [{ type: 'context', lines, additionLineIndex: 0, deletionLineIndex: 0 }],
        splitLineStart: 0,
        splitLineCount: lines,
        unifiedLineStart: 0,
        unifiedLineCount: lines,
        noEOFCRDeletions: false,
        noEOFCRAdditions: false,
      },
    ],
  }
}
