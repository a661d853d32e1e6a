import type { LandCode, Merge, MergeWish, PrepareCode } from '../../../../shared/contract/merge.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import { landMerge } from './land-merge.ts'
import type { MergeParts } from './merge-parts.ts'
import { moveRefusal } from './merge-words-rules.ts'
import { dropPrepared, prepareMerge } from './prepare-merge.ts'

export interface MergeNowInput extends Omit<MergeWish, 'onto'> {
  /** Where the person saw the target. */
  readonly targetWas: string
  readonly deleteBranch: boolean
}

/** What a person asks for who looked at a preview: prepared and landed, or neither. */
export const mergeNow = async (
  parts: MergeParts,
  { targetWas, deleteBranch, ...wish }: MergeNowInput,
  by: Identity,
): Promise<Result<Merge, PrepareCode | LandCode | 'NOT_FOUND'>> => {
  const prepared = await prepareMerge(parts, wish)
  if (!prepared.ok) return prepared
  const { id, base, target } = prepared.value
  const landed =
    base === targetWas
      ? await landMerge(parts, { prepared: id, targetWas, deleteBranch }, by)
      : moveRefusal({ kind: 'moved', now: base }, target)
  if (!landed.ok) await dropPrepared(parts, id)
  return landed
}
