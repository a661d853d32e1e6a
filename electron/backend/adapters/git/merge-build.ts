import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { MergeResolution, Strategy } from '../../../../shared/contract/merge.ts'
import { writeLoose } from './loose-objects.ts'
import { layAttributes, touchAttributes } from './merge-attributes.ts'
import { commitBytes, decodeCommitText, readCommits, type RawCommit } from './merge-commits.ts'
import { resolveConflicts } from './merge-resolve.ts'
import { mergeCommits, mergeThreeTrees, type MergePlace, type TreeConflict } from './merge-tree.ts'
import { textOf, type Git } from './run-git.ts'

export interface BuildInput {
  readonly source: string
  /** What the result is built on: the target's tip, or what will be there before. */
  readonly onto: string
  readonly strategy: Strategy
  /** Of the commit that a squash or a merge makes; bytes in latin1. */
  readonly message: string
  /** Name, address, seconds and time zone of whoever commits. */
  readonly committer: string
  /** What was chosen for conflicts. */
  readonly resolutions?: readonly MergeResolution[] | undefined
}

/** A commit that is being put on another tip. */
export interface Picked {
  readonly sha: string
  readonly subject: string
}

export type Built =
  | { readonly kind: 'built'; readonly commit: string; readonly tree: string }
  /** `at` is the commit of a rebase that could not be put on. */
  | { readonly kind: 'conflicts'; readonly conflicts: readonly TreeConflict[]; readonly at: Picked | null }
  | { readonly kind: 'already-merged' }
  | { readonly kind: 'not-fast-forward' }
  | { readonly kind: 'unrelated' }

/** Computes what a merge results in, as plain git does it in a clean checkout; writes objects alone. */
export async function buildMerge(git: Git, place: MergePlace, input: BuildInput): Promise<Built> {
  const { source, onto, strategy } = input
  const args = ['merge-base', onto, source]
  const found = await git.run({ cwd: place.cwd, args, access: 'read', expect: [0, 1] })
  if (found.exitCode === 1) return { kind: 'unrelated' }
  const base = textOf(found)
  if (base === source) return { kind: 'already-merged' }
  switch (strategy) {
    case 'fast-forward':
      if (base !== onto) return { kind: 'not-fast-forward' }
      return { kind: 'built', commit: source, tree: await treeOf(git, place.cwd, source) }
    case 'rebase':
      return buildRebase(git, place, input)
    case 'squash':
    case 'merge':
      return buildOneCommit(git, place, input)
    default:
      return unreachable(strategy)
  }
}

async function buildOneCommit(git: Git, place: MergePlace, input: BuildInput): Promise<Built> {
  const { source, onto, strategy, message, committer, resolutions = [] } = input
  await layAttributes(git, place, onto)
  const merged = await resolveConflicts(git, place, await mergeCommits(git, place, onto, source), resolutions)
  if (merged.kind === 'unrelated') return merged
  if (merged.kind === 'conflicts') return { ...merged, at: null }
  const { tree } = merged
  // As a commit after `merge --squash` says: nothing is left to commit. A merge commit still records that it was merged.
  if (strategy === 'squash' && tree === (await treeOf(git, place.cwd, onto))) return { kind: 'already-merged' }
  const parents = strategy === 'squash' ? [onto] : [onto, source]
  const commit = await storeCommit(place, { tree, parents, author: committer, committer, encoding: null, message })
  return { kind: 'built', commit, tree }
}

/**
 * Puts the commits of a branch on another tip one by one, as plain `git rebase` does: merges are left out, so is what the
 * target has already, commits that become empty are dropped and those that were empty are kept.
 */
