import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { NewTask, StartSession } from '../../../shared/contract/tasks.ts'
import type { ProjectId, TaskId } from '../../../shared/lib/ids.ts'
import { openRouterLab, refusalOf, type RouterLab } from './testing.ts'

let lab: RouterLab
let projectId: ProjectId
beforeAll(async () => {
  lab = await openRouterLab()
  projectId = (await lab.full.projects.open({ path: await lab.repository('app'), initialise: false })).id
})
afterAll(() => lab.close())

let requests = 0
const nextRequest = () => `request-${(requests += 1)}`
const createTask = async (change: Partial<NewTask> = {}) => {
  const plain: NewTask = {
    projectId,
    title: 'Write a plan',
    body: '',
    kind: 'task',
    priority: 2,
    labels: [],
    requiredRole: null,
    allowedAgents: [],
    declaredPaths: [],
    baseRef: null,
    maxAttempts: 2,
    doneWhen: 'completed',
    state: 'open',
    parentId: null,
    requestId: nextRequest(),
  }
  return (await lab.full.tasks.create({ ...plain, ...change })).task
}
const wish = (taskId: TaskId, change: Partial<StartSession> = {}): StartSession => ({
  taskId,
  title: null,
  prompt: null,
  agentId: 'demo',
  model: null,
  permissionMode: 'acceptEdits',
  worktree: { kind: 'new-branch', baseRef: null, branch: null },
  requestId: nextRequest(),
  ...change,
})
const sessions = () => lab.kernel.database.read(lab.features.sessions.list)

it('starts a real agent on a task with its brief, and books its signs of life on the attempt', async () => {
  const task = await createTask({ body: 'In three steps.', requiredRole: 'planner' })
  const { session } = await lab.full.tasks.startSession(wish(task.id))
  expect(session).toMatchObject({ title: 'Write a plan', role: 'planner', lifecycle: 'planned' })
  const running = await lab.when(session.id, ({ activity }) => activity.kind === 'idle')
  const [worktree] = (await lab.kernel.database.read(lab.features.worktrees.list)).filter(
    ({ id }) => id === running.worktreeId,
  )
  const written = readFileSync(join(worktree?.path ?? '', 'switchyard-demo', 'PLAN.md'), 'utf8')
  expect(written).toContain(`${task.key}: Write a plan`)

  await lab.features.tasks.reconcile()
  const detail = await lab.full.tasks.detail({ taskId: task.id })
  expect(detail.attempts).toMatchObject([{ holder: { sessionId: session.id }, worktreeId: running.worktreeId }])
})

it('refuses a second start on the same task, and makes no session for it', async () => {
  const task = await createTask()
  await lab.full.tasks.startSession(wish(task.id))
  const before = (await sessions()).length
  expect(await refusalOf(lab.full.tasks.startSession(wish(task.id)))).toMatchObject({
    code: 'ALREADY_CLAIMED',
    defined: true,
  })
  expect(await sessions()).toHaveLength(before)
})

it('refuses what no session could be made with, before the task is touched', async () => {
  const task = await createTask({ state: 'draft' })
  const base = { kind: 'new-branch', baseRef: 'no-such-branch', branch: null } as const
  expect(await refusalOf(lab.full.tasks.startSession(wish(task.id, { worktree: base })))).toMatchObject({
    code: 'BAD_BASE',
  })
  expect(await refusalOf(lab.full.tasks.startSession(wish(task.id, { permissionMode: 'strange' })))).toMatchObject({
    code: 'INVALID',
  })
  expect((await lab.full.tasks.detail({ taskId: task.id })).task).toEqual(task)
})

it('starts an agent that takes no prompt without the brief', async () => {
  const task = await createTask()
  const { session } = await lab.full.tasks.startSession(wish(task.id, { agentId: 'shell', permissionMode: null }))
  expect(session).toMatchObject({ agentId: 'shell', prompt: null })
})
