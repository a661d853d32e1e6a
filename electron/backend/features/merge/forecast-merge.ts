import type { Forecast } from '../../../../shared/contract/merge.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import { isContained, readBranch } from '../../adapters/git/branch-refs.ts'
import { readObjectInfo } from '../../adapters/git/git-objects.ts'
import { layAttributes } from '../../adapters/git/merge-attributes.ts'
import { openMergeDesk, type MergeDesk } from '../../adapters/git/merge-objects.ts'
import { mergeCommits } from '../../adapters/git/merge-tree.ts'
import { decodePath } from '../../adapters/git/status.ts'
import type { MergeParts } from './merge-parts.ts'
import { goneBranch, unreadable } from './merge-words-rules.ts'

export interface ForecastHead {
  readonly sha: string
  readonly label: string
}

/** Which heads would merge cleanly into a branch as it is now; the repository is only read. */
export const forecastMerges = async (
  parts: MergeParts,
  projectId: ProjectId,
  heads: readonly ForecastHead[],
  target: string,
): Promise<Result<Forecast[], 'GONE' | 'UNREADABLE'>> => {
  const usable = await parts.projects.requireUsable(projectId)
  if (!usable.ok) return unreadable(usable.refusal.message)
  const { rootPath: cwd, commonDir } = usable.value
  await using desk = await openMergeDesk(parts.git, { folder: parts.folder, cwd, commonDir })
  const tip = await readBranch(parts.git, cwd, target)
  if (tip === null) return goneBranch(target)
  await layAttributes(desk.git, desk.place, tip.sha)
  const forecasts: Forecast[] = []
  for (const head of heads) forecasts.push({ ...head, outcome: await forecast(desk, tip.sha, head.sha) })
  return ok(forecasts)
}

const forecast = async ({ git, place }: MergeDesk, tip: string, sha: string): Promise<Forecast['outcome']> => {
  if ((await readObjectInfo(git, place.cwd, [sha])).get(sha)?.type !== 'commit') return { kind: 'gone' }
  if (await isContained(git, place.cwd, sha, tip)) return { kind: 'already-merged' }
  const merged = await mergeCommits(git, place, tip, sha)
  if (merged.kind !== 'conflicts') return { kind: merged.kind }
  return { kind: 'conflicts', paths: merged.conflicts.map(({ rawPath }) => decodePath(rawPath)) }
}
