import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readObjectInfo } from './git-objects.ts'
import { textOf, type Git } from './run-git.ts'

export interface PruneInput {
  /** Any folder of the repository. */
  readonly cwd: string
  /** The folder into which the git at hand stores. */
  readonly objects: string
  /** Trees and files that stay, with all that is in them. Those that are not there any more are no reason to fail. */
  readonly keep: readonly string[]
  /** Milliseconds since the epoch: what was written later stays, because somebody may be about to refer to it. */
  readonly before: number
}

/** Deletes stored objects that nothing refers to; answers how many. */
export async function pruneScratch(git: Git, { cwd, objects, keep, before }: PruneInput): Promise<number> {
  const kept = await findReachable(git, cwd, keep)
  let dropped = 0
  for (const folder of await readdir(objects).catch(() => [])) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue
    for (const name of await readdir(join(objects, folder))) {
      if (kept.has(`${folder}${name}`)) continue
      const path = join(objects, folder, name)
      const found = await stat(path).catch(() => null)
      if (found === null || found.mtimeMs >= before) continue
      await rm(path, { force: true })
      dropped += 1
    }
  }
  return dropped
}

async function findReachable(git: Git, cwd: string, keep: readonly string[]): Promise<ReadonlySet<string>> {
  const there = [...(await readObjectInfo(git, cwd, keep)).keys()]
  if (there.length === 0) return new Set()
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=allow-any', '--stdin']
  const stdin = there.map((oid) => `${oid}\n`).join('')
  return new Set(textOf(await git.run({ cwd, args, access: 'read', stdin })).split('\n'))
}
