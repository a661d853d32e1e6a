import { expect, it } from 'vitest'
import type { AgentId } from '../../../../shared/contract/agents.ts'
import { ok, refuse } from '../../../../shared/lib/result.ts'
import { createQueueLab, person, type QueueLab } from '../../testing/queue-lab.ts'
import { codeOf, newBranch, valueOf } from '../worktrees/testing.ts'
import type { QueueDeps } from './queue-parts.ts'

const taskId = `tsk_${'3'.repeat(26)}`
const resolver = { id: `ses_${'9'.repeat(26)}`, title: 'Resolver', worktreeId: null, lifecycle: 'running' }

interface Author {
  readonly asked: string[]
  readonly lab: QueueLab
  readonly entryId: Awaited<ReturnType<QueueLab['enqueue']>>['id']
}

/** A session whose branch conflicts with what is merged before it. */
const conflictOf = async (
  lab: QueueLab,
  {
    lifecycle = 'running',
    taskState = 'in_review',
    change = {},
  }: Partial<{ lifecycle: string; taskState: string; change: object }> = {},
): Promise<Author> => {
  const { yard } = lab.merges
  const worktree = await yard.make(newBranch, 'Do it')
  await yard.lab.write(`${worktree.path}/readme.md`, 'theirs\n')
  const head = await yard.lab.commitAll(worktree.path, 'do it')
  const session = { id: `ses_${'2'.repeat(26)}`, title: 'Do it', worktreeId: worktree.id, lifecycle: 'running' }
  const asked: string[] = []
  const tasks = {
    ...lab.deps.tasks,
    listOfSession: async () => [{ taskId }],
    find: async () => ({ id: taskId, key: 'APP-1', state: taskState }),
    requestChanges: async ({ comment }: { comment: string }) => {
      asked.push(comment)
      return ok({})
    },
    ...change,
  } as unknown as QueueDeps['tasks']
  const sessions = { list: async () => [session], find: async () => ({ ...session, lifecycle }) } as never
  await lab.restart({ sessions, tasks })
  await lab.merges.branch('ours', { 'readme.md': 'ours\n' })
  await lab.enqueue('ours')
  const { id } = await lab.enqueue('main', { source: { kind: 'worktree', worktreeId: worktree.id }, head })
  await lab.settle()
  return { asked, lab, entryId: id }
}

it('asks for changes of the task that was in review, and tells its session by mail', async () => {
  await using lab = await createQueueLab()
  const { asked, entryId } = await conflictOf(lab)
  expect(asked).toEqual([expect.stringContaining('- readme.md')])
  expect(lab.told).toMatchObject([{ recipient: { kind: 'session' }, body: expect.stringContaining('git merge main') }])
  expect(await lab.entry(entryId)).toMatchObject({ state: 'conflicted', route: { to: 'author', taskId } })
  expect(lab.made).toEqual([])
})

it('tells a session whose task is not in review by mail alone', async () => {
  await using lab = await createQueueLab()
  const { asked, entryId } = await conflictOf(lab, { taskState: 'in_progress' })
  expect(asked).toEqual([])
  expect(lab.told).toHaveLength(1)
  expect((await lab.entry(entryId)).route).toMatchObject({ to: 'author', taskId })
})

it('makes a task for others when whoever made it was put away', async () => {
  await using lab = await createQueueLab()
  await conflictOf(lab, { lifecycle: 'archived', taskState: 'done' })
  expect(lab.made).toMatchObject([{ title: 'Resolve with main: Do it' }])
  expect(lab.told).toMatchObject([{ recipient: { kind: 'person' } }])
})

it('has a resolver mend it, whose branch then takes its place in line', async () => {
  await using lab = await createQueueLab()
  const started: object[] = []
  const change = {
    startSession: async (wish: object) => {
      started.push(wish)
      return ok({ session: resolver })
    },
  }
  const { entryId } = await conflictOf(lab, { change })
  const wish = {
    entryId,
    agentId: 'claude-code' as AgentId,
    model: null,
    permissionMode: null,
    requestId: 'resolve-it',
  }
  const resolved = valueOf(await lab.queue.resolve(wish, person))
  expect(resolved.entry.route).toMatchObject({ to: 'resolver', sessionId: resolver.id })
  const { branch } = await lab.entry(entryId)
  expect(started).toMatchObject([{ worktree: { kind: 'new-branch', baseRef: branch } }])
  expect(lab.made.at(-1)?.body).toContain(`Your worktree starts from ${branch}`)

  const worktree = await lab.merges.yard.make(newBranch, 'Resolve')
  await lab.merges.yard.lab.write(`${worktree.path}/readme.md`, 'both\n')
  const head = await lab.merges.yard.lab.commitAll(worktree.path, 'resolve')
  const owner = { ...resolver, worktreeId: worktree.id }
  await lab.restart({ sessions: { list: async () => [owner], find: async () => owner } as never })
  await lab.enqueue('main', { source: { kind: 'worktree', worktreeId: worktree.id }, head })
  expect(await lab.entry(entryId)).toMatchObject({
    state: 'withdrawn',
    reason: expect.stringContaining('in line instead'),
  })
})

it('says why no resolver was started, and leaves the entry with its author', async () => {
  await using lab = await createQueueLab()
  const change = { startSession: async () => refuse('AGENT_MISSING', 'Codex is not installed.') }
  const { entryId } = await conflictOf(lab, { change })
  const wish = { entryId, agentId: 'codex' as AgentId, model: null, permissionMode: null, requestId: 'resolve-it' }
  expect(codeOf(await lab.queue.resolve(wish, person))).toBe('AGENT_MISSING')
  expect((await lab.entry(entryId)).route).toMatchObject({ to: 'author' })
  valueOf(await lab.queue.withdraw(entryId, person))
  expect(codeOf(await lab.queue.resolve(wish, person))).toBe('NOT_ALLOWED')
})
