import { textOf, type Git } from './run-git.ts'

export interface BranchTip {
  readonly sha: string
  /** The ref that this one is another name of. */
  readonly aliasOf: string | null
}

/** Where a local branch is; null when there is none of this name. */
export async function readBranch(git: Git, cwd: string, branch: string): Promise<BranchTip | null> {
  const ref = `refs/heads/${branch}`
  const args = ['for-each-ref', '--format=%(refname)%00%(objectname)%00%(symref)', ref]
  const lines = textOf(await git.run({ cwd, args, access: 'read' })).split('\n')
  for (const line of lines) {
    const [name, sha = '', symref = ''] = line.split('\0')
    if (name === ref) return { sha, aliasOf: symref === '' ? null : symref }
  }
  return null
}

/** How a ref was found when it could not be moved. */
export type RefMove = { readonly kind: 'moved' } | { readonly kind: 'refused'; readonly message: string }

/**
 * Moves a ref, only from where it is expected to be: null for not there, or gone. A caller that is refused asks where the
 * ref is, since git says it in the same breath as that somebody else holds its lock.
 */
export async function moveRef(
  git: Git,
  cwd: string,
  input: { readonly ref: string; readonly from: string | null; readonly to: string | null; readonly reason: string },
): Promise<RefMove> {
  const { ref, from, to, reason } = input
  const none = '0'.repeat((from ?? to ?? '').length)
  const change = to === null ? ['-d', ref, from ?? none] : ['--create-reflog', ref, to, from ?? none]
  const args = ['update-ref', '-m', reason, ...change]
  const result = await git.run({ cwd, args, access: 'write', expect: [0, 1, 128] })
  return result.exitCode === 0 ? { kind: 'moved' } : { kind: 'refused', message: result.stderr.trim().slice(0, 500) }
}

/** Whether one commit is the other, or came before it. */
export async function isContained(git: Git, cwd: string, commit: string, tip: string): Promise<boolean> {
  if (commit === tip) return true
  const args = ['merge-base', '--is-ancestor', commit, tip]
  return (await git.run({ cwd, args, access: 'read', expect: [0, 1] })).exitCode === 0
}
