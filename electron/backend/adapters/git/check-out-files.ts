import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeIndexLines, type TreeEntry } from './git-objects.ts'
import type { Git } from './run-git.ts'

/**
 * Writes versions of files below a new folder of ours as a checkout of them would be, line ends and LFS included; answers
 * the folder they are in. Their attributes are those of the checkout at `cwd`.
 */
export async function checkOutFiles(
  git: Git,
  cwd: string,
  folder: string,
  entries: readonly TreeEntry[],
): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const indexFile = join(folder, 'index')
  const files = join(folder, 'files')
  await mkdir(files)
  await writeIndexLines(git, { cwd, indexFile, lines: entries.map((entry) => ({ ...entry, stage: 0 })) })
  await git.run({
    cwd,
    args: ['checkout-index', '--quiet', '-z', '--stdin', `--prefix=${files}/`],
    // The person asked for these files: what LFS has not here is fetched as in a checkout.
    access: git.isLfsInstalled ? 'network' : 'write',
    stdin: Buffer.from(entries.map(({ rawPath }) => `${rawPath}\0`).join(''), 'latin1'),
    indexFile,
    pinWorkTree: true,
  })
  return files
}
