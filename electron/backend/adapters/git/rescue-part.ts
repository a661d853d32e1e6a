import { join } from 'node:path'
import { storeBytes, type TreeEntry } from './git-objects.ts'
import { readHead } from './read-head.ts'
import { readRef } from './refs.ts'
import { below, rescueIdentity, rescueRef, storeRescueTree, type RescueMeta } from './rescue-save.ts'
import { textOf, type Git } from './run-git.ts'
import { clearStaleRefLock } from './stale-lock.ts'

export interface RescuePart {
  readonly id: string
  readonly cwd: string
  readonly gitDir: string
  readonly commonDir: string
  /** Files as they are on the disk, and index entries; their objects are in the repository already. */
  readonly files: readonly TreeEntry[]
  readonly index: readonly TreeEntry[]
}

/** Keeps some files and index entries of a worktree under a rescue ref, in the form of a whole rescue; answers the ref. */
export async function saveRescuePart(git: Git, part: RescuePart): Promise<string> {
  const { cwd, gitDir, commonDir, id } = part
  const ref = rescueRef(id)
  if ((await readRef(git, cwd, ref)) !== null) return ref
  const head = await readHead(git, cwd)
  const meta: RescueMeta = {
    version: 1,
    branch: head.kind === 'detached' ? null : head.branch,
    head: head.kind === 'unborn' ? null : head.sha,
    indexDeleted: [],
    folderDeleted: [],
  }
  const tree = await storeRescueTree(git, cwd, join(gitDir, `switchyard-${id}.index`), [
    { rawPath: 'rescue.json', mode: '100644', oid: await storeBytes(git, cwd, JSON.stringify(meta)) },
    ...below('folder', part.files),
    ...below('index', part.index),
  ])
  const parents = meta.head === null ? [] : ['-p', meta.head]
  const args = ['commit-tree', '--no-gpg-sign', ...parents, tree]
  const stdin = `Switchyard rescue ${id}\n`
  const sha = textOf(await git.run({ cwd, args, access: 'write', stdin, identity: rescueIdentity }))
  await clearStaleRefLock(commonDir, ref)
  await git.run({ cwd, args: ['update-ref', ref, sha, '0'.repeat(sha.length)], access: 'write' })
  return ref
}
