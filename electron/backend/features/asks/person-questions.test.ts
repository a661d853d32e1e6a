import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Session } from '../../../../shared/contract/sessions.ts'
import { by, type TestApp } from '../../testing/test-app.ts'
import { createYard, type Yard } from '../../testing/test-yard.ts'

let yard: Yard
let app: TestApp
let session: Session
beforeEach(async () => {
  yard = createYard()
  app = await yard.open()
  session = await app.create()
  session = await app.whenActivity(session.id, 'idle')
})
afterEach(() => yard.dispose())

const holder = async () => {
  const owner = await app.database.read((tx) => app.sessions.findOwner(tx, session.id))
  return { sessionId: session.id, incarnationId: owner!.incarnationId! }
}
const never = new AbortController().signal
const ask = async (requestId = 'request-1', signal: AbortSignal = never, options: string[] = ['Blue', 'Red', 'Blue']) =>
  app.asks.askPerson(await holder(), { question: 'Which color?', options, requestId }, signal)
const choose = (answer: string) => ({ kind: 'choose', answers: { 'Which color?': answer } }) as const
const activity = async () => (await app.session(session.id)).activity

describe('a question asked by a verb', () => {
  it('is shown with its options, and answered by one or in words', async () => {
    const answered = ask()
    const open = await app.whenAsked()
    expect(open).toMatchObject({
      canAnswerHere: true,
      detail: {
        kind: 'question',
        questions: [{ question: 'Which color?', options: [{ label: 'Blue' }, { label: 'Red' }] }],
      },
    })
    expect(await activity()).toMatchObject({ kind: 'needs-you', reason: 'A question' })
    expect(await app.asks.answer(open.id, choose('Green, like grass'))).toMatchObject({ ok: true })
    const { value } = (await answered) as { value: { seq: number } }
    expect(value).toMatchObject({ askId: open.id, answer: 'Green, like grass' })
    const recorded = app.changes.find(({ seq }) => seq === value.seq)
    expect(recorded).toMatchObject({ topic: 'asks.changed', payload: { id: open.id, state: { kind: 'answered' } } })
    expect((await activity()).kind).toBe('working')
  })

  it('may be declined, with a note', async () => {
    const answered = ask()
    const { id } = await app.whenAsked()
    await app.asks.answer(id, { kind: 'deny', note: 'Ask Bert' })
    expect(await answered).toMatchObject({ value: { answer: 'The person will not answer: Ask Bert' } })
  })

  it.each([
    [{ kind: 'allow', widerId: null } as const, 'INVALID'],
    [choose('  '), 'INVALID'],
  ])('is not answered by %j', async (answer, code) => {
    const gone = new AbortController()
    const answered = ask('request-1', gone.signal)
    const { id } = await app.whenAsked()
    expect(await app.asks.answer(id, answer)).toMatchObject({ refusal: { code } })
    expect(await app.openAsks()).toHaveLength(1)
    gone.abort()
    await answered
  })

  it('stays open when nobody waits any more, and the answer is told then', async () => {
    const gone = new AbortController()
    const answered = ask('request-1', gone.signal)
    const { id } = await app.whenAsked()
    gone.abort()
    expect(await answered).toMatchObject({ value: { askId: id, answer: null } })
    expect(await app.openAsks()).toMatchObject([{ id, canAnswerHere: true }])
    await app.asks.answer(id, choose('Red'))
    expect(app.toldAnswers).toEqual([{ question: 'Which color?', answer: 'Red' }])
    expect(await app.asks.answer(id, choose('Blue'))).toMatchObject({ refusal: { code: 'ALREADY_ANSWERED' } })
  })

  it('is asked once however often its call is repeated', async () => {
    const [first, second] = [ask(), ask()]
    const { id } = await app.whenAsked()
    await first
    expect(await app.openAsks()).toHaveLength(1)
    await app.asks.answer(id, choose('Red'))
    expect(await second).toMatchObject({ value: { askId: id, answer: 'Red' } })
    expect(await ask()).toMatchObject({ value: { askId: id, answer: 'Red' } })
    expect(app.toldAnswers).toEqual([])
  })

  it('is not closed by what the agent does meanwhile', async () => {
    const answered = ask()
    const { id } = await app.whenAsked()
    const hook = (body: object) => holder().then((from) => app.asks.handleHook(from, body, never))
    for (const hook_event_name of ['UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'PostToolBatch', 'Stop'])
      await hook({ hook_event_name, tool_name: 'Bash', tool_input: {}, tool_use_id: 'x' })
    expect(await app.openAsks()).toMatchObject([{ id }])
    expect((await activity()).kind).toBe('needs-you')
    await app.asks.answer(id, choose('Red'))
    expect(await answered).toMatchObject({ value: { answer: 'Red' } })
  })

  it('can still be answered after the app was started again', async () => {
    // It ends with the app.
    const cut = ask().catch(() => null)
    const { id } = await app.whenAsked()
    await app.abandon()
    await cut
    app = await yard.open()
    expect(await app.openAsks()).toMatchObject([{ id, canAnswerHere: true }])
    await app.asks.answer(id, choose('Red'))
    expect(app.toldAnswers).toEqual([{ question: 'Which color?', answer: 'Red' }])
  })

  it('ends with its agent, without an answer', async () => {
    const answered = ask()
    await app.whenAsked()
    await app.sessions.stop(session.id, by)
    expect(await answered).toMatchObject({ value: { answer: null } })
    expect(await app.openAsks()).toEqual([])
  })

  it('is refused to a process that speaks for the session no more', async () => {
    const from = { ...(await holder()), incarnationId: app.newId('inc') }
    const refused = await app.asks.askPerson(from, { question: 'Which?', options: [], requestId: 'request-9' }, never)
    expect(refused).toMatchObject({ refusal: { code: 'NOT_RUNNING' } })
  })
})
