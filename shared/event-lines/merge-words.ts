import type { EventOf, EventWords } from './logged-event.ts'

/** What became of a branch; the target's old commit is kept under a ref, which the reason names. */
export const mergeWords = ({ payload: merge }: EventOf<'merges.changed'>): EventWords => {
  const { source, target, strategy, after, backupRef, note } = merge
  const what = source.branch ?? source.sha.slice(0, 8)
  if (merge.refresh && merge.state === 'landed')
    return {
      what: `brought ${target} onto ${what} (${strategy})`,
      reason: note ?? `What it was is kept under ${backupRef}`,
    }
  if (merge.refresh) return { what: `set ${target} back to before it was brought onto ${what}`, reason: note }
  if (merge.state === 'undone')
    return { what: `undid the merge of ${what} into ${target}`, reason: note ?? `It is kept under ${backupRef}-undone` }
  const files = merge.files === 1 ? '1 file' : `${merge.files} files`
  return {
    what: `merged ${what} into ${target} (${strategy}, ${files}, +${merge.added} −${merge.removed}) as ${after.slice(0, 8)}`,
    reason: note,
  }
}
