import { join } from 'node:path'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { findGitDir } from '../../adapters/git/config-cache.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { findIgnored, listIgnoredFolders } from '../../adapters/git/ignored-files.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { listStagedPaths } from '../../adapters/git/staged-paths.ts'
import { watchEntries, type FolderWatch, type WatchFolder } from '../../adapters/watch-folder.ts'
import type { Log } from '../../kernel/log.ts'
import {
  addTouched,
  changesIgnoring,
  isTouched,
  pathWithin,
  toRawPath,
  untouched,
  type Touched,
} from './touched-rules.ts'

/** Looks at a worktree again: at these paths, or at everything. Answers what differs now, by raw path. */
export type LookAgain = (id: WorktreeId, touched?: readonly string[]) => Promise<ReadonlySet<string>>

export interface FreshnessDeps {
  readonly git: Git
  readonly watchFolder: WatchFolder
  readonly log: Log
  readonly look: LookAgain
}

export interface Freshness {
  /** Watches a worktree that is there; answers whether it is watched now. What is watched already stays so. */
  follow(worktree: Pick<Worktree, 'id' | 'path'>): Promise<boolean>
  isFollowed(worktree: Pick<Worktree, 'id' | 'path'>): boolean
  leave(id: WorktreeId): Promise<void>
  close(): Promise<void>
}

interface Followed {
  readonly id: WorktreeId
  readonly path: string
  watches: readonly FolderWatch[]
  touched: Touched
  timer: NodeJS.Timeout | null
  running: Promise<void> | null
  notBefore: number
  ignoredFolders: ReadonlySet<string>
  /** Files that were heard of and that git ignores: a log that grows must not cost a process a line. */
  readonly ignoredFiles: Set<string>
}

/** What is saved together comes within this time, and the second half of the news of one file: a watch may tell it in two. */
const settleMs = 100
/** After a look the next one waits this many times as long as it took: at most a quarter of a core goes to one worktree. */
const restFactor = 3
/** More are looked at in turns: watching costs memory of the system for every folder. */
const mostFollowed = 64
const mostIgnoredFiles = 5_000
/** So many ignored files at once come from a folder that need not be watched. */
const manyIgnored = 20

/** Keeps worktrees fresh by watching their files: what changed is looked at, soon after it did, and nothing else. */
export const createFreshness = (deps: FreshnessDeps): Freshness => {
  const followed = new Map<WorktreeId, Followed>()
  const starting = new Map<WorktreeId, Promise<boolean>>()
  let isClosed = false

  const leave = async (id: WorktreeId): Promise<void> => {
    await starting.get(id)
    const entry = followed.get(id)
    if (!entry) return
    followed.delete(id)
    if (entry.timer) clearTimeout(entry.timer)
    await stopAll(entry.watches)
  }

  const fail = (entry: Followed, error: unknown): void => {
    if (followed.get(entry.id) !== entry) return
    deps.log.warn(
      { err: error, worktree: entry.id },
      'a worktree is not watched any more; it is looked at now and then',
    )
    void leave(entry.id)
  }

  const hear = (entry: Followed, touched: Touched): void => {
    entry.touched = touched
    if (entry.timer || entry.running || followed.get(entry.id) !== entry || !isTouched(touched)) return
    const waitMs = Math.max(settleMs, entry.notBefore - performance.now())
    entry.timer = setTimeout(() => {
      entry.timer = null
      const begun = performance.now()
      const heard = entry.touched
      entry.touched = untouched
      entry.running = lookAt(deps, entry, heard, () => watchAnew(entry))
        .catch((error: unknown) => deps.log.error({ err: error, worktree: entry.id }, 'a change was not looked at'))
        .finally(() => {
          const now = performance.now()
          entry.notBefore = now + restFactor * (now - begun)
          entry.running = null
          hear(entry, entry.touched)
        })
    }, waitMs)
    entry.timer.unref()
  }

  const watchFiles = async (entry: Followed): Promise<FolderWatch> => {
    const folders = await listIgnoredFolders(deps.git, entry.path)
    entry.ignoredFolders = new Set(folders)
    return deps.watchFolder({
      folder: entry.path,
      ignore: [join(entry.path, '.git'), ...folders.map((folder) => join(entry.path, decodePath(folder)))],
      onPaths: (paths) => {
        const within = paths.flatMap((path) => pathWithin(entry.path, path) ?? [])
        const news = within.map(toRawPath).filter((path) => !entry.ignoredFiles.has(path))
        const isGone = paths.includes(entry.path)
        if (news.length > 0 || isGone)
          hear(entry, addTouched({ ...entry.touched, isIndex: entry.touched.isIndex || isGone }, news))
      },
      onFailure: (error) => fail(entry, error),
    })
  }

  const watchAnew = (entry: Followed): Promise<FolderWatch> =>
    watchFiles(entry).then(
      async (watch) => {
        // It was left while the watch was being made.
        if (followed.get(entry.id) !== entry) await watch.stop()
        return watch
      },
      (error: unknown) => {
        fail(entry, error)
        throw error
      },
    )

  const start = async (id: WorktreeId, path: string): Promise<boolean> => {
    const gitDir = await findGitDir(path)
    if (gitDir === null || isClosed || followed.size >= mostFollowed) return false
    const fresh = { watches: [], touched: untouched, timer: null, running: null, notBefore: 0 }
    const entry: Followed = { ...fresh, id, path, ignoredFolders: new Set(), ignoredFiles: new Set() }
    followed.set(id, entry)
    const onHead = (): void => hear(entry, { ...entry.touched, isIndex: true })
    const watches = await Promise.allSettled([watchFiles(entry), watchEntries(gitDir, headFiles, onHead)])
    entry.watches = watches.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    const failed = watches.find((each) => each.status === 'rejected')
    if (!failed && !isClosed) {
      // What changed before the watch stood was not heard of.
      hear(entry, { ...entry.touched, isAll: true })
      return true
    }
    followed.delete(id)
    if (entry.timer) clearTimeout(entry.timer)
    await stopAll(entry.watches)
    if (failed)
      deps.log.warn({ err: failed.reason, worktree: id }, 'a worktree cannot be watched; it is looked at now and then')
    return false
  }

  const isFollowed: Freshness['isFollowed'] = ({ id, path }) => followed.get(id)?.path === path
  return {
    isFollowed,
    leave,
    follow: async ({ id, path }) => {
      const begun = starting.get(id)
      if (begun) return begun
      if (isClosed) return false
      if (isFollowed({ id, path })) return true
      await leave(id)
      const started = start(id, path).finally(() => starting.delete(id))
      starting.set(id, started)
      return started
    },
    close: async () => {
      isClosed = true
      const entries = [...followed.values()]
      await Promise.all([...starting.values(), ...[...followed.keys()].map(leave)])
      for (const entry of entries) await entry.running
    },
  }
}

