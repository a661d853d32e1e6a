import { listTree, readBlobs, writeIndexLines, type IndexLine, type TreeEntry } from './git-objects.ts'
import { readHead, resolveCommit } from './read-head.ts'
import { readRef } from './refs.ts'
import { rescueRef, type RescueMeta } from './rescue-save.ts'
import { removeFiles, writeFiles } from './rescue-files.ts'
import { textOf, type Git } from './run-git.ts'
import { addWorktree, checkOutWorktree } from './worktree-change.ts'
import { listWorktrees } from './worktree-list.ts'

export interface RestoredRescue {
  /** The branch that is checked out again, or null: detached, because the branch moved on or is in use elsewhere. */
  readonly branch: string | null
  readonly headSha: string | null
}

/**
 * Makes the worktree of a rescue again at `path`, which must not exist: same commit, same index, same files.
 * Null when there is no such rescue.
 */
export async function restoreRescue(
  git: Git,
  input: { readonly id: string; readonly cwd: string; readonly path: string; readonly useNetwork: boolean },
): Promise<RestoredRescue | null> {
  const { cwd, path } = input
  const ref = rescueRef(input.id)
  const commit = await resolveCommit(git, cwd, ref)
  if (commit === null) return null
  const entries = await listTree(git, cwd, commit)
  const meta = await readMeta(git, cwd, entries)
  await register(git, { ...input, commit, meta })

  const gitDir = await gitDirOf(git, path)
  const state = under('gitdir', entries)
  // Sparse patterns must be there before the files; the checkout then clears merge state, so that comes again after.
  await writeFiles(git, path, gitDir, state)
  if (meta.head !== null) await checkOutWorktree(git, path, { useNetwork: input.useNetwork, skipLfs: false })
  await writeFiles(git, path, gitDir, state)

  await writeIndexLines(git, { cwd: path, lines: indexLines(meta, entries) })
  await removeFiles(path, meta.folderDeleted)
  await writeFiles(git, path, path, under('folder', entries))
  // 1: files differ from the index, which is what was saved.
  await git.run({
    cwd: path,
    args: ['update-index', '-q', '--refresh'],
    access: 'write',
    expect: [0, 1],
    pinWorkTree: true,
  })
  const head = await readHead(git, path)
  return {
    branch: head.kind === 'detached' ? null : head.branch,
    headSha: head.kind === 'unborn' ? null : head.sha,
  }
}

/** All rescues of a repository by id, the newest first. */
export async function listRescues(
  git: Git,
  cwd: string,
): Promise<readonly { readonly id: string; readonly sha: string; readonly savedAtMs: number }[]> {
  const format = '%(refname:lstrip=3) %(objectname) %(committerdate:unix)'
  const args = ['for-each-ref', '--sort=-committerdate', `--format=${format}`, 'refs/switchyard/rescue/']
  const lines = (await git.run({ cwd, args, access: 'read' })).stdout.toString('utf8').split('\n')
  return lines.flatMap((line) => {
    const [id = '', sha = '', seconds = ''] = line.split(' ')
    return sha === '' ? [] : [{ id, sha, savedAtMs: Number(seconds) * 1000 }]
  })
}

/** Gives up what a rescue keeps; git removes the objects in its own time. */
export async function dropRescue(git: Git, cwd: string, id: string): Promise<void> {
  await git.run({ cwd, args: ['update-ref', '-d', rescueRef(id)], access: 'write' })
}

async function readMeta(git: Git, cwd: string, entries: readonly TreeEntry[]): Promise<RescueMeta> {
  const oid = entries.find((entry) => entry.rawPath === 'rescue.json')?.oid ?? ''
  const bytes = (await readBlobs(git, cwd, [oid])).get(oid)
  return JSON.parse(bytes?.toString('utf8') ?? 'null') as RescueMeta
}

async function register(
  git: Git,
  input: { readonly cwd: string; readonly path: string; readonly commit: string; readonly meta: RescueMeta },
): Promise<void> {
  const { cwd, path, meta } = input
  if (meta.head === null) {
    // git makes no worktree without a commit; the rescue itself stands in until HEAD names the unborn branch.
    await addWorktree(git, cwd, path, { kind: 'detached', sha: input.commit })
    const ref = `refs/heads/${meta.branch ?? 'main'}`
    await git.run({ cwd: path, args: ['symbolic-ref', 'HEAD', ref], access: 'write' })
    await git.run({ cwd: path, args: ['read-tree', '--empty'], access: 'write', pinWorkTree: true })
    return
  }
  if (meta.branch === null) {
    await addWorktree(git, cwd, path, { kind: 'detached', sha: meta.head })
    return
  }
  const current = await readRef(git, cwd, `refs/heads/${meta.branch}`)
  const isInUse = (await listWorktrees(git, cwd)).some(
    (worktree) => worktree.branch === meta.branch && worktree.path !== path,
  )
  if (current === null) await addWorktree(git, cwd, path, { kind: 'new-branch', branch: meta.branch, sha: meta.head })
  else if (current === meta.head && !isInUse) {
    await addWorktree(git, cwd, path, { kind: 'existing-branch', branch: meta.branch })
  } else await addWorktree(git, cwd, path, { kind: 'detached', sha: meta.head })
}

function indexLines(meta: RescueMeta, entries: readonly TreeEntry[]): readonly IndexLine[] {
  const nothing = '0'.repeat(entries[0]?.oid.length ?? 40)
  const removed = meta.indexDeleted.map((rawPath) => ({ mode: '0', oid: nothing, stage: 0, rawPath }))
  const conflicts = [1, 2, 3].flatMap((stage) =>
    under(`conflict-${stage}`, entries).map((entry) => ({ ...entry, stage })),
  )
  // A path in conflict has no plain entry beside its sides.
  const cleared = conflicts.map(({ rawPath }) => ({ mode: '0', oid: nothing, stage: 0, rawPath }))
  const changed = under('index', entries).map((entry) => ({ ...entry, stage: 0 }))
  return [...removed, ...cleared, ...changed, ...conflicts]
}

function under(folder: string, entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const prefix = `${folder}/`
  return entries
    .filter((entry) => entry.rawPath.startsWith(prefix))
    .map((entry) => ({ ...entry, rawPath: entry.rawPath.slice(prefix.length) }))
}

async function gitDirOf(git: Git, path: string): Promise<string> {
  return textOf(await git.run({ cwd: path, args: ['rev-parse', '--absolute-git-dir'], access: 'read' }))
}
