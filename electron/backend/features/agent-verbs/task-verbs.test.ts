import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openVerbLab, type VerbLab } from '../../testing/verb-lab.ts'

let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
})
afterEach(() => lab.close())

const create = async (title: string, more: Parameters<typeof lab.does<'tasks.create'>>[2] | object = {}) =>
  (await lab.does(lab.anna, 'tasks.create', { title, ...more })).task
const keys = async (input: Parameters<typeof lab.does<'tasks.list'>>[2] = {}, who = lab.anna) =>
  (await lab.does(who, 'tasks.list', input)).tasks.map(({ key }) => key)

describe('tasks', () => {
  it('are created open, with what was said of them', async () => {
    const task = await create('Fix it', { body: 'How', kind: 'bug', priority: 1, labels: ['api'], paths: ['src/**'] })
    expect(task).toMatchObject({ key: 'APP-1', title: 'Fix it', state: 'open', kind: 'bug', priority: 1, by: null })
    const shown = await lab.does(lab.bert, 'tasks.show', { task: 'app-1' })
    expect(shown.task).toMatchObject({ body: 'How', labels: ['api'], declaredPaths: ['src/**'], doneWhen: 'completed' })
    expect(shown.notReady).toBeNull()
  })

  it('are drafts on request, and wait for what they depend on', async () => {
    const first = await create('First')
    const draft = await create('Draft', { draft: true })
    const second = await create('Second', { dependsOn: [first.key] })
    expect([draft.state, second.state]).toEqual(['draft', 'open'])
    expect((await lab.does(lab.anna, 'tasks.ready')).tasks.map(({ key }) => key)).toEqual(['APP-1'])
    const shown = await lab.does(lab.anna, 'tasks.show', { task: second.key })
    expect(shown.notReady).toContain('waits for APP-1')
    expect(shown.dependencies).toMatchObject([{ key: 'APP-1', kind: 'blocks', satisfiedOn: 'merged' }])
  })

  it('are not made at all when what they are to wait for is not there', async () => {
    const refusal = await lab.refused(lab.anna, 'tasks.create', { title: 'Second', dependsOn: ['APP-9'] })
    expect(refusal).toMatchObject({ code: 'NOT_FOUND' })
    expect((await lab.refused(lab.anna, 'tasks.create', { title: 'Second', epic: 'APP-9' })).code).toBe('NOT_FOUND')
    expect(await keys()).toEqual([])
  })

  it('belong to an epic', async () => {
    const epic = await create('Epic', { kind: 'epic' })
    const part = await create('Part', { epic: epic.key })
    const { dependencies } = await lab.does(lab.anna, 'tasks.show', { task: part.key })
    expect(dependencies).toMatchObject([{ kind: 'parent', key: 'APP-1' }])
  })

  it('are listed most urgent first; by state, label and whose they are', async () => {
    await create('Low', { priority: 4 })
    await create('High', { priority: 0, labels: ['api'] })
    const ended = await create('Ended')
    await lab.does(lab.bert, 'claim', { task: ended.key })
    await lab.does(lab.bert, 'submit', { summary: 'Done' })
    const { task } = await lab.does(lab.bert, 'tasks.show', { task: ended.key })
    await lab.tasks.accept(task.id, { kind: 'person', id: 'p', right: 'full' })
    expect(await keys()).toEqual(['APP-2', 'APP-1'])
    expect(await keys({ state: ['done'] })).toEqual(['APP-3'])
    expect(await keys({ label: 'api' })).toEqual(['APP-2'])
    await lab.does(lab.bert, 'claim', { task: 'APP-1' })
    expect(await keys({ mine: true }, lab.bert)).toEqual(['APP-1'])
    expect(await lab.does(lab.anna, 'tasks.list', { limit: 1 })).toMatchObject({
      tasks: [{ key: 'APP-2' }],
      isCut: true,
    })
    const { tasks } = await lab.does(lab.anna, 'tasks.list')
    expect(tasks.map(({ by }) => by)).toEqual([null, 'Bert'])
  })

  it('are changed in what is given alone, and not over somebody else’s change', async () => {
    const task = await create('Old', { labels: ['a'] })
    const updated = await lab.does(lab.anna, 'tasks.update', { task: task.key, title: 'New', role: 'reviewer' })
    expect(updated.task).toMatchObject({ title: 'New', labels: ['a'], rev: task.rev + 1 })
    const stale = await lab.refused(lab.bert, 'tasks.update', { task: task.key, rev: task.rev, title: 'Other' })
    expect(stale).toMatchObject({ code: 'STALE_REV', current: { task: { title: 'New' } } })
    expect((await lab.refused(lab.anna, 'tasks.update', { task: task.key })).code).toBe('INVALID')
  })

  it('depend on each other, without a circle, and no longer on request', async () => {
    const [a, b] = [await create('A'), await create('B')]
    await lab.does(lab.anna, 'tasks.depend', { task: a.key, on: b.key })
    expect((await lab.refused(lab.anna, 'tasks.depend', { task: b.key, on: a.key })).code).toBe('CYCLE')
    expect((await lab.refused(lab.anna, 'tasks.depend', { task: a.key, on: b.key })).code).toBe('EXISTS')
    await lab.does(lab.anna, 'tasks.depend', { task: a.key, on: b.key, remove: true })
    await lab.does(lab.anna, 'tasks.depend', { task: b.key, on: a.key })
  })

  it('are the one worked on where none is named', async () => {
    await create('Mine')
    await create('Other')
    expect((await lab.refused(lab.anna, 'tasks.show')).code).toBe('NO_TASK')
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    expect((await lab.does(lab.anna, 'tasks.show')).task.key).toBe('APP-1')
    const { comment } = await lab.does(lab.anna, 'tasks.comment', { body: 'Found it' })
    expect(comment).toMatchObject({ body: 'Found it', by: { kind: 'session', id: lab.anna.sessionId } })
    await lab.does(lab.anna, 'claim', { task: 'APP-2' })
    expect(await lab.refused(lab.anna, 'tasks.show')).toMatchObject({
      code: 'AMBIGUOUS',
      message: expect.stringContaining('APP-1, APP-2') as unknown,
    })
  })
})
