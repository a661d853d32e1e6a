import type { RawPath } from './git-objects.ts'
import type { Git } from './run-git.ts'

/** One file that differs between two trees. */
export interface TreeChange {
  /** git's letter: A, C, D, M, R or T. */
  readonly letter: string
  /** Null where there is no such version; so are the ids. */
  readonly oldMode: string | null
  readonly newMode: string | null
  readonly oldOid: string | null
  readonly newOid: string | null
  /** The same as `rawPath` unless the file was renamed or copied. */
  readonly oldRawPath: RawPath
  readonly rawPath: RawPath
  /** Lines; null of a binary file, and where they were not counted. */
  readonly added: number | null
  readonly removed: number | null
}

export interface TreePair {
  readonly from: string
  readonly to: string
}

export const noPrograms = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-relative'] as const
/** As `git diff` does it when nothing is configured. */
export const findRenames = ['-M', '-l1000'] as const

/** The files that differ between two trees with the numbers of their lines, in git's order. */
export async function readTreeChanges(
  git: Git,
  cwd: string,
  { from, to }: TreePair,
  ignoresWhitespace: boolean,
): Promise<readonly TreeChange[]> {
  if (from === to) return []
  const args = ['diff-tree', '-r', '--raw', '--numstat', '-z', '--no-abbrev', ...findRenames, ...noPrograms]
  args.push('--ignore-submodules=none', ...(ignoresWhitespace ? ['-w'] : []), from, to, '--')
  const { stdout } = await git.run({ cwd, args, access: 'read', pinWorkTree: true })
  return parseTreeChanges(stdout.toString('latin1'), 'counted')
}

/** The same without lines and renames: no file is read for it. */
export async function listTreeChanges(git: Git, cwd: string, { from, to }: TreePair): Promise<readonly TreeChange[]> {
  if (from === to) return []
  const args = ['diff-tree', '-r', '--raw', '-z', '--no-abbrev', '--no-renames', '--ignore-submodules=none']
  args.push(from, to, '--')
  return parseTreeChanges((await git.run({ cwd, args, access: 'read', pinWorkTree: true })).stdout.toString('latin1'))
}

/** Parses `git diff-tree --raw [--numstat] -z --no-abbrev`: all files, then the numbers of each. */
export function parseTreeChanges(output: string, lines?: 'counted'): readonly TreeChange[] {
  const fields = output.split('\0')
  const changes: TreeChange[] = []
  let at = 0
  while (fields[at]?.startsWith(':')) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = (fields[at] ?? '').slice(1).split(' ')
    const letter = status.charAt(0)
    const oldRawPath = fields[at + 1] ?? ''
    const hasTwoPaths = letter === 'R' || letter === 'C'
    changes.push({
      letter,
      oldMode: present(oldMode),
      newMode: present(newMode),
      oldOid: present(oldOid),
      newOid: present(newOid),
      oldRawPath,
      rawPath: hasTwoPaths ? (fields[at + 2] ?? '') : oldRawPath,
      added: null,
      removed: null,
    })
    at += hasTwoPaths ? 3 : 2
  }
  if (!lines) return changes
  const numbers = parseNumbers(fields, at)
  // A file of which only white space changed has no numbers when that is ignored.
  return changes.map((change) => ({ ...change, ...(numbers.get(change.rawPath) ?? { added: 0, removed: 0 }) }))
}

/** Nothing but zeros stands for no version. */
const present = (value: string): string | null => (/^0*$/.test(value) ? null : value)

interface Numbers {
  readonly added: number | null
  readonly removed: number | null
}

function parseNumbers(fields: readonly string[], start: number): ReadonlyMap<RawPath, Numbers> {
  const numbers = new Map<RawPath, Numbers>()
  for (let at = start; at < fields.length; at++) {
    const match = /^(\d+|-)\t(\d+|-)\t([^]*)$/.exec(fields[at] ?? '')
    if (!match) continue
    const [, added = '', removed = '', rawPath = ''] = match
    // A rename has an empty path and then two fields with the old and the new one.
    if (rawPath === '') at += 2
    numbers.set(rawPath === '' ? (fields[at] ?? '') : rawPath, { added: countOf(added), removed: countOf(removed) })
  }
  return numbers
}

const countOf = (text: string): number | null => (text === '-' ? null : Number(text))
