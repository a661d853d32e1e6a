import type { Teammate, TeamTask } from '../../../../shared/contract/teams.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { ReadTasks, ReadTeammate } from '../../adapters/agents/team-rules.ts'

export interface TeamAt {
  readonly ids: { readonly sessionId: SessionId; readonly projectId: ProjectId }
  readonly now: number
}

/** How much may still be told of a team. What it is made of are its agent's own files, which could be made to change for ever. */
export interface Allowance {
  readonly left: number
  readonly at: number
}

/** Enough for the first look at the largest team that is followed. */
export const mostAtOnce = 1000
/** More than a team does in earnest. */
export const mostPerMinute = 120

/** What may be told by now: it fills up with time, to no more than all. */
export const allowanceAt = (before: Allowance | null, now: number): Allowance => {
  if (before === null) return { left: mostAtOnce, at: now }
  const more = Math.floor((Math.max(0, now - before.at) / 60_000) * mostPerMinute)
  // While it is less than one the time stays, so that somebody who looks often gets as much.
  return more === 0 ? before : { left: Math.min(mostAtOnce, before.left + more), at: now }
}

/** The rows that become others by what was read of who is in the team. */
export const teammateChanges = (
  known: readonly Teammate[],
  read: readonly ReadTeammate[],
  at: TeamAt,
): readonly Teammate[] => {
  const names = new Set(read.map(({ name }) => name))
  const gone = known.filter((mate) => mate.state !== 'ended' && !names.has(mate.name))
  const present = read.flatMap((one) => presentTeammate(known, one, at) ?? [])
  return [...gone.map((mate) => inState(mate, 'ended', at.now)), ...present]
}

const presentTeammate = (known: readonly Teammate[], read: ReadTeammate, { ids, now }: TeamAt): Teammate | null => {
  const before = known.find((mate) => mate.name === read.name)
  const { name, type, model, joinedAt } = read
  // What was left behind of a team that ended joins nothing: it has the old time.
  if (before?.state === 'ended' && joinedAt <= before.joinedAt) return null
  if (before === undefined || before.state === 'ended')
    return { ...ids, name, type, model, state: 'working', since: now, joinedAt }
  const isSame = before.type === type && before.model === model && before.joinedAt === joinedAt
  return isSame ? null : { ...before, type, model, joinedAt }
}

/** The row of one of whom a hook told, or null when that changes nothing. */
export const teammateTold = (
  known: readonly Teammate[],
  told: { readonly name: string; readonly state: 'working' | 'idle' },
  { ids, now }: TeamAt,
): Teammate | null => {
  const before = known.find(({ name }) => name === told.name)
  if (before) return before.state === told.state || before.state === 'ended' ? null : inState(before, told.state, now)
  // Only a teammate is ever said to be idle; whoever works may be any helper.
  if (told.state === 'working' || known.length >= mostTold) return null
  return { ...ids, name: told.name, type: '', model: null, state: 'idle', since: now, joinedAt: now }
}

/** Names that only hooks told of; a guest could tell of any number. */
const mostTold = 64

/** Its agent's process is over, and all of the team with it. */
export const endedTeam = (known: readonly Teammate[], now: number): readonly Teammate[] =>
  known.filter((mate) => mate.state !== 'ended').map((mate) => inState(mate, 'ended', now))

const inState = (mate: Teammate, state: Teammate['state'], now: number): Teammate => ({ ...mate, state, since: now })

/** The rows that become others by what was read of the team's tasks. One that cannot be read yet stays as it was. */
export const teamTaskChanges = (
  known: readonly TeamTask[],
  read: ReadTasks,
  { ids, now }: TeamAt,
): readonly TeamTask[] => {
  const present = new Set(read.ids)
  // A list whose tasks are all completed is cleared by the agent; they are completed all the same.
  const gone = known.filter(({ id, state }) => (state === 'pending' || state === 'in-progress') && !present.has(id))
  const changed = read.readable.flatMap(({ id, subject, state, owner, blockedBy }): readonly TeamTask[] => {
    const before = known.find((task) => task.id === id)
    const after = { ...ids, id, subject, state, owner, blockedBy: [...blockedBy], changedAt: now }
    return before && isSameTask(before, after) ? [] : [after]
  })
  return [...gone.map((task) => ({ ...task, state: 'deleted' as const, changedAt: now })), ...changed]
}

const isSameTask = (a: TeamTask, b: TeamTask): boolean =>
  a.subject === b.subject &&
  a.state === b.state &&
  a.owner === b.owner &&
  a.blockedBy.join(' ') === b.blockedBy.join(' ')
