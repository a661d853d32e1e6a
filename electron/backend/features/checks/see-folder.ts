import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { resolveNames } from '../../adapters/git/review-points.ts'
import { readCheckoutStatus } from '../../adapters/git/status.ts'
import type { ChecksDeps } from './checks-parts.ts'

/** What a run sees: the commit that is checked out, its files, and the files as they are. */
export interface Sight {
  readonly head: string | null
  readonly headTree: string | null
  /** Null where it is not known. */
  readonly tree: string | null
  /** The files are those of the commit, and there is none beside them that is not ignored. */
  readonly isExact: boolean
}

/** Null for a worktree that cannot be read. */
export const seeWorktree = async ({ review }: Pick<ChecksDeps, 'review'>, id: WorktreeId): Promise<Sight | null> => {
  const seen = await review.point(id)
  return seen.ok ? seen.value : null
}

/** Of a folder that nobody works in, where files beside the commit are not looked into. Null where there is no checkout. */
export const seeFolder = async ({ git }: Pick<ChecksDeps, 'git'>, folder: string): Promise<Sight | null> => {
  const read = async (): Promise<Sight> => {
    const [head = null, headTree = null] = await resolveNames(git, folder, ['HEAD^{commit}', 'HEAD^{tree}'])
    const { entries } = await readCheckoutStatus(git, folder)
    const isExact = entries.length === 0 && head !== null
    return { head, headTree, tree: isExact ? headTree : null, isExact }
  }
  return read().catch(() => null)
}
