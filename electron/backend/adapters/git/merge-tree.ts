import type { RawPath } from './git-objects.ts'
import { writeLooseCommit } from './loose-objects.ts'
import type { Git } from './run-git.ts'

/** Where a merge is computed; what is made for it is kept in folders of ours until it is known to be wanted. */
export interface MergePlace {
  /** Any folder of the repository. */
  readonly cwd: string
  /** New objects go here; the git at hand must store there too. */
  readonly objects: string
  /** Stands for the checkout: holds the attributes that the merged files are read by. */
  readonly attributes: string
}

/** How two sides of one path could not be made one; `other` for what git calls by a word of its own. */
export type ConflictKind =
  | 'content'
  | 'binary'
  | 'both-added'
  | 'modify-delete'
  | 'rename-delete'
  | 'rename-rename'
  | 'file-directory'
  | 'mode'
  | 'submodule'
  | 'other'

export interface ConflictVersion {
  readonly mode: string
  readonly oid: string
}

export interface TreeConflict {
  readonly rawPath: RawPath
  readonly kind: ConflictKind
  /** In git's words, without what it says of merges that went well. */
  readonly messages: readonly string[]
  /** By the number of the stage: the common version, the target's, the branch's. */
  readonly stages: Readonly<Record<1 | 2 | 3, ConflictVersion | null>>
}

export type TreeMerge =
  | { readonly kind: 'clean'; readonly tree: string }
  /** `tree` has the files as far as they were merged, with marks where they were not. */
  | { readonly kind: 'conflicts'; readonly tree: string; readonly conflicts: readonly TreeConflict[] }
  | { readonly kind: 'unrelated' }

/** The trees of one three-way merge, of which it is known what they have in common. */
export interface ThreeTrees {
  readonly base: string
  readonly ours: string
  readonly theirs: string
}

/**
 * Merges two commits as `git merge` does in a clean checkout of the first (git 2.38 or later), over all their common
 * ancestors, with the attributes that were laid out. Filters, hooks and merge drivers of the repository do not run.
 */
export async function mergeCommits(git: Git, place: MergePlace, ours: string, theirs: string): Promise<TreeMerge> {
  const args = ['merge-tree', '--write-tree', '-z', '--messages', ours, theirs]
  const request = { cwd: place.cwd, args, access: 'write', apart: place.attributes, expect: [0, 1, 128] } as const
  const { exitCode, stdout, stderr } = await git.run(request)
  if (exitCode === 128 && /refusing to merge unrelated histories/.test(stderr)) return { kind: 'unrelated' }
  if (exitCode === 128) throw new Error(`git merge-tree: ${stderr.trim().slice(0, 500)}`)
  return parseMergeTree(stdout.toString('latin1'), exitCode === 1, { ours, theirs })
}

/**
 * Merges trees over one that is given. Commits of nobody are written that have just this ancestor, because
 * `merge-tree --merge-base` came only with git 2.40.
 */
export async function mergeThreeTrees(git: Git, place: MergePlace, trees: ThreeTrees): Promise<TreeMerge> {
  const { objects } = place
  const oidBytes = trees.base.length / 2
  const base = await writeLooseCommit(objects, trees.base, [], oidBytes)
  const ours = await writeLooseCommit(objects, trees.ours, [base], oidBytes)
  const theirs = await writeLooseCommit(objects, trees.theirs, [base], oidBytes)
  return mergeCommits(git, place, ours, theirs)
}

/** What the two sides were called by: git puts it into its sentences, and behind a name that both want. */
export interface MergeLabels {
  readonly ours: string
  readonly theirs: string
}

