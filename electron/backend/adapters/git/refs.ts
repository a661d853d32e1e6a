import { findConfigValue, type ConfigEntry } from './config-entries.ts'
import { resolveCommit, type Head } from './read-head.ts'
import { textOf, type Git } from './run-git.ts'

export interface Branch {
  /** `main`, or `origin/main` for a remote branch. */
  readonly name: string
  readonly ref: string
  readonly isRemote: boolean
  readonly sha: string
  readonly upstream: string | null
  readonly ahead: number
  readonly behind: number
  readonly isUpstreamGone: boolean
  readonly committedAtMs: number
}

const format = [
  '%(refname)',
  '%(objectname)',
  '%(symref)',
  '%(upstream)',
  '%(upstream:track,nobracket)',
  '%(committerdate:unix)',
].join('%00')

/** Local and remote branches, the most recently committed first. */
export async function listBranches(git: Git, cwd: string): Promise<readonly Branch[]> {
  const args = ['for-each-ref', '--sort=-committerdate', `--format=${format}`, 'refs/heads', 'refs/remotes']
  const result = await git.run({ cwd, args, access: 'read' })
  return textOf(result)
    .split('\n')
    .flatMap((line) => parseBranch(line) ?? [])
}

function parseBranch(line: string): Branch | null {
  const [ref = '', sha = '', symref = '', upstream = '', track = '', committed = '0'] = line.split('\0')
  // origin/HEAD is another name, not a branch.
  if (ref === '' || symref !== '') return null
  const count = (word: string): number => Number(new RegExp(`${word} (\\d+)`).exec(track)?.[1] ?? 0)
  return {
    name: ref.replace(/^refs\/(?:heads|remotes)\//, ''),
    ref,
    isRemote: ref.startsWith('refs/remotes/'),
    sha,
    upstream: upstream === '' ? null : upstream.replace(/^refs\/(?:heads|remotes)\//, ''),
    ahead: count('ahead'),
    behind: count('behind'),
    isUpstreamGone: track === 'gone',
    committedAtMs: Number(committed) * 1000,
  }
}

export async function hasRef(git: Git, cwd: string, ref: string): Promise<boolean> {
  return (await readRef(git, cwd, ref)) !== null
}

/** The object id a full ref name points to, or null. */
export async function readRef(git: Git, cwd: string, ref: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', ref]
  const result = await git.run({ cwd, args, access: 'read', expect: [0, 1, 128] })
  return result.exitCode === 0 ? textOf(result) : null
}

/** Deletes a branch only if it still points to `expectedSha`; says whether it did. */
export async function deleteBranch(git: Git, cwd: string, branch: string, expectedSha: string): Promise<boolean> {
  const args = ['update-ref', '-d', '--end-of-options', `refs/heads/${branch}`, expectedSha]
  const result = await git.run({ cwd, args, access: 'write', expect: [0, 1, 128] })
  return result.exitCode === 0
}

/** What git itself accepts as the name of a branch. */
export async function isValidBranchName(git: Git, cwd: string, name: string): Promise<boolean> {
  const args = ['check-ref-format', `refs/heads/${name}`]
  return (
    name !== '' &&
    !name.startsWith('-') &&
    (await git.run({ cwd, args, access: 'read', expect: [0, 1] })).exitCode === 0
  )
}

/** Names of the configured remotes, `origin` first. */
export function listRemotes(entries: readonly ConfigEntry[]): readonly string[] {
  const names = entries.flatMap((entry) => /^remote\.([^]+)\.url$/.exec(entry.name)?.[1] ?? [])
  return [...new Set(names)].sort((a, b) => Number(b === 'origin') - Number(a === 'origin'))
}

/** The branch new work starts from: the remote's own default, a customary name, or what is checked out. */
export async function findDefaultBranch(
  git: Git,
  cwd: string,
  input: { readonly remote: string | null; readonly head: Head; readonly entries: readonly ConfigEntry[] },
): Promise<string | null> {
  if (input.remote !== null) {
    const prefix = `refs/remotes/${input.remote}/`
    const args = ['symbolic-ref', '-q', `${prefix}HEAD`]
    const result = await git.run({ cwd, args, access: 'read', expect: [0, 1, 128] })
    const ref = textOf(result)
    if (result.exitCode === 0 && ref.startsWith(prefix)) return ref.slice(prefix.length)
  }
  const customary = [findConfigValue(input.entries, 'init.defaultbranch'), 'main', 'master', 'trunk', 'develop']
  for (const name of customary) {
    if (name === null) continue
    const refs = [`refs/heads/${name}`, ...(input.remote === null ? [] : [`refs/remotes/${input.remote}/${name}`])]
    for (const ref of refs) if ((await resolveCommit(git, cwd, ref)) !== null) return name
  }
  return input.head.kind === 'branch' ? input.head.branch : null
}
