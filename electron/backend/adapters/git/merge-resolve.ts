import type { MergeResolution } from '../../../../shared/contract/merge.ts'
import { conflictKey } from '../../../../shared/contract/conflict-key.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { join } from 'node:path'
import { listTree, writeIndexLines, type IndexLine, type TreeEntry } from './git-objects.ts'
import { writeLoose } from './loose-objects.ts'
import type { MergePlace, TreeConflict, TreeMerge } from './merge-tree.ts'
import { textOf, type Git } from './run-git.ts'

/** A file as the index has it; null takes the path out. */
type Chosen = { readonly mode: string; readonly oid: string } | null

/**
 * Puts what was chosen into a merge that conflicts. A choice is for the very versions it was made of, so it holds wherever
 * the same conflict comes up again and nowhere else; what nobody chose for stays a conflict.
 */
export async function resolveConflicts(
  git: Git,
  place: MergePlace,
  merged: TreeMerge,
  resolutions: readonly MergeResolution[],
): Promise<TreeMerge> {
  if (merged.kind !== 'conflicts' || resolutions.length === 0) return merged
  const choiceByKey = new Map(resolutions.map((one) => [conflictKey(one), one.choice]))
  const entries = await listTree(git, place.cwd, merged.tree)
  const lines: IndexLine[] = []
  const left: TreeConflict[] = []
  for (const conflict of merged.conflicts) {
    const choice = choiceByKey.get(conflictKey(conflict))
    const chosen = choice && (await chosenFor(place, conflict, choice))
    const around = choice && entriesAround(entries, conflict.rawPath)
    if (chosen === undefined || around === undefined || (chosen !== null && around.isFolder)) {
      left.push(conflict)
      continue
    }
    const zero = '0'.repeat(merged.tree.length)
    lines.push(...around.own.map(({ rawPath }) => ({ rawPath, mode: '0', oid: zero, stage: 0 })))
    if (chosen !== null) lines.push({ rawPath: conflict.rawPath, ...chosen, stage: 0 })
  }
  if (lines.length === 0 && left.length > 0) return merged
  const tree = await storeChanged(git, place, merged.tree, lines)
  return left.length === 0 ? { kind: 'clean', tree } : { kind: 'conflicts', tree, conflicts: left }
}

/** Undefined where it cannot be had, such as a text for what is no plain file. */
async function chosenFor(
  place: MergePlace,
  { stages }: TreeConflict,
  choice: MergeResolution['choice'],
): Promise<Chosen | undefined> {
  switch (choice.kind) {
    case 'gone':
      return null
    case 'target':
      return stages[2]
    case 'branch':
      return stages[3]
    case 'text':
      return storeText(place, stages, choice.text)
    default:
      return unreachable(choice)
  }
}

async function storeText(
  { objects }: MergePlace,
  stages: TreeConflict['stages'],
  text: string,
): Promise<Chosen | undefined> {
  const mode = modeOf(stages)
  if (mode === null) return undefined
  const oidBytes = ((stages[1] ?? stages[2] ?? stages[3])?.oid.length ?? 40) / 2
  return { mode, oid: await writeLoose(objects, 'blob', Buffer.from(text, 'utf8'), oidBytes) }
}

/** As git merges modes: the side that changed it counts. Null unless every version is a plain file. */
function modeOf({ 1: base, 2: target, 3: branch }: TreeConflict['stages']): string | null {
  const there = [base, target, branch].filter((version) => version !== null)
  if (there.length === 0 || there.some(({ mode }) => !mode.startsWith('100'))) return null
  if (target === null || branch === null) return (target ?? branch ?? base)?.mode ?? null
  return target.mode === base?.mode ? branch.mode : target.mode
}

/** git puts "~" and a commit behind the name of a file whose place is taken. */
const besideForm = /^~[0-9a-f]{40,64}(?:_\d+)?$/

/** What a merge left of a path: the file itself, the versions put beside it, and whether a folder has its name. */
function entriesAround(entries: readonly TreeEntry[], rawPath: string) {
  const own = entries.filter(
    (entry) =>
      entry.rawPath === rawPath ||
      (entry.rawPath.startsWith(rawPath) && besideForm.test(entry.rawPath.slice(rawPath.length))),
  )
  return { own, isFolder: entries.some((entry) => entry.rawPath.startsWith(`${rawPath}/`)) }
}

/** By an index of our own, so that only the folders on the way are written anew. */
async function storeChanged(git: Git, place: MergePlace, tree: string, lines: readonly IndexLine[]): Promise<string> {
  const indexFile = join(place.objects, `index-${crypto.randomUUID()}`)
  const { cwd } = place
  await git.run({ cwd, args: ['read-tree', tree], access: 'write', indexFile, pinWorkTree: true })
  await writeIndexLines(git, { cwd, indexFile, lines })
  return textOf(await git.run({ cwd, args: ['write-tree'], access: 'write', indexFile, pinWorkTree: true }))
}