/** Parses `git merge-tree --write-tree -z --messages`. */
export function parseMergeTree(output: string, hasConflicts: boolean, labels: MergeLabels): TreeMerge {
  const fields = output.split('\0')
  const tree = fields[0] ?? ''
  if (!hasConflicts) return { kind: 'clean', tree }
  const stagesByPath = new Map<RawPath, Record<1 | 2 | 3, ConflictVersion | null>>()
  let at = 1
  for (; at < fields.length && fields[at] !== ''; at++) {
    const match = /^(\d+) ([0-9a-f]+) ([123])\t([^]*)$/.exec(fields[at] ?? '')
    if (!match) continue
    const [, mode = '', oid = '', stage = '', name = ''] = match
    const rawPath = withoutLabel(name, labels)
    const stages = stagesByPath.get(rawPath) ?? { 1: null, 2: null, 3: null }
    stages[Number(stage) as 1 | 2 | 3] ??= { mode, oid }
    stagesByPath.set(rawPath, stages)
  }
  const notes = parseNotes(fields, at + 1, labels)
  const conflicts = [...stagesByPath].map(([rawPath, stages]): TreeConflict => {
    const own = notes.filter((note) => note.rawPaths.includes(rawPath))
    return { rawPath, stages, kind: kindOf(own, stages), messages: [...new Set(own.map(({ message }) => message))] }
  })
  // A conflict of which no version is left in the index, such as a folder renamed two ways, is known by its note alone.
  const isOrphan = (note: Note): boolean => note.rawPaths.every((rawPath) => !stagesByPath.has(rawPath))
  const orphans = notes.filter(isOrphan).map((note): TreeConflict => ({
    rawPath: note.rawPaths[0] ?? '',
    kind: kindOf([note], null),
    messages: [note.message],
    stages: { 1: null, 2: null, 3: null },
  }))
  return { kind: 'conflicts', tree, conflicts: [...conflicts, ...orphans] }
}

interface Note {
  readonly rawPaths: readonly RawPath[]
  readonly type: string
  readonly message: string
}

/** Notes about conflicts: how many paths, those, a word that stays the same over versions, a sentence. */
function parseNotes(fields: readonly string[], start: number, labels: MergeLabels): readonly Note[] {
  const notes: Note[] = []
  let at = start
  while (at < fields.length) {
    const count = Number(fields[at])
    if (!Number.isInteger(count) || fields[at] === '') break
    const rawPaths = fields.slice(at + 1, at + 1 + count).map((name) => withoutLabel(name, labels))
    const [type = '', message = ''] = fields.slice(at + 1 + count, at + 3 + count)
    at += 3 + count
    if (!type.startsWith('Auto-merging')) notes.push({ rawPaths, type, message: sentenceOf(message, labels) })
  }
  return notes
}

/** The name that a file has in its own side, where git made room for both. */
const withoutLabel = (name: RawPath, { ours, theirs }: MergeLabels): RawPath =>
  name.replace(new RegExp(`~(?:${ours}|${theirs})(?:_\\d+)?$`), '')

const sentenceOf = (message: string, { ours, theirs }: MergeLabels): string =>
  Buffer.from(message, 'latin1').toString('utf8').replaceAll(ours, 'the target').replaceAll(theirs, 'the branch').trim()

const kindByType: readonly (readonly [RegExp, ConflictKind])[] = [
  [/submodule/i, 'submodule'],
  [/binary/, 'binary'],
  [/distinct modes|distinct types/, 'mode'],
  [/file\/directory/, 'file-directory'],
  [/rename\/delete/, 'rename-delete'],
  [/rename\/rename|rename involved in collision/, 'rename-rename'],
  [/modify\/delete/, 'modify-delete'],
  [/contents/, 'content'],
]

function kindOf(notes: readonly Note[], stages: TreeConflict['stages'] | null): ConflictKind {
  const types = notes.map(({ type, message }) => `${type} ${/submodule/.test(message) ? 'submodule' : ''}`).join(' ')
  const kind = kindByType.find(([pattern]) => pattern.test(types))?.[1] ?? 'other'
  return kind === 'content' && stages?.[1] === null ? 'both-added' : kind
}
