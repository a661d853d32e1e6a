import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import type { AgentId } from '../../../../shared/contract/agents.ts'
import { agentAdapters } from '../../adapters/agents/all-agents.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../kernel/testing.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { createTestSessions, type TestSession } from '../../testing/test-sessions.ts'
import { changeRecord } from '../sessions/change-session.ts'
import { findOwner } from '../sessions/find-owner.ts'
import { listSessions } from '../sessions/sessions-store.ts'
import { createTeamsService, type TeamsService } from './teams-service.ts'
import { mostAtOnce, mostPerMinute } from './teams-rules.ts'
import { keptMs } from './teams-store.ts'

const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
const conversationId = '40775917-ef90-4290-9293-71041974a851'

let home: string
let now: number
let kernel: TestKernel
let sessions: ReturnType<typeof createTestSessions>
let teams: TeamsService
const open = () =>
  createTeamsService({
    ...kernel,
    log: silentLog,
    agents: { adapterOf: (id: AgentId) => agentAdapters[id], environmentFor: async () => ({ HOME: home }) },
    sessions: {
      list: async (tx) => (await listSessions(tx)).map(({ session }) => session),
      findOwner,
      firstConversationOf: async () => conversationId,
    },
  })
beforeEach(async () => {
  now = 1_700_000_000_000
  home = await mkdtemp(join(tmpdir(), 'switchyard-teams-'))
  kernel = createTestKernel(() => now)
  sessions = createTestSessions(kernel, projectId)
  teams = open()
})
afterEach(async () => {
  teams.close()
  await kernel.close()
  await rm(home, { recursive: true, force: true })
})

const put = async (kind: 'teams' | 'tasks', name: string, value: object, id = conversationId) => {
  const path = join(home, '.claude', kind, `session-${id.slice(0, 8)}`, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, JSON.stringify(value))
}
const putMembers = (...names: string[]) =>
  put('teams', 'config.json', {
    leadAgentId: 'team-lead@x',
    members: names.map((name) => ({ agentId: `${name}@x`, name, agentType: 'general-purpose', joinedAt: 5 })),
  })
const putTask = (id: string, fields: object = {}) =>
  put('tasks', `${id}.json`, { id, subject: `Task ${id}`, status: 'pending', ...fields })

/** A session of the real Claude Code's kind whose agent runs. */
const add = (usesTeams = true): Promise<TestSession> => sessions.add('Lead', { agentId: 'claude-code', usesTeams })
const teammates = () => kernel.database.read(teams.listTeammates)
const tasks = () => kernel.database.read(teams.listTasks)
/** Waits until a check holds; it is made after each commit. */
const until = (holds: () => Promise<boolean>): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = () =>
      void holds().then((isSo) => {
        if (!isSo) return
        stop()
        resolve()
      }, reject)
    const stop = kernel.onCommit(look)
    look()
  })
const untilMates = (expected: string) =>
  until(async () => (await teammates()).map(({ name, state }) => `${name} ${state}`).join(', ') === expected)
const settle = () => kernel.runCommand({ name: 'settle', by: systemIdentity }, async () => ok(undefined))
const topics = (topic: string) => kernel.changes.filter((change) => change.topic === topic)

