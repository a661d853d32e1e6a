import { readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readFiles } from './staging-lab.ts'

export interface WorkLedger {
  /** Notes every version of a file that is in the last commit, in the index or on the disk now. */
  readonly note: () => Promise<void>
  /** Of a file that its owner is about to write or delete: that version is theirs to lose, unless it comes back. */
  readonly giveUp: (path: string) => Promise<void>
  /** What was noted and is neither there any more nor held by a ref. */
  readonly lost: () => Promise<readonly string[]>
}

type Plain = (...args: string[]) => Promise<string>

/** Remembers each version of each file that a worktree ever had; without filters, so that its object is known by its bytes. */
export function createWorkLedger(folder: string, git: Plain): WorkLedger {
  const known = new Map<string, string>()
  const onDisk = async (): Promise<ReadonlyMap<string, string>> => {
    const files = Object.keys(await readFiles(folder))
    const oids = new Map<string, string>()
    for (const path of files) oids.set(await oidOf(join(folder, path)), path)
    return oids
  }
  const oidOf = async (path: string): Promise<string> => {
    const bytes = await readlink(path).then(
      (target) => Buffer.from(target),
      () => readFile(path),
    )
    const head = Buffer.from(`blob ${bytes.length}\0`)
    const hash = await crypto.subtle.digest('SHA-1', Buffer.concat([head, bytes]))
    return Buffer.from(hash).toString('hex')
  }
  const listed = async (...args: string[]): Promise<readonly (readonly [oid: string, path: string])[]> =>
    (await git(...args))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [/[0-9a-f]{40}/.exec(line)?.[0] ?? '', line.slice(line.indexOf('\t') + 1)] as const)
  const staged = () => listed('ls-files', '--stage')
  return {
    note: async () => {
      for (const [oid, path] of [...(await listed('ls-tree', '-r', 'HEAD')), ...(await staged()), ...(await onDisk())])
        known.set(oid, path)
    },
    giveUp: async (path) => {
      const oid = await oidOf(join(folder, path)).catch(() => null)
      if (oid !== null) known.delete(oid)
    },
    lost: async () => {
      const held = new Set(
        (await git('rev-list', '--objects', '--all', 'HEAD')).split('\n').map((line) => line.slice(0, 40)),
      )
      for (const [oid] of [...(await staged()), ...(await onDisk())]) held.add(oid)
      return [...known].filter(([oid]) => !held.has(oid)).map(([oid, path]) => `${path} ${oid}`)
    },
  }
}
