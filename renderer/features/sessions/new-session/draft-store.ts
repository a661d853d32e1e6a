import { useCallback, useEffect, useRef, useState } from 'react'
import { z } from 'zod'
import { agentIdSchema } from '../../../../shared/contract/agents.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { useData } from '../../../data/data-context.tsx'
import { readSetting, writeSetting } from '../../../data/settings.ts'
import { emptyDraft, type NewSessionDraft } from './new-session-rules.ts'

const text = z.string().catch('')
const draftSchema = z.object({
  prompt: text,
  title: text,
  agentId: z.union([agentIdSchema, z.literal('')]).catch(''),
  model: text,
  permissionMode: text,
  usesTeams: z.boolean().catch(false),
  worktreeKind: z.enum(['new-branch', 'existing-branch', 'existing-worktree', 'in-place']).catch('new-branch'),
  baseRef: text,
  branch: text,
  existingBranch: text,
  existingPath: text,
})

/** A stored draft, as much of it as can still be read. */
export const parseDraft = (stored: unknown): NewSessionDraft => {
  const parsed = draftSchema.safeParse(stored)
  return parsed.success ? parsed.data : emptyDraft
}

/** The setting in which the draft of a project's next session is kept. */
export const draftKey = (projectId: ProjectId) => `draft:new-session:${projectId}`

// Typing is not stored letter by letter; half a second is the most a crash can cost.
const storeAfterMs = 500

/**
 * The draft of a project's next session: kept when the dialog closes, the page reloads or the start is refused. One that
 * begins with something else is not kept, so that what was typed before stays.
 */
export const useDraft = (projectId: ProjectId, initial: NewSessionDraft | null) => {
  const data = useData()
  const key = draftKey(projectId)
  const [draft, setDraft] = useState(() => initial ?? parseDraft(readSetting(data, key)))
  const isKept = initial === null
  const pending = useRef<{ readonly draft: NewSessionDraft; readonly timer: ReturnType<typeof setTimeout> } | null>(
    null,
  )

  const flush = useCallback(() => {
    if (pending.current === null) return
    clearTimeout(pending.current.timer)
    void writeSetting(data, key, { ...pending.current.draft })
    pending.current = null
  }, [data, key])
  useEffect(() => flush, [flush])

  const replace = useCallback(
    (next: NewSessionDraft) => {
      if (pending.current !== null) clearTimeout(pending.current.timer)
      if (isKept) pending.current = { draft: next, timer: setTimeout(flush, storeAfterMs) }
      setDraft(next)
    },
    [flush, isKept],
  )
  return { draft, replace }
}
