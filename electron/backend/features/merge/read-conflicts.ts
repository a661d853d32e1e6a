import type {
  ConflictView,
  MergeConflict,
  MergeWish,
  PrepareCode,
  MergeConflictViews,
} from '../../../../shared/contract/merge.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import { readConflictParts } from '../../adapters/git/conflict-parts.ts'
import { readBlobs, readObjectInfo } from '../../adapters/git/git-objects.ts'
import { openMergeDesk, type MergeDesk } from '../../adapters/git/merge-objects.ts'
import { computeMerge, conflictsOf } from './compute-merge.ts'
import type { MergeParts } from './merge-parts.ts'
import { unreadable } from './merge-words-rules.ts'

/** Larger files are chosen whole: nobody reads through them in a box of a page. */
const largestBytes = 512 * 1024

/** What conflicts in a merge, with the lines of both sides; the repository is only read. None when it is clean. */
export const readConflicts = async (
  parts: MergeParts,
  wish: MergeWish,
): Promise<Result<MergeConflictViews, PrepareCode>> => {
  const usable = await parts.projects.requireUsable(wish.projectId)
  if (!usable.ok) return unreadable(usable.refusal.message)
  const { rootPath: cwd, commonDir } = usable.value
  await using desk = await openMergeDesk(parts.git, { folder: parts.folder, cwd, commonDir })
  const computed = await computeMerge(desk, wish, null)
  if (computed.ok) return ok({ conflicts: [], at: null })
  const found = conflictsOf(computed.refusal)
  if (!found) return computed
  const conflicts: ConflictView[] = []
  for (const conflict of found.conflicts) conflicts.push({ ...conflict, parts: await partsOf(desk, conflict) })
  return ok({ conflicts, at: found.at })
}

/** Null for what is no text, or where one side has no file: then a side is chosen. */
const partsOf = async ({ git, place }: MergeDesk, { kind, stages }: MergeConflict): Promise<ConflictView['parts']> => {
  const [base, target, branch] = [stages[1], stages[2], stages[3]]
  if (kind === 'binary' || kind === 'file-directory' || target === null || branch === null) return null
  const there = [base, target, branch].filter((version) => version !== null)
  if (there.some(({ mode }) => !mode.startsWith('100'))) return null
  const oids = there.map(({ oid }) => oid)
  const info = await readObjectInfo(git, place.cwd, oids)
  if (oids.some((oid) => (info.get(oid)?.size ?? Infinity) > largestBytes)) return null
  const blobs = await readBlobs(git, place.cwd, oids)
  const textAt = (version: typeof base): string | null => (version === null ? '' : textFrom(blobs.get(version.oid)))
  const [baseText, targetText, branchText] = [textAt(base), textAt(target), textAt(branch)]
  if (baseText === null || targetText === null || branchText === null) return null
  const read = await readConflictParts(git, place, { base: baseText, target: targetText, branch: branchText })
  return read === null ? null : [...read]
}

/** Null unless every byte is still the same once it was text. */
const textFrom = (bytes: Buffer | undefined): string | null => {
  if (bytes === undefined || bytes.includes(0)) return null
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null
}
