import type { ReviewFile } from '../../../shared/contract/review.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'

export const fileSorts = ['path', 'size', 'unviewed'] as const
export type FileSort = (typeof fileSorts)[number]

export type TreeRow =
  | {
      readonly kind: 'folder'
      readonly key: string
      /** As shown: folders with nothing beside one folder inside stand in one row, "src/transfers". */
      readonly name: string
      readonly depth: number
      readonly isFolded: boolean
      /** The raw paths beneath, for the mark of all of them. */
      readonly files: readonly string[]
    }
  | {
      readonly kind: 'file'
      readonly key: string
      readonly name: string
      readonly folder: string
      readonly depth: number
      readonly file: ReviewFile
    }

export interface TreeWish {
  readonly filter: string
  readonly sort: FileSort
  readonly folded: ReadonlySet<string>
}

/** The files in the order in which they are listed and read, whether or not their folder is folded. */
export const orderFiles = (files: readonly ReviewFile[], { filter, sort }: Omit<TreeWish, 'folded'>): ReviewFile[] => {
  const shown = files.filter((file) => isWanted(file, filter))
  const byPath = shown.sort(compareUnmergedFirst)
  switch (sort) {
    case 'path':
      return byPath
    case 'size':
      return byPath.sort((a, b) => sizeOf(b) - sizeOf(a))
    case 'unviewed':
      return byPath.sort((a, b) => rankOfMark[a.mark] - rankOfMark[b.mark])
    default:
      return unreachable(sort)
  }
}

/** The rows of the tree; sorted by anything but the path there are no folders, and a row says its folder itself. */
export const treeRows = (files: readonly ReviewFile[], wish: TreeWish): TreeRow[] => {
  const ordered = orderFiles(files, wish)
  if (wish.sort !== 'path') return ordered.map((file) => fileRow(file, 0))
  const root = emptyFolder('')
  const unmerged = ordered.filter((file) => file.change === 'unmerged')
  for (const file of ordered) if (file.change !== 'unmerged') placeOf(root, foldersOf(file.path)).files.push(file)
  return [...unmerged.map((file) => fileRow(file, 0)), ...rowsOf(root, '', 0, wish.folded)]
}

interface Folder {
  readonly name: string
  readonly folders: Map<string, Folder>
  readonly files: ReviewFile[]
}

const emptyFolder = (name: string): Folder => ({ name, folders: new Map(), files: [] })

const placeOf = (root: Folder, names: readonly string[]): Folder => {
  let folder = root
  for (const name of names) {
    const inner = folder.folders.get(name) ?? emptyFolder(name)
    folder.folders.set(name, inner)
    folder = inner
  }
  return folder
}

const rowsOf = (folder: Folder, path: string, depth: number, folded: ReadonlySet<string>): TreeRow[] => [
  ...[...folder.folders.values()].flatMap((inner) => folderRows(inner, path, depth, folded)),
  ...folder.files.map((file) => fileRow(file, depth)),
]

const folderRows = (first: Folder, path: string, depth: number, folded: ReadonlySet<string>): TreeRow[] => {
  const chain = [first.name]
  let last = first
  while (last.files.length === 0 && last.folders.size === 1) {
    const [only] = last.folders.values()
    if (only === undefined) break
    last = only
    chain.push(last.name)
  }
  const name = chain.join('/')
  const key = `${path}${name}/`
  const isFolded = folded.has(key)
  const row: TreeRow = { kind: 'folder', key, name, depth, isFolded, files: filesBeneath(last) }
  return isFolded ? [row] : [row, ...rowsOf(last, key, depth + 1, folded)]
}

const filesBeneath = (folder: Folder): string[] => [
  ...[...folder.folders.values()].flatMap(filesBeneath),
  ...folder.files.map((file) => file.rawPath),
]

const fileRow = (file: ReviewFile, depth: number): TreeRow => {
  const folders = foldersOf(file.path)
  return {
    kind: 'file',
    key: file.rawPath,
    name: file.path.slice(file.path.lastIndexOf('/') + 1),
    folder: folders.join('/'),
    depth,
    file,
  }
}

const foldersOf = (path: string) => path.split('/').slice(0, -1)

const isWanted = (file: ReviewFile, filter: string) => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const text = `${file.path}\n${file.oldPath ?? ''}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

const sizeOf = (file: ReviewFile) => (file.added ?? 0) + (file.removed ?? 0)

// What changed after it was looked at is what a person most likely missed.
const rankOfMark = { stale: 0, none: 1, viewed: 2 } as const

/** Conflicts first, then folders before the files beside them, as the tree draws them. */
const compareUnmergedFirst = (a: ReviewFile, b: ReviewFile): number => {
  const isUnmerged = (file: ReviewFile) => (file.change === 'unmerged' ? 0 : 1)
  return isUnmerged(a) - isUnmerged(b) || comparePaths(a.path, b.path)
}

const comparePaths = (a: string, b: string): number => {
  const [left, right] = [a.split('/'), b.split('/')]
  const last = Math.min(left.length, right.length) - 1
  for (let at = 0; at <= last; at++) {
    const isFolder = Number(at === left.length - 1) - Number(at === right.length - 1)
    if (isFolder !== 0) return isFolder
    const order = compareNames(left[at] ?? '', right[at] ?? '')
    if (order !== 0) return order
  }
  return 0
}

// By code unit: quick for many thousands of names, and the same on every machine.
const compareNames = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export type FolderMark = 'none' | 'some' | 'all'

/** Whether what is beneath a folder was viewed. */
export const markOfFolder = (rawPaths: readonly string[], byPath: ReadonlyMap<string, ReviewFile>): FolderMark => {
  const viewed = rawPaths.filter((rawPath) => byPath.get(rawPath)?.mark === 'viewed').length
  return viewed === 0 ? 'none' : viewed === rawPaths.length ? 'all' : 'some'
}
