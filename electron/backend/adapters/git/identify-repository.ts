import { realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative } from 'node:path'
import { GitError } from './git-error.ts'
import { textOf, type Git } from './run-git.ts'
import { listWorktrees } from './worktree-list.ts'

export type RepositoryIdentity =
  | {
      readonly kind: 'repository'
      /** The top of the checkout that was asked about. */
      readonly topLevel: string
      /** This checkout's own git folder. */
      readonly gitDir: string
      /** The folder all worktrees of the repository share: the repository's identity. */
      readonly commonDir: string
      /** Null for a bare repository that only has linked worktrees. */
      readonly mainCheckout: string | null
      readonly isShallow: boolean
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'no-repository' }
  | { readonly kind: 'bare'; readonly path: string }
  /** Another user owns it, so git refuses to work there. */
  | { readonly kind: 'not-owned'; readonly path: string }
  | { readonly kind: 'damaged'; readonly reason: string }

/** What a folder belongs to. `path` may be any folder inside a checkout. */
export async function identifyRepository(git: Git, path: string): Promise<RepositoryIdentity> {
  const folder = await realpath(path).catch(() => null)
  if (folder === null || !(await stat(folder)).isDirectory()) return { kind: 'absent' }
  return readIdentity(git, folder).catch((error: unknown) => {
    // A config file that git cannot parse, a .git file that points nowhere: git ends every call there.
    if (error instanceof GitError && error.kind === 'exit') return refusalFrom(error.stderr, folder)
    throw error
  })
}

async function readIdentity(git: Git, folder: string): Promise<RepositoryIdentity> {
  const ask = (...args: string[]): ReturnType<Git['run']> =>
    git.run({ cwd: folder, args: ['rev-parse', '--path-format=absolute', ...args], access: 'read', expect: [0, 128] })
  const common = await ask('--git-common-dir')
  if (common.exitCode !== 0) return refusalFrom(common.stderr, folder)
  // One question a call: a path may hold line feeds, and only the last one is git's.
  const [top, own, shallow] = await Promise.all([
    ask('--show-toplevel'),
    ask('--git-dir'),
    ask('--is-shallow-repository'),
  ])
  const commonDir = textOf(common)
  if (top.exitCode !== 0) return { kind: 'bare', path: commonDir }
  const topLevel = textOf(top)
  const gitDir = textOf(own)
  if (!isInside(topLevel, folder)) {
    return { kind: 'damaged', reason: `its core.worktree setting points to another folder: ${topLevel}` }
  }
  const mainCheckout = gitDir === commonDir ? topLevel : await findMainCheckout(git, topLevel, commonDir)
  return { kind: 'repository', topLevel, gitDir, commonDir, mainCheckout, isShallow: textOf(shallow) === 'true' }
}

async function findMainCheckout(git: Git, cwd: string, commonDir: string): Promise<string | null> {
  const [main] = await listWorktrees(git, cwd)
  if (!main || main.isBare) return null
  // git guesses this path from the git folder's name, which is wrong for submodules.
  const isReal = dirname(commonDir) === main.path && (await stat(main.path).catch(() => null)) !== null
  return isReal ? main.path : null
}

function refusalFrom(stderr: string, path: string): RepositoryIdentity {
  if (/cannot use bare repository/.test(stderr)) return { kind: 'bare', path }
  if (/dubious ownership|unsafe repository/.test(stderr)) return { kind: 'not-owned', path }
  if (/not a git repository \(or any/.test(stderr)) return { kind: 'no-repository' }
  return { kind: 'damaged', reason: stderr.trim().replace(/^fatal: /, '') }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!isAbsolute(way) && way !== '..' && !/^\.\.[/\\]/.test(way))
}
