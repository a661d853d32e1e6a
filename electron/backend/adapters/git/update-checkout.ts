import { createHash } from 'node:crypto'
import { lstat, readFile, readlink } from 'node:fs/promises'
import type { BranchCheckout } from './branch-checkouts.ts'
import type { CheckoutDisk } from './checkout-disk.ts'
import { quotePath, readBlobs, type RawPath } from './git-objects.ts'
import { GitError } from './git-error.ts'
import { removeFiles } from './rescue-files.ts'
import { toFilePath } from './rescue-snapshot.ts'
import { textOf, type Git } from './run-git.ts'
import { decodePath } from './status.ts'
import { listTreeChanges, type TreeChange, type TreePair } from './tree-changes.ts'

interface UpdateDeps {
  readonly git: Git
  readonly disk: CheckoutDisk
}

const wholeIndex = [['core.splitIndex', 'false']] as const

/**
 * Tries whether git would bring a checkout from one commit to another; writes nothing but an index of our own. Answers
 * git's words when it would not.
 */
export async function tryUpdate(deps: UpdateDeps, checkout: BranchCheckout, pair: TreePair): Promise<string | null> {
  const indexFile = await deps.disk.copyIndex(checkout.gitDir)
  await refresh(deps.git, checkout, indexFile)
  return readTree(deps.git, checkout, indexFile, ['-m', '-u', '-n', pair.from, pair.to])
}

/**
 * Brings a clean checkout to another commit, its own files with the index of it: git refuses, before it touches anything,
 * to write over what is not committed. Whoever calls holds the lock. Answers git's words when it did not.
 */
export async function updateCheckout(
  { git, disk }: UpdateDeps,
  checkout: BranchCheckout,
  pair: TreePair,
): Promise<string | null> {
  const indexFile = await disk.copyIndex(checkout.gitDir)
  await refresh(git, checkout, indexFile)
  const refused = await readTree(git, checkout, indexFile, ['-m', '-u', pair.from, pair.to])
  if (refused === null) await disk.replaceIndex(checkout.gitDir)
  return refused
}

export type Settled =
  /** `foreign` are files that are of neither commit: somebody wrote them meanwhile, and they are left as they are. */
  | { readonly kind: 'settled'; readonly foreign: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string }

/**
 * Brings a checkout to `wanted` that was left half-way between it and `other`: some files and perhaps the index are of the
 * one, the rest of the other, one may be half written. Whoever calls holds the lock.
 */
export async function settleCheckout(
  { git, disk }: UpdateDeps,
  checkout: BranchCheckout,
  { other, wanted }: { readonly other: string; readonly wanted: string },
): Promise<Settled> {
  const { path, gitDir } = checkout
  const indexFile = await disk.copyIndex(gitDir)
  // With the index alone: the files are of both commits, and are looked at one by one.
  const refused = await readTree(git, checkout, indexFile, ['-i', '-m', other, wanted])
  if (refused !== null) return { kind: 'refused', message: refused }
  await refresh(git, checkout, indexFile)
  const changes = await listTreeChanges(git, path, { from: other, to: wanted })
  const different = await listDifferent(git, checkout, indexFile, changes)
  const isOurs = await findOurs(git, path, different)
  const [mine, foreign] = [different.filter(isOurs), different.filter((change) => !isOurs(change))]
  await removeFiles(
    path,
    mine.filter(({ newMode }) => newMode === null).map(({ rawPath }) => rawPath),
  )
  await writeFromIndex(git, checkout, indexFile, mine)
  await disk.replaceIndex(gitDir)
  return { kind: 'settled', foreign: foreign.map(({ rawPath }) => decodePath(rawPath)) }
}

/** Of the files that differ between two commits those that are not as the index, which is the second's, has them. */
async function listDifferent(
  git: Git,
  { path }: BranchCheckout,
  indexFile: string,
  changes: readonly TreeChange[],
): Promise<readonly TreeChange[]> {
  const args = ['diff-files', '--name-only', '-z', '--ignore-submodules=all', '--no-ext-diff']
  const { stdout } = await git.run({ cwd: path, args, access: 'read', indexFile, pinWorkTree: true })
  const names = new Set(stdout.toString('latin1').split('\0'))
  const different: TreeChange[] = []
  for (const change of changes) {
    if (change.newMode === '160000' || (change.newMode === null && change.oldMode === '160000')) continue
    const isGone = change.newMode === null
    if (isGone ? (await lookAt(path, change.rawPath)) !== null : names.has(change.rawPath)) different.push(change)
  }
  return different
}

