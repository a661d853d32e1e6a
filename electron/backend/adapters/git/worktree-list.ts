import { isAtLeast } from './find-git.ts'
import type { Git } from './run-git.ts'

export interface ListedWorktree {
  readonly path: string
  readonly isBare: boolean
  /** Null when the worktree has no commit yet. */
  readonly sha: string | null
  /** Short name; null when detached. */
  readonly branch: string | null
  /** The reason, or null when it is not locked. */
  readonly locked: string | null
  /** git would prune it: its folder is gone. */
  readonly isPrunable: boolean
}

/** All worktrees of the repository; the main checkout is always first. */
export async function listWorktrees(git: Git, cwd: string): Promise<readonly ListedWorktree[]> {
  // Before 2.36 there is no -z, and a path with a line feed is then not understood.
  const hasNulOutput = isAtLeast(git.version, [2, 36])
  const args = ['worktree', 'list', '--porcelain', ...(hasNulOutput ? ['-z'] : [])]
  const result = await git.run({ cwd, args, access: 'read' })
  return parseWorktreeList(result.stdout.toString('utf8'), hasNulOutput ? '\0' : '\n')
}

/** Parses `git worktree list --porcelain [-z]`: attributes end with `terminator`, records with an empty one. */
export function parseWorktreeList(output: string, terminator: '\0' | '\n'): readonly ListedWorktree[] {
  const worktrees: ListedWorktree[] = []
  for (const record of output.split(terminator + terminator)) {
    const attributes = record.split(terminator).filter((line) => line !== '')
    if (attributes.length === 0) continue
    const valueOf = (name: string): string | null => {
      const line = attributes.find((candidate) => candidate === name || candidate.startsWith(`${name} `))
      return line === undefined ? null : line.slice(name.length + 1)
    }
    const sha = valueOf('HEAD')
    worktrees.push({
      path: valueOf('worktree') ?? '',
      isBare: valueOf('bare') !== null,
      sha: sha === null || /^0+$/.test(sha) ? null : sha,
      branch: valueOf('branch')?.replace(/^refs\/heads\//, '') ?? null,
      locked: valueOf('locked'),
      isPrunable: valueOf('prunable') !== null,
    })
  }
  return worktrees
}
