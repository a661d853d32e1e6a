import type { ReviewScope } from '../../../../shared/contract/review.ts'
import type { StagingVerb } from '../../../../shared/contract/staging.ts'

/** A version of a file in a tree of git's. */
export interface Version {
  readonly mode: string
  readonly oid: string
}

type Side = 'base' | 'head' | 'index' | 'work'

/** What a path is in each of a worktree's four trees; null where it is not. */
export type PathVersions = Readonly<Record<Side, Version | null>>

/** The two versions of a path in a comparison of trees. */
export interface Pair {
  readonly old: Version | null
  readonly new: Version | null
}

/** The paths that differ from each tree to the next. */
export interface TreeSteps {
  readonly committed: ReadonlyMap<string, Pair>
  readonly staged: ReadonlyMap<string, Pair>
  readonly unstaged: ReadonlyMap<string, Pair>
}

/** What a path is everywhere, told from where it differs; undefined when it differs nowhere. */
export const versionsOf = (rawPath: string, steps: TreeSteps): PathVersions | undefined => {
  const committed = steps.committed.get(rawPath)
  const staged = steps.staged.get(rawPath)
  const unstaged = steps.unstaged.get(rawPath)
  if (!committed && !staged && !unstaged) return undefined
  const pick = (...ways: readonly (readonly [Pair | undefined, keyof Pair])[]): Version | null => {
    const way = ways.find(([pair]) => pair !== undefined)
    return way?.[0]?.[way[1]] ?? null
  }
  return {
    base: pick([committed, 'old'], [staged, 'old'], [unstaged, 'old']),
    head: pick([staged, 'old'], [committed, 'new'], [unstaged, 'old']),
    index: pick([unstaged, 'old'], [staged, 'new'], [committed, 'new']),
    work: pick([unstaged, 'new'], [staged, 'new'], [committed, 'new']),
  }
}

interface VerbSides {
  /** The one that is changed, and the one whose version it gets. */
  readonly changes: Side
  readonly takes: Side
  /** The two that a diff of it compares, older first. */
  readonly compares: readonly [Side, Side]
  /** Where the person saw what is changed. */
  readonly scopes: readonly ReviewScope[]
}

export const sidesOf: Readonly<Record<StagingVerb, VerbSides>> = {
  stage: {
    changes: 'index',
    takes: 'work',
    compares: ['index', 'work'],
    scopes: ['all', 'unstaged', 'uncommitted'],
  },
  unstage: {
    changes: 'index',
    takes: 'head',
    compares: ['head', 'index'],
    scopes: ['all', 'staged', 'uncommitted'],
  },
  discard: {
    changes: 'work',
    takes: 'index',
    compares: ['index', 'work'],
    scopes: ['all', 'unstaged', 'uncommitted'],
  },
  revert: { changes: 'work', takes: 'base', compares: ['base', 'work'], scopes: ['all'] },
}

export const isSame = (a: Version | null, b: Version | null): boolean => a?.oid === b?.oid && a?.mode === b?.mode

export const isSubmodule = (version: Version | null): boolean => version?.mode === '160000'
export const isText = (version: Version | null): boolean => version === null || version.mode.startsWith('100')

/** What to say when a file has nothing of what a verb is about. */
export const nothingWords: Readonly<Record<StagingVerb, string>> = {
  stage: 'There is nothing unstaged in it: it is staged as it is.',
  unstage: 'There is nothing staged in it.',
  discard: 'There is nothing unstaged in it to discard. Unstage it first, or revert it to the base.',
  revert: 'It is as on the base already.',
}

/**
 * Paths that must go from the index because a path that comes is a folder of theirs, or the other way round: git keeps no
 * file and folder of one name.
 */
export const inTheWay = (coming: readonly string[], known: Iterable<string>): readonly string[] => {
  const folders = new Set(coming.flatMap(foldersOf))
  const files = new Set(coming)
  return [...known].filter((path) => folders.has(path) || foldersOf(path).some((folder) => files.has(folder)))
}

const foldersOf = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** So many names are kept for people. */
const mostPaths = 3

export const namesOf = (rawPaths: readonly string[], show: (rawPath: string) => string): string[] =>
  rawPaths.slice(0, mostPaths).map(show)

/** Where the bytes of a file are when its text in git is known: as they are, with other line ends, or by a filter alone. */
export const conversionOf = (raw: string, stored: string): 'none' | 'line-ends' | 'filter' => {
  if (raw === stored) return 'none'
  return raw.replaceAll('\r\n', '\n') === stored.replaceAll('\r\n', '\n') ? 'line-ends' : 'filter'
}

/** Line ends made plain and blank space at the ends of lines taken away, as git does it to a message that was typed. */
export const cleanMessage = (message: string): string =>
  message
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[ \t]+$/gm, '')
    .replace(/^\n+/, '')
    .replace(/\n*$/, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