/** Tells which files are wholly of one of the two commits, gone, or a beginning of the version that was being written. */
async function findOurs(
  git: Git,
  path: string,
  changes: readonly TreeChange[],
): Promise<(change: TreeChange) => boolean> {
  const oids = changes.flatMap(({ oldOid, newOid }) => [oldOid, newOid]).filter((oid) => oid !== null)
  const oidLength = oids[0]?.length ?? 40
  const ours = new Set<RawPath>()
  const files: TreeChange[] = []
  for (const change of changes) {
    const found = await lookAt(path, change.rawPath)
    if (found === null) ours.add(change.rawPath)
    else if (found.isSymbolicLink()) {
      const target = await readlink(toFilePath(path, change.rawPath), { encoding: 'buffer' })
      if (isEither(change, blobId(target, oidLength))) ours.add(change.rawPath)
    } else if (found.isFile()) files.push(change)
  }
  const hashed = await hashFiles(git, path, files)
  const rest = files.filter((change, at) => !isEither(change, hashed[at] ?? ''))
  for (const change of files) if (!rest.includes(change)) ours.add(change.rawPath)
  const blobs = await readBlobs(git, path, [...new Set(rest.flatMap(({ newOid }) => newOid ?? []))])
  for (const { rawPath, newOid } of rest) {
    const whole = blobs.get(newOid ?? '')
    const part = await readFile(toFilePath(path, rawPath))
    // Nothing is lost with it: all of it is in the version that takes its place.
    if (whole?.subarray(0, part.length).equals(part)) ours.add(rawPath)
  }
  return ({ rawPath }) => ours.has(rawPath)
}

const isEither = ({ oldOid, newOid }: TreeChange, oid: string): boolean => oid === oldOid || oid === newOid

const lookAt = (path: string, rawPath: RawPath) => lstat(toFilePath(path, rawPath)).catch(() => null)

const blobId = (bytes: Buffer, length: number): string =>
  createHash(length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex')

/** As a commit of the files would have them. */
async function hashFiles(git: Git, cwd: string, changes: readonly TreeChange[]): Promise<readonly string[]> {
  if (changes.length === 0) return []
  const stdin = changes.map(({ rawPath }) => `${quotePath(rawPath)}\n`).join('')
  const args = ['hash-object', '--stdin-paths']
  return textOf(await git.run({ cwd, args, access: 'read', stdin, pinWorkTree: true })).split('\n')
}

async function writeFromIndex(
  git: Git,
  { path }: BranchCheckout,
  indexFile: string,
  changes: readonly TreeChange[],
): Promise<void> {
  const written = changes.filter(({ newMode }) => newMode !== null)
  if (written.length === 0) return
  const stdin = Buffer.from(written.map(({ rawPath }) => `${rawPath}\0`).join(''), 'latin1')
  const args = ['checkout-index', '--force', '--index', '--quiet', '-z', '--stdin']
  await git.run({ cwd: path, args, access: 'write', stdin, indexFile, pinWorkTree: true, settings: wholeIndex })
}

/** git takes a file that was only touched for a changed one, until it has looked. */
async function refresh(git: Git, { path }: BranchCheckout, indexFile: string): Promise<void> {
  const args = ['update-index', '-q', '--refresh', '--ignore-submodules']
  const request = { cwd: path, args, access: 'write', indexFile, pinWorkTree: true, settings: wholeIndex } as const
  await git.run({ ...request, expect: [0, 1] })
}

async function readTree(
  git: Git,
  { path }: BranchCheckout,
  indexFile: string,
  options: readonly string[],
): Promise<string | null> {
  const args = ['read-tree', ...options]
  const request = { cwd: path, args, access: 'write', indexFile, pinWorkTree: true, settings: wholeIndex } as const
  return git.run(request).then(
    () => null,
    (error: unknown) => {
      if (error instanceof GitError && error.kind === 'exit') return error.stderr.trim().slice(0, 500)
      throw error
    },
  )
}
