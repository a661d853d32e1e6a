import type { PushCode } from '../../../../shared/contract/remote.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { pushBranch } from '../../adapters/git/push.ts'
import type { Identity } from '../../kernel/identity.ts'
import { readPlace, type RemoteDeps } from './remote-parts.ts'
import { pushRefusal, withoutLogin } from './remote-rules.ts'

export interface PushWish {
  readonly worktreeId: WorktreeId
  /** Where the person saw that it goes. */
  readonly url: string
  readonly sha: string
  /** The commit there that may be taken away; null takes none. */
  readonly replaces: string | null
}

export interface Pushed {
  readonly kind: 'pushed' | 'up-to-date'
}

/** A slow line and a large branch. The person sees it going on, and can end it. */
const budgetMs = 10 * 60_000

/** Pushes what the person saw to where they saw it goes, or nothing. */
export const pushCommit = async (
  deps: RemoteDeps,
  { worktreeId, url, sha, replaces }: PushWish,
  by: Identity,
  signal: AbortSignal | undefined,
): Promise<Result<Pushed, 'NOT_FOUND' | 'WORKTREE_MISSING' | PushCode>> => {
  const found = await readPlace(deps, worktreeId)
  if (!found.ok) return found
  const { worktree, branch, head, remote, ...place } = found.value
  if (remote === null || place.url === null) return refuse('NO_REMOTE', 'There is no remote to push to any more.')
  if (withoutLogin(place.url) !== url)
    return refuse(
      'REMOTE_CHANGED',
      'The address of the remote was changed since you looked. Look at where it goes now, then push again.',
    )
  if (branch === null || head !== sha)
    return refuse('MOVED', 'The branch has another commit by now. Look at what is new, then push again.')
  const request = { cwd: worktree.path, remote, sha, branch, replaces, budgetMs, signal }
  const result = await pushBranch(deps.git, request)
  switch (result.kind) {
    case 'up-to-date':
      return ok({ kind: 'up-to-date' })
    case 'too-slow':
      return refuse('PUSH_FAILED', `${remote} took longer than ten minutes. Try it in a terminal: git push`)
    case 'cancelled':
      return refuse('CANCELLED', 'The push was ended. What had arrived already stays there.')
    case 'refused':
      return pushRefusal(result, remote, branch)
    case 'pushed':
      return deps.runCommand({ name: 'push-branch', by }, async ({ emit }) => {
        const { id, projectId } = worktree
        await emit('pushes.recorded', id, { worktreeId: id, projectId, branch, remote, sha, replaced: replaces })
        return ok({ kind: 'pushed' as const })
      })
    default:
      return unreachable(result)
  }
}
