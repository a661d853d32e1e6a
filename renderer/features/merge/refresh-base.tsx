import { ChevronDown, GitPullRequestArrow, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Merge } from '../../../shared/contract/merge.ts'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { refreshBlocked, refreshedWords, unrefreshedWords } from './refresh-words.ts'

interface RefreshBaseProps {
  readonly branch: {
    readonly worktreeId: WorktreeId
    readonly branch: string | null
    readonly base: { readonly ref: string; readonly movedBy: number } | null
    readonly uncommitted: number | null
  }
}

/** Brings a branch onto its base once that has moved; not there while it has not. */
export const RefreshBase = ({ branch: { worktreeId, branch, base, uncommitted } }: RefreshBaseProps) => {
  const { isBusy, refresh } = useRefresh(worktreeId)
  if (base === null || base.movedBy === 0 || branch === null) return null
  const blocked = refreshBlocked(uncommitted)
  const button = (
    <Button
      size="small"
      icon={GitPullRequestArrow}
      iconAfter={ChevronDown}
      isBusy={isBusy}
      disabledReason={blocked}
      data-testid={testId.refreshBase}
    >
      Refresh base
    </Button>
  )
  if (blocked !== null) return button
  return (
    <Menu
      align="start"
      entries={[
        {
          kind: 'item',
          id: 'rebase',
          label: 'Rebase: its commits anew on top',
          onChoose: () => void refresh('rebase'),
        },
        { kind: 'item', id: 'merge', label: 'Merge the base into it', onChoose: () => void refresh('merge') },
      ]}
    >
      {button}
    </Menu>
  )
}

const useRefresh = (worktreeId: WorktreeId) => {
  const { api } = useData()
  const notices = useNotices()
  const [isBusy, setBusy] = useState(false)
  const undo = async (merge: Merge) => {
    const result = await settle(api.merge.undo({ mergeId: merge.id }))
    if (result.ok) notices.show({ icon: Undo2, text: unrefreshedWords(merge) })
    else notices.refuse(result.refusal.message)
  }
  const refresh = async (strategy: 'rebase' | 'merge') => {
    setBusy(true)
    const result = await settle(api.merge.refreshBase({ worktreeId, strategy }))
    setBusy(false)
    if (!result.ok) return notices.refuse(result.refusal.message)
    const merge = result.value
    const action = { label: 'Undo', run: () => void undo(merge) }
    return notices.show({ icon: GitPullRequestArrow, text: refreshedWords(merge), action })
  }
  return { isBusy, refresh }
}
