import { execFile } from 'node:child_process'

/**
 * Commits all that was changed in the worktree of the current folder, as the person at this terminal would: with the
 * repository's own hooks and identity. Answers what went wrong, null when all is committed or there was nothing to commit.
 */
export const commitAll = async (message: string): Promise<string | null> => {
  const status = await git('status', '--porcelain')
  if (status.failure !== null) return status.failure
  if (status.output === '') return null
  const added = await git('add', '--all', '--', ':/')
  if (added.failure !== null) return added.failure
  return (await git('commit', '--quiet', `--message=${message}`)).failure
}

/** The whole id of the commit that is checked out; null outside of a repository and before the first commit. */
export const readHead = async (): Promise<string | null> => {
  const { output, failure } = await git('rev-parse', '--verify', '--quiet', 'HEAD')
  return failure === null ? output : null
}

const git = (...args: readonly string[]): Promise<{ readonly output: string; readonly failure: string | null }> =>
  new Promise((resolve) => {
    execFile('git', [...args], { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ output: stdout.trim(), failure: error ? stderr.trim() || stdout.trim() || error.message : null }),
    )
  })
