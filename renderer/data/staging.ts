import { useMemo } from 'react'
import type { CommitDraft, Committed, StagedPart, Staging, StagingVerb } from '../../shared/contract/staging.ts'
import type { ReviewScope, Whitespace } from '../../shared/contract/review.ts'
import type { StagingId, WorktreeId } from '../../shared/lib/ids.ts'
import type { Result } from '../../shared/lib/result.ts'
import type { AppData } from './app-data.ts'
import { useData } from './data-context.tsx'
import { settle } from './settle.ts'

export interface StagingWish {
  readonly verb: StagingVerb
  readonly scope: ReviewScope
  readonly whitespace: Whitespace
  readonly parts: readonly StagedPart[]
}

export interface CommitWish {
  readonly head: string | null
  readonly tree: string
  readonly message: string
  readonly isAmend: boolean
}

/** What a person may do to the changes of one worktree. */
export interface StagingCalls {
  readonly act: (wish: StagingWish) => Promise<Result<Staging, string>>
  readonly undo: (id: StagingId) => Promise<Result<Staging, string>>
  /** The newest that can be undone; undefined when there is none. */
  readonly findLast: () => Promise<Result<Staging | undefined, string>>
  readonly draft: () => Promise<Result<CommitDraft, string>>
  readonly commit: (wish: CommitWish) => Promise<Result<Committed, string>>
}

export const createStagingCalls = (api: AppData['api']['staging'], worktreeId: WorktreeId): StagingCalls => ({
  act: ({ parts, ...wish }) => settle(api.act({ worktreeId, ...wish, parts: [...parts] })),
  undo: (id) => settle(api.undo({ id })),
  findLast: async () => {
    const listed = await settle(api.list({ worktreeId }))
    return listed.ok ? { ok: true, value: listed.value[0] } : listed
  },
  draft: () => settle(api.draft({ worktreeId })),
  commit: (wish) => settle(api.commit({ worktreeId, ...wish })),
})

export const useStagingCalls = (worktreeId: WorktreeId): StagingCalls => {
  const { api } = useData()
  return useMemo(() => createStagingCalls(api.staging, worktreeId), [api, worktreeId])
}
