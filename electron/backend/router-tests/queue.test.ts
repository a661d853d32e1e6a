import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MergeEntry } from '../../../shared/contract/queue-rows.ts'
import type { ProjectId } from '../../../shared/lib/ids.ts'
import { openRouterLab, refusalOf, type RouterLab } from './testing.ts'

let lab: RouterLab
let root: string
let projectId: ProjectId
beforeAll(async () => {
  lab = await openRouterLab()
  root = await lab.repository('work')
  projectId = (await lab.full.projects.open({ path: root, initialise: false })).id
  const fields = { name: 'unit', command: 'test ! -e red.txt', timeLimitMs: 60_000, isGate: true }
  await lab.full.checks.add({ projectId, fields })
})
afterAll(() => lab.close())

const branchWith = async (branch: string, file: string) => {
  await lab.git(root, 'checkout', '-q', '-b', branch, 'main')
  writeFileSync(join(root, file), 'new\n')
  await lab.git(root, 'add', '--all')
  await lab.git(root, 'commit', '-q', '-m', branch)
  const head = await lab.git(root, 'rev-parse', 'HEAD')
  await lab.git(root, 'checkout', '-q', 'main')
  return head
}
const enqueue = async (branch: string, head: string) => {
  const source = { kind: 'branch', projectId, branch } as const
  const wish = { source, head, target: null, strategy: 'squash', message: null, requestId: `queue-${branch}` } as const
  return (await lab.full.queue.enqueue(wish)).entry
}
const whenIn = (id: MergeEntry['id'], ...states: readonly MergeEntry['state'][]) =>
  lab.until(async () =>
    (await lab.kernel.database.read(lab.features.queue.listShown)).mergeEntries.find(
      (entry) => entry.id === id && states.includes(entry.state),
    ),
  )

it('carries branches through the gates into the target, in terminals that really run', async () => {
  const [good, red] = [await branchWith('good', 'good.txt'), await branchWith('bad', 'red.txt')]
  const entries = [await enqueue('good', good), await enqueue('bad', red)]
  expect(await whenIn(entries[0]!.id, 'merged', 'failed')).toMatchObject({ state: 'merged', target: 'main' })
  const failed = await whenIn(entries[1]!.id, 'merged', 'failed')
  expect(failed).toMatchObject({ state: 'failed', reason: 'Fails unit, twice. Mend it, then queue it again.' })
  expect(await lab.git(root, 'ls-files')).toBe('good.txt\nreadme.md')
  expect(await lab.git(root, 'status', '--porcelain')).toBe('')
  // What the gate printed is kept with its run, for whoever is to mend it.
  expect(failed.failedRun).not.toBeNull()
  expect(await lab.full.checks.output({ runId: failed.failedRun! })).toMatchObject({ isCut: false })
  // No session works on that branch, so it is a task for others.
  const tasks = await lab.until(async () => {
    const { tasks: all } = await lab.kernel.database.read(lab.features.tasks.listShown)
    return all.length > 0 ? all : undefined
  })
  expect(tasks).toMatchObject([{ title: 'Mend for main: bad', state: 'open', baseRef: 'bad' }])
})

it('is paused, set and resumed by who may do everything', async () => {
  const key = { projectId, target: 'main' }
  expect((await refusalOf(lab.as('answer').queue.pause({ ...key, reason: null })))?.code).toBe('FORBIDDEN')
  expect(await lab.full.queue.pause({ ...key, reason: 'Release day.' })).toMatchObject({ hold: { by: 'person' } })
  const head = await branchWith('later', 'later.txt')
  const { id } = await enqueue('later', head)
  expect((await lab.full.queue.withdraw({ entryId: id })).entry.state).toBe('withdrawn')
  expect((await lab.full.queue.restore({ entryId: id })).entry.state).toBe('waiting')
  expect((await lab.full.queue.place({ entryId: id, beforeId: null })).entry.id).toBe(id)
  const refused = await refusalOf(lab.full.queue.retry({ entryId: id, head }))
  expect(refused).toMatchObject({ code: 'NOT_ALLOWED', message: expect.stringContaining('“later” is waiting.') })
  expect((await refusalOf(lab.full.queue.approve({ entryId: id })))?.code).toBe('NOT_ALLOWED')
  expect(await lab.full.queue.configure({ ...key, batchSize: 1, needsApproval: false })).toMatchObject({ batchSize: 1 })
  expect(await lab.full.queue.resume(key)).toMatchObject({ hold: null })
  const merged = await whenIn(id, 'merged')
  expect((await lab.full.merge.undo({ mergeId: merged.mergeId! })).state).toBe('undone')
})
