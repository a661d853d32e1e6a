import type {
  MergeConflict,
  MergeConflicts,
  MergeFile,
  MergeWish,
  PrepareCode,
  PreparedMerge,
} from '../../../../shared/contract/merge.ts'
import { ok, refuse, type Refusal, type Result } from '../../../../shared/lib/result.ts'
import { readBranch } from '../../adapters/git/branch-refs.ts'
import { isAtLeast } from '../../adapters/git/find-git.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import { readObjectInfo } from '../../adapters/git/git-objects.ts'
import { readIdentity } from '../../adapters/git/init-repository.ts'
import { buildMerge, type Built } from '../../adapters/git/merge-build.ts'
import { decodeCommitText, readCommits, type RawCommit } from '../../adapters/git/merge-commits.ts'
import type { MergeDesk } from '../../adapters/git/merge-objects.ts'
import type { TreeConflict } from '../../adapters/git/merge-tree.ts'
import { textOf } from '../../adapters/git/run-git.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { readTreeChanges, type TreeChange, type TreePair } from '../../adapters/git/tree-changes.ts'
import { addTrailers, hasMergeTrailer, mergeTrailer, proposeMessage, tidyMessage } from './merge-rules.ts'
import {
  aliasBranch,
  conflictWords,
  goneBranch,
  goneCommit,
  noIdentity,
  prepareRefusal,
  unreadable,
} from './merge-words-rules.ts'

export type ComputedMerge = Omit<PreparedMerge, 'id'>

/** merge-tree writes trees since this version. */
const oldestVersion = [2, 38] as const
/** More commits than anybody reads in a message. */
const mostSquashed = 500

/** The conflicts that came with the refusal CONFLICTS. */
export const conflictsOf = ({ code, current }: Refusal): MergeConflicts | null =>
  code === 'CONFLICTS' && current ? (current as MergeConflicts) : null

/** Computes a merge among the objects of a desk; `id` is named in its message when there is one to be. */
export const computeMerge = (
  desk: MergeDesk,
  wish: MergeWish,
  id: string | null,
): Promise<Result<ComputedMerge, PrepareCode>> => compute(desk, wish, id).catch(tellUnreadable)

/** What git refuses in words of its own is an answer; anything else is a bug. */
export const tellUnreadable = (error: unknown): Result<never, 'UNREADABLE'> => {
  if (error instanceof GitError && error.kind === 'exit') return unreadable(error.message)
  throw error
}

const compute = async (
  desk: MergeDesk,
  wish: MergeWish,
  id: string | null,
): Promise<Result<ComputedMerge, PrepareCode>> => {
  const { git, place } = desk
  if (!isAtLeast(git.version, oldestVersion))
    return unreadable(`merging needs git 2.38 or later, and this is git ${git.version}`)
  const { source, target, strategy } = wish
  const tip = await readBranch(git, place.cwd, target)
  if (tip === null) return goneBranch(target)
  if (tip.aliasOf !== null) return aliasBranch(target, tip.aliasOf)
  const base = wish.onto ?? tip.sha
  const known = await readObjectInfo(git, place.cwd, [source.sha, base])
  for (const sha of [source.sha, base]) if (known.get(sha)?.type !== 'commit') return goneCommit(sha)

  const committer = strategy === 'fast-forward' ? '' : await readCommitter(desk)
  if (committer === null) return noIdentity()
  const message = await messageFor(desk, wish, { base, id, committer })
  const { resolutions } = wish
  const input = { source: source.sha, onto: base, strategy, committer, message: `${toRaw(message)}\n`, resolutions }
  const built = await buildMerge(git, place, input)
  if (built.kind !== 'built') return refusalOf(built, target, base)
  const { commit, tree } = built
  const files = await describeChanges(desk, { from: base, to: commit })
  return ok({ projectId: wish.projectId, strategy, source, target, base, commit, tree, message, files })
}

