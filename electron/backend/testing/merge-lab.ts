import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Merge, MergeWish, PreparedMerge, Strategy } from '../../../shared/contract/merge.ts'
import type { MergeId, ThreadId } from '../../../shared/lib/ids.ts'
import { findMerge } from '../features/merge/merges-store.ts'
import { createMergeService, type MergeDeps, type MergeService } from '../features/merge/merge-service.ts'
import { createYard, valueOf, type Yard } from '../features/worktrees/testing.ts'
import { systemIdentity as by } from '../kernel/identity.ts'
import { silentLog } from '../kernel/testing.ts'

/** A project whose main checkout has `main`, a branch beside it, and the merges of the two. */
export interface MergeLab extends AsyncDisposable {
  readonly yard: Yard
  readonly repo: string
  readonly merge: MergeService
  /** As after a restart of the app, perhaps over another git or disk. */
  readonly restart: (change?: Partial<MergeDeps>) => MergeService
  readonly git: (...args: string[]) => Promise<string>
  readonly write: (name: string, text: string | Uint8Array, mode?: number) => Promise<void>
  /** Makes a branch with a commit of these files (null deletes one) in a checkout of its own; answers the commit. */
  readonly branch: (name: string, files: Files, from?: string) => Promise<string>
  /** Commits to what the main checkout has. */
  readonly commit: (files: Files, message?: string) => Promise<string>
  readonly wish: (branch: string, strategy: Strategy, change?: Partial<MergeWish>) => Promise<MergeWish>
  readonly prepare: (branch: string, strategy: Strategy, change?: Partial<MergeWish>) => Promise<PreparedMerge>
  readonly land: (branch: string, strategy: Strategy, change?: Partial<MergeWish>) => Promise<Merge>
  readonly row: (id: MergeId) => Promise<Merge | undefined>
  readonly head: (ref?: string) => Promise<string>
  /** As it was made: one commit on `main`, checked out, and nothing beside it. */
  readonly tidy: () => Promise<void>
  /** Every ref, what is staged and each file byte for byte: what a refusal must leave as it was. */
  readonly everything: (checkout?: string) => Promise<Readonly<Record<string, string>>>
}

export type Files = Readonly<Record<string, string | null>>

export const createMergeLab = async (): Promise<MergeLab> => {
  const yard = await createYard()
  const { lab, repo, kernel, project } = yard
  const git = (...args: string[]): Promise<string> => lab.plain(repo, ...args)
  const restart: MergeLab['restart'] = (change = {}) =>
    createMergeService({
      ...kernel,
      git: lab.git,
      log: silentLog,
      projects: yard.projects,
      worktrees: yard.worktrees,
      sessions: { list: async () => [] },
      tasks: { listSubmittedIn: async () => [], acceptMerged: async () => undefined },
      mail: { post: async () => ({ threadId: 'thr_1' as ThreadId, messages: [] }) },
      review: { lookForMoves: async () => undefined },
      folder: join(lab.root, 'merge'),
      ...change,
    })
  const merge = restart()
  const first = await git('rev-parse', 'main')
  const head = (ref = 'main'): Promise<string> => git('rev-parse', ref)

  const put = async (folder: string, files: Files): Promise<void> => {
    for (const [name, text] of Object.entries(files))
      if (text === null) await lab.plain(folder, 'rm', '-q', '--', name)
      else await lab.write(join(folder, name), text)
  }
  const branch: MergeLab['branch'] = async (name, files, from = 'main') => {
    const folder = join(lab.root, 'aside')
    await git('worktree', 'add', '-q', '-B', name, folder, from)
    await put(folder, files)
    const sha = await lab.commitAll(folder, `change on ${name}`)
    await git('worktree', 'remove', '--force', folder)
    return sha
  }
  const wish: MergeLab['wish'] = async (name, strategy, change = {}) => ({
    projectId: project.id,
    source: { sha: await head(name), branch: name },
    target: 'main',
    strategy,
    message: null,
    ...change,
  })
  const prepare: MergeLab['prepare'] = async (...input) => valueOf(await merge.prepare(await wish(...input)))
  return {
    yard,
    repo,
    merge,
    restart,
    git,
    branch,
    wish,
    prepare,
    head,
    write: (name, text, mode) => lab.write(join(repo, name), text, mode),
    commit: async (files, message = 'change on main') => {
      await put(repo, files)
      return lab.commitAll(repo, message)
    },
    land: async (...input) => {
      const { id, base } = await prepare(...input)
      return valueOf(await merge.land({ prepared: id, targetWas: base }, by))
    },
    tidy: async () => {
      for (const name of ['index.lock', 'refs/heads/main.lock', 'info/exclude', 'rebase-merge'])
        await rm(join(repo, '.git', name), { recursive: true, force: true })
      await rm(join(lab.root, 'place'), { recursive: true, force: true })
      await rm(join(lab.root, 'outside'), { recursive: true, force: true })
      await git('worktree', 'prune')
      await git('checkout', '-q', '--force', '--detach', first)
      await git('clean', '-qfdx')
      await git('checkout', '-q', '-B', 'main', first)
      // All of them are files of their own here.
      await rm(join(repo, '.git/refs/switchyard'), { recursive: true, force: true })
      for (const name of await readdir(join(repo, '.git/refs/heads')))
        if (name !== 'main') await rm(join(repo, '.git/refs/heads', name), { recursive: true, force: true })
    },
    row: (id) => kernel.database.read((tx) => findMerge(tx, id)),
    everything: async (checkout = repo) => ({
      refs: await git('for-each-ref'),
      staged: await lab.plain(checkout, 'ls-files', '-s', '-v'),
      head: await lab.plain(checkout, 'rev-parse', '--symbolic-full-name', 'HEAD'),
      ...(await readFolder(checkout)),
    }),
    [Symbol.asyncDispose]: () => yard[Symbol.asyncDispose](),
  }
}

/** Each file below a folder by its path, `.git` left out. */
export const readFolder = async (folder: string): Promise<Record<string, string>> => {
  const files: Record<string, string> = {}
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (name === '.git' || name.startsWith('.git/') || entry.isDirectory()) continue
    files[name] = entry.isSymbolicLink() ? `→ ${await readlink(path)}` : await readFile(path, 'latin1')
  }
  return files
}
