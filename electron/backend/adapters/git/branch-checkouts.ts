import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findGitDir } from './config-cache.ts'
import type { RawPath } from './git-objects.ts'
import { toFilePath } from './rescue-snapshot.ts'
import { findHalfDone } from './review-points.ts'
import { fieldsOf, type Git } from './run-git.ts'
import { decodePath, readCheckoutStatus } from './status.ts'
import { listTreeChanges, type TreeChange, type TreePair } from './tree-changes.ts'
import { listWorktrees } from './worktree-list.ts'

export interface BranchCheckout {
  readonly path: string
  readonly gitDir: string
  readonly branch: string
}

/** Why the files of a checkout are not brought to another commit. */
export type CheckoutProblem =
  /** Changes that are not committed. */
  | { readonly kind: 'dirty'; readonly path: string; readonly files: readonly string[] }
  /** Files that git does not know, where the other commit has files of its own. */
  | { readonly kind: 'in-the-way'; readonly path: string; readonly files: readonly string[] }
  | { readonly kind: 'half-done'; readonly path: string; readonly what: string }
  /** Its folder is not there now, as on a disk that is not connected. */
  | { readonly kind: 'away'; readonly path: string }
  | { readonly kind: 'index-locked'; readonly path: string; readonly lock: string }
  /** The files would need programs that the repository names and that do not run here. */
  | { readonly kind: 'filtered'; readonly path: string; readonly files: readonly string[] }
  /** It is at another commit than its branch was. */
  | { readonly kind: 'elsewhere'; readonly path: string }
  | { readonly kind: 'refused'; readonly path: string; readonly message: string }

export interface FoundCheckouts {
  readonly checkouts: readonly BranchCheckout[]
  readonly problem: CheckoutProblem | null
}

/** Every checkout of the repository that has the branch checked out, or would have it again at the end of what it began. */
export async function findCheckouts(git: Git, cwd: string, branch: string): Promise<FoundCheckouts> {
  const checkouts: BranchCheckout[] = []
  for (const worktree of await listWorktrees(git, cwd)) {
    if (worktree.isBare || worktree.isPrunable) continue
    const { path } = worktree
    const gitDir = await findGitDir(path)
    if (gitDir === null) {
      if (worktree.branch === branch) return { checkouts, problem: { kind: 'away', path } }
      continue
    }
    const begun = await findBegunWith(gitDir, branch)
    if (begun !== null) return { checkouts, problem: { kind: 'half-done', path, what: begun } }
    if (worktree.branch === branch) checkouts.push({ path, gitDir, branch })
  }
  return { checkouts, problem: null }
}

/** A rebase detaches the head and sets the branch at its end; a bisection goes back to it. */
async function findBegunWith(gitDir: string, branch: string): Promise<string | null> {
  const files = [
    ['rebase-merge/head-name', 'rebase'],
    ['rebase-apply/head-name', 'rebase'],
    ['BISECT_START', 'bisection'],
  ] as const
  for (const [file, what] of files) {
    const name = (await readFile(join(gitDir, file), 'utf8').catch(() => '')).trim()
    if (name.replace(/^refs\/heads\//, '') === branch) return what
  }
  return null
}

/** What keeps a checkout that should be at `from` from being brought to `to`, without touching anything; null for nothing. */
export async function judgeCheckout(
  git: Git,
  { path, gitDir, branch }: BranchCheckout,
  { from, to }: TreePair,
): Promise<CheckoutProblem | null> {
  const halfDone = await findHalfDone(gitDir)
  if (halfDone && halfDone.kind !== 'bisect') return { kind: 'half-done', path, what: halfDone.kind }
  const status = await readCheckoutStatus(git, path)
  if (status.headSha !== from || status.branch !== branch) return { kind: 'elsewhere', path }
  const dirty = status.entries.filter(({ kind }) => kind !== 'untracked').map(({ rawPath }) => decodePath(rawPath))
  if (dirty.length > 0) return { kind: 'dirty', path, files: dirty }
  const changes = await listTreeChanges(git, path, { from, to })
  const files = await findInTheWay(path, changes)
  if (files.length > 0) return { kind: 'in-the-way', path, files: files.map(decodePath) }
  const filtered = await findFiltered(git, path, changes)
  return filtered.length > 0 ? { kind: 'filtered', path, files: filtered } : null
}

/**
 * Files that nobody committed, ignored ones too, where files come to be. git would write over those that are ignored: a
 * file of settings or keys that a branch has by mistake must not take the place of the person's own.
 */
async function findInTheWay(folder: string, changes: readonly TreeChange[]): Promise<readonly RawPath[]> {
  const leaving = new Set(changes.filter(({ letter }) => letter === 'D').map(({ rawPath }) => rawPath))
  const found = new Set<RawPath>()
  for (const { letter, rawPath, newMode } of changes) {
    if (letter !== 'A') continue
    const parts = rawPath.split('/')
    for (let depth = 1; depth < parts.length; depth++) {
      const above = parts.slice(0, depth).join('/')
      const there = await lstat(toFilePath(folder, above)).catch(() => null)
      if (there && !there.isDirectory() && !leaving.has(above)) found.add(above)
    }
    const there = await lstat(toFilePath(folder, rawPath)).catch(() => null)
    if (there === null || leaving.has(rawPath)) continue
    // A submodule's folder may be there already.
    if (!there.isDirectory()) found.add(rawPath)
    else if (newMode !== '160000') await addBelow(folder, rawPath, leaving, found)
  }
  return [...found]
}

/** A folder makes room for a file only when all that is in it leaves. */
async function addBelow(
  folder: string,
  below: RawPath,
  leaving: ReadonlySet<RawPath>,
  found: Set<RawPath>,
): Promise<void> {
  for (const entry of await readdir(toFilePath(folder, below), { withFileTypes: true, encoding: 'buffer' })) {
    const rawPath = `${below}/${entry.name.toString('latin1')}`
    if (entry.isDirectory()) await addBelow(folder, rawPath, leaving, found)
    else if (!leaving.has(rawPath)) found.add(rawPath)
  }
}

/** Changed files whose contents go through a program of the repository's, which is not run here: they would come out raw. */
async function findFiltered(git: Git, cwd: string, changes: readonly TreeChange[]): Promise<readonly string[]> {
  const written = changes.filter(({ newMode }) => newMode?.startsWith('100'))
  const entries = await git.listConfig(cwd)
  const drivers = new Set(
    entries.flatMap(({ name, value }) =>
      value === '' ? [] : (/^filter\.([^]*)\.(?:smudge|process)$/.exec(name)?.[1] ?? []),
    ),
  )
  if (git.isLfsInstalled) drivers.delete('lfs')
  if (drivers.size === 0 || written.length === 0) return []
  const stdin = Buffer.from(written.map(({ rawPath }) => `${rawPath}\0`).join(''), 'latin1')
  const args = ['check-attr', '-z', '--stdin', 'filter']
  const fields = fieldsOf(await git.run({ cwd, args, access: 'read', stdin, pinWorkTree: true }))
  const filtered: string[] = []
  for (let at = 0; at + 2 < fields.length; at += 3)
    if (drivers.has(fields[at + 2] ?? '')) filtered.push(fields[at] ?? '')
  return filtered
}
