import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openVerbLab, type VerbLab } from '../../testing/verb-lab.ts'

let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
  for (const title of ['One', 'Two']) await lab.does(lab.anna, 'tasks.create', { title })
})
afterEach(() => lab.close())

const stateOf = async (task: string) => (await lab.does(lab.anna, 'tasks.show', { task })).task.state
const head = 'a'.repeat(40)

describe('a claim', () => {
  it('of no task is of the next that is ready, and of a named one is of that', async () => {
    const first = await lab.does(lab.anna, 'claim')
    expect(first).toMatchObject({ task: { key: 'APP-1', state: 'claimed' }, attempt: { epoch: 1, by: 'Anna' } })
    expect(first).toMatchObject({ checkpoint: null, rescueRef: null })
    expect((await lab.does(lab.bert, 'claim', { task: 'app-2' })).task.key).toBe('APP-2')
    expect((await lab.refused(lab.bert, 'claim')).code).toBe('NOTHING_READY')
  })

  it('is won by one of many', async () => {
    const everyone = await Promise.all(['C', 'D', 'E', 'F'].map((name) => lab.add(name)))
    const answers = await Promise.all(everyone.map((who) => lab.run(who, 'claim', { task: 'APP-1' })))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('tells what the attempt before learnt', async () => {
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    await lab.does(lab.anna, 'checkpoint', { summary: 'Half is done', next: 'The rest' })
    await lab.does(lab.anna, 'release', { reason: 'No time' })
    const again = await lab.does(lab.bert, 'claim', { task: 'APP-1' })
    expect(again.attempt).toMatchObject({ number: 2, epoch: 2 })
    expect(again.checkpoint).toMatchObject({ summary: 'Half is done', nextSteps: 'The rest', headSha: head })
  })
})

describe('a word of an attempt', () => {
  it('needs no name while there is one, and begins the work', async () => {
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    expect(await lab.does(lab.anna, 'renew')).toMatchObject({
      task: { key: 'APP-1', state: 'in_progress', by: 'Anna' },
      attempt: { state: 'running' },
    })
  })

  it('must name its task when there are several', async () => {
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    await lab.does(lab.anna, 'claim', { task: 'APP-2' })
    expect((await lab.refused(lab.anna, 'submit', { summary: 'x' })).code).toBe('AMBIGUOUS')
    await lab.does(lab.anna, 'submit', { summary: 'x', task: 'APP-2' })
    expect([await stateOf('APP-1'), await stateOf('APP-2')]).toEqual(['claimed', 'in_review'])
    // What was handed in waits for others: the one at work is meant.
    expect((await lab.does(lab.anna, 'tasks.show')).task.key).toBe('APP-1')
    await lab.does(lab.anna, 'checkpoint', { summary: 'Half' })
    expect((await lab.does(lab.anna, 'submit', { summary: 'y' })).task.key).toBe('APP-1')
    expect((await lab.refused(lab.anna, 'checkpoint', { summary: 'Which?' })).code).toBe('AMBIGUOUS')
  })

  it('hands in the head of its worktree, or what it names', async () => {
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    expect((await lab.does(lab.anna, 'submit', { summary: 'Done' })).attempt).toMatchObject({
      headSha: head,
      outcome: 'Done',
    })
    const other = 'b'.repeat(40)
    expect((await lab.does(lab.anna, 'submit', { summary: 'Better', headSha: other })).attempt.headSha).toBe(other)
  })

  it('hands in without a commit where the worktree is gone', async () => {
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    const { worktreeId } = (await lab.kernel.database.read((tx) => lab.deps.sessions.list(tx))).find(
      ({ id }) => id === lab.anna.sessionId,
    )!
    lab.folders.lose(worktreeId!)
    expect((await lab.does(lab.anna, 'submit', { summary: 'Done' })).attempt.headSha).toBeNull()
  })

  it('gives up and gives back, with the reason', async () => {
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    expect((await lab.does(lab.anna, 'fail', { reason: 'No such API' })).task).toMatchObject({
      state: 'open',
      reason: 'No such API',
    })
    await lab.does(lab.anna, 'claim', { task: 'APP-2' })
    await lab.does(lab.anna, 'release', { reason: 'Needs a key', to: 'blocked' })
    expect(await stateOf('APP-2')).toBe('blocked')
  })

  it('of somebody who has none, or had none at this task, is refused', async () => {
    expect((await lab.refused(lab.bert, 'checkpoint', { summary: 'x' })).code).toBe('NO_TASK')
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    const refusal = await lab.refused(lab.bert, 'submit', { summary: 'Mine!', task: 'APP-1' })
    expect(refusal).toMatchObject({ code: 'NO_TASK', message: expect.stringContaining('claim APP-1') as unknown })
  })

  it('that comes too late is refused as stale, and kept', async () => {
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    await lab.does(lab.anna, 'release', { reason: 'x' })
    await lab.does(lab.bert, 'claim', { task: 'APP-1' })
    const late = await lab.refused(lab.anna, 'submit', { summary: 'Mine was ready' })
    expect(late).toMatchObject({ code: 'STALE_EPOCH', current: { attempt: { state: 'superseded' } } })
    expect((await lab.refused(lab.anna, 'renew', { task: 'APP-1' })).code).toBe('STALE_EPOCH')
    expect(await stateOf('APP-1')).toBe('claimed')
  })

  it('of an older claim of its own is refused when it names its epoch', async () => {
    const first = await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    await lab.does(lab.anna, 'release', { reason: 'x' })
    await lab.does(lab.anna, 'claim', { task: 'APP-1' })
    const { epoch } = first.attempt
    expect((await lab.refused(lab.anna, 'submit', { summary: 'Old', epoch })).code).toBe('STALE_EPOCH')
    await lab.does(lab.anna, 'submit', { summary: 'New', epoch: epoch + 1 })
  })
})
