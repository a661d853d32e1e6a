import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { storeBytes, storeFiles, type RawPath, type TreeEntry } from './git-objects.ts'
import type { Git } from './run-git.ts'
import { readStatus, type StatusEntry } from './status.ts'

/** One line of `git ls-files -v -s -z`. */
export interface IndexEntry {
  /** Lower case: assume-unchanged. `S`: skip-worktree. git status does not see changes in either. */
  readonly tag: string
  readonly mode: string
  readonly oid: string
  readonly stage: number
  readonly rawPath: RawPath
}

export interface FolderSnapshot {
  /** Files whose bytes are not, or not certainly, those of the last commit. */
  readonly entries: readonly TreeEntry[]
  readonly deleted: readonly RawPath[]
  /** Folders with a repository of their own, whose contents a snapshot cannot hold. */
  readonly nestedRepositories: readonly RawPath[]
}

const gitlinkMode = '160000'
const symlinkMode = '120000'

/** Of the checkout's own index, or of another one. */
export async function readIndex(git: Git, cwd: string, indexFile?: string): Promise<readonly IndexEntry[]> {
  const args = ['ls-files', '-v', '-s', '-z']
  const result = await git.run({ cwd, args, access: 'read', pinWorkTree: true, indexFile })
  return result.stdout
    .toString('latin1')
    .split('\0')
    .flatMap((record) => {
      const match = /^(.) (\d+) ([0-9a-f]+) (\d)\t([^]+)$/.exec(record)
      if (!match) return []
      const [, tag = '', mode = '', oid = '', stage = '', rawPath = ''] = match
      return [{ tag, mode, oid, stage: Number(stage), rawPath }]
    })
}

/** Stores the bytes of all changed, staged, hidden and untracked (not ignored) files of a checkout. */
export async function snapshotFolder(git: Git, cwd: string, index: readonly IndexEntry[]): Promise<FolderSnapshot> {
  const status = await readStatus(git, cwd)
  const candidates = new Set<RawPath>(status.filter(isFile).map((entry) => entry.rawPath))
  for (const entry of index) if (isHiddenFromStatus(entry)) candidates.add(entry.rawPath)
  const hidden = new Set(index.filter(isHiddenFromStatus).map((entry) => entry.rawPath))
  const nestedRepositories = status.filter((entry) => entry.rawPath.endsWith('/')).map((entry) => entry.rawPath)
  for (const entry of index) {
    if (entry.mode !== gitlinkMode) continue
    if (await exists(cwd, `${entry.rawPath}/.git`)) nestedRepositories.push(entry.rawPath)
  }

  const files: { rawPath: RawPath; mode: string }[] = []
  const links: RawPath[] = []
  const deleted: RawPath[] = []
  for (const rawPath of candidates) {
    const found = await lstat(toFilePath(cwd, rawPath)).catch(() => null)
    if (found === null) {
      // A sparse checkout leaves its files out on purpose.
      if (!hidden.has(rawPath)) deleted.push(rawPath)
    } else if (found.isSymbolicLink()) links.push(rawPath)
    else if (found.isFile()) files.push({ rawPath, mode: found.mode & 0o100 ? '100755' : '100644' })
    // A tracked file replaced by a folder: its new files are listed by themselves.
    else if (found.isDirectory()) deleted.push(rawPath)
  }
  const oids = await storeFiles(
    git,
    cwd,
    files.map((file) => file.rawPath),
  )
  const entries: TreeEntry[] = files.map((file, index) => ({ ...file, oid: oids[index] ?? '' }))
  for (const rawPath of links) {
    const target = await readlink(toFilePath(cwd, rawPath), { encoding: 'buffer' })
    entries.push({ rawPath, mode: symlinkMode, oid: await storeBytes(git, cwd, target) })
  }
  return { entries, deleted, nestedRepositories }
}

/** The bytes of a raw path below a folder, for the file system. */
export function toFilePath(folder: string, rawPath: RawPath): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(rawPath, 'latin1')])
}

/** What a linked worktree's own git folder says about an operation under way: merge, rebase, reflog, sparse patterns. */
export async function snapshotGitDir(git: Git, cwd: string, gitDir: string): Promise<readonly TreeEntry[]> {
  const names = await listStateFiles(gitDir, '')
  const rawGitDir = Buffer.from(gitDir).toString('latin1')
  const oids = await storeFiles(
    git,
    cwd,
    names.map((name) => `${rawGitDir}/${name}`),
  )
  return names.map((name, index) => ({ rawPath: name, mode: '100644', oid: oids[index] ?? '' }))
}

/** Belong to the registration of the worktree, which restoring makes anew. */
const registrationFiles =
  /^(?:HEAD|index|commondir|gitdir|locked|FETCH_HEAD|modules|sharedindex\..*|.*\.lock|fsmonitor--daemon.*)$/

async function listStateFiles(gitDir: string, below: string): Promise<string[]> {
  const names: string[] = []
  for (const entry of await readdir(join(gitDir, below), { withFileTypes: true })) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    if (registrationFiles.test(name)) continue
    if (entry.isDirectory()) names.push(...(await listStateFiles(gitDir, name)))
    else if (entry.isFile()) names.push(name)
  }
  return names
}

function isFile(entry: StatusEntry): boolean {
  return !entry.isSubmodule && !entry.rawPath.endsWith('/')
}

function isHiddenFromStatus(entry: IndexEntry): boolean {
  return entry.mode !== gitlinkMode && (entry.tag === 'S' || entry.tag !== entry.tag.toUpperCase())
}

async function exists(cwd: string, rawPath: RawPath): Promise<boolean> {
  return lstat(toFilePath(cwd, rawPath)).then(
    () => true,
    () => false,
  )
}