describe('the team of a session', () => {
  it('is mirrored while its agent runs, and ends with it', async () => {
    await putMembers('alice')
    const lead = await add()
    await untilMates('alice working')
    await putTask('1', { status: 'in_progress', owner: 'alice' })
    await until(async () => (await tasks())[0]?.owner === 'alice')
    await put('teams', 'inboxes/team-lead.json', [
      { from: 'alice', text: 'Half done', timestamp: '2026-11-21T12:00:00Z', msg_id: 'm-1' },
    ])
    await until(async () => topics('teammessages.recorded').length === 1)
    await sessions.end(lead.sessionId)
    await untilMates('')
    expect((await tasks())[0]).toMatchObject({ sessionId: lead.sessionId, projectId, subject: 'Task 1' })
    expect(topics('teammates.changed').map(({ payload }) => payload)).toMatchObject([
      { name: 'alice', state: 'working' },
      { name: 'alice', state: 'ended' },
    ])
  })

  it('is not looked for where teams are off', async () => {
    await putMembers('alice')
    const { sessionId, incarnationId } = await add(false)
    const hook = { kind: 'subagent-started', worker: 'aalice-1', type: 'alice' } as const
    expect(await teams.noteHook({ sessionId, incarnationId }, hook)).toBe(false)
    await teams.noteHook({ sessionId, incarnationId }, { kind: 'teammate-idle', worker: 'aalice-1', name: 'alice' })
    await teams.reconcile()
    await settle()
    expect(await teammates()).toEqual([])
  })

  it('hears from hooks who is idle, and who began again', async () => {
    await putMembers('alice')
    const lead = await add()
    await untilMates('alice working')
    now += 1000
    await teams.noteHook(lead, { kind: 'teammate-idle', worker: 'aalice-1', name: 'alice' })
    expect(await teammates()).toMatchObject([{ state: 'idle', since: now }])
    const other = { kind: 'subagent-started', worker: 'a1', type: 'general-purpose' } as const
    expect(await teams.noteHook(lead, other)).toBe(false)
    expect(await teammates()).toMatchObject([{ state: 'idle' }])
    expect(await teams.noteHook(lead, { ...other, worker: 'aalice-1', type: 'alice' })).toBe(true)
    expect(await teammates()).toMatchObject([{ state: 'working', since: now }])
  })

  it('is looked at when a hook tells of it, also where nothing is watched yet', async () => {
    const lead = await add()
    await teams.reconcile()
    await settle()
    await putMembers('alice')
    await teams.noteHook(lead, { kind: 'team-changed', worker: 'main' })
    await untilMates('alice working')
  })

  it('is told once, however often its files are read', async () => {
    await putMembers('alice')
    await putTask('1')
    const lead = await add()
    await untilMates('alice working')
    await until(async () => (await tasks()).length === 1)
    await sessions.change(lead.sessionId, { title: 'Renamed' })
    teams.close()
    teams = open()
    await teams.reconcile()
    await putTask('2')
    await until(async () => (await tasks()).length === 2)
    expect(topics('teammates.changed')).toHaveLength(1)
    expect(topics('teamtasks.changed')).toHaveLength(2)
  })

  it('that ended while the app was away is ended when it comes back', async () => {
    await putMembers('alice')
    const lead = await add()
    await untilMates('alice working')
    teams.close()
    await sessions.end(lead.sessionId)
    teams = open()
    await teams.reconcile()
    expect(await teammates()).toEqual([])
  })

  it.each([
    ['while it was followed', false],
    ['while the app was away', true],
  ])('ends with a session that was deleted %s', async (_when, isAway) => {
    await putMembers('alice')
    const { sessionId: id } = await add()
    await untilMates('alice working')
    if (isAway) teams.close()
    await sessions.command(async (context) => {
      await changeRecord(context, id, (row, at) => ({ ...row, deletion: { kind: 'deleted', rescueRef: null, at } }))
      await context.emit('sessions.removed', id, { id })
    })
    if (isAway) teams = open()
    if (isAway) await teams.reconcile()
    await untilMates('')
  })

  it('that changes without end is told as fast as a team works, and no faster', async () => {
    const inbox = (from: number) =>
      Array.from({ length: 200 }, (_, n) => ({
        from: 'alice',
        text: 'x',
        timestamp: '2026-11-21T12:00:00Z',
        msg_id: `m-${from}-${n}`,
      }))
    for (let n = 0; n < mostAtOnce / 200 + 2; n += 1) await put('teams', `inboxes/mate-${n}.json`, inbox(n))
    await putMembers('alice')
    await add()
    const told = () => topics('teammessages.recorded').length
    // Who is there is told first.
    await until(async () => told() > 0)
    expect([(await teammates()).length, told()]).toEqual([1, mostAtOnce - 1])
    now += 60_000
    await putTask('1')
    await until(async () => (await tasks()).length === 1)
    expect(told()).toBe(mostAtOnce - 1 + mostPerMinute - 1)
    now += 24 * 60 * 60_000
    await putTask('2')
    await until(async () => (await tasks()).length === 2)
    expect(told()).toBe(mostAtOnce + 2 * 200)
  })

  it('does not come to life again by what a killed process left behind', async () => {
    await putMembers('alice')
    const lead = await add()
    await untilMates('alice working')
    await sessions.end(lead.sessionId)
    await untilMates('')
    await sessions.begin(lead.sessionId)
    await putTask('1')
    await until(async () => (await tasks()).length === 1)
    expect(await teammates()).toEqual([])
  })

  it('is forgotten with its project, and after a month', async () => {
    await putMembers('alice')
    await putTask('1')
    const lead = await add()
    await untilMates('alice working')
    await until(async () => (await tasks()).length === 1)
    await sessions.command((context) => teams.dropOld(context.tx, now + keptMs + 1))
    expect([await teammates(), await tasks()]).toMatchObject([[{ name: 'alice' }], []])
    await sessions.end(lead.sessionId)
    await untilMates('')
    await sessions.command((context) => teams.forgetProject(context, projectId))
    const left = await kernel.database.read((tx) => tx.all<{ n: number }>('SELECT count(*) n FROM teammates'))
    expect(left).toEqual([{ n: 0 }])
  })
})
