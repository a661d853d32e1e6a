import type { RawPath } from './git-objects.ts'
import type { Git } from './run-git.ts'

/** Paths of which the index has something else than the last commit; no file is looked at. Null without a commit. */
export async function listStagedPaths(git: Git, cwd: string): Promise<readonly RawPath[] | null> {
  const args = ['diff', '--cached', '--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv']
  args.push('--no-relative', '--ignore-submodules=dirty', 'HEAD', '--')
  const result = await git.run({ cwd, args, access: 'read', pinWorkTree: true, expect: [0, 128] })
  return result.exitCode === 0 ? result.stdout.toString('latin1').split('\0').slice(0, -1) : null
}
