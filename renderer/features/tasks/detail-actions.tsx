import { CircleCheck, GitPullRequest, Play, RotateCcw, SlidersHorizontal, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Task } from '../../../shared/contract/task-rows.ts'
import { isEnded } from '../../../shared/contract/task-waits.ts'
import { useLatestAttempt } from '../../data/tasks.ts'
import { useOpenReview } from '../../lib/open-review.tsx'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { useTasksRoom } from './room-context.tsx'
import { canRetry, canStart } from './task-menu.ts'
import type { TaskVerb } from './use-task-actions.ts'

/** What a person most likely does next with the task, the first of it in the accent. */
export const DetailActions = ({ task }: { readonly task: Task }) => {
  const room = useTasksRoom()
  const [isBusy, setBusy] = useState(false)
  const run = async (work: () => Promise<unknown>) => {
    if (isBusy) return
    setBusy(true)
    await work()
    setBusy(false)
  }
  const change = (verb: TaskVerb) => () => void run(() => room.actions.changeAndTell(task.id, { verbs: [verb] }))
  if (isEnded(task.state))
    return (
      <div className="row">
        <Button icon={RotateCcw} isBusy={isBusy} data-testid={testId.taskPrimary} onClick={change({ kind: 'reopen' })}>
          Reopen
        </Button>
      </div>
    )
  if (task.state === 'in_review')
    return (
      <div className="row">
        <Button
          icon={CircleCheck}
          variant="primary"
          isBusy={isBusy}
          data-testid={testId.taskPrimary}
          onClick={change({ kind: 'accept' })}
        >
          Accept
        </Button>
        <Button icon={Undo2} onClick={() => void room.ask({ kind: 'request-changes', taskId: task.id })}>
          Request changes
        </Button>
        <ReviewButton task={task} />
      </div>
    )
  if (!canStart(task.state)) return null
  return (
    <div className="row">
      <Button
        icon={Play}
        variant="primary"
        isBusy={isBusy}
        data-testid={testId.taskPrimary}
        onClick={() => void run(() => room.start(task.id))}
      >
        Start a session
      </Button>
      <Button icon={SlidersHorizontal} onClick={() => void room.configureStart(task.id)}>
        Options…
      </Button>
      {canRetry(task) ? (
        <Button icon={RotateCcw} onClick={change({ kind: 'retry' })}>
          Retry
        </Button>
      ) : null}
    </div>
  )
}

/** What the attempt changed is what one decides by. */
const ReviewButton = ({ task }: { readonly task: Task }) => {
  const attempt = useLatestAttempt(task.id)
  const open = useOpenReview()
  if (attempt?.holder.kind !== 'session') return null
  const { sessionId } = attempt.holder
  return (
    <Button icon={GitPullRequest} data-testid={testId.taskReview} onClick={() => open(sessionId)}>
      Review changes
    </Button>
  )
}
