import { unreachable } from '../lib/unreachable.ts'
import type { Dependency, Task, TaskState } from './task-rows.ts'

/** One edge of a task, with the task at its other end. */
export interface Wait<Other extends Pick<Task, 'key' | 'state'> = Pick<Task, 'key' | 'state'>> {
  /** `on`: the other is what the task depends on. `by`: the other depends on the task. */
  readonly direction: 'on' | 'by'
  readonly kind: Dependency['kind']
  readonly satisfiedOn: Dependency['satisfiedOn']
  readonly other: Other
}

/** Done, failed or cancelled: only reopening leads out of it. */
export const isEnded = (state: TaskState): boolean => state === 'done' || state === 'failed' || state === 'cancelled'

/** In which states the work of a dependency is there to build upon. Merged work is done work until merges have states. */
const satisfyingStates: Readonly<Record<Dependency['satisfiedOn'], readonly TaskState[]>> = {
  completed: ['done'],
  merged: ['done'],
}
/** An epic in one of these keeps its tasks from being handed out: somebody has put all of it aside. */
const holdingStates: readonly TaskState[] = ['draft', 'blocked', 'deferred', 'failed', 'cancelled']

/** Whether one edge lets the task go ahead. An `any_of` is judged here alone; one of them is enough. */
export const isSatisfied = ({ direction, kind, satisfiedOn, other }: Wait): boolean => {
  if (direction === 'by') return kind !== 'parent' || isEnded(other.state)
  switch (kind) {
    case 'blocks':
    case 'any_of':
      return satisfyingStates[satisfiedOn].includes(other.state)
    case 'on_failure':
      return other.state === 'failed'
    case 'parent':
      return !holdingStates.includes(other.state)
    case 'related':
    case 'discovered_from':
      return true
    default:
      return unreachable(kind)
  }
}

/** Every edge the task waits for, in the order given. Alternatives are none of them when one is there. */
export const obstaclesAmong = <Some extends Wait>(waits: readonly Some[]): Some[] => {
  const isAlternative = ({ direction, kind }: Wait) => direction === 'on' && kind === 'any_of'
  const hasOne = waits.some((wait) => isAlternative(wait) && isSatisfied(wait))
  return waits.filter((wait) => !isSatisfied(wait) && !(hasOne && isAlternative(wait)))
}
