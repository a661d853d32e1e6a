import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { whySchema, type WhyQuery } from '../../../../shared/contract/activity.ts'
import type { SessionId, TaskId } from '../../../../shared/lib/ids.ts'
import { openVerbLab, type VerbLab } from '../../testing/verb-lab.ts'
import type { Identity } from '../../kernel/identity.ts'

let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
})
afterEach(() => lab.close())

const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }
const why = async (query: WhyQuery) => {
  const answer = await lab.activity.why(query)
  if (!answer.ok) throw new Error(answer.refusal.message)
  return whySchema.parse(answer.value)
}
const addTask = async (title: string) => (await lab.does(lab.anna, 'tasks.create', { title })).task

describe('why, read from the rows and the log', () => {
  it('tells of a session that died with the line that told its death', async () => {
    await lab.sessions.end(lab.anna.sessionId)
    const told = await why({ kind: 'session', id: lab.anna.sessionId })
    expect(told).toMatchObject({ title: 'Anna', sentence: 'Its agent ended by itself' })
  })

  it('tells of an agent that was refused something', async () => {
    const task = await addTask('Parse dates')
    await lab.tasks.move({ taskId: task.id, rev: null, move: { to: 'done' } }, person)
    await lab.refused(lab.bert, 'claim', { task: task.key })
    await lab.sessions.change(lab.bert.sessionId, {
      activity: { kind: 'idle', reason: null, evidence: { source: 'hook', detail: 'Stop' }, at: 1 },
    })
    expect(await why({ kind: 'session', id: lab.bert.sessionId })).toMatchObject({
      sentence: `Its agent is idle; last it was refused: ${task.key} is done. Reopen it first, or take another task`,
      decidedBy: { group: 'refusals', who: 'Bert' },
    })
  })

  it('tells of a task what it waits for, with the line of the dependency', async () => {
    const [first, second] = [await addTask('First'), await addTask('Second')]
    const edge = { taskId: second.id, dependsOnId: first.id, kind: 'blocks', satisfiedOn: 'completed' } as const
    await lab.tasks.depend(edge, person)
    expect(await why({ kind: 'task', id: second.id })).toMatchObject({
      title: `${second.key} Second`,
      sentence: `It waits for ${first.key} “First” (open)`,
      decidedBy: { who: 'You', what: expect.stringContaining('added a dependency') },
    })
    expect((await why({ kind: 'task', id: first.id })).sentence).toContain('It is ready')
  })

  it('tells of a task who works on it and who blocked it, in the line of the whole command', async () => {
    const task = await addTask('Parse dates')
    await lab.does(lab.bert, 'claim', { task: task.key })
    expect(await why({ kind: 'task', id: task.id })).toMatchObject({
      sentence: expect.stringContaining('“Bert”'),
      decidedBy: { who: 'Bert', what: expect.stringContaining('took up') },
    })
    await lab.tasks.move({ taskId: task.id, rev: null, move: { to: 'blocked', reason: 'No key.' } }, person)
    expect(await why({ kind: 'task', id: task.id })).toMatchObject({
      sentence: 'It is blocked: No key',
      decidedBy: { who: 'You', reason: 'No key.' },
    })
  })

  it('refuses what is not there', async () => {
    const gone = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
    const answers = [
      await lab.activity.why({ kind: 'session', id: `ses_${gone}` as SessionId }),
      await lab.activity.why({ kind: 'task', id: `tsk_${gone}` as TaskId }),
    ]
    expect(answers).toMatchObject([{ refusal: { code: 'NOT_FOUND' } }, { refusal: { code: 'NOT_FOUND' } }])
  })
})
