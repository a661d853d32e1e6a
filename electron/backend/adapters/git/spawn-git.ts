import { spawn, type ChildProcess } from 'node:child_process'
import { GitError, type GitErrorKind } from './git-error.ts'

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
  const child = spawn(request.gitPath, request.args, {
    cwd: request.cwd,
    env: request.env,
    stdio: ['pipe', request.stdoutFd ?? 'pipe', 'pipe'],
    windowsHide: true,
    // A group of its own: ending it ends ssh and helpers too, and without a controlling terminal none can prompt.
    detached: process.platform !== 'win32',
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  let stdoutBytes = 0
  let stderrBytes = 0
  let endedFor: GitErrorKind | null = null

  let graceTimer: NodeJS.Timeout | undefined
  const end = (kind: GitErrorKind): void => {
    if (endedFor !== null) return
    endedFor = kind
    killGroup(child, 'SIGTERM')
    graceTimer = setTimeout(() => killGroup(child, 'SIGKILL'), killGraceMs)
  }
  const onAbort = (): void => end('aborted')
  request.signal?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => end('timeout'), request.timeoutMs)
  const release = (): void => {
    clearTimeout(timer)
    clearTimeout(graceTimer)
    request.signal?.removeEventListener('abort', onAbort)
  }

  child.stdout?.on('data', (chunk: Buffer) => {
    stdoutBytes += chunk.length
    if (stdoutBytes > request.maxOutputBytes) end('output-too-large')
    else stdout.push(chunk)
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    if (stderrBytes < maxStderrBytes) stderr.push(chunk)
    stderrBytes += chunk.length
  })
  // git may end before it has read all of its input; the exit code tells what that means.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(request.stdin ?? '')

  child.on('error', (error) => {
    release()
    reject(new GitError({ kind: 'not-installed', exitCode: null, stderr: error.message, args: request.args }))
  })
  child.on('close', (code) => {
    release()
    const errorText = Buffer.concat(stderr).toString('utf8').slice(0, maxStderrBytes)
    if (endedFor !== null || code === null) {
      const kind = endedFor ?? 'aborted'
      reject(new GitError({ kind, exitCode: code, stderr: errorText, args: request.args }))
    } else resolve({ exitCode: code, stdout: Buffer.concat(stdout), stderr: errorText })
  })
  return promise
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (process.platform === 'win32') {
    child.kill(signal)
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch {
    // ESRCH: the group ended between the check above and this line.
  }
}
