import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostAddressSchema, type HostAddress } from '../../shared/pty-protocol/host-files.ts'

export interface AcquireLockDeps {
  readonly path: string
  readonly own: HostAddress
  /** Whether the process that wrote a lock is still the one that runs under its number. */
  readonly isAlive: (owner: HostAddress) => Promise<boolean>
}

/** Takes the lock of a data folder. Returns its release, or null when another host that is alive has it. */
export const acquireHostLock = async ({ path, own, isAlive }: AcquireLockDeps): Promise<(() => void) | null> => {
  const draft = `${path}.${own.pid}`
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 })
  try {
    // A link appears with its whole content or not at all, and never replaces another.
    while (!linkIfAbsent(draft, path)) {
      const owner = readHostLock(path)
      if (owner && (await isAlive(owner))) return null
      // Moving the dead one's lock aside succeeds for one of several that try; what it moved may be a newer lock by now.
      const aside = `${path}.${own.pid}.aside`
      if (!renameIfThere(path, aside)) continue
      const moved = readHostLock(aside)
      if (moved && (await isAlive(moved))) linkIfAbsent(aside, path)
      rmSync(aside, { force: true })
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return () => {
    const owner = readHostLock(path)
    if (owner?.pid === own.pid && owner.startTime === own.startTime) rmSync(path, { force: true })
  }
}

export const readHostLock = (path: string): HostAddress | null => {
  try {
    return hostAddressSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // ENOENT: nobody has it. SyntaxError, ZodError: left by something that is no host.
    return null
  }
}

const linkIfAbsent = (from: string, to: string) => succeeds(() => linkSync(from, to), 'EEXIST')
const renameIfThere = (from: string, to: string) => succeeds(() => renameSync(from, to), 'ENOENT')

const succeeds = (act: () => void, expectedCode: string): boolean => {
  try {
    act()
    return true
  } catch (error) {
    // Only the named code means that another process was faster.
    if ((error as NodeJS.ErrnoException).code === expectedCode) return false
    throw error
  }
}
