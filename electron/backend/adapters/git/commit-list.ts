import type { Git } from './run-git.ts'

export interface ListedCommit {
  readonly sha: string
  /** The first one; null where history begins. */
  readonly parent: string | null
  readonly subject: string
  readonly author: string
  /** When it was written, in milliseconds. */
  readonly at: number
}

interface Span {
  /** Its own commits are left out. */
  readonly from: string
  readonly to: string
  readonly most: number
}

const fields = ['%H', '%P', '%at', '%an', '%s'] as const

/** The commits between two, the newest first, as a merge of their branch would take them. */
export async function listCommits(git: Git, cwd: string, { from, to, most }: Span): Promise<ListedCommit[]> {
  const format = `--format=tformat:${fields.join('%x01')}`
  // Names and subjects are read as they are: a mailmap is the repository's, and so are notes.
  const plain = ['--no-mailmap', '--no-notes', '--no-show-signature', '--encoding=UTF-8']
  const args = [
    'log',
    '-z',
    '--topo-order',
    `--max-count=${most}`,
    ...plain,
    format,
    '--end-of-options',
    to,
    `^${from}`,
    '--',
  ]
  const { stdout } = await git.run({ cwd, args, access: 'read' })
  return stdout
    .toString('utf8')
    .split('\0')
    .flatMap((record) => readRecord(record) ?? [])
}

/** git lets no zero byte into a commit. A one it does: what stands behind it in a name is then shown with the subject. */
function readRecord(record: string): ListedCommit | null {
  const [sha = '', parents = '', at = '', author = '', ...subject] = record.split('\x01')
  if (sha === '') return null
  const parent = parents.split(' ')[0] ?? ''
  return { sha, parent: parent === '' ? null : parent, subject: subject.join('\x01'), author, at: Number(at) * 1000 }
}
