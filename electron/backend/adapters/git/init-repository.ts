import { findConfigValue } from './config-entries.ts'
import { readRef } from './refs.ts'
import { textOf, type Git } from './run-git.ts'

export interface CommitIdentity {
  readonly name: string
  readonly email: string
}

/** Makes a folder a repository, with the person's own name for the first branch. */
export async function initRepository(git: Git, cwd: string): Promise<void> {
  const branch = findConfigValue(await git.listConfig(cwd), 'init.defaultbranch') ?? 'main'
  await git.run({ cwd, args: ['init', '--quiet', `--initial-branch=${branch}`], access: 'write' })
}

/** The name and address git would write into a commit, or null when the person has not set them. */
export async function readIdentity(git: Git, cwd: string): Promise<CommitIdentity | null> {
  const entries = await git.listConfig(cwd)
  const name = findConfigValue(entries, 'user.name')
  const email = findConfigValue(entries, 'user.email')
  return name && email ? { name, email } : null
}

/**
 * Commits to a branch that has no commit: everything in the folder that is not ignored, or nothing at all.
 * Returns the commit, or null when the branch got a commit meanwhile.
 */
export async function createFirstCommit(
  git: Git,
  cwd: string,
  input: { readonly message: string; readonly identity: CommitIdentity; readonly includeFiles: boolean },
): Promise<string | null> {
  const access = 'write'
  if (input.includeFiles) await git.run({ cwd, args: ['add', '--all', '--', '.'], access, pinWorkTree: true })
  const tree = input.includeFiles
    ? textOf(await git.run({ cwd, args: ['write-tree'], access, pinWorkTree: true }))
    : textOf(await git.run({ cwd, args: ['mktree'], access }))
  const args = ['commit-tree', '--no-gpg-sign', tree]
  const commit = textOf(await git.run({ cwd, args, access, stdin: input.message, identity: input.identity }))
  if ((await readRef(git, cwd, 'HEAD')) !== null) return null
  // The empty old value: only if the branch still does not exist.
  await git.run({ cwd, args: ['update-ref', '-m', 'first commit', 'HEAD', commit, '0'.repeat(commit.length)], access })
  return commit
}
