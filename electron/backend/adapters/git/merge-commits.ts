import { readBlobs } from './git-objects.ts'
import type { Git } from './run-git.ts'

/** A commit as it is stored; every text is bytes in latin1, so that names and messages of any encoding survive. */
export interface RawCommit {
  readonly tree: string
  readonly parents: readonly string[]
  /** Name, address, seconds and time zone in one line. */
  readonly author: string
  readonly committer: string
  /** Of the message and the names, when it is not UTF-8. */
  readonly encoding: string | null
  readonly message: string
}

/** Reads commits by their ids; those that are not there are left out. */
export async function readCommits(
  git: Git,
  cwd: string,
  oids: readonly string[],
): Promise<ReadonlyMap<string, RawCommit>> {
  const found = await readBlobs(git, cwd, oids)
  return new Map([...found].map(([oid, bytes]) => [oid, parseCommit(bytes)]))
}

export function parseCommit(bytes: Uint8Array): RawCommit {
  const text = Buffer.from(bytes).toString('latin1')
  const end = text.indexOf('\n\n')
  // A header that goes on in the next line begins there with a space: a signature, or a tag that was merged.
  const lines = (end < 0 ? text : text.slice(0, end)).split('\n').filter((line) => !line.startsWith(' '))
  const valuesOf = (name: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
  return {
    tree: valuesOf('tree')[0] ?? '',
    parents: valuesOf('parent'),
    author: valuesOf('author')[0] ?? '',
    committer: valuesOf('committer')[0] ?? '',
    encoding: valuesOf('encoding')[0] ?? null,
    message: end < 0 ? '' : text.slice(end + 2),
  }
}

/** The bytes of a commit. There is no room in it for a signature: what is made anew was signed by nobody. */
export function commitBytes({ tree, parents, author, committer, encoding, message }: RawCommit): Buffer {
  const headers = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${author}`,
    `committer ${committer}`,
    ...(encoding === null ? [] : [`encoding ${encoding}`]),
  ]
  return Buffer.from(`${headers.join('\n')}\n\n${message}`, 'latin1')
}

/** Bytes of a commit's text as text for people. */
export function decodeCommitText(text: string, encoding: string | null): string {
  const bytes = Buffer.from(text, 'latin1')
  const known = [
    'utf-8',
    'utf8',
    'iso-8859-1',
    'iso8859-1',
    'latin1',
    'iso-8859-15',
    'windows-1252',
    'shift_jis',
    'euc-jp',
  ]
  const name = (encoding ?? 'utf-8').toLowerCase()
  return new TextDecoder(known.includes(name) ? name : 'utf-8').decode(bytes)
}
