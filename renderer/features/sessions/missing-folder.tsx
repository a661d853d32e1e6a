import { FolderSearch, FolderSync } from 'lucide-react'
import { useState } from 'react'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import { useData, useHostInfo } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { FindFolderDialog } from './find-folder-dialog.tsx'

interface Asking {
  readonly refused: { readonly path: string; readonly message: string } | null
}

/** The ways on when the folder of a worktree is not where it was: it was moved, or it is made again. */
export const MissingFolder = ({ worktree }: { readonly worktree: Worktree }) => {
  const { api, stores } = useData()
  const notices = useNotices()
  const canPick = useHostInfo()?.canPickFolder === true
  const [asking, setAsking] = useState<Asking | null>(null)
  const worktreeId = worktree.id
  const restore = async () => {
    const result = await settle(api.worktrees.restore({ worktreeId }))
    if (result.ok) stores.worktrees.put([result.value])
    else notices.refuse(result.refusal.message)
  }
  const rebind = async (path: string): Promise<string | null> => {
    const result = await settle(api.worktrees.rebind({ worktreeId, path }))
    if (!result.ok) return result.refusal.message
    stores.worktrees.put([result.value])
    return null
  }
  /** With the system's folder dialog where there is one; what is refused is said in our own, where it can be mended. */
  const pick = async () => {
    const picked = await settle(api.host.pickFolder())
    if (!picked.ok) return setAsking({ refused: null })
    const { path } = picked.value
    const message = path === null ? null : await rebind(path)
    if (path !== null && message !== null) setAsking({ refused: { path, message } })
    return undefined
  }
  // The project's own folder is the project's matter; what is missing says so.
  if (worktree.kind === 'in-place') return null
  return (
    <>
      <Button
        icon={FolderSearch}
        data-testid={testId.sessionFindFolder}
        onClick={() => (canPick ? void pick() : setAsking({ refused: null }))}
      >
        Choose where it is now…
      </Button>
      <Button icon={FolderSync} variant="primary" onClick={() => void restore()}>
        Restore the folder
      </Button>
      {asking === null ? null : (
        <FindFolderDialog
          worktree={worktree}
          refused={asking.refused}
          onClose={() => setAsking(null)}
          onChoose={rebind}
        />
      )}
    </>
  )
}
