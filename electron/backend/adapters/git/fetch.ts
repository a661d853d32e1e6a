import { GitError } from './git-error.ts'
import type { Git } from './run-git.ts'

export type FetchResult =
  | { readonly kind: 'fetched' }
  /** The budget ran out; what was there before still is. */
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'failed'; readonly reason: string }

export interface FetchRequest {
  readonly cwd: string
  readonly remote: string
  readonly branch: string
  readonly budgetMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Brings one branch of a remote up to date, with the person's own ssh and credentials and without asking for any.
 * Only `refs/remotes/<remote>/<branch>` can change: a refspec planted in the configuration is not followed.
 */
export async function fetchBranch(git: Git, request: FetchRequest): Promise<FetchResult> {
  const refspec = `+refs/heads/${request.branch}:refs/remotes/${request.remote}/${request.branch}`
  const args = ['fetch', '--quiet', '--no-tags', '--no-prune', '--no-recurse-submodules', '--no-auto-maintenance']
  args.push('--no-write-fetch-head', '--refmap=', '--upload-pack', 'git-upload-pack')
  args.push('--end-of-options', request.remote, refspec)
  const { cwd, budgetMs: timeoutMs, signal } = request
  return git.run({ cwd, args, access: 'network', timeoutMs, signal, expect: [0, 1, 128, 129] }).then(
    (result): FetchResult => (result.exitCode === 0 ? { kind: 'fetched' } : failed(result.stderr)),
    (error: unknown): FetchResult => {
      // Running out of time is an answer here: the caller goes on with what it has.
      if (error instanceof GitError && error.kind === 'timeout') return { kind: 'too-slow' }
      throw error
    },
  )
}

function failed(stderr: string): FetchResult {
  const line = stderr.split('\n').find((candidate) => /^(?:fatal|error|ssh):/.test(candidate))
  return { kind: 'failed', reason: (line ?? stderr).trim().slice(0, 300) || 'git fetch failed without a message' }
}
