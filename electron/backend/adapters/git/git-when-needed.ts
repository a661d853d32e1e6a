import { createGit, type Git, type GitDeps } from './run-git.ts'

/**
 * git that is looked up at its first call, for what may end without one. Until then its version counts as the oldest, and
 * LFS as not there.
 */
export const createGitWhenNeeded = (find: () => Promise<GitDeps>): Git => {
  let git: Git | null = null
  let finding: Promise<Git> | null = null
  const findOnce = () => (finding ??= find().then((deps) => (git = createGit(deps))))
  return {
    run: async (request) => (await findOnce()).run(request),
    listConfig: async (cwd) => (await findOnce()).listConfig(cwd),
    get isLfsInstalled() {
      return git?.isLfsInstalled ?? false
    },
    get version() {
      return git?.version ?? '0'
    },
  }
}
