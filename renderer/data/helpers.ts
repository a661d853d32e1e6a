import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Subagent } from '../../shared/contract/agent-hooks.ts'
import type { Teammate, TeamTask } from '../../shared/contract/teams.ts'
import type { SessionId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'
import type { RowStore } from './row-store.ts'

/** Who works for a session's agent inside of it: one of its team, or a subagent. */
export interface Helper {
  readonly key: string
  readonly kind: 'teammate' | 'subagent'
  readonly name: string
  /** Which kind of helper it is, where its name does not say so. */
  readonly type: string
  readonly state: Teammate['state']
  readonly since: number
  /** What a teammate works on now, by the team's own list. */
  readonly task: TeamTask | null
}

interface HelperRows {
  readonly teammates: readonly Teammate[]
  readonly subagents: readonly Subagent[]
  readonly tasks: readonly TeamTask[]
}

/** Those at work or idle first, teammates before subagents; then the teammates that have ended. */
export const helpersOf = ({ teammates, subagents, tasks }: HelperRows): readonly Helper[] => {
  const mates = teammates
    .toSorted((a, b) => a.joinedAt - b.joinedAt || (a.name < b.name ? -1 : 1))
    .map((mate): Helper => {
      const { name, type, state, since } = mate
      const task = state === 'ended' ? null : (tasks.find((one) => isWorkedOn(one, name)) ?? null)
      return { key: `teammate ${name}`, kind: 'teammate', name, type, state, since, task }
    })
  const names = new Set(teammates.map(({ name }) => name))
  // A teammate is told of as a subagent too, under its name.
  const others = subagents
    .filter(({ endedAt, type }) => endedAt === null && !names.has(type))
    .toSorted((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1))
    .map(({ id, type, startedAt }): Helper => {
      const about = { name: type === '' ? 'Subagent' : type, type: '', since: startedAt, task: null }
      return { key: `subagent ${id}`, kind: 'subagent', state: 'working', ...about }
    })
  const living = mates.filter(({ state }) => state !== 'ended')
  return [...living, ...others, ...mates.filter(({ state }) => state === 'ended')]
}

const isWorkedOn = ({ state, owner }: TeamTask, name: string) => state === 'in-progress' && owner === name

/** The tasks of a team in the order of their numbers, without those that were deleted. */
export const teamTasksInOrder = (tasks: readonly TeamTask[]): readonly TeamTask[] =>
  tasks.filter(({ state }) => state !== 'deleted').toSorted((a, b) => Number(a.id) - Number(b.id))

export const useHelpers = (sessionId: SessionId): readonly Helper[] => {
  const { stores } = useData()
  const teammates = useRowsOf(stores.teammates, sessionId)
  const subagents = useRowsOf(stores.subagents, sessionId)
  const tasks = useRowsOf(stores.teamTasks, sessionId)
  return useMemo(() => helpersOf({ teammates, subagents, tasks }), [teammates, subagents, tasks])
}

export const useTeamTasks = (sessionId: SessionId): readonly TeamTask[] => {
  const tasks = useRowsOf(useData().stores.teamTasks, sessionId)
  return useMemo(() => teamTasksInOrder(tasks), [tasks])
}

/** The rows themselves, so that news of another session draws nothing anew. */
const useRowsOf = <Row extends { readonly sessionId: SessionId }>(
  { store }: RowStore<string, Row>,
  sessionId: SessionId,
): readonly Row[] =>
  useStore(
    store,
    useShallow((rows) => [...rows.byId.values()].filter((row) => row.sessionId === sessionId)),
  )
