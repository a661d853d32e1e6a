import { Check } from 'lucide-react'
import { useState } from 'react'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useWorkOf } from '../../data/coordination.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'

/** Takes the work of a session that handed its task in; not there while it has none in review. */
export const ApproveButton = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const { api, stores } = useData()
  const notices = useNotices()
  const [isBusy, setBusy] = useState(false)
  const task = useWorkOf(sessionId)?.task
  if (task?.state !== 'in_review') return null
  const approve = async () => {
    setBusy(true)
    const result = await settle(api.tasks.accept({ taskId: task.id }))
    setBusy(false)
    if (!result.ok) return notices.refuse(result.refusal.message)
    stores.tasks.put([result.value.task])
    return notices.show({ icon: Check, text: `Approved the work on ${task.key}: it is done.` })
  }
  return (
    <Button
      isBusy={isBusy}
      title={`Accept the work on ${task.key}`}
      onClick={() => void approve()}
      data-testid={testId.mergeApprove}
    >
      Approve
    </Button>
  )
}
