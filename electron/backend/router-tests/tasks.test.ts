import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangesItem } from '../../../shared/contract/changes.ts'
import type { NewTask } from '../../../shared/contract/tasks.ts'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import type { Speaker } from '../features/tasks/tasks-service.ts'
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
const newTask = (change: Partial<NewTask> = {}): NewTask => ({
  projectId,
  title: 'Do it',
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
  ...change,
})

describe('tasks over the router', () => {
  it('are in the snapshot with all that belongs to them, and every change of them is told', async () => {
    const stream = await lab.as('view').changes.subscribe({ after: null })
    await stream.next()
    const { task: epic, seq } = await lab.full.tasks.create(newTask({ kind: 'epic' }))
    const told = (await stream.next()).value as ChangesItem
    expect(told).toMatchObject({ kind: 'changes', changes: [{ seq, topic: 'tasks.changed', payload: epic }] })
    await stream.return?.()
    const { task } = await lab.full.tasks.create(newTask({ parentId: epic.id }))

    const snapshot = (await (await lab.as('view').changes.subscribe({ after: null })).next()).value as ChangesItem
    expect(snapshot).toMatchObject({
      kind: 'snapshot',
      state: { tasks: [epic, task], dependencies: [{ taskId: task.id, kind: 'parent' }], dispatch: { paused: null } },
    })
  })

  it('are refused with a declared code and what to do', async () => {
    const { task } = await lab.full.tasks.create(newTask())
    const { task: done } = await lab.full.tasks.move({ taskId: task.id, rev: task.rev, move: { to: 'done' } })
    const error = await refusalOf(lab.full.tasks.cancel({ taskId: done.id, reason: 'Late.' }))
    expect(error).toMatchObject({ code: 'TERMINAL', status: 409, defined: true })
    expect(error?.message).toContain('Reopen it first.')
    const stale = await refusalOf(lab.full.tasks.update({ taskId: task.id, rev: task.rev, patch: { title: 'x' } }))
    expect(stale).toMatchObject({ code: 'STALE_REV' })
    expect(await refusalOf(lab.full.tasks.reopen({ taskId: done.id }))).toBeNull()
    expect(await refusalOf(lab.full.tasks.accept({ taskId: done.id }))).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await refusalOf(lab.full.tasks.retry({ taskId: done.id }))).toMatchObject({ code: 'NOT_ALLOWED' })
  })

  it('are arranged, discussed and looked up', async () => {
    const { task: one } = await lab.full.tasks.create(newTask({ title: 'One' }))
    const { task: two } = await lab.full.tasks.create(newTask({ title: 'Two' }))
    await lab.full.tasks.place({ taskId: two.id, beforeId: one.id })
    const key = { taskId: two.id, dependsOnId: one.id, kind: 'blocks' } as const
    await lab.full.tasks.addDependency({ ...key, satisfiedOn: 'merged' })
    const back = { taskId: one.id, dependsOnId: two.id, kind: 'blocks', satisfiedOn: 'merged' } as const
    expect(await refusalOf(lab.full.tasks.addDependency(back))).toMatchObject({ code: 'CYCLE' })
    await lab.full.tasks.comment({ taskId: two.id, body: 'Why?', requestId: nextRequest() })
    const detail = await lab.as('view').tasks.detail({ taskId: two.id })
    expect(detail).toMatchObject({
      notReady: `${two.key} waits for ${one.key}, which is open. Take another task.`,
      comments: [{ body: 'Why?', by: { kind: 'person', id: 'test-full' } }],
      dependencies: [key],
    })
    await lab.full.tasks.removeDependency(key)
    expect((await lab.as('view').tasks.detail({ taskId: two.id })).notReady).toBeNull()
    const history = await lab.as('view').tasks.history({ taskId: two.id, before: null, limit: 3 })
    expect(history.map(({ topic }) => topic)).toEqual([
      'dependencies.removed',
      'comments.recorded',
      'dependencies.changed',
    ])
    await lab.full.tasks.cancel({ taskId: two.id, reason: 'No.' })
    const ended = await lab.as('view').tasks.listEnded({ projectId, before: null, limit: 1 })
    expect(ended.map(({ id }) => id)).toEqual([two.id])
    expect((await lab.full.tasks.resumeDispatch({})).dispatch).toMatchObject({ paused: null })
  })
})

