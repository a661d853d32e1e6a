import { textOf, type Git } from './run-git.ts'

export interface Signature {
  readonly name: string
  readonly email: string
}

/** With its date as git reads it: seconds since the epoch behind an "@", and the offset of the zone. */
export interface DatedSignature extends Signature {
  readonly date: string
}

export interface CommitText {
  readonly parents: readonly string[]
  readonly author: DatedSignature
  readonly message: string
}

/** The index of a checkout as a tree in the repository. */
export async function writeIndexTree(git: Git, cwd: string): Promise<string> {
  return textOf(await git.run({ cwd, args: ['write-tree'], access: 'write', pinWorkTree: true }))
}

/** Texts in UTF-8, whatever the commit was written in. */
export async function readCommit(git: Git, cwd: string, sha: string): Promise<CommitText> {
  const format = ['%P', '%an', '%ae', '%ad', '%B'].join('%x00')
  const args = ['show', '--no-patch', '--no-notes', '--date=raw', '--encoding=UTF-8', `--format=${format}`, sha]
  const fields = textOf(await git.run({ cwd, args, access: 'read' })).split('\0')
  const [parents = '', name = '', email = '', date = '', message = ''] = fields
  return {
    parents: parents.split(' ').filter((parent) => parent !== ''),
    // Without the sign git takes an early date for a day of a month.
    author: { name, email, date: `@${date}` },
    message,
  }
}

/** Makes a commit and moves nothing. Without an author of its own it is the person's, dated now. */
export async function writeCommit(
  git: Git,
  cwd: string,
  commit: {
    readonly tree: string
    readonly parents: readonly string[]
    readonly message: string
    readonly person: Signature
    readonly author: DatedSignature | null
  },
): Promise<string> {
  const { tree, parents, message, person, author } = commit
  const args = ['commit-tree', '--no-gpg-sign', ...parents.flatMap((parent) => ['-p', parent]), tree]
  const result = await git.run({
    cwd,
    args,
    access: 'write',
    stdin: message,
    identity: person,
    ...(author ? { author } : {}),
    settings: [['i18n.commitEncoding', 'UTF-8']],
  })
  return textOf(result)
}

/**
 * Moves what is checked out from one commit to another: the branch by its name, so that a switch of branches in this very
 * moment moves no other one; HEAD itself when detached. Null for none yet.
 */
export async function moveHead(
  git: Git,
  cwd: string,
  move: { readonly branch: string | null; readonly from: string | null; readonly to: string; readonly reason: string },
): Promise<'done' | 'moved' | 'locked'> {
  const { branch, from, to, reason } = move
  const ref = branch === null ? ['--no-deref', 'HEAD'] : [`refs/heads/${branch}`]
  const args = ['update-ref', '-m', reason, ...ref, to, from ?? '0'.repeat(to.length)]
  const result = await git.run({ cwd, args, access: 'write', expect: [0, 1, 128] })
  if (result.exitCode === 0) return 'done'
  return /\.lock': File exists/.test(result.stderr) ? 'locked' : 'moved'
}

/** Whether a branch that was fetched or pushed holds a commit. */
export async function hasRemoteBranch(git: Git, cwd: string, sha: string): Promise<boolean> {
  const args = ['for-each-ref', '--count=1', '--contains', sha, '--format=%(refname)', 'refs/remotes']
  return textOf(await git.run({ cwd, args, access: 'read' })) !== ''
}
