import { link, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyIndex } from './worktree-trees.ts'

/** What is done to the git folder of a checkout without git. */
export interface CheckoutDisk {
  /**
   * Keeps git, whoever calls it, from changing the index of a checkout. The lock says whose it is, so that one left by a
   * crash is known for our own. False when another has it.
   */
  readonly takeLock: (gitDir: string, owner: string) => Promise<boolean>
  readonly hasLock: (gitDir: string, owner: string) => Promise<boolean>
  readonly freeLock: (gitDir: string, owner: string) => Promise<void>
  /** Makes the index of our own as the checkout's is now; answers where it is. */
  readonly copyIndex: (gitDir: string) => Promise<string>
  /** Puts the index of our own in the place of the checkout's, at once. */
  readonly replaceIndex: (gitDir: string) => Promise<void>
}

const lockOf = (gitDir: string): string => join(gitDir, 'index.lock')
const ownIndexOf = (gitDir: string): string => join(gitDir, 'switchyard-merge.index')
const markOf = (owner: string): string => `switchyard ${owner}\n`

const hasLock = async (gitDir: string, owner: string): Promise<boolean> =>
  (await readFile(lockOf(gitDir), 'latin1').catch(() => '')) === markOf(owner)

export const checkoutDisk: CheckoutDisk = {
  hasLock,
  takeLock: async (gitDir, owner) => {
    const draft = join(gitDir, 'switchyard-merge.lock')
    await writeFile(draft, markOf(owner), { flush: true })
    // At once with what it says: a lock without a word would be nobody's after a crash.
    const isTaken = await link(draft, lockOf(gitDir)).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        throw error
      },
    )
    await rm(draft, { force: true })
    return isTaken || hasLock(gitDir, owner)
  },
  freeLock: async (gitDir, owner) => {
    if (!(await hasLock(gitDir, owner))) return
    await rm(ownIndexOf(gitDir), { force: true })
    await rm(lockOf(gitDir), { force: true })
  },
  copyIndex: async (gitDir) => {
    const own = ownIndexOf(gitDir)
    // What a git that was killed left of our own index is nobody's.
    for (const file of [own, `${own}.lock`]) await rm(file, { force: true })
    await copyIndex(join(gitDir, 'index'), own)
    return own
  },
  replaceIndex: async (gitDir) => {
    await using index = await open(ownIndexOf(gitDir), 'r+')
    await index.sync()
    await rename(ownIndexOf(gitDir), join(gitDir, 'index'))
  },
}
