import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mostTeamTasks } from '../../../../shared/contract/teams.ts'
import type { TeamFollower } from './agent-adapter.ts'
import { watchClaudeTeam } from './claude-teams.ts'
import type { TeamReading } from './team-rules.ts'

const conversationId = '40775917-ef90-4290-9293-71041974a851'
const team = 'session-40775917'

let home: string
let followers: TeamFollower[]
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'switchyard-team-'))
  followers = []
})
afterEach(async () => {
  for (const follower of followers) follower.stop()
  await rm(home, { recursive: true, force: true })
})

const claude = (...parts: string[]) => join(home, '.claude', ...parts)
const put = async (path: string, value: unknown) => {
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value))
}
const config = (...names: string[]) => ({
  leadAgentId: `team-lead@${team}`,
  members: ['team-lead', ...names].map((name) => ({ agentId: `${name}@${team}`, name, joinedAt: 5 })),
})
const putConfig = (...names: string[]) => put(claude('teams', team, 'config.json'), config(...names))
const putTask = (id: string, fields: object = {}) =>
  put(claude('tasks', team, `${id}.json`), { id, subject: `Task ${id}`, status: 'pending', ...fields })
const message = { from: 'alice', text: 'Half done', timestamp: '2026-11-21T12:00:00Z', msg_id: 'm-1' }

/** Follows a team; `until` waits for a reading in which something holds. */
const follow = (id = conversationId) => {
  const readings: TeamReading[] = []
  const waits = new Set<() => void>()
  const onReading = (reading: TeamReading) => {
    readings.push(reading)
    for (const wait of waits) wait()
  }
  const follower = watchClaudeTeam({ conversationId: id, environment: { HOME: home }, onReading })
  followers.push(follower)
  const until = (holds: (reading: TeamReading) => boolean) =>
    new Promise<TeamReading>((resolve) => {
      const look = () => {
        const last = readings.at(-1)
        if (last === undefined || !holds(last)) return
        waits.delete(look)
        resolve(last)
      }
      waits.add(look)
      look()
    })
  return { follower, readings, until }
}
const names = (reading: TeamReading) => reading.teammates?.map(({ name }) => name)

describe('the files of a team', () => {
  it('are read as they are, and each time they change', async () => {
    await putConfig()
    const { until } = follow()
    expect(await until(({ teammates }) => teammates !== null)).toEqual({ teammates: [], tasks: null, messages: [] })
    await putConfig('alice')
    await until((reading) => names(reading)?.join() === 'alice')
    await putTask('1')
    await until(({ tasks }) => tasks?.readable[0]?.state === 'pending')
    await putTask('1', { status: 'in_progress', owner: 'alice' })
    await until(({ tasks }) => tasks?.readable[0]?.owner === 'alice')
    await put(claude('teams', team, 'inboxes', 'team-lead.json'), [message])
    expect((await until(({ messages }) => messages.length > 0)).messages[0]).toMatchObject({
      from: 'alice',
      to: 'team-lead',
      text: 'Half done',
    })
    await rm(claude('tasks', team, '1.json'))
    await until(({ tasks }) => tasks?.ids.length === 0)
  })

  it('may come later than whoever follows them', async () => {
    const { until, follower } = follow()
    expect(await until(() => true)).toEqual({ teammates: null, tasks: null, messages: [] })
    await putConfig('alice')
    follower.lookSoon()
    await until((reading) => names(reading)?.join() === 'alice')
    await rm(claude('teams', team), { recursive: true })
    await until(({ teammates }) => teammates === null)
  })

  it('that cannot be read yet say nothing, and are there all the same', async () => {
    await putConfig('alice')
    await putTask('1')
    await put(claude('tasks', team, '2.json'), '{"id":"2","subj')
    const { until } = follow()
    const { tasks } = await until((reading) => reading.tasks !== null)
    expect(tasks).toMatchObject({ ids: ['1', '2'], readable: [{ id: '1' }] })
    await putTask('2')
    await until((reading) => reading.tasks?.readable.length === 2)
    await put(claude('teams', team, 'config.json'), '')
    await until(({ teammates }) => teammates === null)
  })

  it('are never written, and nothing is made beside them', async () => {
    await putConfig('alice')
    await putTask('1')
    const list = () => readdir(home, { recursive: true })
    const before = { files: await list(), task: await stat(claude('tasks', team, '1.json')) }
    const { until, follower } = follow()
    await until((reading) => reading.tasks !== null)
    follower.stop()
    expect((await stat(claude('tasks', team, '1.json'))).mtimeMs).toBe(before.task.mtimeMs)
    expect(await list()).toEqual(before.files)
  })

  it('of other teams are none of its business', async () => {
    await put(claude('teams', 'session-99999999', 'config.json'), config('mallory'))
    await putConfig('alice')
    const { until, readings } = follow()
    await until((reading) => names(reading)?.join() === 'alice')
    expect(JSON.stringify(readings)).not.toContain('mallory')
  })

  it('of a conversation whose id cannot be one are not looked for', async () => {
    const { readings, follower } = follow('../../elsewhere')
    follower.lookSoon()
    follower.stop()
    expect(readings).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('what an agent puts in the place of the files', () => {
  const outside = () => join(home, 'outside')
  const secret = { id: '1', subject: 'A secret', status: 'pending' }

  it.each([
    ['a link to a file elsewhere', (path: string) => symlink(join(outside(), '1.json'), path)],
    ['a pipe that nobody writes to', async (path: string) => void execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdir(path)],
    ['a file without end', (path: string) => writeFile(path, `"${'x'.repeat(300 * 1024)}"`)],
    ['bytes that are no text', (path: string) => writeFile(path, Buffer.alloc(1000, 0xff))],
  ])('%s is not read, and stops nobody', async (_name, plant) => {
    await put(join(outside(), '1.json'), secret)
    await putTask('2')
    await plant(claude('tasks', team, '1.json'))
    const { until } = follow()
    const { tasks } = await until((reading) => reading.tasks !== null)
    expect(tasks).toMatchObject({ ids: ['1', '2'], readable: [{ id: '2' }] })
  })

  it('no folder is followed that is a link to elsewhere', async () => {
    await put(join(outside(), '1.json'), secret)
    await mkdir(claude('tasks'), { recursive: true })
    await symlink(outside(), claude('tasks', team))
    await mkdir(join(outside(), 'inboxes'))
    await put(join(outside(), 'inboxes', 'team-lead.json'), [message])
    await putConfig('alice')
    await symlink(join(outside(), 'inboxes'), claude('teams', team, 'inboxes'))
    const { until } = follow()
    const reading = await until(({ teammates }) => teammates !== null)
    expect(reading).toMatchObject({ tasks: null, messages: [] })
  })

  it('a home that is reached by a link is a home', async () => {
    await putConfig('alice')
    await rename(claude(), join(home, 'dotfiles'))
    await symlink(join(home, 'dotfiles'), claude())
    const { until } = follow()
    await until((reading) => names(reading)?.join() === 'alice')
  })

  it('of more tasks than anybody reads the newest are read, and the others are there all the same', async () => {
    for (let id = 1; id <= mostTeamTasks + 20; id++) await putTask(String(id))
    const { until } = follow()
    const { tasks } = await until((reading) => reading.tasks !== null)
    expect(tasks?.ids).toHaveLength(mostTeamTasks + 20)
    expect(tasks?.readable).toHaveLength(mostTeamTasks)
    expect([tasks?.readable[0]?.id, tasks?.readable.at(-1)?.id]).toEqual(['21', String(mostTeamTasks + 20)])
  })
})
