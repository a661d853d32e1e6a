import type { Candidate, MergeEntry } from '../../../../shared/contract/queue-rows.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import { isAncestor } from '../../adapters/git/diff-numbers.ts'
import type { Identity } from '../../kernel/identity.ts'
import { findMove } from './build-batch.ts'
import type { QueueParts } from './queue-parts.ts'
import type { LandOutcome } from './queue-rules.ts'
import { findEntry } from './queue-store.ts'

/**
 * Lands what passed. It may have landed before, and the app been killed before that was booked: then the target has the
 * commit, and that alone counts, wherever the branch is by now.
 */
export const landEntry = async (
  parts: QueueParts,
  project: Project,
  { entry, candidate, tip }: { readonly entry: MergeEntry; readonly candidate: Candidate; readonly tip: string | null },
): Promise<LandOutcome | null> => {
  parts.notLanded.delete(entry.id)
  // From here on it cannot be withdrawn; was it before?
  const current = await parts.database.read((tx) => findEntry(tx, entry.id))
  if (current?.state !== 'merging') return null
  const hasLanded = tip !== null && (await isAncestor(parts.git, project.rootPath, candidate.commit, tip))
  const moved = hasLanded ? null : await findMove(parts, project, entry)
  if (moved) return { kind: 'moved', to: moved.to }
  const landed = await parts.merge.land({ prepared: candidate.prepared, targetWas: candidate.base }, whoLands(entry))
  if (landed.ok) return { kind: 'landed', mergeId: landed.value.id }
  // Somebody else brought the very same commit there.
  if (hasLanded) return { kind: 'landed', mergeId: null }
  const { code, message } = landed.refusal
  if (code === 'DIRTY_CHECKOUT' || code === 'LOCKED') {
    parts.notLanded.add(entry.id)
    return { kind: 'obstacle', cause: code === 'LOCKED' ? 'trouble' : 'checkout', reason: message }
  }
  return { kind: 'outdated' }
}

/** Whoever put it in line merges it: an agent's entry was approved by a person or needs no approval. */
const whoLands = ({ by }: MergeEntry): Identity => ({ ...by, right: 'full' })
