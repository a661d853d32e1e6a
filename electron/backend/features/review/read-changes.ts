import type { ReviewCommit } from '../../../../shared/contract/review.ts'
import { listCommits } from '../../adapters/git/commit-list.ts'
import { readBlobs, readObjectInfo } from '../../adapters/git/git-objects.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { listTreeChanges, readTreeChanges, type TreeChange, type TreePair } from '../../adapters/git/tree-changes.ts'
import { isPointer, mayBePointer, type Places, type Versions } from './review-rules.ts'
import type { Snapshot } from './take-snapshot.ts'

export interface ReadChanges {
  /** The files that differ between two trees, and what is known of their versions. */
  compare(git: Git, cwd: string, pair: TreePair, ignoresWhitespace: boolean): Promise<Compared>
  /** Where the work of each file is. */
  findPlaces(git: Git, cwd: string, snapshot: Snapshot): Promise<Places>
  /** Of the branch, the newest first; none where no base is known. */
  listCommits(git: Git, cwd: string, snapshot: Snapshot): Promise<readonly ReviewCommit[]>
}

export interface Compared {
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

/** Compares trees by git. Trees never change, so that what was read of two of them is remembered. */
export const createReadChanges = (): ReadChanges => {
  const compared = createMemory<Compared>()
  const places = createMemory<Places>()
  const commits = createMemory<readonly ReviewCommit[]>()
  return {
    compare: (git, cwd, pair, ignoresWhitespace) =>
      compared(`${cwd} ${pair.from} ${pair.to} ${ignoresWhitespace}`, () =>
        compareTrees(git, cwd, pair, ignoresWhitespace),
      ),
    findPlaces: (git, cwd, snapshot) => places(`${cwd} ${snapshot.id}`, () => readPlaces(git, cwd, snapshot)),
    listCommits: async (git, cwd, { base, head }) => {
      if (base === null || head === null) return []
      const { mergeBase: from } = base
      return commits(`${cwd} ${from} ${head}`, () => listCommits(git, cwd, { from, to: head, most: mostCommits }))
    },
  }
}

const createMemory = <Value>() => {
  const known = new Map<string, Promise<Value>>()
  return (key: string, read: () => Promise<Value>): Promise<Value> => {
    const found = known.get(key) ?? read()
    // What was asked for last stays longest.
    known.delete(key)
    known.set(key, found)
    found.catch(() => known.delete(key))
    for (const oldest of known.keys()) {
      if (known.size <= mostKnown) break
      known.delete(oldest)
    }
    return found
  }
}

const compareTrees = async (git: Git, cwd: string, pair: TreePair, ignoresWhitespace: boolean): Promise<Compared> => {
  const counted = await readTreeChanges(git, cwd, pair, ignoresWhitespace).catch((error: unknown) => {
    // A clone without all contents: which files differ is known all the same.
    if (error instanceof GitError && error.kind === 'exit') return null
    throw error
  })
  const all = counted ?? (await listTreeChanges(git, cwd, pair))
  const changes = all.slice(0, mostFiles)
  const versions = counted && all.length <= mostLookedInto ? await lookInto(git, cwd, changes) : nothingKnown
  return { changes, versions, isPartial: counted === null || all.length > mostFiles }
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

const readPlaces = async (git: Git, cwd: string, { trees, unmerged }: Snapshot): Promise<Places> => {
  const { base, head, index, work } = trees
  const [committed, staged, unstaged] = await Promise.all([
    listTreeChanges(git, cwd, { from: base, to: head }),
    listTreeChanges(git, cwd, { from: head, to: index }),
    listTreeChanges(git, cwd, { from: index, to: work }),
  ])
  const paths = (changes: readonly TreeChange[]): Set<string> => new Set(changes.map(({ rawPath }) => rawPath))
  return {
    committed: paths(committed),
    staged: paths(staged),
    // A conflict is work to be done even where the file is as it was on the own side.
    unstaged: new Set([...paths(unstaged.filter(({ letter }) => letter !== 'A')), ...unmerged]),
    untracked: paths(unstaged.filter(({ letter }) => letter === 'A')),
  }
}
