import { GitError, type GitErrorKind } from './git-error.ts'
import { startHere, type StartProcess } from './start-process.ts'

export interface SpawnGitRequest {
  readonly gitPath: string
  readonly cwd: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array | undefined
  readonly timeoutMs: number
  readonly maxOutputBytes: number
  readonly signal?: AbortSignal | undefined
  /** Output goes straight to this open file; `stdout` is then empty. */
  readonly stdoutFd?: number | undefined
  /** Who starts the process; by default this one. */
  readonly start?: StartProcess | undefined
}

export interface GitResult {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

/** git removes its lock files on SIGTERM; this long it may take before SIGKILL (which leaves them behind). */
const killGraceMs = 2_000
const maxStderrBytes = 64 * 1024

/** Runs one git process to its end. Any exit code is a result; only an end by us (or no start) throws `GitError`. */
export function spawnGit(request: SpawnGitRequest): Promise<GitResult> {
  const { promise, resolve, reject } = Promise.withResolvers<GitResult>()
  if (request.signal?.aborted) {
    reject(new GitError({ kind: 'aborted', exitCode: null, stderr: '', args: request.args }))
    return promise
  }
  let stdout: Buffer[] = []
  let stderr: Buffer[] = []
  let stdoutBytes = 0
  let stderrBytes = 0
  let endedFor: GitErrorKind | null = null

  let graceTimer: NodeJS.Timeout | undefined
  const end = (kind: GitErrorKind): void => {
    if (endedFor !== null) return
    endedFor = kind
    child.kill('SIGTERM')
    graceTimer = setTimeout(() => child.kill('SIGKILL'), killGraceMs)
  }
  const onAbort = (): void => end('aborted')
  request.signal?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => end('timeout'), request.timeoutMs)
  const release = (): void => {
    clearTimeout(timer)
    clearTimeout(graceTimer)
    request.signal?.removeEventListener('abort', onAbort)
  }

  const { gitPath: file, args, cwd, env, stdin, stdoutFd } = request
  const child = (request.start ?? startHere)(
    { file, args, cwd, env, stdin, stdoutFd },
    {
      stdout: (chunk) => {
        stdoutBytes += chunk.length
        if (stdoutBytes > request.maxOutputBytes) end('output-too-large')
        else stdout.push(chunk)
      },
      stderr: (chunk) => {
        if (stderrBytes < maxStderrBytes) stderr.push(chunk)
        stderrBytes += chunk.length
      },
      startedAnew: () => {
        stdout = []
        stderr = []
        stdoutBytes = 0
        stderrBytes = 0
        if (endedFor !== null) child.kill('SIGKILL')
      },
      failed: (message) => {
        release()
        reject(new GitError({ kind: 'not-installed', exitCode: null, stderr: message, args }))
      },
      closed: (code) => {
        release()
        const errorText = Buffer.concat(stderr).toString('utf8').slice(0, maxStderrBytes)
        if (endedFor !== null || code === null) {
          const kind = endedFor ?? 'aborted'
          reject(new GitError({ kind, exitCode: code, stderr: errorText, args }))
        } else resolve({ exitCode: code, stdout: Buffer.concat(stdout), stderr: errorText })
      },
    },
  )
  return promise
}
