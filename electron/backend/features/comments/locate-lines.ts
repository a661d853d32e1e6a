import type { Anchor, CommentedLines, LineSide } from '../../../../shared/contract/comments.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import { readBlobs, readObjectInfo, type TreeEntry } from '../../adapters/git/git-objects.ts'
import { readHunks } from '../../adapters/git/hunks.ts'
import { writeLooseTree } from '../../adapters/git/loose-objects.ts'
import { readTreeChanges, type TreePair } from '../../adapters/git/tree-changes.ts'
import { resolveTreePaths } from '../../adapters/git/tree-paths.ts'
import type { ReviewScene } from '../review/review-service.ts'
import { findAnchor, linesOfText, type ChangedLines } from './anchor-rules.ts'

/** Lines of a thread that are looked for. */
export interface Spot {
  readonly side: LineSide
  readonly at: CommentedLines
}

export interface Located {
  /** The file in the tree of that side; null when it is not there any more. */
  readonly file: { readonly rawPath: string; readonly oid: string } | null
  readonly anchor: Anchor
  /** All lines of it; null where they were not read. */
  readonly lines: readonly string[] | null
}

/** Larger files are placed by what differs in them alone: their text is not searched. */
const maxTextBytes = 4 * 1024 * 1024
/** More new files than this are not looked through for one that was renamed. */
const mostCandidates = 300
/** A file as it is written into trees of ours; only its contents count. */
const plainMode = '100644'

/** Where lines are in two trees, each in the one of its side. In the order of the spots. */
export const locateLines = async (
  scene: ReviewScene,
  spots: readonly Spot[],
  pair: TreePair,
): Promise<readonly Located[]> => {
  const files = await findFiles(scene, spots, pair)
  const pairs = spots.flatMap(({ at }, index) => {
    const oid = files[index]?.oid
    return oid === undefined || oid === at.oid ? [] : [[at.oid, oid] as const]
  })
  const sizes = await readObjectInfo(scene.git, scene.worktree.path, [...new Set(pairs.flat())])
  const changes = await readChanges(
    scene,
    pairs.filter(([oldOid]) => sizes.has(oldOid)),
  )
  const lines = await readLines(
    scene,
    spots.flatMap(({ at }, index) => [at.oid, files[index]?.oid ?? []].flat()),
  )
  return spots.map(({ at }, index): Located => {
    const file = files[index] ?? null
    if (file === null) return { file, anchor: { kind: 'outdated', why: 'file-gone' }, lines: null }
    const newLines = lines.get(file.oid) ?? null
    const known = file.oid === at.oid ? [] : (changes.get(pairKey(at.oid, file.oid)) ?? null)
    return {
      file,
      anchor: findAnchor(at, { changes: known, oldLines: lines.get(at.oid) ?? null, newLines }),
      lines: newLines,
    }
  })
}

/** The files by their names; those that are not there, where they were renamed to. */
const findFiles = async (
  scene: ReviewScene,
  spots: readonly Spot[],
  pair: TreePair,
): Promise<readonly Located['file'][]> => {
  const wanted = spots.map(({ side, at }) => ({ tree: side === 'new' ? pair.to : pair.from, rawPath: at.rawPath }))
  const oids = await resolveTreePaths(scene.git, scene.worktree.path, wanted)
  // The base is what it was when something was said of it: a file that is gone there was rebased away.
  const missing = spots.filter(({ side }, index) => side === 'new' && oids[index] === null)
  const moves = missing.length === 0 ? new Map() : await findMoves(scene, missing, pair)
  return spots.map((spot, index) => {
    const oid = oids[index]
    return oid == null ? (moves.get(spot) ?? null) : { rawPath: spot.at.rawPath, oid }
  })
}

