import type { Task } from '../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'
import type { Notices } from '../../lib/notices.tsx'
import type { DropPlan } from './drop-plan.ts'
import type { TasksRoomParts } from './room-context.tsx'
import type { TaskVerb } from './use-task-actions.ts'

interface Drop {
  readonly task: Task
  readonly plan: DropPlan
  /** The task it is to lie before on the board, null for the end; undefined keeps its place. */
  readonly beforeId: TaskId | null | undefined
}

/** Does what a drop means. Resolves when it is done, refused or given up; what came of it is said in a notice. */
export const carryOut = async (
  room: Pick<TasksRoomParts, 'actions' | 'ask' | 'start'>,
  notices: Pick<Notices, 'refuse'>,
  { task, plan, beforeId }: Drop,
): Promise<void> => {
  const place = beforeId === undefined ? {} : { beforeId }
  const change = async (verbs: readonly TaskVerb[]) => {
    await room.actions.changeAndTell(task.id, { verbs, ...place })
  }
  switch (plan.kind) {
    case 'stay':
      return change([])
    case 'move':
      return change([plan])
    case 'reopen':
      return change([{ kind: 'reopen', to: plan.to }])
    case 'accept':
      return change([plan])
    case 'start':
      return room.start(task.id)
    case 'hold':
    case 'request-changes':
      return room.ask({ kind: plan.kind, taskId: task.id, ...place })
    case 'take-back':
      return room.ask({ kind: 'take-back', move: plan.move, taskId: task.id, ...place })
    case 'refused':
      return notices.refuse(plan.message)
    default:
      return unreachable(plan)
  }
}
