import { constants } from 'node:fs'
import { lstat, mkdir, open, rm, rmdir, symlink } from 'node:fs/promises'
import { readBlobs, readObjectInfo, type RawPath, type TreeEntry } from './git-objects.ts'
import { toFilePath } from './rescue-snapshot.ts'
import type { Git } from './run-git.ts'

/** Blobs up to this sum are read in one go; a larger one goes straight from git to its file. */
const batchBytes = 32 * 1024 * 1024

/** Writes blobs below `folder` byte for byte, over what is there. `cwd` is any folder of the repository. */
export async function writeFiles(git: Git, cwd: string, folder: string, entries: readonly TreeEntry[]): Promise<void> {
  const infoByOid = await readObjectInfo(git, cwd, [...new Set(entries.map((entry) => entry.oid))])
  let batch: TreeEntry[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    const bytesByOid = await readBlobs(git, cwd, [...new Set(batch.map((entry) => entry.oid))])
    for (const entry of batch) await writeEntry(folder, entry, bytesByOid.get(entry.oid) ?? Buffer.alloc(0))
    batch = []
    bytes = 0
  }
  for (const entry of entries) {
    const size = infoByOid.get(entry.oid)?.size ?? 0
    if (size > batchBytes && entry.mode !== '120000') {
      await writeLargeFile(git, cwd, folder, entry)
      continue
    }
    if (bytes + size > batchBytes) await flush()
    batch.push(entry)
    bytes += size
  }
  await flush()
}

/** Removes files, and the folders that become empty by it. */
export async function removeFiles(folder: string, rawPaths: readonly RawPath[]): Promise<void> {
  for (const rawPath of rawPaths) {
    if (!(await isPathSafe(folder, rawPath))) continue
    await rm(toFilePath(folder, rawPath), { force: true }).catch(() => undefined)
    const parts = rawPath.split('/').slice(0, -1)
    while (parts.length > 0) {
      const isRemoved = await rmdir(toFilePath(folder, parts.join('/'))).then(
        () => true,
        () => false,
      )
      // Not empty: neither are the folders above it.
      if (!isRemoved) break
      parts.pop()
    }
  }
}

async function writeEntry(folder: string, entry: TreeEntry, bytes: Buffer): Promise<void> {
  if (entry.mode === '120000') {
    const path = await prepare(folder, entry.rawPath)
    await symlink(bytes, path)
    return
  }
  await using file = await createFile(folder, entry)
  await file.writeFile(bytes)
}

async function writeLargeFile(git: Git, cwd: string, folder: string, entry: TreeEntry): Promise<void> {
  await using file = await createFile(folder, entry)
  const args = ['cat-file', 'blob', entry.oid]
  await git.run({ cwd, args, access: 'read', stdoutFd: file.fd })
}

async function createFile(folder: string, entry: TreeEntry): ReturnType<typeof open> {
  const path = await prepare(folder, entry.rawPath)
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY
  return open(path, flags, entry.mode === '100755' ? 0o777 : 0o666)
}

/** Clears the place of a file and makes its folders; refuses one that leads out of `folder`. */
async function prepare(folder: string, rawPath: RawPath): Promise<Buffer> {
  if (!(await isPathSafe(folder, rawPath))) throw new Error(`Rescued path leaves its folder: ${rawPath}`)
  const path = toFilePath(folder, rawPath)
  const parent = rawPath.split('/').slice(0, -1).join('/')
  if (parent !== '') await mkdir(toFilePath(folder, parent), { recursive: true })
  await rm(path, { force: true, recursive: true })
  return path
}

/** The ref that holds a rescue can be rewritten by anyone who can write the repository. */
export async function isPathSafe(folder: string, rawPath: RawPath): Promise<boolean> {
  const parts = rawPath.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git')) return false
  if (process.platform === 'win32' && /[\\:]/.test(rawPath)) return false
  for (let depth = 1; depth < parts.length; depth++) {
    const found = await lstat(toFilePath(folder, parts.slice(0, depth).join('/'))).catch(() => null)
    if (found?.isSymbolicLink()) return false
  }
  return true
}
