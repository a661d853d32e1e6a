import { checkoutDisk, type CheckoutDisk } from '../adapters/git/checkout-disk.ts'
import type { Git } from '../adapters/git/run-git.ts'
import type { RunCommand } from '../kernel/run-command.ts'

/** All that a process does outside of itself, as long as it lives: from its death on, nothing of it happens any more. */
export interface Mortal {
  readonly git: Git
  readonly disk: CheckoutDisk
  readonly runCommand: RunCommand
  /** What it did so far, by name. */
  readonly deeds: readonly string[]
}

export interface MortalInput {
  readonly git: Git
  readonly runCommand: RunCommand
  /** It dies before the deed of this number, from 0 on, or before the first that is named so. */
  readonly diesBefore: number | RegExp
  /** What is left of the deed that it dies in, where that is not done at once. */
  readonly halfDone?: (deed: string) => Promise<void>
}

export const createMortal = ({ git, runCommand, diesBefore, halfDone }: MortalInput): Mortal => {
  const deeds: string[] = []
  let isDead = false
  const live = <Value>(work: () => Promise<Value>): Promise<Value> =>
    isDead ? Promise.reject(new Error('It is dead.')) : work()
  const act = async <Value>(deed: string, work: () => Promise<Value>): Promise<Value> => {
    const isLast = typeof diesBefore === 'number' ? deeds.length === diesBefore : diesBefore.test(deed)
    if (!isDead && isLast) {
      isDead = true
      await halfDone?.(deed)
    }
    return live(() => {
      deeds.push(deed)
      return work()
    })
  }
  return {
    deeds,
    git: {
      ...git,
      run: (request) =>
        request.access === 'read'
          ? live(() => git.run(request))
          : act(`git ${request.args.slice(0, 4).join(' ')}`, () => git.run(request)),
    },
    disk: {
      hasLock: (...input) => live(() => checkoutDisk.hasLock(...input)),
      takeLock: (...input) => act('take lock', () => checkoutDisk.takeLock(...input)),
      freeLock: (...input) => act('free lock', () => checkoutDisk.freeLock(...input)),
      copyIndex: (...input) => act('copy index', () => checkoutDisk.copyIndex(...input)),
      replaceIndex: (...input) => act('replace index', () => checkoutDisk.replaceIndex(...input)),
    },
    runCommand: (options, work) => act(`command ${options.name}`, () => runCommand(options, work)),
  }
}
