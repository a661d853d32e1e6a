import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Identity } from '../../kernel/identity.ts'
import { createQueueLab, person, type QueueLab } from '../../testing/queue-lab.ts'
import { codeOf, messageOf, newBranch, valueOf } from '../worktrees/testing.ts'
import { gateFolderOf } from './queue-parts.ts'

const agent: Identity = { kind: 'session', id: `ses_${'1'.repeat(26)}`, right: 'answer' }
const subjects = (lab: QueueLab) => lab.merges.git('log', '--format=%s', '--first-parent', 'main')
const trailers = (lab: QueueLab) => lab.merges.git('log', '--format=%(trailers:key=Switchyard-Merge,valueonly)', 'main')

it('merges what is in line in its order, each with the entry it is of', async () => {
  await using lab = await createQueueLab()
  const heads: string[] = []
  for (const n of [1, 2, 3]) heads.push(await lab.merges.branch(`work-${n}`, { [`file-${n}`]: 'new\n' }))
  const entries = [await lab.enqueue('work-1'), await lab.enqueue('work-2'), await lab.enqueue('work-3')]
  expect(entries.map(({ state, head }) => ({ state, head }))).toEqual(heads.map((head) => ({ state: 'waiting', head })))
  await lab.settle()
  for (const { id } of entries) {
    const entry = await lab.entry(id)
    expect(entry).toMatchObject({ state: 'merged', candidate: null })
    const merge = await lab.merges.row(entry.mergeId!)
    expect(merge).toMatchObject({ state: 'landed', target: 'main', by: 'person:desktop' })
  }
  expect((await trailers(lab)).split('\n').filter(Boolean)).toEqual(entries.map(({ id }) => id).toReversed())
  // The main checkout has main, and has it whole.
  expect(await readdir(lab.merges.repo)).toEqual(expect.arrayContaining(['file-1', 'file-2', 'file-3']))
  expect(await lab.merges.git('status', '--porcelain')).toBe('')
  // One batch: the gates ran once, on the last of the three.
  expect(lab.gates.ran.map(({ commit }) => commit)).toEqual([await lab.merges.head()])
})

it('keeps what is ignored in the folder of the gates, and nothing else', async () => {
  await using lab = await createQueueLab('test ! -e left && touch left && mkdir -p cache && echo x >> cache/count')
  await lab.merges.commit({ '.gitignore': 'cache\n' })
  for (const n of [1, 2]) {
    await lab.merges.branch(`work-${n}`, { [`file-${n}`]: 'new\n' })
    await lab.enqueue(`work-${n}`)
    await lab.settle()
  }
  const folder = gateFolderOf(lab.deps, lab.key)
  expect(await readFile(join(folder, 'cache/count'), 'utf8')).toBe('x\nx\n')
  expect(await lab.merges.git('worktree', 'list', '--porcelain')).toContain(`worktree ${folder}\n`)
})

it('finds who is to blame, lets the others pass and tells the author', async () => {
  await using lab = await createQueueLab()
  for (const n of [1, 2, 4]) await lab.merges.branch(`work-${n}`, { [`file-${n}`]: 'new\n' })
  await lab.merges.branch('work-3', { red: 'red\n' })
  const entries = []
  for (const n of [1, 2, 3, 4]) entries.push(await lab.enqueue(`work-${n}`))
  await lab.settle()
  const states = await Promise.all(entries.map(async ({ id }) => (await lab.entry(id)).state))
  expect(states).toEqual(['merged', 'merged', 'failed', 'merged'])
  expect(await lab.entry(entries[2]!.id)).toMatchObject({ reason: 'Fails unit, twice. Mend it, then queue it again.' })
  expect(await lab.merges.git('ls-tree', '--name-only', 'main')).not.toContain('red')
  // Nobody works on it any more, so it is a task for others, and the person knows.
  expect(lab.made).toEqual([{ title: 'Mend for main: work-3', body: expect.stringContaining('It is red.') }])
  expect(lab.told).toMatchObject([{ subject: 'Not merged: work-3', recipient: { kind: 'person' } }])
  expect(await lab.entry(entries[2]!.id)).toMatchObject({ route: { to: 'author', sessionId: null } })
})

it('sends what conflicts back with its paths, and merges it once its branch has taken the target in', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('ours', { 'readme.md': 'ours\n' })
  await lab.merges.branch('theirs', { 'readme.md': 'theirs\n', 'more.txt': 'more\n' })
  await lab.enqueue('ours')
  const { id } = await lab.enqueue('theirs')
  await lab.settle()
  expect(await lab.entry(id)).toMatchObject({ state: 'conflicted', conflicts: ['readme.md'] })
  expect(lab.told[0]?.body).toContain('- readme.md')
  expect(lab.told[0]?.body).toContain('git merge main')

  const head = await lab.merges.branch('theirs', { 'readme.md': 'both\n', 'more.txt': 'more\n' }, 'main')
  expect(codeOf(await lab.queue.retry(id, await lab.merges.head('ours'), person))).toBe('HEAD_MOVED')
  valueOf(await lab.queue.retry(id, head, person))
  await lab.settle()
  expect(await lab.entry(id)).toMatchObject({ state: 'merged', head })
})

