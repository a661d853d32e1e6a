import { copyFile, lstat, mkdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { markOf } from './config-cache.ts'
import { writeIndexLines, type RawPath } from './git-objects.ts'
import type { ConfigPair } from './hardening.ts'
import { readIndex, toFilePath, type IndexEntry } from './rescue-snapshot.ts'
import { textOf, type Git } from './run-git.ts'
import { parseStatus } from './status.ts'

export interface WorktreeTrees {
  /** What is staged; of a file with conflicts its own side. */
  readonly index: string
  /** The files as a commit of all of them would have them: new ones too, ignored ones not. */
  readonly work: string
  /** With conflicts, in the order of the index. */
  readonly unmerged: readonly RawPath[]
  /** Files that could not be read: they are as they were, or missing. */
  readonly unread: readonly RawPath[]
  /** Files that changed and are too large to be kept: they are as they were, or missing. */
  readonly large: readonly RawPath[]
  /** Of the files that were hashed this time. */
  readonly storedBytes: number
}

export interface Checkout {
  readonly cwd: string
  readonly gitDir: string
  /** A folder of ours for this checkout alone. */
  readonly stateFolder: string
}

export type StoreTrees = (git: Git, checkout: Checkout) => Promise<WorktreeTrees>

/** What the checkout's own index said when it was copied last. */
interface Seed {
  readonly mark: string
  readonly tree: string
  readonly unmerged: readonly RawPath[]
}

/** An index of ours: no shared parts of it in the repository, and line ends that cannot come back are no reason to fail. */
const settings: readonly ConfigPair[] = [
  ['core.splitIndex', 'false'],
  ['core.safecrlf', 'false'],
]
const maxKnown = 1_000
/** Nobody reads the lines of a larger file, and a log that grows would be stored anew at every look. */
const mostBytes = 50 * 1024 * 1024
/** Finding the files that cannot be read costs processes; beyond so many the rest is left as it was. */
const mostTries = 64

/**
 * Writes what a checkout has as trees of git objects; `git` stores into a folder of ours. The checkout's index is only
 * copied: changed files are hashed into an index of our own, which is kept, so that the next time costs what changed.
 */
export const createStoreTrees = (): StoreTrees => {
  const seedByCheckout = new Map<string, Seed>()

  const seedFrom = async (git: Git, checkout: Checkout, mark: string): Promise<Seed> => {
    const seed = await seedIndexes(git, checkout, mark)
    if (seedByCheckout.size >= maxKnown) seedByCheckout.clear()
    seedByCheckout.set(checkout.stateFolder, seed)
    return seed
  }

  return async (git, checkout) => {
    await mkdir(checkout.stateFolder, { recursive: true, mode: 0o700 })
    const mark = await markOf(join(checkout.gitDir, 'index'))
    const known = seedByCheckout.get(checkout.stateFolder)
    const isKnown = known?.mark === mark && (await markOf(workIndexOf(checkout))) !== 'absent'
    const seed = isKnown ? known : await seedFrom(git, checkout, mark)
    const again = async (): Promise<WorkTree> => {
      await seedFrom(git, checkout, mark)
      return storeWork(git, checkout, ['--missing-ok'])
    }
    // What an older look found may have been collected since: then everything is hashed anew.
    const work = await storeWork(git, checkout, []).catch(again)
    return { index: seed.tree, unmerged: seed.unmerged, ...work }
  }
}

const stagedIndexOf = ({ stateFolder }: Checkout): string => join(stateFolder, 'staged')
const workIndexOf = ({ stateFolder }: Checkout): string => join(stateFolder, 'work')

async function seedIndexes(git: Git, checkout: Checkout, mark: string): Promise<Seed> {
  const { cwd, gitDir } = checkout
  const [staged, work] = [stagedIndexOf(checkout), workIndexOf(checkout)]
  // A lock that a killed git left on an index of ours is nobody's.
  for (const file of [staged, work, `${staged}.lock`, `${work}.lock`]) await rm(file, { force: true })
  if (mark !== 'absent') await copyIndex(join(gitDir, 'index'), staged)
  const entries = await readIndex(git, cwd, staged)
  const unmerged = [...new Set(entries.filter(({ stage }) => stage > 0).map(({ rawPath }) => rawPath))]
  if (unmerged.length > 0) await settleConflicts(git, cwd, staged, entries)
  const args = ['write-tree', '--missing-ok']
  const tree = textOf(await git.run({ cwd, args, access: 'write', indexFile: staged, pinWorkTree: true, settings }))
  if (mark !== 'absent') await copyIndex(staged, work)
  await showHidden(git, checkout, entries)
  return { mark, tree, unmerged }
}

/**
 * With its time: git trusts what an index says of a file only when the file is older than the index. Of a younger copy it
 * would take a file for unchanged that was written again, as long as before, in the second in which it was added.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const { mtimeMs } = await stat(from)
  await copyFile(from, to)
  // Whole milliseconds are all that can be set: rounded to before, so that the copy is never younger.
  const seconds = (Math.floor(mtimeMs) - 1) / 1000
  await utimes(to, seconds, seconds)
}

/** An index with conflicts has no tree: their own side stands for them, as it does in the files until they are settled. */
async function settleConflicts(
  git: Git,
  cwd: string,
  indexFile: string,
  entries: readonly IndexEntry[],
): Promise<void> {
  const conflicted = entries.filter(({ stage }) => stage > 0)
  const none = '0'.repeat(conflicted[0]?.oid.length ?? 40)
  const removals = conflicted.map(({ rawPath }) => ({ mode: '0', oid: none, stage: 0, rawPath }))
  const own = conflicted.filter(({ stage }) => stage === 2).map((entry) => ({ ...entry, stage: 0 }))
  await writeIndexLines(git, { cwd, indexFile, lines: [...removals, ...own] })
}

/** Files marked so that git overlooks their changes are looked at all the same, unless they are left out on purpose. */
async function showHidden(git: Git, checkout: Checkout, entries: readonly IndexEntry[]): Promise<void> {
  const assumed = entries.filter(({ tag }) => tag !== tag.toUpperCase()).map(({ rawPath }) => rawPath)
  const skipped: RawPath[] = []
  for (const { tag, rawPath } of entries) {
    if (tag.toUpperCase() !== 'S') continue
    if (await lstat(toFilePath(checkout.cwd, rawPath)).catch(() => null)) skipped.push(rawPath)
  }
  await updateIndex(git, checkout, ['--no-assume-unchanged'], assumed)
  await updateIndex(git, checkout, ['--no-skip-worktree'], skipped)
}

type WorkTree = Pick<WorktreeTrees, 'work' | 'unread' | 'large' | 'storedBytes'>

async function storeWork(git: Git, checkout: Checkout, options: readonly string[]): Promise<WorkTree> {
  const { cwd } = checkout
  const indexFile = workIndexOf(checkout)
  const args = ['status', '--porcelain=v2', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=dirty']
  // Not a plain read, so that git notes in our index which files were only touched.
  const request = { cwd, access: 'write', indexFile, pinWorkTree: true, settings } as const
  const output = (await git.run({ ...request, args })).stdout.toString('latin1')
  const changed = parseStatus(output).filter(({ unstaged }) => unstaged !== '.')
  const gone = changed.filter(({ unstaged }) => unstaged === 'D').map(({ rawPath }) => rawPath)
  // A folder with a repository of its own is listed with a slash behind it.
  const there = changed.filter(({ unstaged }) => unstaged !== 'D').map(({ rawPath }) => rawPath.replace(/\/$/, ''))
  await updateIndex(git, checkout, ['--force-remove'], gone)
  const { fitting, large, storedBytes } = await weighFiles(cwd, there)
  const unread = await addFiles(git, checkout, fitting, { left: mostTries })
  const irregular = await findIrregular(cwd, unread)
  await updateIndex(git, checkout, ['--force-remove'], irregular)
  const work = textOf(await git.run({ ...request, args: ['write-tree', ...options] }))
  return { work, unread: unread.filter((rawPath) => !irregular.includes(rawPath)), large, storedBytes }
}

/** What of these is stored, and how much that is. */
async function weighFiles(cwd: string, rawPaths: readonly RawPath[]) {
  const look = (rawPath: RawPath) => lstat(toFilePath(cwd, rawPath)).catch(() => null)
  const found = await Promise.all(rawPaths.map(look))
  const sizes = found.map((each) => (each?.isFile() ? each.size : 0))
  const isLarge = (at: number): boolean => (sizes[at] ?? 0) > mostBytes
  return {
    fitting: rawPaths.filter((_, at) => !isLarge(at)),
    large: rawPaths.filter((_, at) => isLarge(at)),
    storedBytes: sizes.reduce((sum, size) => (size > mostBytes ? sum : sum + size), 0),
  }
}

/** Hashes files into the index; answers those that could not be, found by halves: git stops at the first of them. */
async function addFiles(
  git: Git,
  checkout: Checkout,
  rawPaths: readonly RawPath[],
  tries: { left: number },
): Promise<readonly RawPath[]> {
  if (rawPaths.length === 0) return []
  if (tries.left-- <= 0) return rawPaths
  const isDone = await updateIndex(git, checkout, ['--add', '--remove', '--replace'], rawPaths).then(
    () => true,
    () => false,
  )
  if (isDone) return []
  if (rawPaths.length === 1) return rawPaths
  const half = rawPaths.length >> 1
  const first = await addFiles(git, checkout, rawPaths.slice(0, half), tries)
  return [...first, ...(await addFiles(git, checkout, rawPaths.slice(half), tries))]
}

/** Pipes, sockets and devices in the place of files: git knows no such thing. */
async function findIrregular(cwd: string, rawPaths: readonly RawPath[]): Promise<readonly RawPath[]> {
  const irregular: RawPath[] = []
  for (const rawPath of rawPaths) {
    const found = await lstat(toFilePath(cwd, rawPath)).catch(() => null)
    if (found && !found.isFile() && !found.isDirectory() && !found.isSymbolicLink()) irregular.push(rawPath)
  }
  return irregular
}

async function updateIndex(
  git: Git,
  checkout: Checkout,
  options: readonly string[],
  rawPaths: readonly RawPath[],
): Promise<void> {
  if (rawPaths.length === 0) return
  await git.run({
    cwd: checkout.cwd,
    args: ['update-index', ...options, '-z', '--stdin'],
    access: 'write',
    stdin: Buffer.from(rawPaths.map((rawPath) => `${rawPath}\0`).join(''), 'latin1'),
    indexFile: workIndexOf(checkout),
    pinWorkTree: true,
    settings,
  })
}