/** "Name <address> seconds zone" as git writes it into commits; null when git does not know who that is. */
export const readCommitter = async ({ git, place }: MergeDesk): Promise<string | null> => {
  if ((await readIdentity(git, place.cwd)) === null) return null
  const result = await git.run({
    cwd: place.cwd,
    args: ['var', 'GIT_COMMITTER_IDENT'],
    access: 'read',
    expect: [0, 128],
  })
  return result.exitCode === 0 ? result.stdout.toString('latin1').replace(/\n$/, '') : null
}

/** Text as the bytes of it, one character each, as commits are put together. */
export const toRaw = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const fromRaw = (raw: string): string => Buffer.from(raw, 'latin1').toString('utf8')

const messageFor = async (
  desk: MergeDesk,
  { source, target, strategy, message, trailers = [] }: MergeWish,
  { base, id, committer }: { readonly base: string; readonly id: string | null; readonly committer: string },
): Promise<string> => {
  if (strategy === 'rebase' || strategy === 'fast-forward') return ''
  const own = id === null || hasMergeTrailer(trailers) ? [] : [mergeTrailer(id)]
  const commits = message === null && strategy === 'squash' ? await readSquashed(desk, base, source.sha) : []
  const proposal = {
    strategy,
    ...source,
    target,
    commits: commits.map(wordsOf),
    committer: fromRaw(personOf(committer)),
  }
  const text = tidyMessage(message ?? proposeMessage(proposal))
  return addTrailers(text === '' ? proposeMessage({ ...proposal, strategy: 'merge' }) : text, [...trailers, ...own])
}

const readSquashed = async ({ git, place }: MergeDesk, base: string, source: string): Promise<readonly RawCommit[]> => {
  const args = ['rev-list', '--topo-order', '--reverse', '--no-merges', source, `^${base}`, '--']
  const shas = textOf(await git.run({ cwd: place.cwd, args, access: 'read' })).split('\n')
  const commits = await readCommits(git, place.cwd, shas.filter((sha) => sha !== '').slice(0, mostSquashed))
  return [...commits.values()]
}

const wordsOf = ({ author, message, encoding }: RawCommit) => ({
  author: decodeCommitText(personOf(author), encoding),
  message: decodeCommitText(message, encoding),
})

/** Without the time. */
const personOf = (line: string): string => line.replace(/>[^>]*$/, '>')

export const refusalOf = (
  built: Exclude<Built, { kind: 'built' }>,
  target: string,
  base: string,
): Result<never, PrepareCode> => {
  switch (built.kind) {
    case 'already-merged':
      return prepareRefusal('ALREADY_MERGED', target)
    case 'not-fast-forward':
      return prepareRefusal('NOT_FAST_FORWARD', target)
    case 'unrelated':
      return prepareRefusal('UNRELATED', target)
    default: {
      const conflicts = built.conflicts.map(describeConflict)
      const current: MergeConflicts = { conflicts, base, at: built.at }
      const paths = conflicts.map(({ path }) => path)
      return refuse('CONFLICTS', conflictWords(paths, target, built.at), current)
    }
  }
}

export const describeConflict = ({ rawPath, kind, messages, stages }: TreeConflict): MergeConflict => ({
  path: decodePath(rawPath),
  rawPath,
  kind,
  messages: [...messages],
  stages,
})

/** The files in which two commits differ, one of which may be among the desk's objects. */
export const describeChanges = async ({ git, place }: MergeDesk, pair: TreePair): Promise<MergeFile[]> =>
  (await readTreeChanges(git, place.cwd, pair, false)).map(describeFile)

const changeByLetter: Readonly<Record<string, MergeFile['change']>> = {
  A: 'added',
  D: 'deleted',
  R: 'renamed',
  T: 'type-changed',
}

const describeFile = ({ letter, rawPath, oldRawPath, added, removed }: TreeChange): MergeFile => ({
  path: decodePath(rawPath),
  rawPath,
  oldPath: oldRawPath === rawPath ? null : decodePath(oldRawPath),
  change: changeByLetter[letter] ?? 'modified',
  added,
  removed,
})
