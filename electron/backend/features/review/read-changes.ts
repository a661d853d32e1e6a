import type { ReviewCommit } from '../../../../shared/contract/review.ts'
import { listCommits } from '../../adapters/git/commit-list.ts'
import { readBlobs, readObjectInfo } from '../../adapters/git/git-objects.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { advanceTreeChanges } from '../../adapters/git/advance-tree-changes.ts'
import { listTreeChanges, readTreeChanges, type TreeChange, type TreePair } from '../../adapters/git/tree-changes.ts'
import { isPointer, mayBePointer, type Places, type Versions } from './review-rules.ts'
import type { Snapshot } from './take-snapshot.ts'

export interface ReadChanges {
  /** The files that differ between two trees, and what is known of their versions. */
  compare(place: ChangesPlace, cwd: string, pair: TreePair, ignoresWhitespace: boolean): Promise<Compared>
  /** Where the work of each file is. */
  findPlaces(git: Git, cwd: string, snapshot: Snapshot): Promise<Places>
  /** Of the branch, the newest first; none where no base is known. */
  listCommits(git: Git, cwd: string, snapshot: Snapshot): Promise<readonly ReviewCommit[]>
}

/** git that only reads, and the folder of ours from which it reads too. */
export interface ChangesPlace {
  readonly reader: Git
  readonly objects: string
}

export interface Compared {
  readonly pair: TreePair
  readonly changes: readonly TreeChange[]
  readonly versions: Versions
  /** There are more files than are listed, or their lines could not be counted. */
  readonly isPartial: boolean
}

/** A page of more files than this serves nobody. */
export const mostFiles = 50_000
/** Nobody reads more of them one by one. */
const mostCommits = 200
/** Of more files than this neither sizes nor pointers are looked for: what it would cost is felt. */
const mostLookedInto = 2_000
const mostKnown = 12
/** Three a worktree, of which most are short. */
const mostKnownPaths = 36
/** Fewer files than these are compared by one process as soon as by the two that find what differs since. */
const fewestAdvanced = 500

/** Compares trees by git. Trees never change, so that what was read of two of them is remembered. */
export const createReadChanges = (): ReadChanges => {
  const compared = createMemory<Compared>(mostKnown)
  /** What was compared last of one older tree, whatever with. */
  const last = createMemory<Compared>(mostKnown)
  const paths = createMemory<ChangedPaths>(mostKnownPaths)
  const commits = createMemory<readonly ReviewCommit[]>(mostKnown)
  const pathsOf = (git: Git, cwd: string, pair: TreePair): Promise<ChangedPaths> =>
    paths.find(`${cwd} ${pair.from} ${pair.to}`, () => listPaths(git, cwd, pair))
  return {
    compare: (place, cwd, pair, ignoresWhitespace) =>
      compared.find(`${cwd} ${pair.from} ${pair.to} ${ignoresWhitespace}`, () => {
        const key = `${cwd} ${pair.from} ${ignoresWhitespace}`
        const wish = { place, cwd, pair, ignoresWhitespace }
        return last.put(key, advance(wish, last.get(key)))
      }),
    findPlaces: async (git, cwd, { trees: { base, head, index, work }, unmerged }) => {
      const [committed, staged, unstaged] = await Promise.all([
        pathsOf(git, cwd, { from: base, to: head }),
        pathsOf(git, cwd, { from: head, to: index }),
        pathsOf(git, cwd, { from: index, to: work }),
      ])
      return {
        committed: committed.all,
        staged: staged.all,
        // A conflict is work to be done even where the file is as it was on the own side.
        unstaged: new Set([...unstaged.known, ...unmerged]),
        untracked: unstaged.added,
      }
    },
    listCommits: async (git, cwd, { base, head }) => {
      if (base === null || head === null) return []
      const { mergeBase: from } = base
      return commits.find(`${cwd} ${from} ${head}`, () => listCommits(git, cwd, { from, to: head, most: mostCommits }))
    },
  }
}

const createMemory = <Value>(most: number) => {
  const known = new Map<string, Promise<Value>>()
  const put = (key: string, value: Promise<Value>): Promise<Value> => {
    // What was asked for last stays longest.
    known.delete(key)
    known.set(key, value)
    value.catch(() => known.get(key) === value && known.delete(key))
    for (const oldest of known.keys()) {
      if (known.size <= most) break
      known.delete(oldest)
    }
    return value
  }
  return {
    get: (key: string): Promise<Value> | undefined => known.get(key),
    put,
    find: (key: string, read: () => Promise<Value>): Promise<Value> => put(key, known.get(key) ?? read()),
  }
}

