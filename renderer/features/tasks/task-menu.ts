import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CircleX,
  Circle,
  Copy,
  PanelRight,
  Play,
  RotateCcw,
  SlidersHorizontal,
  Undo2,
} from 'lucide-react'
import type { Task, TaskState } from '../../../shared/contract/task-rows.ts'
import { isEnded } from '../../../shared/contract/task-waits.ts'
import { copyText } from '../../lib/copy-text.ts'
import type { MenuEntry } from '../../ui/menu.tsx'
import { hasAttempt, type PlainMove } from './drop-plan.ts'
import type { TasksRoomParts } from './room-context.tsx'
import type { TaskVerb } from './use-task-actions.ts'

type Item = Extract<MenuEntry, { readonly kind: 'item' }>
type Room = Pick<TasksRoomParts, 'actions' | 'ask' | 'open' | 'start' | 'configureStart' | 'askWhy'>

/** Everything one can do with a task as it is now; the same entries wherever its menu opens. */
export const taskMenu = (task: Task, room: Room): readonly MenuEntry[] => [
  item('open', 'Open', PanelRight, () => room.open(task.id), { keys: 'Enter' }),
  item('why', 'Why?', CircleHelp, () => room.askWhy({ kind: 'task', id: task.id })),
  { kind: 'line', id: 'line-work' },
  ...workEntries(task, room),
  { kind: 'line', id: 'line-place' },
  ...stateEntries(task, room),
  { kind: 'line', id: 'line-copy' },
  item('copy-key', `Copy ${task.key}`, Copy, () => void copyText(task.key)),
  ...endEntries(task, room),
]

const item = (
  id: string,
  label: string,
  icon: NonNullable<Item['icon']>,
  onChoose: () => void,
  more: Partial<Item> = {},
): Item => ({ kind: 'item', id, label, icon, onChoose, ...more })

const changing =
  ({ actions }: Room, task: Task, verb: TaskVerb) =>
  () =>
    void actions.changeAndTell(task.id, { verbs: [verb] })

/** A session can be started on it: nobody works on it, and it has not ended. */
export const canStart = (state: TaskState): boolean => !hasAttempt(state) && !isEnded(state)

const workEntries = (task: Task, room: Room): MenuEntry[] => {
  if (isEnded(task.state)) return [item('reopen', 'Reopen', RotateCcw, changing(room, task, { kind: 'reopen' }))]
  if (task.state === 'in_review')
    return [
      item('accept', 'Accept the work', CircleCheck, changing(room, task, { kind: 'accept' })),
      item(
        'request-changes',
        'Request changes…',
        Undo2,
        () => void room.ask({ kind: 'request-changes', taskId: task.id }),
      ),
    ]
  if (!canStart(task.state)) return []
  return [
    item('start', 'Start a session on it', Play, () => void room.start(task.id)),
    item('configure-start', 'Start with options…', SlidersHorizontal, () => void room.configureStart(task.id)),
    ...(canRetry(task)
      ? [item('retry', 'Let it be tried again', RotateCcw, changing(room, task, { kind: 'retry' }))]
      : []),
  ]
}

/** It came to nothing before, and waits for a pause or a person. */
export const canRetry = (task: Pick<Task, 'state' | 'failedAttempts'>): boolean =>
  task.state === 'blocked' || (task.state === 'open' && task.failedAttempts > 0)

const stateEntries = (task: Task, room: Room): MenuEntry[] => {
  if (isEnded(task.state)) return []
  const move = (to: PlainMove['to']) =>
    hasAttempt(task.state)
      ? () => void room.ask({ kind: 'take-back', taskId: task.id, move: { to } })
      : changing(room, task, { kind: 'move', move: { to } })
  const isOnHold = task.state === 'blocked' || task.state === 'deferred'
  return [
    ...(task.state === 'draft' ? [] : [item('to-draft', 'Move to Draft', CircleDashed, move('draft'))]),
    ...(task.state === 'open' ? [] : [item('to-open', 'Move to Open', Circle, move('open'))]),
    ...(isOnHold
      ? []
      : [item('to-hold', 'Put on hold…', CirclePause, () => void room.ask({ kind: 'hold', taskId: task.id }))]),
    ...(task.state === 'in_review' || hasAttempt(task.state) || task.state === 'draft'
      ? []
      : [item('to-done', 'Move to Done', CircleCheck, move('done'))]),
  ]
}

const endEntries = (task: Task, room: Room): MenuEntry[] =>
  isEnded(task.state)
    ? []
    : [
        { kind: 'line', id: 'line-end' },
        ...(task.state === 'draft'
          ? []
          : [item('fail', 'Mark as failed…', CircleX, () => void room.ask({ kind: 'fail', taskId: task.id }))]),
        item('cancel', 'Cancel the task…', Ban, () => void room.ask({ kind: 'cancel', taskId: task.id }), {
          isDanger: true,
        }),
      ]
