import './task-state-mark.css'
import {
  Ban,
  Circle,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleEllipsis,
  CirclePause,
  CircleX,
  Clock3,
  Hand,
  Undo2,
  type LucideIcon,
} from 'lucide-react'
import type { TaskState } from '../../../shared/contract/task-rows.ts'
import { Icon } from '../../ui/icon.tsx'
import { stateWord } from './task-words.ts'

// Shapes beside words, neutral in colour: green and amber belong to sessions, and mean that somebody works or needs you.
const icons: Readonly<Record<TaskState, LucideIcon>> = {
  draft: CircleDashed,
  open: Circle,
  claimed: Hand,
  in_progress: CircleDot,
  in_review: CircleEllipsis,
  changes_requested: Undo2,
  blocked: CirclePause,
  deferred: Clock3,
  done: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
}
export const stateIcon = (state: TaskState): LucideIcon => icons[state]

/** Shape and word of a task's state. */
export const TaskStateMark = ({ state, testId }: { readonly state: TaskState; readonly testId?: string }) => (
  <span className="task-state" data-state={state} data-testid={testId}>
    <Icon of={icons[state]} size={14} />
    {stateWord(state)}
  </span>
)
