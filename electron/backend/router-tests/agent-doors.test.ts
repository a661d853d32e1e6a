import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { openRouterLab, unknown, type RouterLab } from './testing.ts'

let lab: RouterLab
let projectId: ProjectId
let requests = 0
beforeAll(async () => {
  lab = await openRouterLab()
  projectId = (await lab.full.projects.open({ path: await lab.repository('work'), initialise: false })).id
})
afterAll(() => lab.close())

const running = async (title: string) => {
  const base = { projectId, title, prompt: null, agentId: 'demo', model: null, permissionMode: null } as const
  const worktree = { kind: 'new-branch', baseRef: null, branch: null } as const
  const { id } = await lab.full.sessions.create({ ...base, worktree, requestId: `request-${(requests += 1)}` })
  const { runtime } = await lab.when(id, (session) => session.runtime.kind === 'alive')
  expect(runtime.kind).toBe('alive')
  return holderOf(id)
}
const holderOf = async (sessionId: SessionId) => {
  const owner = await lab.kernel.database.read((tx) => lab.features.sessions.findOwner(tx, sessionId))
  return { sessionId, incarnationId: owner!.incarnationId! }
}
const run = async (who: Awaited<ReturnType<typeof running>>, name: string, input: object) => {
  const signal = new AbortController().signal
  const answer = await lab.features.verbs.runVerb(who, { name, input, requestId: null, signal })
  if (!answer.ok) throw new Error(answer.refusal.message)
  return answer.value
}

describe('the doors of agents', () => {
  it('are open to real sessions, in their own worktrees', async () => {
    const anna = await running('Anna')
    expect(await run(anna, 'whoami', {})).toMatchObject({ name: 'Anna', agent: 'demo', project: { name: 'work' } })
    expect(await run(anna, 'doctor', {})).toMatchObject({ isWell: true })
    const { task } = (await run(anna, 'tasks.create', { title: 'One' })) as { task: { key: string } }
    await run(anna, 'claim', { task: task.key })
    const worktree = (await lab.kernel.database.read(lab.features.worktrees.list)).find(({ branch }) =>
      branch?.endsWith('anna'),
    )
    const head = await lab.git(worktree!.path, 'rev-parse', 'HEAD')
    expect(await run(anna, 'submit', { summary: 'Done' })).toMatchObject({ attempt: { headSha: head } })
  })

  it('bring the person’s late answer by mail', async () => {
    const bert = await running('Bert')
    expect(await run(bert, 'ask-human', { question: 'Which?', seconds: 0 })).toMatchObject({ answer: null })
    const ask = await lab.whenAsked()
    await lab.as('answer').asks.answer({ askId: ask.id, answer: { kind: 'choose', answers: { 'Which?': 'Blue' } } })
    const inbox = (await run(bert, 'mail.inbox', {})) as { messages: { id: string; from: string; subject: string }[] }
    expect(inbox.messages).toMatchObject([{ from: 'person', subject: 'The answer to your question' }])
    const read = (await run(bert, 'mail.read', { message: inbox.messages[0]!.id })) as { message: { body: string } }
    expect(read.message.body).toBe('You asked: Which?\n\nThe answer: Blue')
  })

  it('keep what is heard until the project is forgotten', async () => {
    const cleo = await running('Cleo')
    await run(cleo, 'report', { text: 'Reading' })
    expect(await lab.as('view').agentHooks.touchedFiles({ sessionId: cleo.sessionId })).toEqual([])
    await lab.full.agentHooks.dismissOutage({ sessionId: cleo.sessionId })
    await lab.full.agentHooks.dismissOutage({ sessionId: unknown.session })
    expect(await lab.kernel.database.read(lab.features.verbs.listReports)).toMatchObject([
      { text: 'Reading', projectId },
    ])
    await lab.features.sessions.stopAll({ kind: 'person', id: 'test', right: 'full' })
    await lab.full.projects.forget({ projectId })
    expect(await lab.kernel.database.read(lab.features.verbs.listReports)).toEqual([])
  })
})
