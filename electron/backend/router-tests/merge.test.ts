import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MergeId, ProjectId } from '../../../shared/lib/ids.ts'
import { readSnapshot } from '../read-snapshot.ts'
import { openRouterLab, refusalOf, type RouterLab } from './testing.ts'

let lab: RouterLab
let projectId: ProjectId
let repo = ''
beforeAll(async () => {
  lab = await openRouterLab()
  repo = await lab.repository('app')
  projectId = (await lab.full.projects.open({ path: repo, initialise: false })).id
})
afterAll(() => lab.close())

const wishOf = async (branch: string) => ({
  projectId,
  source: { sha: await lab.git(repo, 'rev-parse', branch), branch },
  target: await lab.git(repo, 'rev-parse', '--abbrev-ref', 'HEAD'),
  strategy: 'squash' as const,
  message: null,
})

it('a task whose submitted work is merged is done, and what waited for that is ready', async () => {
  const plain = {
    projectId,
    body: '',
    kind: 'task' as const,
    priority: 2 as const,
    labels: [],
    requiredRole: null,
    allowedAgents: [],
    declaredPaths: [],
    baseRef: null,
    maxAttempts: 2,
    doneWhen: 'merged' as const,
    state: 'open' as const,
    parentId: null,
  }
  const { task } = await lab.full.tasks.create({ ...plain, title: 'Do it', requestId: 'request-create-1' })
  const later = (await lab.full.tasks.create({ ...plain, title: 'Go on with it', requestId: 'request-create-2' })).task
  const edge = { taskId: later.id, dependsOnId: task.id, kind: 'blocks', satisfiedOn: 'merged' } as const
  await lab.full.tasks.addDependency(edge)
  const { session, attempt } = await lab.full.tasks.startSession({
    taskId: task.id,
    title: null,
    prompt: null,
    agentId: 'shell',
    model: null,
    permissionMode: null,
    worktree: { kind: 'new-branch', baseRef: null, branch: null },
    requestId: 'request-start',
  })
  const running = await lab.when(session.id, ({ lifecycle }) => lifecycle === 'running')
  const worktrees = await lab.kernel.database.read(lab.features.worktrees.list)
  const worktree = worktrees.find(({ id }) => id === running.worktreeId)
  if (!worktree?.branch) throw new Error('no worktree')
  writeFileSync(join(worktree.path, 'done.txt'), 'done\n')
  await lab.git(worktree.path, 'add', '.')
  await lab.git(worktree.path, 'commit', '-q', '-m', 'Do it')
  const headSha = await lab.git(worktree.path, 'rev-parse', 'HEAD')
  const owner = { kind: 'session', id: session.id, right: 'answer' } as const
  const holder = { kind: 'session', sessionId: session.id, incarnationId: lab.kernel.newId('inc') } as const
  const ref = { attemptId: attempt.id, epoch: attempt.epoch }
  const word = { ref, speaker: { holder, by: owner }, requestId: 'request-submit' }
  const submitted = await lab.features.tasks.submit(word, { headSha, summary: 'Done.' })
  expect(submitted).toMatchObject({ ok: true })

  const wish = await wishOf(worktree.branch)
  const preview = await lab.full.merge.preview(wish)
  if (preview.kind !== 'clean') throw new Error('it conflicts')
  const merge = await lab.full.merge.merge({ ...wish, targetWas: preview.base, deleteBranch: false })
  expect(merge.by).toBe('person:test-full')
  expect(await lab.git(repo, 'show', 'HEAD:done.txt')).toBe('done')
  const detail = await lab.full.tasks.detail({ taskId: task.id })
  expect(detail).toMatchObject({ task: { state: 'done' }, attempts: [{ state: 'accepted', headSha }] })
  const waiting = await lab.full.tasks.detail({ taskId: later.id })
  expect(waiting.notReady).toBeNull()
  const all = { sessionId: null, taskId: null, before: null, after: null, text: '', limit: 100 }
  const { entries } = await lab.full.activity.page({ projectId, groups: [], actors: [], ...all })
  const lines = entries.map(({ who, what }) => `${who} ${what}`)
  expect(lines).toContain(`You merged the work on ${task.key} “Do it”`)
  expect(lines.some((line) => line.startsWith(`You merged ${worktree.branch} into`))).toBe(true)
})

it('a refusal is told with its words, and what is shown of merges comes with the first page', async () => {
  const { merges } = await lab.kernel.database.read((tx) => readSnapshot(lab.features, tx))
  expect(merges).toHaveLength(1)
  const wish = await wishOf('main')
  const error = await refusalOf(lab.full.merge.preview({ ...wish, target: 'nowhere' }))
  expect(error).toMatchObject({
    code: 'GONE',
    message: 'There is no branch nowhere. Reload the list and choose another.',
  })
  const [forecast] = await lab.full.merge.forecast({
    projectId,
    target: 'main',
    heads: [{ sha: wish.source.sha, label: 'x' }],
  })
  expect(forecast?.outcome).toEqual({ kind: 'already-merged' })
  const listed = await lab.full.merge.list({ projectId, target: 'main', limit: 5 })
  expect(listed).toEqual(merges)
  expect((await lab.full.merge.undo({ mergeId: listed[0]?.id as MergeId })).state).toBe('undone')
})
