import type { MergeConflicts, MergeWish, PrepareCode } from '../../../../shared/contract/merge.ts'
import type { Candidate, MergeEntry } from '../../../../shared/contract/queue-rows.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import { ok, type Refusal, type Result } from '../../../../shared/lib/result.ts'
import { readRef } from '../../adapters/git/refs.ts'
import type { QueueParts } from './queue-parts.ts'
import type { BuildOutcome, Built } from './queue-rules.ts'

/** The trailer by which a commit of the queue is known for the merge of its entry. */
export const entryTrailer = 'Switchyard-Merge'

/** Makes a commit of each entry, one on the other. `trouble`: what keeps any of them from being made. */
export const buildBatch = async (
  parts: QueueParts,
  project: Project,
  tip: string,
  entries: readonly MergeEntry[],
): Promise<Result<Built, 'TROUBLE'>> => {
  const outcomes: BuildOutcome[] = []
  let onto: Candidate | null = null
  for (const entry of entries) {
    const moved = await findMove(parts, project, entry)
    if (moved) {
      outcomes.push({ id: entry.id, kind: 'moved', to: moved.to })
      continue
    }
    const wish = wishOf(entry, onto?.commit ?? tip)
    const prepared = await parts.merge.prepare(wish)
    if (prepared.ok) {
      const { id: preparedId, commit, tree, base } = prepared.value
      onto = { prepared: preparedId, commit, tree, base }
      outcomes.push({ id: entry.id, kind: 'prepared', candidate: onto })
      continue
    }
    if (prepared.refusal.code === 'NO_IDENTITY') return { ok: false, refusal: { ...prepared.refusal, code: 'TROUBLE' } }
    outcomes.push(await judgeRefusal(parts, entry, { wish, tip, refusal: prepared.refusal }))
  }
  return ok({ base: tip, outcomes })
}

/** Null while the branch is where it was when it was queued. */
export const findMove = async (
  { git }: QueueParts,
  { rootPath }: Project,
  { branch, head }: MergeEntry,
): Promise<{ readonly to: string | null } | null> => {
  if (branch === null) return null
  const to = await readRef(git, rootPath, `refs/heads/${branch}`)
  return to === head ? null : { to }
}

const wishOf = (entry: MergeEntry, onto: string): MergeWish => ({
  projectId: entry.projectId,
  source: { sha: entry.head, branch: entry.branch },
  target: entry.target,
  onto,
  strategy: entry.strategy,
  message: entry.message,
  trailers: [`${entryTrailer}: ${entry.id}`],
})

interface Refused {
  readonly wish: MergeWish
  readonly tip: string
  readonly refusal: Refusal<PrepareCode>
}

const judgeRefusal = async (
  { merge }: QueueParts,
  { id }: MergeEntry,
  { wish, tip, refusal }: Refused,
): Promise<BuildOutcome> => {
  const isFirst = wish.onto === tip
  switch (refusal.code) {
    case 'CONFLICTS': {
      if (isFirst) return { id, kind: 'conflicts', paths: pathsOf(refusal.current as MergeConflicts), ofTarget: true }
      // Is it those ahead of it, or the target itself?
      const alone = await merge.preview({ ...wish, onto: tip })
      const conflicts = alone.ok && alone.value.kind === 'conflicts' ? alone.value : null
      return { id, kind: 'conflicts', paths: conflicts ? pathsOf(conflicts) : [], ofTarget: conflicts !== null }
    }
    case 'ALREADY_MERGED':
      return { id, kind: 'contained', ofTarget: isFirst }
    case 'NOT_FAST_FORWARD':
      return { id, kind: 'refused', reason: refusal.message, ofTarget: isFirst }
    default:
      return { id, kind: 'refused', reason: refusal.message, ofTarget: true }
  }
}

const pathsOf = ({ conflicts }: Pick<MergeConflicts, 'conflicts'>): readonly string[] => [
  ...new Set(conflicts.map(({ path }) => path)),
]
