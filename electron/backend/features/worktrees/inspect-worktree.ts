import { findCommonDir, findGitDir } from '../../adapters/git/config-cache.ts'
import { findDiffStart, readDiffNumbersFrom } from '../../adapters/git/diff-numbers.ts'
import { readRepositorySurface, type RepositorySurface } from '../../adapters/git/repository-surface.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { countStatus, readCheckoutStatus } from '../../adapters/git/status.ts'
import { realpath } from 'node:fs/promises'

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
    }
  /** No folder, or one that is not a checkout of this repository any more. */
  | { readonly kind: 'missing' }

export type InspectWorktree = (
  input: { readonly path: string; readonly commonDir: string; readonly baseSha: string | null },
  signal?: AbortSignal,
) => Promise<WorktreeInspection>

const maxKnownStarts = 1_000

/** Looks at worktrees by two git processes each; where a branch left its base is remembered. */
export const createInspectWorktree = (git: Git): InspectWorktree => {
  const startByCommits = new Map<string, string>()

  const findStart = async (path: string, baseSha: string | null, headSha: string | null): Promise<string> => {
    const key = `${path}\0${baseSha}\0${headSha}`
    const known = startByCommits.get(key)
    if (known !== undefined) return known
    const start = await findDiffStart(git, path, baseSha)
    if (startByCommits.size >= maxKnownStarts) startByCommits.clear()
    startByCommits.set(key, start)
    return start
  }

  return async ({ path, commonDir, baseSha }, signal) => {
    if (!(await isCheckoutOf(path, commonDir))) return { kind: 'missing' }
    const status = await readCheckoutStatus(git, path, signal)
    const start = await findStart(path, baseSha, status.headSha)
    const numbers = await readDiffNumbersFrom(git, path, start, status.entries, signal)
    return {
      kind: 'there',
      headSha: status.headSha,
      branch: status.branch,
      added: numbers.added,
      removed: numbers.removed,
      changedFiles: numbers.changedFiles,
      untrackedFiles: countStatus(status.entries).untracked,
      surface: await readRepositorySurface(git, path, commonDir),
    }
  }
}

/** Whether a folder is the top of a checkout of this very repository, told without git. */
export async function isCheckoutOf(path: string, commonDir: string): Promise<boolean> {
  const gitDir = await findGitDir(path)
  if (gitDir === null) return false
  const real = async (folder: string): Promise<string | null> => realpath(folder).catch(() => null)
  const [found, wanted] = await Promise.all([real(await findCommonDir(gitDir)), real(commonDir)])
  return found !== null && found === wanted
}