describe('a task and the agent of a real session', () => {
  const startSession = async () => {
    const { id } = await lab.full.sessions.create({
      projectId,
      title: 'Worker',
      prompt: null,
      agentId: 'demo',
      model: null,
      permissionMode: null,
      worktree: { kind: 'new-branch', baseRef: null, branch: null },
      requestId: nextRequest(),
    })
    return lab.when(id, (session) => session.lifecycle === 'running' && session.activity.kind === 'idle')
  }
  const speakerOf = async (id: SessionId): Promise<Speaker> => {
    const row = await lab.kernel.database.read((tx) =>
      tx.get<{ id: string }>('SELECT id FROM incarnations WHERE session_id = ? ORDER BY number DESC', id),
    )
    const holder = { kind: 'session', sessionId: id, incarnationId: row!.id as never } as const
    return { holder, by: { kind: 'session', id, right: 'answer' } }
  }

  it('saves the work of an agent that was killed, and opens the task again', async () => {
    const { task } = await lab.full.tasks.create(newTask({ priority: 0 }))
    const session = await startSession()
    const speaker = await speakerOf(session.id)
    const claimed = await lab.features.tasks.claim({ kind: 'next', projectId }, speaker, nextRequest())
    if (!claimed.ok) throw new Error(claimed.refusal.message)
    expect(claimed.value.attempt).toMatchObject({ taskId: task.id, worktreeId: session.worktreeId })
    const [worktree] = (await lab.kernel.database.read(lab.features.worktrees.list)).filter(
      ({ id }) => id === session.worktreeId,
    )
    writeFileSync(join(worktree!.path, 'half-done.txt'), 'half\n')

    await lab.features.tasks.reconcile()
    expect((await lab.full.tasks.detail({ taskId: task.id })).task.state).toBe('claimed')
    process.kill(session.runtime.kind === 'alive' ? session.runtime.pid : 0, 'SIGKILL')
    await lab.when(session.id, ({ runtime }) => runtime.kind === 'exited')
    await lab.features.tasks.reconcile()
    const rescued = await lab.until(async () => {
      const { attempts } = await lab.full.tasks.detail({ taskId: task.id })
      return attempts[0]?.rescueRef ? attempts[0] : undefined
    })
    expect(rescued).toMatchObject({
      state: 'expired',
      outcome: expect.stringMatching(/^Its agent ended \(SIG/),
    })
    expect(await lab.git(worktree!.path, 'show', `${rescued.rescueRef}:folder/half-done.txt`)).toBe('half')
    const { task: open } = await lab.full.tasks.detail({ taskId: task.id })
    expect(open).toMatchObject({ state: 'open', failedAttempts: 1, reason: rescued.outcome })
    // The worktree itself stays as it was.
    expect(await lab.git(worktree!.path, 'status', '--porcelain')).toBe('?? half-done.txt')
  })

  it('begins with the first hook of the agent, and its leases end with its attempt', async () => {
    const { task } = await lab.full.tasks.create(newTask({ priority: 0 }))
    const session = await startSession()
    const speaker = await speakerOf(session.id)
    const claimed = await lab.features.tasks.claim({ kind: 'task', taskId: task.id }, speaker, nextRequest())
    if (!claimed.ok) throw new Error(claimed.refusal.message)
    await lab.full.leases.acquire({
      sessionId: session.id,
      targets: ['src/**'],
      mode: 'exclusive',
      policy: null,
      wait: false,
      requestId: nextRequest(),
    })
    lab.pty.type(session.terminalId!, 'Do something\r')
    await lab.until(async () => {
      const { task: now } = await lab.full.tasks.detail({ taskId: task.id })
      return now.state === 'in_progress' ? now : undefined
    })
    const leased = () => lab.kernel.database.read(lab.features.leases.list)
    expect((await leased()).map(({ sessionId }) => sessionId)).toEqual([session.id])
    await lab.full.tasks.cancel({ taskId: task.id, reason: 'Not needed.' })
    expect(await leased()).toEqual([])
  })

  it('does not count it as a failure when the person stopped the session', async () => {
    const { task } = await lab.full.tasks.create(newTask({ priority: 0 }))
    const session = await startSession()
    const claimed = await lab.features.tasks.claim(
      { kind: 'task', taskId: task.id },
      await speakerOf(session.id),
      nextRequest(),
    )
    expect(claimed.ok).toBe(true)
    await lab.full.sessions.stop({ sessionId: session.id })
    await lab.when(session.id, ({ runtime }) => runtime.kind === 'exited')
    await lab.features.tasks.reconcile()
    expect((await lab.full.tasks.detail({ taskId: task.id })).task).toMatchObject({
      state: 'open',
      failedAttempts: 0,
      reason: 'A person stopped its session.',
    })
  })
})
