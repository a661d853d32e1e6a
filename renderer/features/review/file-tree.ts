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
  const layout = layOut(files, filter)
  switch (sort) {
    case 'path':
      return [...layout.ordered]
    case 'size':
      return layout.ordered.toSorted((a, b) => sizeOf(b) - sizeOf(a))
    case 'unviewed':
      return layout.ordered.toSorted((a, b) => rankOfMark[a.mark] - rankOfMark[b.mark])
    default:
      return unreachable(sort)
  }
}

/** The rows of the tree; sorted by anything but the path there are no folders, and a row says its folder itself. */
export const treeRows = (files: readonly ReviewFile[], wish: TreeWish): TreeRow[] => {
  if (wish.sort !== 'path') return orderFiles(files, wish).map((file) => fileRow(file, 0))
  const { root, ordered, unmerged } = layOut(files, wish.filter)
  const rows = ordered.slice(0, unmerged).map((file) => fileRow(file, 0))
  addRows(rows, { rawPaths: ordered.map(({ rawPath }) => rawPath), folded: wish.folded }, root, '', 0)
  return rows
}

interface Folder {
  readonly name: string
  readonly folders: Map<string, Folder>
  readonly files: ReviewFile[]
  /** Which of the files in order are beneath it: they stand together. */
  range: readonly [from: number, to: number]
}

interface Layout {
  readonly filter: string
  readonly root: Folder
  readonly ordered: readonly ReviewFile[]
  /** So many with conflicts stand before the others. */
  readonly unmerged: number
}

/** Order and rows are asked for one after the other, and again for each folder that is folded. */
const layouts = new WeakMap<readonly ReviewFile[], Layout>()

const layOut = (files: readonly ReviewFile[], filter: string): Layout => {
  const known = layouts.get(files)
  if (known?.filter === filter) return known
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = words.length === 0 ? files : files.filter((file) => isWanted(file, words))
  const hasConflict = ({ change }: ReviewFile) => change === 'unmerged'
  const conflicts = inOrder(plant(shown.filter(hasConflict)))
  const root = plant(shown.filter((file) => !hasConflict(file)))
  const layout = { filter, root, ordered: inOrder(root, conflicts), unmerged: conflicts.length }
  layouts.set(files, layout)
  return layout
}

const emptyFolder = (name: string): Folder => ({ name, folders: new Map(), files: [], range: [0, 0] })

/** A tree of folders; each is looked for once, not once for every file in it. */
const plant = (files: readonly ReviewFile[]): Folder => {
  const root = emptyFolder('')
  const folderByPath = new Map([['', root]])
  const folderAt = (path: string): Folder => {
    const known = folderByPath.get(path)
    if (known !== undefined) return known
    const name = path.slice(path.lastIndexOf('/') + 1)
    const above = folderAt(folderOf(path))
    const folder = above.folders.get(name) ?? emptyFolder(name)
    above.folders.set(name, folder)
    folderByPath.set(path, folder)
    return folder
  }
  for (const file of files) folderAt(folderOf(file.path)).files.push(file)
  return root
}

/** Folders before the files beside them, each by name, behind what stands there already. */
const inOrder = (root: Folder, first: readonly ReviewFile[] = []): readonly ReviewFile[] => {
  const ordered = [...first]
  const add = (folder: Folder) => {
    const from = ordered.length
    for (const inner of foldersIn(folder)) add(inner)
    for (const file of folder.files.sort((a, b) => compareNames(a.path, b.path))) ordered.push(file)
    folder.range = [from, ordered.length]
  }
  add(root)
  return ordered
}

const foldersIn = ({ folders }: Folder): Folder[] => [...folders.values()].sort((a, b) => compareNames(a.name, b.name))

interface Drawing {
  readonly rawPaths: readonly string[]
  readonly folded: ReadonlySet<string>
}

const addRows = (rows: TreeRow[], drawing: Drawing, folder: Folder, path: string, depth: number): void => {
  for (const inner of foldersIn(folder)) addFolder(rows, drawing, inner, path, depth)
  for (const file of folder.files) rows.push(fileRow(file, depth))
}

const addFolder = (rows: TreeRow[], drawing: Drawing, first: Folder, path: string, depth: number): void => {
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
  const isFolded = drawing.folded.has(key)
  rows.push({ kind: 'folder', key, name, depth, isFolded, files: drawing.rawPaths.slice(...last.range) })
  if (!isFolded) addRows(rows, drawing, last, key, depth + 1)
}

const fileRow = (file: ReviewFile, depth: number): TreeRow => {
  const folder = folderOf(file.path)
  const name = file.path.slice(file.path.lastIndexOf('/') + 1)
  return { kind: 'file', key: file.rawPath, name, folder, depth, file }
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))

const isWanted = (file: ReviewFile, words: readonly string[]) => {
  const text = `${file.path}\n${file.oldPath ?? ''}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

const sizeOf = (file: ReviewFile) => (file.added ?? 0) + (file.removed ?? 0)

// What changed after it was looked at is what a person most likely missed.
const rankOfMark = { stale: 0, none: 1, viewed: 2 } as const

// By code unit: quick for many thousands of names, and the same on every machine.
const compareNames = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export type FolderMark = 'none' | 'some' | 'all'

/** By the files of one listing: a folder of many thousands is counted once for it, not at each drawing. */
const markByFolder = new WeakMap<ReadonlyMap<string, ReviewFile>, WeakMap<readonly string[], FolderMark>>()

/** Whether what is beneath a folder was viewed. */
export const markOfFolder = (rawPaths: readonly string[], byPath: ReadonlyMap<string, ReviewFile>): FolderMark => {
  const known = markByFolder.get(byPath) ?? new WeakMap<readonly string[], FolderMark>()
  markByFolder.set(byPath, known)
  const mark = known.get(rawPaths) ?? countMarks(rawPaths, byPath)
  known.set(rawPaths, mark)
  return mark
}

const countMarks = (rawPaths: readonly string[], byPath: ReadonlyMap<string, ReviewFile>): FolderMark => {
  const viewed = rawPaths.filter((rawPath) => byPath.get(rawPath)?.mark === 'viewed').length
  return viewed === 0 ? 'none' : viewed === rawPaths.length ? 'all' : 'some'
}
