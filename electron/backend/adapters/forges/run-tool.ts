import { execFile } from 'node:child_process'

export interface ToolRequest {
  /** Absolute. */
  readonly path: string
  readonly args: readonly string[]
  /** A folder of ours: no repository decides what the tool does. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly stdin: string
  readonly signal?: AbortSignal | undefined
}

export type ToolOutput =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-started'; readonly problem: string }

/** One page of the largest answers over a slow line. */
const timeoutMs = 30_000
const mostBytes = 16 * 1024 * 1024

export type RunTool = (request: ToolRequest) => Promise<ToolOutput>

/** Runs a command-line program of the person to its end, with these arguments and no shell. */
export const runTool: RunTool = ({ path, args, cwd, env, stdin, signal }) =>
  new Promise((resolve) => {
    const options = { cwd, env, timeout: timeoutMs, maxBuffer: mostBytes, signal, windowsHide: true }
    const child = execFile(path, [...args], options, (error, stdout, stderr) => {
      if (signal?.aborted) return resolve({ kind: 'cancelled' })
      if (error?.killed) return resolve({ kind: 'too-slow' })
      if (error && typeof error.code !== 'number') return resolve({ kind: 'not-started', problem: error.message })
      return resolve({ kind: 'ended', exitCode: child.exitCode ?? 0, stdout, stderr })
    })
    // A program that ends without reading closes the pipe.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(stdin)
  })
