import { createConfigCache, findGitDir } from './config-cache.ts'
import type { ConfigEntry } from './config-entries.ts'
import { buildGitEnvironment, type Environment } from './git-environment.ts'
import { GitError } from './git-error.ts'
import { hardenConfig, type ConfigPair, type GitReach } from './hardening.ts'
import { availableParallelism } from 'node:os'
import { createProcessSlots, type InSlot } from './process-slots.ts'
import { spawnGit, type GitResult } from './spawn-git.ts'
import type { StartProcess } from './start-process.ts'

export interface GitRequest {
  readonly cwd: string
  /** The verb, then its options; never a shell string. */
  readonly args: readonly string[]
  /** `read` takes no optional lock; `network` is for what the person asked for and uses their ssh and credentials. */
  readonly access: 'read' | 'write' | 'network'
  /** Exit codes that are answers; any other throws `GitError`. Default: 0 alone. */
  readonly expect?: readonly number[]
  readonly stdin?: string | Uint8Array | undefined
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly maxOutputBytes?: number | undefined
  /** Output goes straight to this open file, however large. */
  readonly stdoutFd?: number | undefined
  /** An index file other than the checkout's own. */
  readonly indexFile?: string | undefined
  /** New objects go into this folder, and those of the repository are only read. */
  readonly objects?: { readonly folder: string; readonly repository: string } | undefined
  /** Author and committer of commits that Switchyard itself makes. */
  readonly identity?: { readonly name: string; readonly email: string } | undefined
  /**
   * Runs in this folder of ours instead of in a checkout, with the repository and configuration of `cwd`: the attributes of
   * files are then those of the `.gitattributes` that lie in the folder.
   */
  readonly apart?: string | undefined
  /** The author where it is another one, as of a commit that is amended; its date as git writes it. */
  readonly author?: { readonly name: string; readonly email: string; readonly date: string } | undefined
  /** Pins the checkout to `cwd`, so that a planted core.worktree cannot move the work elsewhere. */
  readonly pinWorkTree?: boolean
  /** LFS files stay pointers. */
  readonly skipLfs?: boolean
  /** Settings for this call alone, stronger than all others. */
  readonly settings?: readonly ConfigPair[]
}

export interface Git {
  readonly run: (request: GitRequest) => Promise<GitResult>
  /** The configuration git sees in a folder, from the cache while its files are unchanged. */
  readonly listConfig: (cwd: string) => Promise<readonly ConfigEntry[]>
  readonly isLfsInstalled: boolean
  readonly version: string
}

export interface GitDeps {
  /** Absolute: a bare `git` would be looked up in the hostile folder first on Windows. */
  readonly gitPath: string
  readonly version: string
  readonly isLfsInstalled: boolean
  /** The environment to choose from, normally the login shell's. */
  readonly env: Environment
  /** Starts what may be run a second time; by default this process does. */
  readonly start?: StartProcess | undefined
}

/** A cold status of a very large repository takes tens of seconds on a slow disk. */
const readTimeoutMs = 60_000
/** A checkout of a very large repository with LFS. */
const writeTimeoutMs = 15 * 60_000
const defaultMaxOutputBytes = 256 * 1024 * 1024

/** More at once than there are cores only make each other, and everything beside them, slow. */
const mostAtOnce = Math.max(2, availableParallelism())
const unlimited: InSlot = (work) => work()

/** The only way to a git process in the backend: every call is hardened against the repository it runs in. */
export function createGit(deps: GitDeps): Git {
  const cache = createConfigCache()
  // Apart, so that a large checkout keeps nobody from reading; the network keeps no core busy.
  const slots = { read: createProcessSlots(mostAtOnce), write: createProcessSlots(mostAtOnce), network: unlimited }

  const listConfig = (cwd: string, signal?: AbortSignal): Promise<readonly ConfigEntry[]> =>
    cache.read(cwd, async () => {
      const args = ['config', '--list', '-z', '--show-scope', '--show-origin']
      const result = await spawnGit({
        gitPath: deps.gitPath,
        cwd,
        args,
        env: environmentFor({ cwd, args, access: 'read' }, []),
        timeoutMs: readTimeoutMs,
        maxOutputBytes: defaultMaxOutputBytes,
        signal,
        start: deps.start,
      })
      if (result.exitCode === 0) return result.stdout.toString('utf8')
      // Without the names of its drivers a repository is not safe to touch: no listing, no call.
      throw new GitError({ kind: 'exit', exitCode: result.exitCode, stderr: result.stderr, args })
    })

  const environmentFor = (request: GitRequest, entries: readonly ConfigEntry[]): Record<string, string> => {
    const reach: GitReach = request.access === 'network' ? 'network' : 'local'
    const hardened = hardenConfig({ entries, reach, isLfsInstalled: deps.isLfsInstalled })
    const config = [...hardened, ...(request.settings ?? [])]
    const isWrite = request.access !== 'read'
    const env = buildGitEnvironment({ base: deps.env, reach, isWrite, config, entries })
    if (request.pinWorkTree) env['GIT_WORK_TREE'] = request.cwd
    if (request.indexFile !== undefined) env['GIT_INDEX_FILE'] = request.indexFile
    if (request.objects !== undefined) {
      env['GIT_OBJECT_DIRECTORY'] = request.objects.folder
      env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] = request.objects.repository
    }
    if (request.skipLfs) env['GIT_LFS_SKIP_SMUDGE'] = '1'
    if (request.identity) {
      const { name, email } = request.identity
      Object.assign(env, { GIT_AUTHOR_NAME: name, GIT_COMMITTER_NAME: name })
      Object.assign(env, { GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_EMAIL: email })
    }
    if (request.author) {
      const { name, email, date } = request.author
      Object.assign(env, { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date })
    }
    return env
  }

  const run = async (request: GitRequest): Promise<GitResult> => {
    const entries = await listConfig(request.cwd, request.signal)
    const env = environmentFor(request, entries)
    if (request.apart !== undefined) {
      env['GIT_DIR'] = (await findGitDir(request.cwd)) ?? request.cwd
      env['GIT_WORK_TREE'] = request.apart
    }
    const result = await slots[request.access](() =>
      spawnGit({
        gitPath: deps.gitPath,
        cwd: request.apart ?? request.cwd,
        args: request.args,
        env,
        stdin: request.stdin,
        timeoutMs: request.timeoutMs ?? (request.access === 'read' ? readTimeoutMs : writeTimeoutMs),
        maxOutputBytes: request.maxOutputBytes ?? defaultMaxOutputBytes,
        signal: request.signal,
        stdoutFd: request.stdoutFd,
        // What only reads, or stores what is thrown away, does no harm when it is begun twice.
        start: request.access === 'read' || request.objects !== undefined ? deps.start : undefined,
      }),
    )
    if ((request.expect ?? [0]).includes(result.exitCode)) return result
    const { exitCode, stderr } = result
    throw new GitError({ kind: 'exit', exitCode, stderr, args: request.args })
  }

  return { run, listConfig: (cwd) => listConfig(cwd), isLfsInstalled: deps.isLfsInstalled, version: deps.version }
}

/** stdout as text without the last line feed. */
export function textOf(result: GitResult): string {
  return result.stdout.toString('utf8').replace(/\n$/, '')
}

/** The fields of `-z` output. */
export function fieldsOf(result: GitResult): readonly string[] {
  const text = result.stdout.toString('utf8')
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}
