import type { RawPath } from './git-objects.ts'
import { textOf, type Git } from './run-git.ts'

export interface TreePath {
  readonly tree: string
  readonly rawPath: RawPath
}

/**
 * The versions of files in trees, by one process; null where a tree has no file of that name. A name with a line feed cannot
 * be asked for so, and counts as not there.
 */
export async function resolveTreePaths(
  git: Git,
  cwd: string,
  wanted: readonly TreePath[],
): Promise<readonly (string | null)[]> {
  const askable = wanted.filter(isAskable)
  if (askable.length === 0) return wanted.map(() => null)
  const stdin = Buffer.from(askable.map(({ tree, rawPath }) => `${tree}:${rawPath}\n`).join(''), 'latin1')
  const result = await git.run({ cwd, args: ['cat-file', '--batch-check'], access: 'read', stdin })
  const lines = textOf(result).split('\n')
  let at = 0
  return wanted.map((one) => {
    if (!isAskable(one)) return null
    const found = /^([0-9a-f]{40,64}) blob \d+$/.exec(lines[at] ?? '')
    at += 1
    return found?.[1] ?? null
  })
}

const isAskable = ({ rawPath }: TreePath): boolean => !rawPath.includes('\n')