/** By git's own finding of renames: among what the branch changed, else between what was read then and what is new now. */
const findMoves = async (
  scene: ReviewScene,
  missing: readonly Spot[],
  pair: TreePair,
): Promise<ReadonlyMap<Spot, NonNullable<Located['file']>>> => {
  const arrived = (await scene.changesOf(pair)).flatMap(({ letter, oldRawPath, rawPath, newOid, newMode }) =>
    newOid !== null && newMode !== null && 'ARC'.includes(letter)
      ? [{ letter, oldRawPath, rawPath, newOid, newMode }]
      : [],
  )
  const moves = new Map<Spot, NonNullable<Located['file']>>()
  const lost: Spot[] = []
  for (const spot of missing) {
    const { rawPath, oid } = spot.at
    const found =
      arrived.find((one) => one.letter === 'R' && one.oldRawPath === rawPath) ??
      arrived.find((one) => one.newOid === oid)
    if (found) moves.set(spot, { rawPath: found.rawPath, oid: found.newOid })
    else lost.push(spot)
  }
  if (lost.length === 0 || arrived.length === 0 || arrived.length > mostCandidates) return moves
  const { git, objects } = scene
  const cwd = scene.worktree.path
  const known = await readObjectInfo(git, cwd, [...new Set(lost.map(({ at }) => at.oid))])
  const readable = lost.filter(({ at }) => known.has(at.oid))
  if (readable.length === 0) return moves
  const oidBytes = (readable[0]?.at.oid.length ?? 0) / 2
  const before = readable.map(({ at }, index): TreeEntry => ({ mode: plainMode, oid: at.oid, rawPath: `${index}` }))
  const after = arrived.map(({ newMode: mode, newOid: oid }, index): TreeEntry => ({
    mode,
    oid,
    rawPath: `to-${index}`,
  }))
  const trees = {
    from: await writeLooseTree(objects, before, oidBytes),
    to: await writeLooseTree(objects, after, oidBytes),
  }
  for (const { letter, oldRawPath, rawPath } of await readTreeChanges(git, cwd, trees, false)) {
    const spot = readable[Number(oldRawPath)]
    const file = arrived[Number(rawPath.slice('to-'.length))]
    if (letter === 'R' && spot && file) moves.set(spot, { rawPath: file.rawPath, oid: file.newOid })
  }
  return moves
}

export const pairKey = (oldOid: string, newOid: string): string => `${oldOid} ${newOid}`

/** What differs between versions, by `pairKey`; not there where that is too much to be read. */
export const readChanges = async (
  { git, objects, worktree }: ReviewScene,
  pairs: readonly (readonly [oldOid: string, newOid: string])[],
): Promise<ReadonlyMap<string, readonly ChangedLines[]>> => {
  const distinct = [...new Map(pairs.map((pair) => [pairKey(...pair), pair])).values()]
  // Names of ours: what attributes say of the files' own names is not asked.
  const entries = (side: 0 | 1): TreeEntry[] =>
    distinct.map((pair, index) => ({ mode: plainMode, oid: pair[side], rawPath: `${index}` }))
  const hunks = await readHunks(git, worktree.path, objects, [entries(0), entries(1)]).catch((error: unknown) => {
    if (error instanceof GitError && error.kind === 'output-too-large') return null
    throw error
  })
  return new Map(
    hunks === null ? [] : distinct.map((pair, index) => [pairKey(...pair), hunks.get(`${index}`) ?? []] as const),
  )
}

/** The lines of versions by their ids; those that are gone, too large or no text are left out. */
export const readLines = async (
  { git, worktree }: Pick<ReviewScene, 'git' | 'worktree'>,
  oids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const info = await readObjectInfo(git, worktree.path, [...new Set(oids)])
  const small = [...info].filter(([, { type, size }]) => type === 'blob' && size <= maxTextBytes)
  const lines = new Map<string, readonly string[]>()
  for (const [oid, bytes] of await readBlobs(
    git,
    worktree.path,
    small.map(([oid]) => oid),
  ))
    if (!bytes.includes(0)) lines.set(oid, linesOfText(bytes.toString('utf8')))
  return lines
}
