import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import type { TreeEntry } from './git-objects.ts'

const compress = promisify(deflate)

/** Writes a tree of entries, with the trees below it, into a folder of objects; no process is needed for it. */
export async function writeLooseTree(
  objects: string,
  entries: readonly TreeEntry[],
  oidBytes: number,
): Promise<string> {
  const here: TreeEntry[] = entries.filter((entry) => !entry.rawPath.includes('/'))
  const below = new Map<string, TreeEntry[]>()
  for (const entry of entries) {
    const slash = entry.rawPath.indexOf('/')
    if (slash < 0) continue
    const name = entry.rawPath.slice(0, slash)
    below.set(name, [...(below.get(name) ?? []), { ...entry, rawPath: entry.rawPath.slice(slash + 1) }])
  }
  for (const [rawPath, inside] of below) {
    // A file and a folder of one name cannot be in one tree: the folder is what is there now.
    const file = here.findIndex((entry) => entry.rawPath === rawPath)
    if (file >= 0) here.splice(file, 1)
    here.push({ mode: '40000', rawPath, oid: await writeLooseTree(objects, inside, oidBytes) })
  }
  // git sorts a folder as if its name ended in a slash.
  const nameOf = ({ mode, rawPath }: TreeEntry): string => (mode === '40000' ? `${rawPath}/` : rawPath)
  here.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const parts = here.flatMap(({ mode, rawPath, oid }) => [
    Buffer.from(`${mode.replace(/^0/, '')} ${rawPath}\0`, 'latin1'),
    Buffer.from(oid, 'hex'),
  ])
  return writeLoose(objects, 'tree', Buffer.concat(parts), oidBytes)
}

/** Writes a commit of nobody, at the beginning of time: the same tree and parents are always the same commit. */
export async function writeLooseCommit(
  objects: string,
  tree: string,
  parents: readonly string[],
  oidBytes: number,
): Promise<string> {
  const who = 'Switchyard <switchyard@localhost> 0 +0000'
  const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${who}`, `committer ${who}`]
  return writeLoose(objects, 'commit', Buffer.from(`${lines.join('\n')}\n\n`), oidBytes)
}

/** Writes an object as it is into a folder of objects; answers its id. */
export async function writeLoose(objects: string, type: string, body: Buffer, oidBytes: number): Promise<string> {
  const bytes = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body])
  const oid = createHash(oidBytes === 32 ? 'sha256' : 'sha1')
    .update(bytes)
    .digest('hex')
  const folder = join(objects, oid.slice(0, 2))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Whoever reads meanwhile sees all of it or nothing.
  const draft = join(folder, `draft-${crypto.randomUUID()}`)
  await writeFile(draft, await compress(bytes), { mode: 0o600 })
  await rename(draft, join(folder, oid.slice(2)))
  return oid
}
