import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * The folder inside the repository's git folder that registers the worktree at `path`, also when that path is gone; null
 * when git does not know it (any more).
 */
export async function findRegistration(commonDir: string, path: string): Promise<string | null> {
  const root = join(commonDir, 'worktrees')
  for (const name of await readdir(root).catch((): string[] => [])) {
    if ((await readRegisteredPath(join(root, name))) === path) return join(root, name)
  }
  return null
}

/** Where the worktrees of a repository are registered to be, whether they are there or not. */
export async function listRegisteredPaths(commonDir: string): Promise<readonly string[]> {
  const root = join(commonDir, 'worktrees')
  const names = await readdir(root).catch((): string[] => [])
  const paths = await Promise.all(names.map((name) => readRegisteredPath(join(root, name))))
  return paths.filter((path) => path !== null)
}

/** The folder a registration points to. */
export async function readRegisteredPath(registration: string): Promise<string | null> {
  // A registration without this file is one that git is still making or removing.
  const text = await readFile(join(registration, 'gitdir'), 'utf8').catch(() => null)
  return text === null ? null : dirname(text.replace(/\n$/, ''))
}

/** Makes an empty folder the checkout of a registration again. */
export async function linkToRegistration(path: string, registration: string): Promise<void> {
  await writeFile(join(path, '.git'), `gitdir: ${registration}\n`, { flag: 'wx' })
}
