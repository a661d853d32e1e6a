import { findCommonDir, findGitDir } from '../../adapters/git/config-cache.ts'
import { findDiffStart, readDiffNumbersFrom, type DiffNumbers } from '../../adapters/git/diff-numbers.ts'
import type { RawPath } from '../../adapters/git/git-objects.ts'
import { readRepositorySurface, type RepositorySurface } from '../../adapters/git/repository-surface.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { countStatus, readCheckoutStatus, type StatusEntry } from '../../adapters/git/status.ts'
import { realpath } from 'node:fs/promises'
import { readCheckoutMark } from '../../adapters/git/checkout-mark.ts'
import { toPathspecs } from './touched-rules.ts'

export type WorktreeInspection =
  | {
      readonly kind: 'there'
      readonly headSha: string | null
      readonly branch: string | null
      readonly added: number
      readonly removed: number
      readonly changedFiles: number
      readonly untrackedFiles: number
      readonly surface: RepositorySurface
      /** Every path that differs from where the branch left its base, untracked ones too. */
      readonly rawPaths: ReadonlySet<RawPath>
    }
  /** No folder, or one that is not a checkout of this repository any more. */
  | { readonly kind: 'missing' }

export interface InspectInput {
  readonly path: string
  readonly commonDir: string
  readonly baseSha: string | null
  /** With it, only these and what was found to differ the last time is looked at; the rest is as it was. */
  readonly touched?: readonly RawPath[] | undefined
}

export interface InspectWorktree {
  (input: InspectInput, signal?: AbortSignal): Promise<WorktreeInspection>
  /** Whether a checkout whose files are watched needs no look: told without git, from what a watch does not see. */
  isAsLeft(input: { readonly path: string; readonly commonDir: string }): Promise<boolean>
}

interface LastLook {
  readonly headSha: string | null
  readonly branch: string | null
  /** Of HEAD and the index before it; null when they say nothing. */
  readonly mark: string | null
  readonly baseSha: string | null
  readonly start: string
  readonly entries: readonly StatusEntry[]
  readonly rawPaths: ReadonlySet<RawPath>
  readonly surfaceHash: string
  /** When everything was looked at. */
  readonly wholeAt: number
}

const maxKnownStarts = 1_000
/** Even a watched checkout is looked at as a whole so often, in case that news was lost unnoticed. */
const wholeEveryMs = 5 * 60_000

/**
 * Looks at worktrees by two git processes each, or by one where that is enough; where a branch left its base, and what
 * differed, is remembered.
 */
export const createInspectWorktree = (git: Git): InspectWorktree => {
  const startByCommits = new Map<string, string>()
  const lastByPath = new Map<string, LastLook>()

  const findStart = async (path: string, baseSha: string | null, headSha: string | null): Promise<string> => {
    const key = `${path}\0${baseSha}\0${headSha}`
    const known = startByCommits.get(key)
    if (known !== undefined) return known
    const start = await findDiffStart(git, path, baseSha)
    if (startByCommits.size >= maxKnownStarts) startByCommits.clear()
    startByCommits.set(key, start)
    return start
  }

  const look = async (input: InspectInput, signal?: AbortSignal): Promise<WorktreeInspection> => {
    const { path, commonDir, baseSha, touched } = input
    if (!(await isCheckoutOf(path, commonDir))) {
      lastByPath.delete(path)
      return { kind: 'missing' }
    }
    const last = touched && lastByPath.get(path)
    const only = last ? toPathspecs(new Set([...last.rawPaths, ...touched])) : null
    if (only?.length === 0) return look({ path, commonDir, baseSha }, signal)
    // Taken first: what changes meanwhile has another one the next time.
    const mark = await readCheckoutMark(path)
    const wholeAt = only && last ? last.wholeAt : performance.now()
    if (only && last && last.mark !== null && last.mark === mark && last.baseSha === baseSha) {
      const numbers = await readDiffNumbersFrom(git, path, last.start, last.entries, signal, only)
      if (explains(numbers, last, touched)) return describe(input, { ...last, wholeAt }, numbers)
    }
    const status = await readCheckoutStatus(git, path, signal, only ?? [])
    const start = await findStart(path, baseSha, status.headSha)
    // Another commit is checked out: anything may differ now.
    if (only && (last?.headSha !== status.headSha || last.start !== start))
      return look({ path, commonDir, baseSha }, signal)
    const numbers = await readDiffNumbersFrom(git, path, start, status.entries, signal, only ?? [])
    return describe(input, { ...status, mark, baseSha, start, wholeAt }, numbers)
  }

  const describe = async (
    { path, commonDir }: InspectInput,
    found: Omit<LastLook, 'rawPaths' | 'surfaceHash'>,
    numbers: DiffNumbers,
  ): Promise<WorktreeInspection> => {
    const surface = await readRepositorySurface(git, path, commonDir)
    const { headSha, branch, entries } = found
    const rawPaths = new Set([...numbers.rawPaths, ...entries.map((entry) => entry.rawPath)])
    lastByPath.set(path, { ...found, rawPaths, surfaceHash: surface.hash })
    return {
      kind: 'there',
      headSha,
      branch,
      added: numbers.added,
      removed: numbers.removed,
      changedFiles: numbers.changedFiles,
      untrackedFiles: countStatus(entries).untracked,
      surface,
      rawPaths,
    }
  }

  return Object.assign(look, {
    isAsLeft: async ({ path, commonDir }: { readonly path: string; readonly commonDir: string }) => {
      const last = lastByPath.get(path)
      if (!last || performance.now() - last.wholeAt > wholeEveryMs) return false
      if (!(await isCheckoutOf(path, commonDir))) return false
      return (await readRepositorySurface(git, path, commonDir)).hash === last.surfaceHash
    },
  })
}

/**
 * Whether the diff alone says all there is to say: HEAD and index are as they were, and every path that was touched is a
 * tracked file that differs. One that does not may be untracked, ignored or put back, which only a status tells.
 */
function explains(numbers: DiffNumbers, last: LastLook, touched: readonly RawPath[]): boolean {
  const different = new Set(numbers.rawPaths)
  const isKept = ({ kind, rawPath }: StatusEntry): boolean => kind === 'untracked' || different.has(rawPath)
  return touched.every((rawPath) => different.has(rawPath)) && last.entries.every(isKept)
}

/** Whether a folder is the top of a checkout of this very repository, told without git. */
export async function isCheckoutOf(path: string, commonDir: string): Promise<boolean> {
  const gitDir = await findGitDir(path)
  if (gitDir === null) return false
  const real = async (folder: string): Promise<string | null> => realpath(folder).catch(() => null)
  const [found, wanted] = await Promise.all([real(await findCommonDir(gitDir)), real(commonDir)])
  return found !== null && found === wanted
}
