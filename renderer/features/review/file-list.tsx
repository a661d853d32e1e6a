import { ArrowDownUp, ChevronDown, ChevronRight, MessageSquare } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type Ref } from 'react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import { useLineNotes } from '../../lib/line-notes.tsx'
import { nextIndex } from '../../lib/roving.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Lines, Tag } from '../../ui/bits.tsx'
import { IconButton } from '../../ui/button.tsx'
import { checked, FilterBar, FilterText } from '../../ui/filter-bar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useRowFocus, useRowsInSight } from '../../ui/use-rows-in-sight.ts'
import { markOfFolder, type FileSort, type FolderMark, type TreeRow } from './file-tree.ts'
import { useDesk } from './review-context.tsx'
import { describeFile, tagsOf } from './review-words.ts'
import { ViewedBox } from './viewed-box.tsx'

interface FileListProps {
  readonly rows: readonly TreeRow[]
  readonly byPath: ReadonlyMap<string, ReviewFile>
  readonly current: string | null
  readonly filter: string
  readonly sort: FileSort
  readonly filterRef: Ref<HTMLDivElement>
  readonly onFilter: (text: string) => void
  readonly onSort: (sort: FileSort) => void
  readonly onFolder: (key: string) => void
  /** With Enter the focus goes to the changes as well. */
  readonly onOpen: (rawPath: string, withFocus: boolean) => void
}

const sortWords: Readonly<Record<FileSort, string>> = {
  path: 'By path',
  size: 'By size of the change',
  unviewed: 'Not viewed first',
}
const rowHeight = 26
const drawnBeyond = 12

/** The files that changed, in their folders. */
export const FileList = (props: FileListProps) => {
  const { rows, filter, sort, filterRef, onFilter, onSort } = props
  return (
    <aside className="review-files" aria-label="Files" data-region>
      <FilterBar isNarrow ref={filterRef}>
        <FilterText
          text={filter}
          placeholder="Filter files"
          label="Filter the files"
          testId={testId.reviewFilter}
          onText={onFilter}
        />
        <Menu
          entries={(['path', 'size', 'unviewed'] as const).map((one) => ({
            kind: 'item',
            id: one,
            label: sortWords[one],
            ...checked(one === sort),
            onChoose: () => onSort(one),
          }))}
        >
          <IconButton icon={ArrowDownUp} label="Order of the files" data-testid={testId.reviewSort} />
        </Menu>
      </FilterBar>
      {rows.length === 0 ? (
        <p className="review-files-none text-12 text-faint">{filter === '' ? 'No files.' : 'No file is called so.'}</p>
      ) : (
        <Tree {...props} />
      )}
    </aside>
  )
}

