import { textOf, type Git } from './run-git.ts'

export type Head =
  | { readonly kind: 'branch'; readonly branch: string; readonly sha: string }
  | { readonly kind: 'detached'; readonly sha: string }
  /** The branch has no commit yet. */
  | { readonly kind: 'unborn'; readonly branch: string }

const branchPrefix = 'refs/heads/'

export async function readHead(git: Git, cwd: string): Promise<Head> {
  const [symbolic, sha] = await Promise.all([
    git.run({ cwd, args: ['symbolic-ref', '-q', 'HEAD'], access: 'read', expect: [0, 1] }),
    resolveCommit(git, cwd, 'HEAD'),
  ])
  const ref = symbolic.exitCode === 0 ? textOf(symbolic) : null
  const branch = ref?.startsWith(branchPrefix) ? ref.slice(branchPrefix.length) : ref
  if (sha === null) return { kind: 'unborn', branch: branch ?? 'main' }
  return branch === null ? { kind: 'detached', sha } : { kind: 'branch', branch, sha }
}

/** The full id of the commit that `revision` names, or null when there is none. */
export async function resolveCommit(git: Git, cwd: string, revision: string): Promise<string | null> {
  const result = await git.run({
    cwd,
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    access: 'read',
    expect: [0, 1, 128],
  })
  // 128: not a revision at all, such as a name with a space.
  return result.exitCode === 0 ? textOf(result) : null
}
