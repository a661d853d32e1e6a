import type { RawPath, TreeEntry } from './git-objects.ts'
import { writeLooseTree } from './loose-objects.ts'
import type { Git } from './run-git.ts'
import { listTreeChanges, readTreeChanges, type TreeChange, type TreePair } from './tree-changes.ts'

/** What is known of two trees. */
export interface KnownChanges {
  readonly pair: TreePair
  readonly changes: readonly TreeChange[]
}

export interface Advanced {
  readonly changes: readonly TreeChange[]
  /** Those of them that were not known. */
  readonly fresh: readonly TreeChange[]
}

interface ChangesPlace {
  readonly git: Git
  readonly cwd: string
  /** A folder of ours from which the git at hand reads too. */
  readonly objects: string
}

/** Of more files than this everything is compared anew: it costs little more, and by one process. */
const mostSteps = 500

/**
 * The files that differ between a tree and a later one, from what is known of an earlier one: only what differs between
 * those two is read. Null where that cannot be told without all files: when one could be a rename of another, or when what
 * says how files are compared differs.
 */
export async function advanceTreeChanges(
  { git, cwd, objects }: ChangesPlace,
  { pair, changes }: KnownChanges,
  to: string,
  ignoresWhitespace: boolean,
): Promise<Advanced | null> {
  const steps = await listTreeChanges(git, cwd, { from: pair.to, to })
  const [first] = steps
  if (first === undefined) return { changes, fresh: [] }
  if (steps.length > mostSteps || steps.some(({ rawPath }) => /(?:^|\/)\.gitattributes$/.test(rawPath))) return null
  const knownByPath = new Map(changes.map((change) => [change.rawPath, change]))
  const before = steps.map((step) => oldSide(step, knownByPath.get(step.rawPath)))
  const oidBytes = (first.newOid ?? first.oldOid ?? '').length / 2
  const small = {
    from: await writeLooseTree(objects, before.flatMap(entryOf), oidBytes),
    to: await writeLooseTree(objects, steps.map(newSide).flatMap(entryOf), oidBytes),
  }
  const fresh = await readTreeChanges(git, cwd, small, ignoresWhitespace)
  const next = new Map(knownByPath)
  for (const { rawPath } of steps) next.delete(rawPath)
  for (const change of fresh) next.set(change.rawPath, change)
  const advanced = [...next.values()].sort((a, b) => (a.rawPath < b.rawPath ? -1 : 1))
  if (!steps.every((step, at) => isEdit(step, before[at])) && (mayRename(changes) || mayRename(advanced))) return null
  return { changes: advanced, fresh }
}

/** One version of a file, where there is one. */
interface Side {
  readonly mode: string | null
  readonly oid: string | null
  readonly rawPath: RawPath
}

/** A file that did not differ yet was before as it was in the earlier tree; one that was moved here was not here. */
const oldSide = ({ oldMode, oldOid, rawPath }: TreeChange, known: TreeChange | undefined): Side => {
  if (known === undefined) return { mode: oldMode, oid: oldOid, rawPath }
  if (known.oldRawPath !== rawPath) return { mode: null, oid: null, rawPath }
  return { mode: known.oldMode, oid: known.oldOid, rawPath }
}

const newSide = ({ newMode: mode, newOid: oid, rawPath }: TreeChange): Side => ({ mode, oid, rawPath })

const entryOf = ({ mode, oid, rawPath }: Side): TreeEntry[] =>
  mode === null || oid === null ? [] : [{ mode, oid, rawPath }]

/** In all three trees: such a file is neither the beginning of a rename nor the end of one. */
const isEdit = (step: TreeChange, before: Side | undefined): boolean =>
  step.oldOid !== null && step.newOid !== null && before?.oid != null

/** git looks for renames only between files that are gone and files that are new. */
const mayRename = (changes: readonly TreeChange[]): boolean => {
  const has = (letters: string): boolean => changes.some(({ letter }) => letters.includes(letter))
  return has('RC') || (has('A') && has('D'))
}
