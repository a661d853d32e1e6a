import { GitError } from './git-error.ts'
import type { ConfigPair } from './hardening.ts'
import { textOf, type Git } from './run-git.ts'

export type PushRefusal =
  /** The remote has commits that are not in what is pushed. */
  | 'non-fast-forward'
  /** The branch there is not where the person saw it last. */
  | 'moved'
  /** A hook of the remote, or its rules for the branch, said no. */
  | 'declined'
  | 'protected'
  | 'login'
  | 'unreachable'
  | 'other'

export type PushResult =
  /** `before` is where the branch was; null for a new one. */
  | { readonly kind: 'pushed'; readonly before: string | null }
  | { readonly kind: 'up-to-date' }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'cancelled' }
  /** `reason` is in the words of git or of the remote, and as hostile as the remote may be. */
  | { readonly kind: 'refused'; readonly why: PushRefusal; readonly reason: string }

export interface PushRequest {
  readonly cwd: string
  readonly remote: string
  readonly sha: string
  /** Its short name there. */
  readonly branch: string
  /** Puts the branch there back to `sha` if it is still at this commit; null never takes commits away. */
  readonly replaces: string | null
  readonly budgetMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Pushes one commit to one branch of a remote, with the person's own ssh and credentials and without asking for any. Nothing
 * else is pushed, whatever the configuration says, and the repository's own hooks do not run.
 */
export async function pushBranch(git: Git, request: PushRequest): Promise<PushResult> {
  const { cwd, remote, sha, branch, replaces, budgetMs: timeoutMs, signal } = request
  const args = ['push', '--porcelain', '--no-verify', '--no-follow-tags', '--no-signed']
  args.push('--recurse-submodules=no', '--receive-pack=git-receive-pack')
  if (replaces !== null) args.push(`--force-with-lease=refs/heads/${branch}:${replaces}`)
  args.push('--end-of-options', remote, `${sha}:refs/heads/${branch}`)
  // Neither options for the remote nor a wish to overwrite everything there come from the repository.
  const settings: readonly ConfigPair[] = [
    ['push.pushOption', ''],
    [`remote.${remote}.mirror`, 'false'],
  ]
  return git.run({ cwd, args, access: 'network', timeoutMs, signal, settings, expect: [0, 1, 128, 129] }).then(
    ({ exitCode, stdout, stderr }): PushResult =>
      readPush({ exitCode, stdout: stdout.toString('utf8'), stderr }, `refs/heads/${branch}`),
    (error: unknown): PushResult => {
      // What was begun may have arrived: both are answers, and the next look tells.
      if (error instanceof GitError && error.kind === 'timeout') return { kind: 'too-slow' }
      if (error instanceof GitError && error.kind === 'aborted') return { kind: 'cancelled' }
      throw error
    },
  )
}

interface PushOutput {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Reads `git push --porcelain`: per ref "flag TAB from:to TAB summary (reason)". */
export function readPush({ exitCode, stdout, stderr }: PushOutput, ref: string): PushResult {
  const line = stdout.split('\n').find((one) => one.split('\t')[1]?.endsWith(`:${ref}`))
  const [flag = '', , summary = ''] = line?.split('\t') ?? []
  if (exitCode === 0 && flag === '=') return { kind: 'up-to-date' }
  if (exitCode === 0) return { kind: 'pushed', before: /^([0-9a-f]{4,64})\.\.\.?[0-9a-f]/.exec(summary)?.[1] ?? null }
  if (flag === '!') return { kind: 'refused', why: whyRejected(summary, stderr), reason: reasonOf(summary, stderr) }
  return { kind: 'refused', why: whyFailed(stderr), reason: lastWords(stderr) }
}

function whyRejected(summary: string, stderr: string): PushRefusal {
  if (/\(stale info\)/.test(summary)) return 'moved'
  if (/\((?:non-fast-forward|fetch first)\)/.test(summary)) return 'non-fast-forward'
  if (/protected branch|GH006|GH013|not allowed to (?:force )?push/i.test(`${summary}\n${stderr}`)) return 'protected'
  return /remote rejected/.test(summary) ? 'declined' : 'other'
}

function whyFailed(stderr: string): PushRefusal {
  if (/could not read (?:Username|Password)|Authentication failed|terminal prompts disabled/i.test(stderr))
    return 'login'
  if (
    /Permission denied|Permission to .* denied|Host key verification failed|HTTP (?:401|403)|error: 40[13]/i.test(
      stderr,
    )
  )
    return 'login'
  const away = /Could not resolve|Connection (?:refused|timed out|reset)|unable to access|does not appear to be a git/i
  return away.test(stderr) || /Repository not found|No route to host|Could not read from remote/i.test(stderr)
    ? 'unreachable'
    : 'other'
}

/** What the remote itself printed says more than git's summary, such as "pre-receive hook declined". */
function reasonOf(summary: string, stderr: string): string {
  const said = stderr
    .split('\n')
    .flatMap((line) => /^remote: ?(.*\S)/.exec(line)?.[1] ?? [])
    .join(' ')
  const short = /\(([^)]*)\)\s*$/.exec(summary)?.[1] ?? summary
  return (said === '' ? short : `${short}: ${said}`).slice(0, 400)
}

function lastWords(stderr: string): string {
  const line = stderr.split('\n').find((candidate) => /^(?:fatal|error|ssh|remote):/.test(candidate))
  return (line ?? stderr).trim().slice(0, 400) || 'git push failed without a message'
}

/** Where `git push` to a remote would go, after every rewriting rule; null when there is no such remote. */
export async function readPushUrl(git: Git, cwd: string, remote: string): Promise<string | null> {
  const args = ['remote', 'get-url', '--push', '--all', '--end-of-options', remote]
  const result = await git.run({ cwd, args, access: 'read', expect: [0, 2, 128, 129] })
  const urls = result.exitCode === 0 ? textOf(result).split('\n') : []
  // With several, git pushes to each: that is more than a person is asked about here.
  return urls.length === 1 ? (urls[0] ?? null) : null
}
