import type { Subagent } from '../../shared/contract/agent-hooks.ts'
import type { Teammate, TeamTask } from '../../shared/contract/teams.ts'
import type { SessionId } from '../../shared/lib/ids.ts'
import type { Stores } from '../data/stores.ts'
import { projectIdAt, sessionIdAt } from './fixtures.ts'

const now = Date.now()
const minute = 60_000
const of = (sessionId: SessionId) => ({ sessionId, projectId: projectIdAt(1) })

export const teammateRow = (sessionId: SessionId, name: string, change: Partial<Teammate> = {}): Teammate => ({
  ...of(sessionId),
  name,
  type: 'general-purpose',
  model: 'claude-opus-5-5',
  state: 'working',
  since: now - 4 * minute,
  joinedAt: now - 12 * minute,
  ...change,
})

export const subagentRow = (sessionId: SessionId, id: string, change: Partial<Subagent> = {}): Subagent => ({
  ...of(sessionId),
  id,
  type: 'general-purpose',
  startedAt: now - minute,
  endedAt: null,
  result: null,
  ...change,
})

export const teamTaskRow = (sessionId: SessionId, id: string, change: Partial<TeamTask> = {}): TeamTask => ({
  ...of(sessionId),
  id,
  subject: `Task ${id}`,
  state: 'pending',
  owner: null,
  blockedBy: [],
  changedAt: now - minute,
  ...change,
})

/** A session of the gallery whose agent runs a team, and one that only started a subagent. */
export const putHelpers = (stores: Stores): void => {
  const lead = sessionIdAt(3)
  const row = stores.sessions.get(lead)
  if (row !== undefined) stores.sessions.put([{ ...row, usesTeams: true }])
  stores.teammates.put([
    teammateRow(lead, 'ledger', { joinedAt: now - 14 * minute }),
    teammateRow(lead, 'calendar-reader', { joinedAt: now - 13 * minute, state: 'idle', since: now - 2 * minute }),
    teammateRow(lead, 'first-look', { state: 'ended', since: now - 6 * minute }),
  ])
  stores.subagents.put([
    subagentRow(lead, 'a1', { type: 'Explore' }),
    subagentRow(lead, 'aledger-2', { type: 'ledger' }),
    subagentRow(sessionIdAt(2), 'a9'),
  ])
  stores.teamTasks.put([
    teamTaskRow(lead, '1', { subject: 'Find where cutoffs are formatted', state: 'completed', owner: 'first-look' }),
    teamTaskRow(lead, '2', { subject: 'Carry the zone through the batch', state: 'in-progress', owner: 'ledger' }),
    teamTaskRow(lead, '3', { subject: 'Read settlement/calendar.ts for other callers', blockedBy: ['2'] }),
  ])
}