async function buildRebase(git: Git, place: MergePlace, input: BuildInput): Promise<Built> {
  const { source, onto, committer, resolutions = [] } = input
  const picks = await listPicks(git, place.cwd, onto, source)
  const commits = await readCommits(git, place.cwd, [onto, ...picks])
  await layAttributes(git, place, onto)
  const isLaidAnew = await touchAttributes(git, place.cwd, picks)
  let tip = { commit: onto, tree: commits.get(onto)?.tree ?? '' }
  for (const sha of picks) {
    const commit = commits.get(sha)
    if (!commit) throw new Error(`The commit ${sha} cannot be read`)
    // It stands where it belongs already.
    if (commit.parents[0] === tip.commit) {
      tip = { commit: sha, tree: commit.tree }
      continue
    }
    const baseTree = await parentTree(git, place, commit, commits)
    if (isLaidAnew) await layAttributes(git, place, tip.tree)
    const found = await mergeThreeTrees(git, place, { base: baseTree, ours: tip.tree, theirs: commit.tree })
    const merged = await resolveConflicts(git, place, found, resolutions)
    if (merged.kind === 'unrelated') return merged
    if (merged.kind === 'conflicts') return { ...merged, at: { sha, subject: subjectOf(commit) } }
    const wasEmpty = commit.tree === baseTree
    if (merged.tree === tip.tree && !wasEmpty) continue
    const { author, encoding, message } = commit
    const next: RawCommit = { tree: merged.tree, parents: [tip.commit], author, committer, encoding, message }
    tip = { commit: await storeCommit(place, next), tree: merged.tree }
  }
  return tip.commit === onto ? { kind: 'already-merged' } : { kind: 'built', ...tip }
}

/** The commits that only the branch has, oldest first. One whose change the target has is left out, unless it is empty. */
async function listPicks(git: Git, cwd: string, onto: string, source: string): Promise<readonly string[]> {
  const args = ['rev-list', '--topo-order', '--reverse', '--no-merges', '--right-only', '--cherry-mark']
  const range = `${onto}...${source}`
  const marked = textOf(await git.run({ cwd, args: [...args, range, '--'], access: 'read' }))
  const lines = marked === '' ? [] : marked.split('\n')
  const isKnown = lines.filter((line) => line.startsWith('=')).map((line) => line.slice(1))
  if (isKnown.length === 0) return lines.map((line) => line.replace(/^[+=]/, ''))
  const commits = await readCommits(git, cwd, isKnown)
  const parents = await readCommits(
    git,
    cwd,
    [...commits.values()].flatMap(({ parents: [first] }) => first ?? []),
  )
  const isEmpty = (sha: string): boolean => {
    const commit = commits.get(sha)
    return commit?.parents[0] !== undefined && parents.get(commit.parents[0])?.tree === commit.tree
  }
  return lines.flatMap((line) => {
    const sha = line.replace(/^[+=]/, '')
    return line.startsWith('=') && !isEmpty(sha) ? [] : [sha]
  })
}

async function parentTree(
  git: Git,
  place: MergePlace,
  { parents }: RawCommit,
  known: ReadonlyMap<string, RawCommit>,
): Promise<string> {
  const [parent] = parents
  // The first commit of a history: everything in it is new.
  if (parent === undefined) return writeLoose(place.objects, 'tree', Buffer.alloc(0), oidBytesOf(known))
  return known.get(parent)?.tree ?? treeOf(git, place.cwd, parent)
}

const oidBytesOf = (known: ReadonlyMap<string, RawCommit>): number => ([...known.keys()][0] ?? '').length / 2

async function treeOf(git: Git, cwd: string, commit: string): Promise<string> {
  const tree = (await readCommits(git, cwd, [commit])).get(commit)?.tree
  if (tree === undefined) throw new Error(`The commit ${commit} cannot be read`)
  return tree
}

function storeCommit(place: MergePlace, commit: RawCommit): Promise<string> {
  return writeLoose(place.objects, 'commit', commitBytes(commit), commit.tree.length / 2)
}

export function subjectOf({ message, encoding }: Pick<RawCommit, 'message' | 'encoding'>): string {
  return decodeCommitText(message, encoding).trimStart().split('\n')[0]?.trim() ?? ''
}
