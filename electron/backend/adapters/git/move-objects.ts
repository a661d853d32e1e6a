import { readObjectInfo } from './git-objects.ts'
import type { Git } from './run-git.ts'

/** Packed together; a larger object goes alone. */
const batchBytes = 64 * 1024 * 1024

/** Puts objects that only `reader` sees into the repository, as they are; those that are there already stay. */
export async function moveObjects(
  reader: Git,
  git: Git,
  { cwd, oids }: { readonly cwd: string; readonly oids: readonly string[] },
): Promise<void> {
  const known = await readObjectInfo(git, cwd, [...new Set(oids)])
  const missing = [...new Set(oids)].filter((oid) => !known.has(oid))
  const info = await readObjectInfo(reader, cwd, missing)
  let batch: string[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await movePack(reader, git, cwd, batch)
    batch = []
    bytes = 0
  }
  for (const oid of missing) {
    const size = info.get(oid)?.size ?? 0
    if (bytes + size > batchBytes) await flush()
    batch.push(oid)
    bytes += size
  }
  await flush()
}

async function movePack(reader: Git, git: Git, cwd: string, oids: readonly string[]): Promise<void> {
  const args = ['pack-objects', '--stdout', '--quiet', '--window=0']
  const pack = await reader.run({ cwd, args, access: 'read', stdin: oids.map((oid) => `${oid}\n`).join('') })
  await git.run({ cwd, args: ['unpack-objects', '-q'], access: 'write', stdin: pack.stdout })
}
