import type { Change } from '../../../../shared/contract/changes.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Teammate, TeamTask } from '../../../../shared/contract/teams.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { TeamFollower } from '../../adapters/agents/agent-adapter.ts'
import type { GuardHook } from '../../adapters/agents/guard-hook-rules.ts'
import type { TeamReading } from '../../adapters/agents/team-rules.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { Log } from '../../kernel/log.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import type { AgentsService } from '../agents/agents-service.ts'
import type { SessionsService, TokenHolder } from '../sessions/sessions-service.ts'
import {
  allowanceAt,
  endedTeam,
  teammateChanges,
  teammateTold,
  teamTaskChanges,
  type Allowance,
  type TeamAt,
} from './teams-rules.ts'
import {
  addTeamMessage,
  dropOldTeams,
  listTeammates,
  listTeammatesOf,
  listTeamTasks,
  listTeamTasksOf,
  putTeammate,
  putTeamTask,
  removeTeamsOf,
} from './teams-store.ts'

export interface TeamsDeps {
  readonly database: Database
  readonly log: Log
  readonly runCommand: RunCommand
  readonly onCommit: (listener: (changes: readonly Change[]) => void) => () => void
  readonly agents: Pick<AgentsService, 'adapterOf' | 'environmentFor'>
  readonly sessions: Pick<SessionsService, 'list' | 'findOwner' | 'firstConversationOf'>
}

export interface TeamsService {
  /** Those that have not ended. */
  listTeammates(tx: Tx): Promise<Teammate[]>
  listTasks(tx: Tx): Promise<TeamTask[]>
  /** What a hook of an agent says of its team. Answers whether it was one of a teammate. */
  noteHook(holder: TokenHolder, hook: GuardHook): Promise<boolean>
  /** Follows the teams of the sessions that run, and ends those of the others; once, after those were found again. */
  reconcile(): Promise<void>
  dropOld(tx: Tx, now: number): Promise<void>
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
  close(): void
}

interface Followed {
  readonly conversationId: string
  readonly follower: TeamFollower
  /** How much may still be told; null before the first time. */
  allowance: Allowance | null
  /** What was read and could not all be told yet is taken again then. */
  later: NodeJS.Timeout | null
}

/** What was too much is told on after this long. */
const laterMs = 5000

/** Mirrors what agents keep of their own teams into rows and events, for as long as their processes run. */
export const createTeamsService = (deps: TeamsDeps): TeamsService => {
  const { database } = deps
  const followed = new Map<SessionId, Followed>()
  /** One at a time for each session, in the order of what happened to it. */
  const turns = new Map<SessionId, Promise<void>>()
  let isClosed = false

  const inTurn = (id: SessionId, work: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(id) ?? Promise.resolve())
      .then(() => (isClosed ? undefined : work()))
      .catch((error: unknown) => deps.log.error({ err: error, session: id }, 'a team was not followed'))
      .finally(() => turns.get(id) === turn && turns.delete(id))
    turns.set(id, turn)
    return turn
  }
  const leave = (id: SessionId) => {
    const entry = followed.get(id)
    entry?.follower.stop()
    if (entry?.later) clearTimeout(entry.later)
    followed.delete(id)
  }
  const take = (id: SessionId, conversationId: string, reading: TeamReading): Promise<void> =>
    inTurn(id, async () => {
      const entry = followed.get(id)
      if (entry?.conversationId !== conversationId) return
      const wasBehind = entry.later !== null
      if (entry.later) clearTimeout(entry.later)
      entry.later = null
      let isAll = true
      await record(deps, 'read-team', id, async (context, ids) => {
        const allowance = allowanceAt(entry.allowance, context.now)
        const told = await mirror(reading, allowance.left)(context, ids)
        entry.allowance = { ...allowance, left: allowance.left - told.count }
        ;({ isAll } = told)
      })
      if (isAll) return
      if (!wasBehind) deps.log.warn({ session: id }, 'a team changes faster than is told; the rest is told more slowly')
      entry.later = setTimeout(() => void take(id, conversationId, reading), laterMs)
      entry.later.unref()
    })
  const begin = async ({ id, agentId }: Session) => {
    // A team keeps the name it got at the start, also when the conversation is emptied.
    const conversationId = await database.read((tx) => deps.sessions.firstConversationOf(tx, id))
    const { teams } = deps.agents.adapterOf(agentId)
    if (conversationId === undefined || followed.get(id)?.conversationId === conversationId || !teams) return
    leave(id)
    const environment = await deps.agents.environmentFor(agentId, {})
    if (isClosed) return
    const onReading = (reading: TeamReading) => void take(id, conversationId, reading)
    const follower = teams.watch({ conversationId, environment, onReading })
    followed.set(id, { conversationId, follower, allowance: null, later: null })
  }
  const end = async (id: SessionId) => {
    leave(id)
    await endTeam(deps, id)
  }
  const endIfFollowed = async (id: SessionId) => {
    if (followed.has(id)) await end(id)
  }
  const follow = (session: Session): void => {
    if (!session.usesTeams) return
    const isAlive = session.runtime.kind === 'alive'
    void inTurn(session.id, async () => {
      if (isAlive) await begin(session)
      else await endIfFollowed(session.id)
    })
  }

  const removed = (id: SessionId) => void inTurn(id, () => endIfFollowed(id))

  const stopListening = deps.onCommit((changes) => {
    for (const change of changes) {
      if (change.topic === 'sessions.changed') follow(change.payload)
      else if (change.topic === 'sessions.removed') removed(change.payload.id)
    }
  })

  return {
    listTeammates,
    listTasks: listTeamTasks,
    noteHook: async ({ sessionId }, hook) => {
      const told = toldBy(hook)
      const entry = followed.get(sessionId)
      if (!entry || told === null) return false
      entry.follower.lookSoon()
      const { name } = told
      if (name === null) return false
      await inTurn(sessionId, () => record(deps, 'note-teammate', sessionId, noteTeammate(name, told.state)))
      return (await database.read((tx) => listTeammatesOf(tx, sessionId))).some((mate) => mate.name === name)
    },
    reconcile: async () => {
      const { sessions, teammates } = await database.read(async (tx) => ({
        sessions: await deps.sessions.list(tx),
        teammates: await listTeammates(tx),
      }))
      for (const session of sessions) follow(session)
      const running = new Set(sessions.filter(({ runtime }) => runtime.kind === 'alive').map(({ id }) => id))
      const left = new Set(teammates.map(({ sessionId }) => sessionId).filter((id) => !running.has(id)))
      await Promise.all([...left].map((id) => inTurn(id, () => end(id))))
    },
    dropOld: dropOldTeams,
    forgetProject: ({ tx }, projectId) => removeTeamsOf(tx, projectId),
    close: () => {
      isClosed = true
      stopListening()
      for (const id of followed.keys()) leave(id)
    },
  }
}

