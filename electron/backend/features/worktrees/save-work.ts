import { findGitDir } from '../../adapters/git/config-cache.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import { readRef } from '../../adapters/git/refs.ts'
import { rescueRef, saveRescue } from '../../adapters/git/rescue-save.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { isCheckoutOf } from './inspect-worktree.ts'

export interface SaveWorkInput {
  /** The main checkout. */
  readonly cwd: string
  readonly commonDir: string
  readonly path: string
  readonly branch: string | null
  readonly rescueId: string
}

export type SavedWork =
  | { readonly kind: 'saved'; readonly rescueRef: string }
  /** There was nothing left to save. */
  | { readonly kind: 'no-folder' }
  | { readonly kind: 'nested-repositories'; readonly paths: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }

/** Saves all work of a worktree under a rescue ref and changes nothing else. Done already is done. */
export async function saveWork(git: Git, input: SaveWorkInput): Promise<SavedWork> {
  const { cwd, path, commonDir, rescueId: id } = input
  const ref = rescueRef(id)
  // Saved before a crash: the folder may be half removed by now and must not be saved over it.
  if ((await readRef(git, cwd, ref)) !== null) return { kind: 'saved', rescueRef: ref }
  // A registration whose folder is gone is left alone: its index may be all that is left of somebody's work.
  const gitDir = await findGitDir(path)
  if (gitDir === null || !(await isCheckoutOf(path, commonDir))) return { kind: 'no-folder' }
  const result = await saveRescue(git, { id, cwd: path, gitDir, commonDir, branch: input.branch }).catch(
    (error: unknown) => {
      // A file that cannot be read, a broken index, a full disk.
      if (error instanceof GitError) return { kind: 'failed', reason: error.message } as const
      throw error
    },
  )
  return result.kind === 'saved' ? { kind: 'saved', rescueRef: result.ref } : result
}
