import type { MergeEntry } from '../../../shared/contract/queue-rows.ts'
import type { MergeEntryId } from '../../../shared/lib/ids.ts'

/** Before which entry one comes to stand that moves a place up or down; null for last, undefined where it cannot move. */
export const targetBefore = (
  entries: readonly Pick<MergeEntry, 'id'>[],
  id: MergeEntryId,
  by: -1 | 1,
): MergeEntryId | null | undefined => {
  const at = entries.findIndex((entry) => entry.id === id)
  const to = at + by
  if (at < 0 || to < 0 || to >= entries.length) return undefined
  return by < 0 ? entries[to]?.id : (entries[to + 1]?.id ?? null)
}
