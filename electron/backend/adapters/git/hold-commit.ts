import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { resolveCommit } from './read-head.ts'
import { textOf, type Git } from './run-git.ts'
import { addWorktree, checkOutWorktree, lockWorktree, removeWorktree } from './worktree-change.ts'
import { listWorktrees } from './worktree-list.ts'
import { findRegistration } from './worktree-registration.ts'

export interface HeldCommit {
  /** Any checkout of the repository, and the folder all of them share. */
  readonly cwd: string
  readonly commonDir: string
  /** A folder of our own, as the file system itself calls it: whatever is in it is ours to remove. */
  readonly path: string
  readonly commit: string
}

/** Shown by `git worktree list`, and what keeps `git worktree prune` from it. */
const lockReason = 'Switchyard checks here what is to be merged.'

/**
 * Brings a folder to hold exactly one commit: tracked files as they are there, no others but ignored ones, which stay, so
 * that what is installed need not be installed anew. Programs of the repository have run in it, so nothing in it is trusted:
 * not its link to the repository, not the branch it is on, not what its index says of files.
 */
export async function holdCommit(git: Git, { cwd, commonDir, path, commit }: HeldCommit): Promise<void> {
  const registration = await link(git, { cwd, commonDir, path, commit })
  // Left by a git that was killed; nothing else works here.
  await rm(join(registration, 'index.lock'), { force: true })
  // Before all else, and by force: a reset would move whatever branch a program checked out here.
  await git.run({ cwd: path, args: ['update-ref', '--no-deref', 'HEAD', commit], access: 'write', pinWorkTree: true })
  if (await hidesFiles(git, path)) await rm(join(registration, 'index'), { force: true })
  const useNetwork = git.isLfsInstalled
  await checkOutWorktree(git, path, { useNetwork, skipLfs: false }).catch(async (error: unknown) => {
    // LFS cannot fetch its files: pointers are better than nothing.
    if (!git.isLfsInstalled) throw error
    await checkOutWorktree(git, path, { useNetwork, skipLfs: true })
  })
  // Twice -f: repositories within are removed too.
  await git.run({ cwd: path, args: ['clean', '-d', '-f', '-f', '-q'], access: 'write', pinWorkTree: true })
}

/** The commit a folder holds; null when it holds none, or is not linked to the repository. */
export async function readHeldCommit(git: Git, { commonDir, path }: Omit<HeldCommit, 'cwd' | 'commit'>) {
  return (await findLink(commonDir, path)) === null ? null : resolveCommit(git, path, 'HEAD')
}

/** Takes the folder away, and its registration. */
export async function dropHeldCommit(git: Git, { cwd, path }: Pick<HeldCommit, 'cwd' | 'path'>): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
  const isListed = (await listWorktrees(git, cwd)).some((worktree) => worktree.path === path)
  if (isListed) await removeWorktree(git, cwd, path)
}

async function link(git: Git, held: HeldCommit): Promise<string> {
  const { cwd, commonDir, path, commit } = held
  const known = await findLink(commonDir, path)
  if (known !== null) return known
  await dropHeldCommit(git, held)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await addWorktree(git, cwd, path, { kind: 'detached', sha: commit })
  await lockWorktree(git, cwd, path, lockReason)
  const made = await findLink(commonDir, path)
  if (made === null) throw new Error(`${path} could not be made a worktree.`)
  return made
}

/** The registration of a folder that is linked to it, and to nothing else. */
async function findLink(commonDir: string, path: string): Promise<string | null> {
  const registration = await findRegistration(commonDir, path)
  if (registration === null) return null
  const text = await readFile(join(path, '.git'), 'utf8').catch(() => '')
  return text.trim() === `gitdir: ${registration}` ? registration : null
}

/** Files that the index tells git not to look at: lower-case letters for unchanged ones, "S" for those that are skipped. */
async function hidesFiles(git: Git, path: string): Promise<boolean> {
  const args = ['ls-files', '-v', '-z']
  const listed = textOf(await git.run({ cwd: path, args, access: 'read', pinWorkTree: true }))
  return /(?:^|\0)[a-zS] /.test(listed)
}
