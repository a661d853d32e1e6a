import { TriangleAlert } from 'lucide-react'
import { useApi, useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { useDispatch } from '../../data/tasks.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

/** Says that no task is handed out, why, and lets it go on. Nothing while tasks are handed out. */
export const DispatchNote = () => {
  const paused = useDispatch()?.paused ?? null
  const api = useApi()
  const { stores } = useData()
  const notices = useNotices()
  if (paused === null) return null
  const resume = async () => {
    const resumed = await settle(api.tasks.resumeDispatch())
    if (resumed.ok) stores.dispatch.put([resumed.value.dispatch])
    else notices.refuse(resumed.refusal.message)
  }
  return (
    <div className="tasks-paused" role="status" data-testid={testId.tasksPaused}>
      <Icon of={TriangleAlert} size={14} />
      <span className="grow">No task is handed out: {visibleText(paused.reason)}</span>
      <Button size="small" onClick={() => void resume()}>
        Hand out again
      </Button>
    </div>
  )
}