type Told = { readonly name: string; readonly state: 'working' | 'idle' } | { readonly name: null }

/** Null for what says nothing of a team. */
const toldBy = (hook: GuardHook): Told | null => {
  switch (hook.kind) {
    case 'teammate-idle':
      return { name: hook.name, state: 'idle' }
    case 'subagent-started':
      // A teammate goes by its name where other helpers tell their kind.
      return { name: hook.type, state: 'working' }
    case 'subagent-ended':
    case 'team-changed':
      return { name: null }
    default:
      return null
  }
}

type Work = (context: CommandContext, ids: TeamAt['ids']) => Promise<void>

const record = async ({ runCommand, sessions }: TeamsDeps, name: string, sessionId: SessionId, work: Work) => {
  await runCommand({ name, by: systemIdentity }, async (context) => {
    const owner = await sessions.findOwner(context.tx, sessionId)
    if (owner) await work(context, { sessionId, projectId: owner.projectId })
    return ok(undefined)
  })
}

/** Writes down what was read, as much of it as may be told: who is there first, then what they do, then what they write. */
const mirror =
  ({ teammates, tasks, messages }: TeamReading, most: number) =>
  async (context: CommandContext, ids: TeamAt['ids']): Promise<{ readonly count: number; readonly isAll: boolean }> => {
    const at = { ids, now: context.now }
    const { sessionId } = ids
    const mates = teammates ? teammateChanges(await listTeammatesOf(context.tx, sessionId), teammates, at) : []
    await putTeammates(context, mates.slice(0, most))
    const changed = tasks ? teamTaskChanges(await listTeamTasksOf(context.tx, sessionId), tasks, at) : []
    let count = Math.min(mates.length, most)
    for (const task of changed.slice(0, most - count)) {
      await putTeamTask(context.tx, task)
      await context.emit('teamtasks.changed', sessionId, task)
    }
    if (mates.length + changed.length > most) return { count: most, isAll: false }
    count += changed.length
    for (const message of messages) {
      if (count === most) return { count, isAll: false }
      const whole = { ...ids, ...message }
      if (!(await addTeamMessage(context.tx, whole, context.now))) continue
      await context.emit('teammessages.recorded', sessionId, whole)
      count += 1
    }
    return { count, isAll: true }
  }

const noteTeammate =
  (name: string, state: 'working' | 'idle'): Work =>
  async (context, ids) => {
    const known = await listTeammatesOf(context.tx, ids.sessionId)
    const changed = teammateTold(known, { name, state }, { ids, now: context.now })
    if (changed) await putTeammates(context, [changed])
  }

/** Also of a session that was deleted: its rows are there as long as nobody ended them. */
const endTeam = async ({ runCommand }: TeamsDeps, sessionId: SessionId) => {
  await runCommand({ name: 'end-team', by: systemIdentity }, async (context) => {
    await putTeammates(context, endedTeam(await listTeammatesOf(context.tx, sessionId), context.now))
    return ok(undefined)
  })
}

const putTeammates = async ({ tx, emit }: CommandContext, changed: readonly Teammate[]) => {
  for (const mate of changed) {
    await putTeammate(tx, mate)
    await emit('teammates.changed', mate.sessionId, mate)
  }
}