it('takes up the old entry when a branch that was sent back is put in line again', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('ours', { 'readme.md': 'ours\n' })
  await lab.merges.branch('theirs', { 'readme.md': 'theirs\n' })
  await lab.enqueue('ours')
  const { id } = await lab.enqueue('theirs')
  await lab.settle()
  await lab.merges.branch('theirs', { 'readme.md': 'both\n' }, 'main')
  expect(await lab.enqueue('theirs', { strategy: 'merge' })).toMatchObject({ id, state: 'waiting', strategy: 'merge' })
})

it('never merges another commit than the one that was queued', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { a: 'a\n' })
  await lab.merges.branch('gone', { b: 'b\n' })
  const [moved, deleted] = [await lab.enqueue('work'), await lab.enqueue('gone')]
  const to = await lab.merges.branch('work', { c: 'c\n' }, 'work')
  await lab.merges.git('branch', '-D', 'gone')
  const before = await lab.merges.head()
  await lab.settle()
  expect(await lab.entry(moved.id)).toMatchObject({ state: 'moved', movedTo: to, head: moved.head })
  expect(await lab.entry(deleted.id)).toMatchObject({ state: 'moved', movedTo: null })
  expect(await lab.merges.head()).toBe(before)
  valueOf(await lab.queue.retry(moved.id, to, person))
  await lab.settle()
  expect(await lab.entry(moved.id)).toMatchObject({ state: 'merged', head: to })
})

it('builds anew when somebody else moves the target while gates run', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { a: 'a\n' })
  lab.gates.beforeRun = async () => {
    lab.gates.beforeRun = null
    await lab.merges.commit({ b: 'b\n' }, 'aside')
  }
  const { id } = await lab.enqueue('work')
  await lab.settle()
  expect((await lab.entry(id)).state).toBe('merged')
  expect((await subjects(lab)).split('\n')[1]).toBe('aside')
  expect(lab.gates.ran).toHaveLength(2)
})

it('waits while the checkout of the target has changes, says so, and goes on by itself', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { 'readme.md': 'new\n' })
  await writeFile(join(lab.merges.repo, 'readme.md'), 'mine\n')
  const { id } = await lab.enqueue('work')
  await lab.settle()
  expect((await lab.row()).hold).toMatchObject({ by: 'queue', cause: 'checkout' })
  expect((await lab.entry(id)).state).toBe('merging')
  expect(await readFile(join(lab.merges.repo, 'readme.md'), 'utf8')).toBe('mine\n')
  await lab.merges.git('checkout', 'readme.md')
  // No word of a person: the next look finds it clean.
  await lab.whenDue()
  expect((await lab.entry(id)).state).toBe('merged')
  expect((await lab.row()).hold).toBeNull()
  expect(lab.gates.ran).toHaveLength(1)
})

it('lets what waits before a dirty checkout be withdrawn', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { 'readme.md': 'new\n' })
  await writeFile(join(lab.merges.repo, 'readme.md'), 'mine\n')
  const { id } = await lab.enqueue('work')
  await lab.settle()
  expect(codeOf(await lab.queue.withdraw(id, person))).toBe('ok')
  await lab.merges.git('checkout', 'readme.md')
  await lab.whenDue()
  expect((await lab.entry(id)).state).toBe('withdrawn')
  expect(await lab.merges.git('for-each-ref', 'refs/switchyard/merge')).toBe('')
})

it('does not believe a start before it: what may have landed is not withdrawn', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { 'readme.md': 'new\n' })
  await writeFile(join(lab.merges.repo, 'readme.md'), 'mine\n')
  const { id } = await lab.enqueue('work')
  await lab.settle()
  await lab.restart()
  expect(codeOf(await lab.queue.withdraw(id, person))).toBe('LANDING')
})

it('ends the gates of what is withdrawn while they run', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { a: 'a\n' })
  const { id } = await lab.enqueue('work')
  lab.gates.beforeRun = async () => {
    lab.gates.beforeRun = null
    valueOf(await lab.queue.withdraw(id, person))
  }
  await lab.settle()
  expect(lab.gates.ran).toEqual([])
  expect((await lab.entry(id)).state).toBe('withdrawn')
  valueOf(await lab.queue.restore(id, person))
  await lab.settle()
  expect((await lab.entry(id)).state).toBe('merged')
})

it('stands still while a person holds it, and goes on where it was', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { a: 'a\n' })
  expect(valueOf(await lab.queue.pause(lab.key, 'Release day.', person)).hold).toMatchObject({ reason: 'Release day.' })
  const { id } = await lab.enqueue('work')
  await lab.settle()
  expect((await lab.entry(id)).state).toBe('waiting')
  expect(valueOf(await lab.queue.resume(lab.key, person)).hold).toBeNull()
  await lab.settle()
  expect((await lab.entry(id)).state).toBe('merged')
})

