import type { RawPath } from './git-objects.ts'
import type { Git } from './run-git.ts'

/** Folders that git ignores by a rule of their own, so that whatever comes into them is ignored too; no slash at the end. */
export async function listIgnoredFolders(git: Git, cwd: string, signal?: AbortSignal): Promise<readonly RawPath[]> {
  // `ls-files --directory` would also name folders that only happen to hold nothing else.
  const args = ['status', '--porcelain', '-z', '--ignored=matching', '--untracked-files=all', '--no-renames']
  args.push('--ignore-submodules=all')
  const result = await git.run({ cwd, args, access: 'read', pinWorkTree: true, signal })
  const records = result.stdout.toString('latin1').split('\0')
  return records.filter((record) => /^!! [^]*\/$/.test(record)).map((record) => record.slice(3, -1))
}

/** Those of some paths that are there and ignored; a folder with a slash at the end. What git tracks never is. */
export async function findIgnored(git: Git, cwd: string, paths: readonly string[]): Promise<readonly RawPath[]> {
  if (paths.length === 0) return []
  // `check-ignore` refuses to take names literally.
  const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z', '--', ...paths]
  const result = await git.run({ cwd, args, access: 'read', pinWorkTree: true })
  return result.stdout.toString('latin1').split('\0').slice(0, -1)
}
