import type { Git, GitRequest } from './run-git.ts'

export interface StatusEntry {
  /** `changed` is tracked, `unmerged` has a conflict. Ignored files are never listed. */
  readonly kind: 'changed' | 'unmerged' | 'untracked'
  /** One letter of `git status`, `.` for none: what the index changed, what the folder changed. */
  readonly staged: string
  readonly unstaged: string
  readonly isSubmodule: boolean
  /** Bytes of the path as latin1, so that names that are no valid UTF-8 survive; see `decodePath`. */
  readonly rawPath: string
}

export interface StatusCounts {
  readonly staged: number
  readonly unstaged: number
  readonly untracked: number
  readonly unmerged: number
}

export interface CheckoutStatus {
  /** Null when the branch has no commit yet. */
  readonly headSha: string | null
  /** Null when detached. */
  readonly branch: string | null
  readonly entries: readonly StatusEntry[]
}

/** Every changed and untracked path of the checkout at `cwd`, each untracked file by itself. */
export async function readStatus(git: Git, cwd: string, signal?: AbortSignal): Promise<readonly StatusEntry[]> {
  return (await readCheckoutStatus(git, cwd, signal)).entries
}

/** What is checked out at `cwd` and how it differs, by one process; with `paths`, of those and what is below them alone. */
export async function readCheckoutStatus(
  git: Git,
  cwd: string,
  signal?: AbortSignal,
  paths: readonly string[] = [],
): Promise<CheckoutStatus> {
  const result = await git.run({
    cwd,
    // `dirty` never looks inside a submodule: its own configuration is not covered by our settings.
    args: [
      'status',
      '--porcelain=v2',
      '--branch',
      '-z',
      '--untracked-files=all',
      '--no-renames',
      '--ignore-submodules=dirty',
      '--',
      ...paths,
    ],
    access: 'read',
    pinWorkTree: true,
    signal,
    ...forFew(paths),
  })
  const output = result.stdout.toString('latin1')
  const header = (name: string): string | null =>
    output.match(new RegExp(`(?:^|\\0)# branch\\.${name} ([^\\0]*)`))?.[1] ?? null
  const [oid, head] = [header('oid'), header('head')]
  return {
    headSha: oid === '(initial)' ? null : oid,
    branch: head === null || head === '(detached)' ? null : decodePath(head),
    entries: parseStatus(output),
  }
}

/** Threads that look at files ahead cost more than the few files that are asked for: a quarter, at 50,000 in the index. */
export const forFew = (paths: readonly string[]): Pick<GitRequest, 'settings'> =>
  paths.length === 0 ? {} : { settings: [['core.preloadIndex', 'false']] }

/** Parses `git status --porcelain=v2 -z --no-renames`. */
export function parseStatus(output: string): readonly StatusEntry[] {
  return output.split('\0').flatMap((record) => parseRecord(record) ?? [])
}

/** Fields before the path, by the letter that starts the record. */
const fieldsBeforePath: Readonly<Record<string, number>> = { '1': 8, u: 10 }

function parseRecord(record: string): StatusEntry | null {
  const type = record.charAt(0)
  if (type === '?') {
    return { kind: 'untracked', staged: '.', unstaged: '?', isSubmodule: false, rawPath: record.slice(2) }
  }
  const fieldCount = fieldsBeforePath[type]
  if (fieldCount === undefined) return null
  const fields = record.split(' ')
  const states = fields[1] ?? '..'
  return {
    kind: type === 'u' ? 'unmerged' : 'changed',
    staged: states.charAt(0),
    unstaged: states.charAt(1),
    isSubmodule: (fields[2] ?? 'N').startsWith('S'),
    rawPath: fields.slice(fieldCount).join(' '),
  }
}

export function countStatus(entries: readonly StatusEntry[]): StatusCounts {
  const changed = entries.filter((entry) => entry.kind === 'changed')
  return {
    staged: changed.filter((entry) => entry.staged !== '.').length,
    unstaged: changed.filter((entry) => entry.unstaged !== '.').length,
    untracked: entries.filter((entry) => entry.kind === 'untracked').length,
    unmerged: entries.filter((entry) => entry.kind === 'unmerged').length,
  }
}

/** A path for people and for the file system where it is valid UTF-8. */
export function decodePath(rawPath: string): string {
  // oxlint-disable-next-line no-control-regex -- every character of one byte stands for itself, and nearly all names have no other
  return /^[\u0000-\u007f]*$/.test(rawPath) ? rawPath : Buffer.from(rawPath, 'latin1').toString('utf8')
}