it('has what an agent proposes wait for a person, unless the person chose else', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('one', { a: 'a\n' })
  await lab.merges.branch('two', { b: 'b\n' })
  const one = await lab.enqueue('one', {}, agent)
  await lab.settle()
  expect(await lab.entry(one.id)).toMatchObject({ state: 'proposed', isApproved: false })
  valueOf(await lab.queue.approve(one.id, person))
  await lab.settle()
  expect((await lab.entry(one.id)).state).toBe('merged')
  valueOf(await lab.queue.configure(lab.key, { batchSize: 1, needsApproval: false }, person))
  expect((await lab.enqueue('two', {}, agent)).state).toBe('waiting')
})

it('holds a target that fails by itself and blames nobody', async () => {
  await using lab = await createQueueLab()
  await lab.merges.commit({ red: 'red\n' })
  await lab.merges.branch('work', { a: 'a\n' })
  const { id } = await lab.enqueue('work')
  await lab.settle()
  expect((await lab.row()).hold).toMatchObject({
    cause: 'target-fails',
    reason: expect.stringContaining('main itself'),
  })
  expect((await lab.entry(id)).state).toBe('waiting')
  await lab.merges.commit({ red: null })
  await lab.whenDue()
  expect((await lab.entry(id)).state).toBe('merged')
})

it('waits and says why when gates cannot be run, and tries again by itself', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { a: 'a\n' })
  lab.gates.refusal = 'CANCELLED'
  const { id } = await lab.enqueue('work')
  await lab.settle()
  expect((await lab.row()).hold).toMatchObject({ by: 'queue', cause: 'trouble', reason: 'It cannot be run.' })
  lab.gates.refusal = null
  await lab.whenDue()
  expect((await lab.entry(id)).state).toBe('merged')
})

it('refuses to put in line what cannot stand there, and says what to do', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { a: 'a\n' })
  const refused = async (branch: string, change: Parameters<QueueLab['tryEnqueue']>[1]) =>
    codeOf(await lab.tryEnqueue(branch, change))
  expect(await refused('main', {})).toBe('INVALID')
  expect(await refused('work', { target: 'nowhere' })).toBe('NO_TARGET')
  expect(await refused('work', { head: await lab.merges.head() })).toBe('HEAD_MOVED')
  const projectId = `prj_${'1'.repeat(26)}` as ProjectId
  expect(await refused('work', { source: { kind: 'branch', projectId, branch: 'work' } })).toBe('NOT_FOUND')
  const worktreeId = `wt_${'1'.repeat(26)}` as WorktreeId
  expect(await refused('work', { source: { kind: 'worktree', worktreeId } })).toBe('NOT_FOUND')
  valueOf(await lab.queue.pause(lab.key, null, person))
  await lab.enqueue('work')
  const twice = await lab.tryEnqueue('work')
  expect(messageOf(twice)).toContain('work is in this queue already (waiting')
})

it('answers a repeated request with the entry of the first one', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { a: 'a\n' })
  const first = await lab.enqueue('work', { requestId: 'the-same-request' })
  expect((await lab.enqueue('work', { requestId: 'the-same-request' })).id).toBe(first.id)
})

it('queues what a worktree has checked out, with its session and task', async () => {
  await using lab = await createQueueLab()
  const { yard } = lab.merges
  const worktree = await yard.make(newBranch, 'Do it')
  await yard.lab.write(join(worktree.path, 'a'), 'a\n')
  const head = await yard.lab.commitAll(worktree.path, 'do it')
  const session = { id: `ses_${'2'.repeat(26)}`, title: 'Do it well', worktreeId: worktree.id, lifecycle: 'running' }
  const tasks = { listOfSession: async () => [{ taskId: `tsk_${'3'.repeat(26)}` }] }
  await lab.restart({
    sessions: { list: async () => [session], find: async () => session } as never,
    tasks: tasks as never,
  })
  const entry = await lab.enqueue('main', { source: { kind: 'worktree', worktreeId: worktree.id }, head })
  expect(entry).toMatchObject({ title: 'Do it well', sessionId: session.id, taskId: `tsk_${'3'.repeat(26)}`, head })
  expect(entry.branch).toBe(worktree.branch)
})

it('forgets a project with its queue, and takes the folder of its gates away', async () => {
  await using lab = await createQueueLab()
  await lab.merges.branch('work', { a: 'a\n' })
  const { id } = await lab.enqueue('work')
  await lab.settle()
  await lab.merges.yard.kernel.runCommand({ name: 'forget', by: person }, async (context) => {
    await lab.queue.forgetProject(context, lab.key.projectId)
    return { ok: true, value: undefined }
  })
  await lab.settle()
  expect(codeOf(await lab.queue.withdraw(id, person))).toBe('NOT_FOUND')
  expect(await readdir(lab.deps.folder)).toEqual([])
  expect((await lab.merges.git('worktree', 'list')).split('\n')).toHaveLength(1)
})
