import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** git holds the lock of a single ref for milliseconds; one of this age was left by a git that was killed. */
const staleAfterMs = 2_000
const lookAgainMs = 50

/**
 * Takes away the lock that a killed git left on a ref of our own making, after waiting for a live one to end. Without it
 * the ref could never be written again. Only for refs that nobody else writes.
 */
export async function clearStaleRefLock(commonDir: string, ref: string): Promise<void> {
  const lock = join(commonDir, `${ref}.lock`)
  const first = await inodeOf(lock)
  if (first === null) return
  for (let waitedMs = 0; waitedMs < staleAfterMs; waitedMs += lookAgainMs) {
    await wait(lookAgainMs)
    // Gone, or another process's by now: then git was alive and is at work.
    if ((await inodeOf(lock)) !== first) return
  }
  await rm(lock, { force: true })
}

async function inodeOf(path: string): Promise<bigint | null> {
  return stat(path, { bigint: true }).then(
    (found) => found.ino,
    () => null,
  )
}