interface Comparison {
  readonly place: ChangesPlace
  readonly cwd: string
  readonly pair: TreePair
  readonly ignoresWhitespace: boolean
}

/** Reads what differs since the last comparison where that is enough, else everything. */
const advance = async (wish: Comparison, before: Promise<Compared> | undefined): Promise<Compared> => {
  // Whoever asked for it was told why it failed.
  const known = await before?.catch(() => undefined)
  return (known && (await advanceFrom(known, wish))) ?? compareTrees(wish)
}

const advanceFrom = async (
  known: Compared,
  { place, cwd, pair, ignoresWhitespace }: Comparison,
): Promise<Compared | null> => {
  if (known.isPartial || known.changes.length < fewestAdvanced) return null
  const from = { git: place.reader, cwd, objects: place.objects }
  // What was known may have been dropped since, and then everything is read.
  const advanced = await advanceTreeChanges(from, known, pair.to, ignoresWhitespace).catch(nullIfUnread)
  if (advanced === null || advanced.changes.length > mostFiles) return null
  const { changes, fresh } = advanced
  const [few, wereFew] = [changes, known.changes].map(({ length }) => length <= mostLookedInto)
  if (few !== wereFew) return null
  const versions = few ? merge(known.versions, await lookInto(place.reader, cwd, fresh), changes) : nothingKnown
  return { pair, changes, versions, isPartial: false }
}

/** What is known of the versions that are listed; of others nothing is kept. */
const merge = (known: Versions, added: Versions, changes: readonly TreeChange[]): Versions => {
  const oids = changes.flatMap(({ oldOid, newOid }) => [oldOid ?? [], newOid ?? []].flat())
  const sizes = oids.flatMap((oid) => {
    const size = added.sizeByOid.get(oid) ?? known.sizeByOid.get(oid)
    return size === undefined ? [] : [[oid, size] as const]
  })
  const lfs = oids.filter((oid) => added.lfsOids.has(oid) || known.lfsOids.has(oid))
  return { sizeByOid: new Map(sizes), lfsOids: new Set(lfs) }
}

/** A clone without all contents, or objects that are gone. */
const nullIfUnread = (error: unknown): null => {
  if (error instanceof GitError && error.kind === 'exit') return null
  throw error
}

const compareTrees = async ({ place, cwd, pair, ignoresWhitespace }: Comparison): Promise<Compared> => {
  const git = place.reader
  // Without all contents, which files differ is known all the same.
  const counted = await readTreeChanges(git, cwd, pair, ignoresWhitespace).catch(nullIfUnread)
  const all = counted ?? (await listTreeChanges(git, cwd, pair))
  const changes = all.slice(0, mostFiles)
  const versions = counted && all.length <= mostLookedInto ? await lookInto(git, cwd, changes) : nothingKnown
  return { pair, changes, versions, isPartial: counted === null || all.length > mostFiles }
}

const nothingKnown: Versions = { sizeByOid: new Map(), lfsOids: new Set() }

const lookInto = async (git: Git, cwd: string, changes: readonly TreeChange[]): Promise<Versions> => {
  const oids = new Set(changes.filter(isFile).flatMap(({ oldOid, newOid }) => [oldOid ?? [], newOid ?? []].flat()))
  const info = await readObjectInfo(git, cwd, [...oids])
  const sizeByOid = new Map([...info].map(([oid, { size }]) => [oid, size]))
  const candidates = changes.flatMap((change) => {
    const oid = change.newOid ?? change.oldOid
    return oid !== null && mayBePointer(change, sizeByOid.get(oid)) ? [oid] : []
  })
  const contents = await readBlobs(git, cwd, [...new Set(candidates)])
  const pointers = [...contents].filter(([, bytes]) => isPointer(bytes.toString('latin1')))
  return { sizeByOid, lfsOids: new Set(pointers.map(([oid]) => oid)) }
}

const isFile = ({ oldMode, newMode }: TreeChange): boolean => oldMode !== '160000' && newMode !== '160000'

interface ChangedPaths {
  readonly all: ReadonlySet<string>
  readonly added: ReadonlySet<string>
  /** Those that are not added. */
  readonly known: ReadonlySet<string>
}

const listPaths = async (git: Git, cwd: string, pair: TreePair): Promise<ChangedPaths> => {
  const changes = await listTreeChanges(git, cwd, pair)
  const paths = (some: readonly TreeChange[]): Set<string> => new Set(some.map(({ rawPath }) => rawPath))
  return {
    all: paths(changes),
    added: paths(changes.filter(({ letter }) => letter === 'A')),
    known: paths(changes.filter(({ letter }) => letter !== 'A')),
  }
}
