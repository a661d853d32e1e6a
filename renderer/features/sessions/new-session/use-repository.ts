import { useEffect, useState } from 'react'
import type { z } from 'zod'
import type { baseSchema } from '../../../../shared/contract/projects.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { useApi } from '../../../data/data-context.tsx'
import { settle } from '../../../data/settle.ts'
import type { Branch } from './new-session-rules.ts'

export type Base = z.infer<typeof baseSchema>
export type BaseState =
  | { readonly kind: 'fetching' }
  | { readonly kind: 'ready'; readonly base: Base }
  | { readonly kind: 'refused'; readonly message: string }

/**
 * The branches of a project and the base a new branch would start from, fetched while the person types. The branches are
 * read again on demand: a refusal may speak of one that appeared meanwhile.
 */
export const useRepository = (projectId: ProjectId, baseRef: string) => {
  const api = useApi()
  const [branches, setBranches] = useState<readonly Branch[]>([])
  const [answer, setAnswer] = useState<{ readonly to: string; readonly state: BaseState } | null>(null)

  const readBranches = async () => {
    const result = await settle(api.projects.branches({ projectId }))
    if (result.ok) setBranches(result.value)
  }
  useEffect(() => {
    let isGone = false
    void settle(api.projects.branches({ projectId })).then((result) => {
      if (!isGone && result.ok) setBranches(result.value)
    })
    return () => {
      isGone = true
    }
  }, [api, projectId])

  useEffect(() => {
    let isGone = false
    void settle(api.projects.freshBase({ projectId, baseRef: baseRef === '' ? null : baseRef })).then((result) => {
      if (isGone) return
      const state: BaseState = result.ok
        ? { kind: 'ready', base: result.value }
        : { kind: 'refused', message: result.refusal.message }
      setAnswer({ to: baseRef, state })
    })
    return () => {
      isGone = true
    }
  }, [api, projectId, baseRef])

  // An answer to an earlier choice says nothing about this one.
  const base: BaseState = answer?.to === baseRef ? answer.state : { kind: 'fetching' }
  return { branches, base, readBranches }
}
