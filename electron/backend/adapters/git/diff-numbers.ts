import { open, type FileHandle } from 'node:fs/promises'
import { constants } from 'node:fs'
import type { RawPath } from './git-objects.ts'
import { resolveCommit } from './read-head.ts'
import { textOf, type Git } from './run-git.ts'
import { forFew, readStatus, type StatusEntry } from './status.ts'

export interface DiffNumbers {
  readonly added: number
  readonly removed: number
  readonly changedFiles: number
  /** Some untracked files were too large or too many to count; `added` is then too low. */
  readonly isPartial: boolean
  /** Every tracked path that differs, both names of a renamed file among them. */
  readonly rawPaths: readonly RawPath[]
}

/** Beyond these, counting the lines of untracked files costs more than the number is worth. */
const maxUntrackedFiles = 2_000
const maxUntrackedBytes = 1024 * 1024

/**
 * Lines and files that a checkout differs from where it left `base`, uncommitted and untracked work included.
 * `base` is a commit; null compares with the last commit alone.
 */
export async function readDiffNumbers(
  git: Git,
  cwd: string,
  base: string | null,
  knownStatus?: readonly StatusEntry[],
  signal?: AbortSignal,
): Promise<DiffNumbers> {
  const from = await findDiffStart(git, cwd, base)
  return readDiffNumbersFrom(git, cwd, from, knownStatus ?? (await readStatus(git, cwd, signal)), signal)
}

/** The same against one commit or tree, for callers that know where the branch left its base; of `paths` alone if any. */
export async function readDiffNumbersFrom(
  git: Git,
  cwd: string,
  from: string,
  status: readonly StatusEntry[],
  signal?: AbortSignal,
  paths: readonly string[] = [],
): Promise<DiffNumbers> {
  const args = ['diff', '--numstat', '-z', '-M', '-l400', '--no-ext-diff', '--no-textconv', '--no-relative']
  args.push('--ignore-submodules=dirty', from, '--', ...paths)
  const tracked = await git.run({ cwd, args, access: 'read', pinWorkTree: true, signal, ...forFew(paths) })
  const counted = parseNumstat(tracked.stdout.toString('latin1'))
  const untracked = await countUntracked(cwd, status)
  return {
    added: counted.added + untracked.lines,
    removed: counted.removed,
    changedFiles: counted.files + untracked.files,
    isPartial: untracked.isPartial,
    rawPaths: counted.rawPaths,
  }
}

export async function findMergeBase(git: Git, cwd: string, a: string, b: string): Promise<string | null> {
  const args = ['merge-base', '--end-of-options', a, b]
  const result = await git.run({ cwd, args, access: 'read', expect: [0, 1, 128] })
  return result.exitCode === 0 ? textOf(result) : null
}

/** Whether everything of one commit is in the other's history. */
export async function isAncestor(git: Git, cwd: string, ancestor: string, descendant: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', '--end-of-options', ancestor, descendant]
  return (await git.run({ cwd, args, access: 'read', expect: [0, 1] })).exitCode === 0
}

/** The commit to compare with: the merge base, else HEAD, else the empty tree. */
export async function findDiffStart(git: Git, cwd: string, base: string | null): Promise<string> {
  const mergeBase = base === null ? null : await findMergeBase(git, cwd, base, 'HEAD')
  const start = mergeBase ?? (await resolveCommit(git, cwd, 'HEAD'))
  return start ?? emptyTree(git, cwd)
}

/** The empty tree, which every repository has: its name is another one in SHA-256 repositories. */
export async function emptyTree(git: Git, cwd: string): Promise<string> {
  return textOf(await git.run({ cwd, args: ['hash-object', '-t', 'tree', '--stdin'], access: 'read' }))
}

/** Parses `git diff --numstat -z`; a rename has an empty path and then two fields with the old and the new one. */
export function parseNumstat(output: string): {
  added: number
  removed: number
  files: number
  rawPaths: RawPath[]
} {
  const total = { added: 0, removed: 0, files: 0, rawPaths: [] as RawPath[] }
  const fields = output.split('\0')
  for (let index = 0; index < fields.length; index++) {
    const match = /^(\d+|-)\t(\d+|-)\t([^]*)$/.exec(fields[index] ?? '')
    if (!match) continue
    // A binary file counts as changed without lines: "-".
    total.added += Number(match[1]) || 0
    total.removed += Number(match[2]) || 0
    total.files += 1
    if (match[3] === '') {
      total.rawPaths.push(...fields.slice(index + 1, index + 3))
      index += 2
    } else total.rawPaths.push(match[3] ?? '')
  }
  return total
}

async function countUntracked(
  cwd: string,
  status: readonly StatusEntry[],
): Promise<{ lines: number; files: number; isPartial: boolean }> {
  const untracked = status.filter((entry) => entry.kind === 'untracked')
  let lines = 0
  let isPartial = untracked.length > maxUntrackedFiles
  for (const entry of untracked.slice(0, maxUntrackedFiles)) {
    const counted = await countLines(Buffer.concat([Buffer.from(`${cwd}/`), Buffer.from(entry.rawPath, 'latin1')]))
    if (counted === null) isPartial = true
    else lines += counted
  }
  return { lines, files: untracked.length, isPartial }
}

/** Null for a file that is too large; 0 for one that is binary, gone, or no plain file. */
async function countLines(path: Buffer): Promise<number | null> {
  // O_NONBLOCK: opening a named pipe must not wait for a writer. O_NOFOLLOW: a link may lead outside.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  await using file = await open(path, flags).catch(() => null)
  return file === null ? 0 : await countLinesIn(file)
}

async function countLinesIn(file: FileHandle): Promise<number | null> {
  const found = await file.stat()
  if (!found.isFile()) return 0
  if (found.size > maxUntrackedBytes) return null
  const bytes = await file.readFile()
  // git calls a file binary when its first 8,000 bytes hold a zero.
  if (bytes.subarray(0, 8_000).includes(0)) return 0
  let lines = bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines += 1
  return lines
}