const headFiles: ReadonlySet<string> = new Set(['HEAD', 'index'])

const stopAll = async (watches: readonly FolderWatch[]): Promise<void> => {
  await Promise.allSettled(watches.map((watch) => watch.stop()))
}

const lookAt = async (
  { git, look }: FreshnessDeps,
  entry: Followed,
  touched: Touched,
  watchAnew: () => Promise<FolderWatch>,
): Promise<void> => {
  const { id, path } = entry
  const isRuleChange = [...touched.paths].some(changesIgnoring)
  if (isRuleChange) entry.ignoredFiles.clear()
  const staged = touched.isIndex && !touched.isAll ? await listStagedPaths(git, path).catch(() => null) : []
  if (touched.isAll || isRuleChange || staged === null) {
    await look(id)
    // What came all at once may be a folder that is ignored and need not be watched: installed packages, a build.
    if (touched.isAll || isRuleChange) await leaveOutIgnored(git, entry, watchAnew)
    return
  }
  const paths = [...touched.paths]
  const different = await look(id, [...paths, ...staged])
  // What was touched and does not differ was put back, or is ignored: then it will not be heard of again.
  const unseen = paths.filter((each) => !different.has(each))
  if (entry.ignoredFiles.size + unseen.length > mostIgnoredFiles) entry.ignoredFiles.clear()
  const ignored = await findIgnored(git, path, unseen.map(decodePath))
  const files = ignored.filter((each) => !each.endsWith('/'))
  for (const each of files) entry.ignoredFiles.add(each)
  if (files.length >= manyIgnored || files.length < ignored.length) await leaveOutIgnored(git, entry, watchAnew)
}

const leaveOutIgnored = async (git: Git, entry: Followed, watchAnew: () => Promise<FolderWatch>): Promise<void> => {
  const folders = await listIgnoredFolders(git, entry.path).catch(() => [])
  const isSame = folders.every((folder) => entry.ignoredFolders.has(folder))
  if (isSame && folders.length === entry.ignoredFolders.size) return
  const [files, ...others] = entry.watches
  // Two watches of one folder would take each other's news, so the old one ends first; what came in between is looked for.
  await files?.stop()
  entry.watches = [await watchAnew(), ...others]
  entry.touched = { ...untouched, isAll: true }
}
