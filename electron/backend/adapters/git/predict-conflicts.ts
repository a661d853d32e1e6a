import { lstat, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { quotePath, storeBytes, type RawPath, type TreeEntry } from './git-objects.ts'
import { writeLooseCommit, writeLooseTree } from './loose-objects.ts'
import { toFilePath } from './rescue-snapshot.ts'
import { textOf, type Git } from './run-git.ts'

/** Where what a prediction needs is kept: never in the repository, whose objects are only read. */
export interface ScratchObjects {
  readonly folder: string
  /** The folder all worktrees of the repository share. */
  readonly commonDir: string
}

/** git that stores what it makes among the scratch objects. */
export function withScratch(git: Git, { folder, commonDir }: ScratchObjects): Git {
  const objects = { folder, repository: join(commonDir, 'objects') }
  return { ...git, run: (request) => git.run({ ...request, objects }) }
}

/** git that only reads, what is among the scratch objects too; the repository's are looked for first, for most are its. */
export function withScratchToRead(git: Git, { folder, commonDir }: ScratchObjects): Git {
  const objects = { folder: join(commonDir, 'objects'), repository: folder }
  return { ...git, run: (request) => git.run({ ...request, objects }) }
}

/** Stores files of a checkout as a commit of them would have them, line ends made plain; what is no file is left out. */
export async function storeWorkingFiles(
  git: Git,
  cwd: string,
  rawPaths: readonly RawPath[],
): Promise<readonly TreeEntry[]> {
  const files: { mode: string; rawPath: RawPath }[] = []
  const entries: TreeEntry[] = []
  for (const rawPath of rawPaths) {
    const found = await lstat(toFilePath(cwd, rawPath)).catch(() => null)
    if (found?.isFile()) files.push({ mode: found.mode & 0o100 ? '100755' : '100644', rawPath })
    if (!found?.isSymbolicLink()) continue
    const target = await readlink(toFilePath(cwd, rawPath), { encoding: 'buffer' })
    entries.push({ mode: '120000', rawPath, oid: await storeBytes(git, cwd, target) })
  }
  if (files.length === 0) return entries
  const stdin = files.map(({ rawPath }) => `${quotePath(rawPath)}\n`).join('')
  const args = ['hash-object', '-w', '--stdin-paths']
  const oids = textOf(await git.run({ cwd, args, access: 'write', stdin, pinWorkTree: true })).split('\n')
  return [...entries, ...files.map((file, index) => ({ ...file, oid: oids[index] ?? '' }))]
}

/** Files and links of a commit among some paths. */
export async function readCommitFiles(
  git: Git,
  cwd: string,
  commit: string,
  paths: readonly string[],
): Promise<readonly TreeEntry[]> {
  const args = ['ls-tree', '-z', '--full-tree', commit, '--', ...paths]
  const { stdout } = await git.run({ cwd, args, access: 'read' })
  return stdout
    .toString('latin1')
    .split('\0')
    .flatMap((record) => {
      const match = /^(\d+) blob ([0-9a-f]+)\t([^]+)$/.exec(record)
      return match ? [{ mode: match[1] ?? '', oid: match[2] ?? '', rawPath: match[3] ?? '' }] : []
    })
}

/**
 * Paths in which a merge of two sides would conflict, by `git merge-tree` over trees of the given files alone. Null where
 * git is too old to tell (before 2.38).
 */
export async function predictConflicts(
  git: Git,
  cwd: string,
  objects: string,
  sides: { readonly base: readonly TreeEntry[]; readonly a: readonly TreeEntry[]; readonly b: readonly TreeEntry[] },
): Promise<readonly RawPath[] | null> {
  const some = [...sides.base, ...sides.a, ...sides.b][0]
  if (some === undefined) return []
  const oidBytes = some.oid.length / 2
  const tree = (entries: readonly TreeEntry[]): Promise<string> => writeLooseTree(objects, entries, oidBytes)
  const base = await writeLooseCommit(objects, await tree(sides.base), [], oidBytes)
  const a = await writeLooseCommit(objects, await tree(sides.a), [base], oidBytes)
  const b = await writeLooseCommit(objects, await tree(sides.b), [base], oidBytes)
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', a, b]
  const result = await git.run({ cwd, args, access: 'write', pinWorkTree: true, expect: [0, 1, 129] })
  if (result.exitCode === 129) return null
  return result.exitCode === 0 ? [] : result.stdout.toString('latin1').split('\0').slice(1, -1)
}
