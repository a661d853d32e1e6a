import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readObjectInfo, storeBytes, storeTree, type RawPath, type TreeEntry } from './git-objects.ts'
import { readHead } from './read-head.ts'
import { readRef } from './refs.ts'
import { readIndex, snapshotFolder, snapshotGitDir, type IndexEntry } from './rescue-snapshot.ts'
import { textOf, type Git } from './run-git.ts'
import { clearStaleRefLock } from './stale-lock.ts'
import { listInitialisedSubmodules } from './repository-features.ts'

export const rescueIdentity = { name: 'Switchyard', email: 'rescue@switchyard.invalid' } as const
const rescuePrefix = 'refs/switchyard/rescue/'

export interface RescueMeta {
  readonly version: 1
  /** Short name of the branch that was checked out; null when detached. */
  readonly branch: string | null
  /** Null when the branch had no commit. */
  readonly head: string | null
  readonly indexDeleted: readonly RawPath[]
  readonly folderDeleted: readonly RawPath[]
}

export type RescueResult =
  | { readonly kind: 'saved'; readonly ref: string; readonly sha: string; readonly files: number }
  /** The folder holds whole repositories, which a ref of this one cannot keep. */
  | { readonly kind: 'nested-repositories'; readonly paths: readonly string[] }

export function rescueRef(id: string): string {
  return `${rescuePrefix}${id}`
}

/**
 * Saves everything a worktree holds that no branch does: HEAD, index, changed and untracked files byte for byte, and
 * commits only its reflog knows. The commit hangs on `refs/switchyard/rescue/<id>`, so no clean-up of git's removes it.
 * A ref that exists already is left alone: saving twice under one id is one save.
 */
export async function saveRescue(
  git: Git,
  input: {
    readonly id: string
    readonly cwd: string
    readonly gitDir: string
    readonly commonDir: string
    /** The branch the worktree was made for: kept even if HEAD is elsewhere, as in the middle of a rebase. */
    readonly branch: string | null
  },
): Promise<RescueResult> {
  const { cwd, gitDir } = input
  const ref = rescueRef(input.id)
  const existing = await readRef(git, cwd, ref)
  if (existing !== null) return { kind: 'saved', ref, sha: existing, files: 0 }

  const isLinked = gitDir !== input.commonDir
  const head = await readHead(git, cwd)
  const headSha = head.kind === 'unborn' ? null : head.sha
  const index = await readIndex(git, cwd)
  const folder = await snapshotFolder(git, cwd, index)
  const submodules = isLinked ? await listInitialisedSubmodules(gitDir) : []
  const nested = [
    ...folder.nestedRepositories.map((path) => Buffer.from(path, 'latin1').toString('utf8')),
    ...submodules,
  ]
  if (nested.length > 0) return { kind: 'nested-repositories', paths: [...new Set(nested)] }

  const staged = await readStagedChanges(git, cwd, headSha, index)
  const state = isLinked ? await snapshotGitDir(git, cwd, gitDir) : []
  const meta: RescueMeta = {
    version: 1,
    branch: head.kind === 'detached' ? null : head.branch,
    head: headSha,
    indexDeleted: staged.deleted,
    folderDeleted: folder.deleted,
  }
  const metaOid = await storeBytes(git, cwd, JSON.stringify(meta))
  const tree = await storeRescueTree(git, cwd, join(gitDir, `switchyard-${input.id}.index`), [
    { rawPath: 'rescue.json', mode: '100644', oid: metaOid },
    ...below('folder', folder.entries),
    ...below('index', staged.changed),
    ...below('gitdir', state),
    ...index.filter((entry) => entry.stage > 0).flatMap((entry) => below(`conflict-${entry.stage}`, [entry])),
  ])
  const branchSha = input.branch === null ? null : await readRef(git, cwd, `refs/heads/${input.branch}`)
  const stray = await findStrayCommits(git, cwd, isLinked ? gitDir : null, state)
  const parents = [...new Set([headSha, branchSha, ...stray].filter((sha) => sha !== null))]
  const sha = textOf(
    await git.run({
      cwd,
      args: ['commit-tree', '--no-gpg-sign', ...parents.flatMap((parent) => ['-p', parent]), tree],
      access: 'write',
      stdin: `Switchyard rescue ${input.id}\n`,
      identity: rescueIdentity,
    }),
  )
  await clearStaleRefLock(input.commonDir, ref)
  await git.run({ cwd, args: ['update-ref', ref, sha, '0'.repeat(sha.length)], access: 'write' })
  return { kind: 'saved', ref, sha, files: folder.entries.length }
}

export async function storeRescueTree(
  git: Git,
  cwd: string,
  indexFile: string,
  entries: readonly TreeEntry[],
): Promise<string> {
  // Left by a save that was killed.
  await rm(indexFile, { force: true })
  await using cleanUp = new AsyncDisposableStack()
  cleanUp.defer(() => rm(indexFile, { force: true }))
  return await storeTree(git, cwd, indexFile, entries)
}

export function below(folder: string, entries: readonly TreeEntry[]): readonly TreeEntry[] {
  return entries.map(({ mode, oid, rawPath }) => ({ mode, oid, rawPath: `${folder}/${rawPath}` }))
}

async function readStagedChanges(
  git: Git,
  cwd: string,
  head: string | null,
  index: readonly IndexEntry[],
): Promise<{ changed: readonly TreeEntry[]; deleted: readonly RawPath[] }> {
  if (head === null) return { changed: index.filter((entry) => entry.stage === 0), deleted: [] }
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--no-ext-diff', head, '--']
  const result = await git.run({ cwd, args, access: 'read', pinWorkTree: true })
  const changed: TreeEntry[] = []
  const deleted: RawPath[] = []
  const fields = result.stdout.toString('latin1').split('\0')
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , oid = '', state = ''] = (fields[at] ?? '').split(' ')
    const rawPath = fields[at + 1] ?? ''
    if (state === 'D') deleted.push(rawPath)
    // An unmerged path has no single entry; its sides are kept one by one.
    else if (state !== 'U') changed.push({ mode, oid, rawPath })
  }
  return { changed, deleted }
}

/** So many the newest of a reflog; older ones are what the person or agent left behind long ago. */
const maxStrayCommits = 1_000

/** Commits that only the worktree's own git folder knows (reflog, merge and rebase state) and that no ref reaches. */
async function findStrayCommits(
  git: Git,
  cwd: string,
  gitDir: string | null,
  state: readonly TreeEntry[],
): Promise<readonly string[]> {
  if (gitDir === null) return []
  const known = new Set<string>()
  for (const entry of state) {
    const text = await readFile(join(gitDir, Buffer.from(entry.rawPath, 'latin1').toString('utf8')), 'latin1')
    for (const match of text.matchAll(/\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b/g)) known.add(match[0])
  }
  const infoByOid = await readObjectInfo(git, cwd, [...known])
  const commits = [...infoByOid].filter(([, info]) => info.type === 'commit').map(([oid]) => oid)
  if (commits.length === 0) return []
  const stdin = `${commits.join('\n')}\n`
  const args = ['rev-list', '--stdin', '--not', '--branches', '--tags', '--remotes']
  const unreachable = new Set(textOf(await git.run({ cwd, args, access: 'read', stdin })).split('\n'))
  return commits.filter((oid) => unreachable.has(oid)).slice(-maxStrayCommits)
}