const Tree = (props: FileListProps) => {
  const { rows, byPath, current, onFolder, onOpen } = props
  const desk = useDesk()
  const scroller = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const active = Math.max(
    0,
    rows.findIndex(({ key }) => key === (focused ?? current)),
  )
  const virtual = useRowsInSight({
    scroller,
    count: rows.length,
    keyOf: (index) => rows[index]?.key ?? '',
    usualHeight: rowHeight,
    gap: 0,
    beyond: drawnBeyond,
    kept: useMemo(() => [active], [active]),
  })
  const focusRow = useRowFocus({ scroller, virtual, indexOf: (key) => rows.findIndex((row) => row.key === key) })
  useEffect(() => {
    const at = rows.findIndex(({ key }) => key === current)
    if (at !== -1) virtual.scrollToIndex(at, { align: 'auto' })
    setFocused(null)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only another file moves the list, not what is folded in it
  }, [current])

  const goTo = (index: number) => {
    const key = rows[index]?.key
    if (key === undefined) return
    focusRow(key)
    setFocused(key)
  }
  const onKeyDown = (event: KeyboardEvent, index: number, row: TreeRow) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return
    const to = nextIndex(event.key, index, rows.length)
    const isUsed = to !== null || pressOn(event.key, row)
    if (to !== null) goTo(to)
    if (isUsed) event.preventDefault()
  }
  const openRow = (row: TreeRow, withFocus: boolean) => {
    if (row.kind === 'folder') onFolder(row.key)
    else onOpen(row.key, withFocus)
  }
  const markRow = (row: TreeRow) => {
    if (row.kind === 'file') return desk.toggleViewed(row.file)
    const files = row.files.flatMap((rawPath) => byPath.get(rawPath) ?? [])
    const isViewed = markOfFolder(row.files, byPath) !== 'all'
    return desk.markViewed(
      files.filter(({ mark }) => (mark === 'viewed') !== isViewed),
      isViewed,
    )
  }
  const pressOn = (key: string, row: TreeRow): boolean => {
    if (key === ' ') markRow(row)
    else if (key === 'Enter') openRow(row, true)
    else if (row.kind === 'folder' && key === (row.isFolded ? 'ArrowRight' : 'ArrowLeft')) onFolder(row.key)
    else return false
    return true
  }
  return (
    <div
      ref={scroller}
      className="review-tree scroll"
      role="tree"
      aria-label="Changed files"
      data-testid={testId.reviewFiles}
    >
      <div role="presentation" className="review-tree-all" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index]
          if (row === undefined) return null
          const isFolder = row.kind === 'folder'
          return (
            <div
              key={key}
              role="treeitem"
              className="review-row"
              aria-level={row.depth + 1}
              title={isFolder ? undefined : describeFile(row.file)}
              aria-selected={row.key === current}
              aria-expanded={isFolder ? !row.isFolded : undefined}
              tabIndex={index === active ? 0 : -1}
              data-index={index}
              data-kind={row.kind}
              data-path={isFolder ? row.key : row.file.path}
              data-seen={(!isFolder && row.file.mark === 'viewed') || undefined}
              data-testid={testId.reviewRow}
              style={{ transform: `translateY(${start}px)`, paddingLeft: 10 + Math.min(row.depth, 8) * 14 }}
              onFocus={() => setFocused(row.key)}
              onClick={() => openRow(row, false)}
              onKeyDown={(event) => onKeyDown(event, index, row)}
            >
              {isFolder ? (
                <FolderCells row={row} mark={markOfFolder(row.files, byPath)} onMark={() => markRow(row)} />
              ) : (
                <FileCells row={row} />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface FolderCellsProps {
  readonly row: Extract<TreeRow, { kind: 'folder' }>
  readonly mark: FolderMark
  readonly onMark: () => void
}

const FolderCells = ({ row, mark, onMark }: FolderCellsProps) => (
  <>
    <ViewedBox state={mark} label="All viewed" tabIndex={-1} onToggle={onMark} />
    <Icon of={row.isFolded ? ChevronRight : ChevronDown} size={14} />
    <span className="cut grow">{visibleLine(row.name)}</span>
  </>
)

const FileCells = ({ row }: { readonly row: Extract<TreeRow, { kind: 'file' }> }) => {
  const desk = useDesk()
  const { file } = row
  return (
    <>
      <ViewedBox state={file.mark} label="Viewed" tabIndex={-1} onToggle={() => desk.toggleViewed(file)} />
      <span className="cut grow">
        {visibleLine(row.name)}
        {row.depth === 0 && row.folder !== '' ? (
          <span className="review-row-folder"> {visibleLine(row.folder)}</span>
        ) : null}
      </span>
      {tagsOf(file)
        .slice(0, 1)
        .map((tag) => (
          <Tag key={tag} tone={tag === 'conflict' ? 'bad' : 'plain'}>
            {tag}
          </Tag>
        ))}
      <FileNotes rawPath={file.rawPath} />
      <Lines added={file.added ?? 0} removed={file.removed ?? 0} />
    </>
  )
}

/** How much is said of its lines. */
const FileNotes = ({ rawPath }: { readonly rawPath: string }) => {
  const count = useLineNotes()?.counts.get(rawPath)
  return count === undefined ? null : (
    <span
      className="review-row-notes num"
      role="img"
      aria-label={count === 1 ? '1 comment' : `${count} comments`}
      data-testid={testId.reviewComments}
    >
      <Icon of={MessageSquare} size={12} />
      {count}
    </span>
  )
}
