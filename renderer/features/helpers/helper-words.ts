import { mostTeamTasks, type TeamTask } from '../../../shared/contract/teams.ts'
import type { Helper } from '../../data/helpers.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import type { MarkKind } from '../../ui/status-mark.tsx'

interface StateWords {
  readonly word: string
  readonly mark: MarkKind
}

export const helperStates: Readonly<Record<Helper['state'], StateWords>> = {
  working: { word: 'Working', mark: 'working' },
  idle: { word: 'Idle', mark: 'idle' },
  ended: { word: 'Ended', mark: 'stopped' },
}

export const teamTaskStates: Readonly<Record<TeamTask['state'], StateWords>> = {
  pending: { word: 'Pending', mark: 'queued' },
  'in-progress': { word: 'In progress', mark: 'working' },
  completed: { word: 'Completed', mark: 'passed' },
  deleted: { word: 'Deleted', mark: 'stopped' },
}

/** "#3 Read the code", or null while there is none. */
export const taskLine = (task: Pick<TeamTask, 'id' | 'subject'> | null): string | null =>
  task === null ? null : `#${task.id} ${visibleLine(task.subject)}`

/** The name of the button that shows their number: "3 helpers: 2 teammates, 1 subagent". */
export const helpersText = (helpers: readonly Helper[]): string => {
  const living = helpers.filter(({ state }) => state !== 'ended')
  const count = (kind: Helper['kind']) => living.filter((helper) => helper.kind === kind).length
  const parts = [counted(count('teammate'), 'teammate'), counted(count('subagent'), 'subagent')].filter(Boolean)
  return [counted(living.length, 'helper') || '0 helpers', parts.join(', ')].filter(Boolean).join(': ')
}

const counted = (count: number, noun: string) => (count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`)

/** Said beside a list that is longer than is followed. */
export const longListNote = (tasks: readonly TeamTask[]): string =>
  tasks.length < mostTeamTasks ? '' : ` Only the newest ${mostTeamTasks} are kept up to date.`

/** Who has a task of the team, and what it waits for. */
export const taskDetail = ({ owner, blockedBy }: Pick<TeamTask, 'owner' | 'blockedBy'>): string =>
  [
    owner === null ? 'no owner' : visibleLine(owner),
    blockedBy.length === 0 ? '' : `waits for ${blockedBy.map((id) => `#${visibleLine(id)}`).join(', ')}`,
  ]
    .filter(Boolean)
    .join(', ')
