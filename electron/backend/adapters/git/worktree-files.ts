import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, readlink, realpath, rename, rm, symlink } from 'node:fs/promises'
import type { RawPath } from './git-objects.ts'
import { isPathSafe, removeFiles } from './rescue-files.ts'
import { toFilePath } from './rescue-snapshot.ts'

/** A file of a worktree as it is on the disk, without filters. */
export interface FileVersion {
  /** As git writes modes: "100644", "100755", "120000". */
  readonly mode: string
  /** What git would call its bytes. */
  readonly oid: string
  /** The lower nine bits; null of a link. */
  readonly permissions: number | null
}

export interface FileOnDisk {
  readonly version: FileVersion
  readonly bytes: Buffer
}

export type FileRead =
  | { readonly kind: 'there'; readonly file: FileOnDisk }
  | { readonly kind: 'absent' }
  | { readonly kind: 'folder' }
  /** A pipe, below a link, or not to be read. */
  | { readonly kind: 'no-file' }

export interface FileToWrite {
  readonly mode: string
  readonly permissions: number | null
  /** Of a link, where it points. */
  readonly bytes: Uint8Array
}

export type FileWritten = 'done' | 'changed' | 'no-file'
export type WriteFileVersion = typeof writeFileVersion

/** Reads a file below a folder; links are never followed. `oidBytes`: how long the ids of the repository are. */
export async function readFileVersion(folder: string, rawPath: RawPath, oidBytes: number): Promise<FileRead> {
  if (!(await isPathSafe(folder, rawPath))) return { kind: 'no-file' }
  const path = toFilePath(folder, rawPath)
  const found = await lstat(path).catch(() => null)
  if (found === null) return { kind: 'absent' }
  if (found.isSymbolicLink()) {
    const bytes = await readlink(path, { encoding: 'buffer' })
    return { kind: 'there', file: { bytes, version: describeBytes('120000', bytes, oidBytes) } }
  }
  if (!found.isFile()) return { kind: found.isDirectory() ? 'folder' : 'no-file' }
  // Gone or a link by now, or not to be read by us.
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null)
  if (file === null) return { kind: 'no-file' }
  const bytes = await file.readFile()
  const permissions = found.mode & 0o777
  const mode = permissions & 0o100 ? '100755' : '100644'
  return { kind: 'there', file: { bytes, version: { ...describeBytes(mode, bytes, oidBytes), permissions } } }
}

/** A file of these bytes, with the permissions that a new one gets. */
export function describeBytes(mode: string, bytes: Uint8Array, oidBytes: number): FileVersion {
  const hash = createHash(oidBytes === 32 ? 'sha256' : 'sha1')
  return { mode, permissions: null, oid: hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') }
}

export const isSameVersion = (a: FileVersion | null, b: FileVersion | null): boolean =>
  a?.oid === b?.oid && a?.mode === b?.mode

/**
 * Puts a file in the place of another, in one step, if that one is still what it was; with null it is removed, and the
 * folders that become empty by it. `draft`: a name of ours for the file while it is written, in the same folder.
 */
export async function writeFileVersion(
  folder: string,
  rawPath: RawPath,
  change: {
    readonly before: FileVersion | null
    readonly after: FileToWrite | null
    readonly draft: string
    readonly oidBytes: number
  },
): Promise<FileWritten> {
  const { before, after, oidBytes } = change
  const isStill = async (): Promise<boolean> => {
    const read = await readFileVersion(folder, rawPath, oidBytes)
    if (read.kind === 'there') return isSameVersion(read.file.version, before)
    return read.kind === 'absent' && before === null
  }
  if (after === null) {
    if (!(await isStill())) return 'changed'
    await removeFiles(folder, [rawPath])
    return 'done'
  }
  if (!(await isPathSafe(folder, rawPath))) return 'no-file'
  const draft = draftPath(rawPath, change.draft)
  const path = toFilePath(folder, draft)
  const parent = rawPath.split('/').slice(0, -1).join('/')
  const isMade = parent === '' || (await mkdir(toFilePath(folder, parent), { recursive: true }).then(isDone, isNotDone))
  if (!isMade || !(await isInside(folder, parent))) return 'no-file'
  await writeDraft(path, after)
  // Compared last of all, so that only what is written in this very moment could be lost.
  if (!(await isStill())) {
    await rm(path, { force: true })
    return 'changed'
  }
  await rename(path, toFilePath(folder, rawPath))
  return 'done'
}

/** Takes away what a write that was killed left beside a file. */
export async function removeDraft(folder: string, rawPath: RawPath, name: string): Promise<void> {
  const draft = draftPath(rawPath, name)
  if (await isPathSafe(folder, draft)) await rm(toFilePath(folder, draft), { force: true })
}

const draftPath = (rawPath: RawPath, name: string): RawPath => [...rawPath.split('/').slice(0, -1), name].join('/')

async function writeDraft(path: Buffer, { mode, permissions, bytes }: FileToWrite): Promise<void> {
  await rm(path, { force: true })
  if (mode === '120000') return symlink(Buffer.from(bytes), path)
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW
  await using file = await open(path, flags, mode === '100755' ? 0o777 : 0o666)
  await file.writeFile(bytes)
  if (permissions !== null) await file.chmod(permissions)
  await file.sync()
}

/** A folder on the way may have become a link meanwhile. */
async function isInside(folder: string, parent: RawPath): Promise<boolean> {
  const root = await realpath(folder, 'buffer')
  const real = await realpath(toFilePath(folder, parent), 'buffer').catch(() => null)
  if (real === null) return false
  return Buffer.concat([real, slash])
    .subarray(0, root.length + 1)
    .equals(Buffer.concat([root, slash]))
}

const slash = Buffer.from('/')
const isDone = (): boolean => true
const isNotDone = (): boolean => false
