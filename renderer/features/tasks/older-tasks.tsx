import { useState } from 'react'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { oldestEnd } from './board-columns.ts'
import { useTasksRoom } from './room-context.tsx'

const pageSize = 100

type Progress =
  | { readonly kind: 'rest' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'all' }
  | { readonly kind: 'failed'; readonly message: string }

/** The page knows the newest of the ended tasks; this brings older ones, page by page. */
export const OlderTasks = () => {
  const { api, stores } = useData()
  const { projectId } = useTasksRoom()
  const [progress, setProgress] = useState<Progress>({ kind: 'rest' })
  const load = async () => {
    setProgress({ kind: 'loading' })
    const before = oldestEnd(stores.tasks.store.getState().byId.values(), projectId)
    const page = await settle(api.tasks.listEnded({ projectId, before, limit: pageSize }))
    if (!page.ok) return setProgress({ kind: 'failed', message: page.refusal.message })
    stores.tasks.put(page.value)
    return setProgress({ kind: page.value.length < pageSize ? 'all' : 'rest' })
  }
  return (
    <div className="board-older">
      {progress.kind === 'all' ? (
        <span>That is all.</span>
      ) : (
        <Button
          size="small"
          variant="ghost"
          isBusy={progress.kind === 'loading'}
          data-testid={testId.taskOlder}
          onClick={() => void load()}
        >
          Look for older ones
        </Button>
      )}
      {progress.kind === 'failed' ? (
        <span className="field-error" role="alert">
          {visibleText(progress.message)}
        </span>
      ) : null}
    </div>
  )
}
