import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ActivityQuery } from '../../../shared/contract/activity.ts'
import type { ChangesItem } from '../../../shared/contract/changes.ts'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { openRouterLab, refusalOf, unknown, type RouterLab } from './testing.ts'

let lab: RouterLab
let projectId: ProjectId
beforeAll(async () => {
  lab = await openRouterLab()
  projectId = (await lab.full.projects.open({ path: await lab.repository('app'), initialise: false })).id
})
afterAll(() => lab.close())

let requests = 0
const query = (part: Partial<ActivityQuery> = {}): ActivityQuery => ({
  projectId,
  groups: [],
  actors: [],
  sessionId: null,
  taskId: null,
  text: '',
  before: null,
  after: null,
  limit: 50,
  ...part,
})
const told = async (part: Partial<ActivityQuery> = {}) =>
  (await lab.as('view').activity.page(query(part))).entries.map(({ who, what }) => `${who} ${what}`)
const start = async (title: string): Promise<SessionId> => {
  const base = { projectId, title, prompt: null, agentId: 'demo', model: null, permissionMode: null } as const
  requests += 1
  const worktree = { kind: 'new-branch', baseRef: null, branch: null } as const
  const { id } = await lab.full.sessions.create({ ...base, worktree, requestId: `request-${requests}` })
  return (await lab.when(id, ({ runtime }) => runtime.kind === 'alive')).id
}

describe('the log over the router', () => {
  it('tells the whole life of a real session, in order, to whoever may look', async () => {
    const id = await start('Fix it')
    await lab.full.sessions.stop({ sessionId: id })
    await lab.when(id, ({ runtime }) => runtime.kind === 'exited')
    const lines = (await told({ sessionId: id })).toReversed()
    expect(lines[0]).toBe('You started “Fix it”')
    const places = ['made ready the worktree of', 'Fix it began to run', 'You stopped “Fix it”', 'Fix it stopped'].map(
      (part) => lines.findIndex((line) => line.includes(part)),
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(await told({ groups: ['worktrees'] })).toContain('You opened the project “app”')
  })

  it('says why it does not run, and who decided it', async () => {
    const id = await start('Stopped one')
    await lab.full.sessions.stop({ sessionId: id })
    await lab.when(id, ({ runtime }) => runtime.kind === 'exited')
    expect(await lab.as('view').activity.why({ kind: 'session', id })).toMatchObject({
      title: 'Stopped one',
      sentence: 'You stopped it',
      decidedBy: { who: 'You', what: 'stopped “Stopped one”', actor: 'person' },
    })
  })

  it('hears of a death with its signal', async () => {
    const id = await start('Killed one')
    const session = await lab.when(id, ({ runtime }) => runtime.kind === 'alive')
    process.kill(session.runtime.kind === 'alive' ? session.runtime.pid : 0, 'SIGKILL')
    await lab.when(id, ({ runtime }) => runtime.kind === 'exited')
    expect((await told({ sessionId: id }))[0]).toMatch(/^Killed one was killed by SIG/)
    expect(await lab.as('view').activity.why({ kind: 'session', id })).toMatchObject({
      sentence: expect.stringMatching(/^Its agent was killed by SIG\w+, and not by Switchyard$/),
      decidedBy: { what: expect.stringContaining('was killed by') },
    })
  })

  it('has every line by the time its change is told', async () => {
    const stream = await lab.as('view').changes.subscribe({ after: null })
    await stream.next()
    const { newest } = await lab.full.activity.page(query())
    await lab.full.projects.rename({ projectId, name: 'renamed' })
    expect(((await stream.next()).value as ChangesItem).kind).toBe('changes')
    expect(await told({ after: newest })).toEqual(['You called a project “renamed”'])
    await stream.return?.()
  })

  it('refuses what is not there and what is no question', async () => {
    const gone = { kind: 'task', id: unknown.task } as never
    expect(await refusalOf(lab.full.activity.why(gone))).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    for (const bad of [{ limit: 201 }, { text: 'x'.repeat(201) }, { before: -1 }, { sessionId: 'x' as SessionId }])
      expect(await refusalOf(lab.full.activity.page(query(bad))), JSON.stringify(bad).slice(0, 40)).toMatchObject({
        code: 'BAD_REQUEST',
      })
  })
})
