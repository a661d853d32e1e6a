import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listTree } from './git-objects.ts'
import { writeFiles } from './rescue-files.ts'
import type { Git } from './run-git.ts'

const attributesFile = /(?:^|\/)\.gitattributes$/

/**
 * Puts the attributes of a commit, and nothing else of it, where a merge looks for them. git reads them from the files of a
 * checkout; those of the person's own may be of another branch, or half written.
 */
export async function layAttributes(
  git: Git,
  { cwd, attributes }: { readonly cwd: string; readonly attributes: string },
  treeish: string,
): Promise<void> {
  await mkdir(attributes, { recursive: true, mode: 0o700 })
  for (const name of await readdir(attributes)) await rm(join(attributes, name), { recursive: true, force: true })
  const entries = await listTree(git, cwd, treeish)
  // git follows no link to attributes in a checkout.
  const own = entries.filter(({ rawPath, mode }) => attributesFile.test(rawPath) && mode.startsWith('100'))
  await writeFiles(git, cwd, attributes, own)
}

/** Whether any of these commits changes attributes. */
export async function touchAttributes(git: Git, cwd: string, commits: readonly string[]): Promise<boolean> {
  if (commits.length === 0) return false
  const args = ['diff-tree', '--stdin', '--root', '-r', '--no-commit-id', '--name-only', '--no-renames', '-z']
  const { stdout } = await git.run({ cwd, args, access: 'read', stdin: commits.map((sha) => `${sha}\n`).join('') })
  return stdout
    .toString('latin1')
    .split('\0')
    .some((name) => attributesFile.test(name))
}
