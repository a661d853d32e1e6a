import { spawn } from 'node:child_process'
import { root } from './paths.mjs'

/**
 * Runs a command without a shell and waits for it.
 * Returns its exit code and, unless `inherit` is set, what it wrote (both streams in order of arrival).
 * A command that cannot be started counts as exit code 127 with the reason as its output.
 */
export function run(command, args, { cwd = root, env = process.env, inherit = false, timeoutMs = 0, onOutput } = {}) {
  return new Promise((resolve) => {
    const started = Date.now()
    const child = spawn(command, args, { cwd, env, stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    const collect = (chunk) => {
      chunks.push(chunk)
      onOutput?.(chunk.toString())
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    const timer = timeoutMs > 0 ? setTimeout(() => child.kill('SIGKILL'), timeoutMs) : undefined
    const finish = (code, extra = '') => {
      clearTimeout(timer)
      resolve({ code, output: Buffer.concat(chunks).toString() + extra, ms: Date.now() - started })
    }
    child.on('error', (error) => finish(127, `${command}: ${error.message}\n`))
    child.on('close', (code, signal) => finish(code ?? 1, signal ? `(ended by ${signal})\n` : ''))
  })
}

/** Runs `jobs` (functions returning promises) with at most `width` at once, and returns their results in order. */
export async function runAll(jobs, width) {
  const results = []
  let next = 0
  const worker = async () => {
    while (next < jobs.length) {
      const index = next++
      results[index] = await jobs[index]()
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, jobs.length) }, worker))
  return results
}

/** Seconds with one decimal, for reports. */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`
