import { strategySchema, type Strategy } from '../../../shared/contract/merge.ts'
import type { ProjectId } from '../../../shared/lib/ids.ts'

/** How branches of a project are merged, until somebody chooses otherwise. */
export const strategyKey = (projectId: ProjectId): string => `layout:merge-strategy:${projectId}`

export const parseStrategy = (stored: unknown): Strategy => {
  const parsed = strategySchema.safeParse(stored)
  return parsed.success ? parsed.data : 'squash'
}
