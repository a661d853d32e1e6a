import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verbAnswerSchema, type VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import { sendTo, speaker, startTestGateway, waitForHangUp, type Sent, type TestGateway } from './testing.ts'

let lab: TestGateway
beforeEach(async () => {
  lab = await startTestGateway()
})
afterEach(() => lab.gateway.close())

const claim = (sent: Sent = {}) => sendTo(lab.gateway, { path: '/verb/claim', body: '{"task":"APP-1"}', ...sent })
const answerOf = ({ text }: { text: string }) => verbAnswerSchema.parse(JSON.parse(text))

describe('a verb over HTTP', () => {
  it('is asked by the speaker of its token, whoever the body says it is', async () => {
    const answer = await claim({ path: '/verb/tasks.show', body: '{"sessionId":"ses_2","task":null}' })
    expect(answerOf(answer)).toEqual({ ok: true, value: { seq: 7 } })
    expect(lab.calls).toEqual([
      { from: speaker, name: 'tasks.show', input: { sessionId: 'ses_2', task: null }, requestId: null, caller: null },
    ])
  })

  it('passes on what a command says of itself, whatever its folder is called', async () => {
    const folder = '/home/ada/Prüfung "x"\n'
    const headers = { 'switchyard-folder': Buffer.from(folder).toString('base64url'), 'switchyard-process': '17' }
    await claim({ headers })
    await claim({ headers: { ...headers, 'switchyard-process': 'x' } })
    await claim({ headers: { 'switchyard-process': '17' } })
    expect(lab.calls.map(({ caller }) => caller)).toEqual([{ folder, pid: 17 }, { folder, pid: Number.NaN }, null])
  })

  it('is let in by its route: a token may be good for one and not for another', async () => {
    lab.authenticate = (_token, route) => (route === 'verb' ? speaker : null)
    expect((await claim()).status).toBe(200)
    expect((await sendTo(lab.gateway, { path: '/hook' })).status).toBe(401)
    expect((await sendTo(lab.gateway, { path: '/mcp' })).status).toBe(401)
  })

  it('passes its idempotency key on, and refuses one that cannot be kept', async () => {
    await claim({ headers: { 'idempotency-key': 'toolu_01ABC' } })
    expect(lab.calls).toMatchObject([{ requestId: 'toolu_01ABC' }])
    const refused = await claim({ headers: { 'idempotency-key': 'short' } })
    expect(refused.status).toBe(422)
    expect(answerOf(refused)).toMatchObject({ ok: false, refusal: { code: 'INVALID' } })
    // Asked with what no verb takes, so that it is kept who tried.
    expect(lab.calls.slice(1)).toMatchObject([{ name: 'claim', input: expect.any(String), requestId: null }])
  })

  it.each([
    ['INVALID', 422],
    ['NOT_FOUND', 404],
    ['STALE_EPOCH', 409],
    ['HELD', 409],
    ['UNAVAILABLE', 503],
  ])('refused by %s is answered %i, with the reason and the row as it is', async (code, status) => {
    const refusal: VerbAnswer = { ok: false, refusal: { code, message: 'No. Do this.', current: { rev: 3 } } }
    lab.runVerb = async () => refusal
    const answer = await claim()
    expect(answer.status).toBe(status)
    expect(answerOf(answer)).toEqual(refusal)
  })

  it('that throws is answered 500 in the same shape, and the next one is heard', async () => {
    lab.runVerb = async () => {
      throw new Error('of the inside')
    }
    const answer = await claim()
    expect(answer.status).toBe(500)
    expect(answerOf(answer)).toMatchObject({ ok: false, refusal: { code: 'INTERNAL' } })
    expect(answer.text).not.toContain('of the inside')
    lab.runVerb = async () => ({ ok: true, value: {} })
    expect((await claim()).status).toBe(200)
  })

  it.each<[string, Sent, number, string]>([
    ['no token', { headers: { authorization: undefined } }, 401, 'UNKNOWN_TOKEN'],
    ['the token of nobody', { headers: { authorization: `Bearer ${'b'.repeat(64)}` } }, 401, 'UNKNOWN_TOKEN'],
    ['a web page', { headers: { origin: 'http://localhost:3000' } }, 403, 'NO_BROWSERS'],
    ['a name pointed at us', { headers: { host: 'attacker.invalid' } }, 421, 'WRONG_HOST'],
    ['reading', { method: 'GET', body: '' }, 405, 'ONLY_POST'],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'ONLY_JSON'],
    ['half a JSON', { body: '{"task":' }, 400, 'MALFORMED'],
    ['a body that is too long', { body: JSON.stringify({ body: 'x'.repeat(1_100_000) }) }, 413, 'TOO_LONG'],
    ['a verb with no name', { path: '/verb/' }, 404, 'NOT_FOUND'],
    ['a name that climbs', { path: '/verb/../hook' }, 404, 'NOT_FOUND'],
    ['a name with a query', { path: '/verb/claim?token=x' }, 404, 'NOT_FOUND'],
    ['a name in capitals', { path: '/verb/CLAIM' }, 404, 'NOT_FOUND'],
  ])('is refused to %s, with what to do next', async (_name, sent, status, code) => {
    const answer = await claim(sent)
    expect(answer.status).toBe(status)
    const said = answerOf(answer)
    expect(said).toMatchObject({ ok: false, refusal: { code } })
    expect(said.ok ? '' : said.refusal.message).toMatch(/\w.*\.$/)
    // Of somebody who is known it is kept who tried: the verb is asked with what none takes.
    const isKnown = code === 'MALFORMED' || code === 'TOO_LONG'
    expect(lab.calls.map(({ name, input }) => [name, typeof input])).toEqual(isKnown ? [['claim', 'string']] : [])
  })

  it('hears of no hanging up once it was answered, whatever becomes of the connection', async () => {
    const signals: AbortSignal[] = []
    lab.runVerb = async ({ signal }) => {
      signals.push(signal)
      return { ok: true, value: {} }
    }
    const answers = await Promise.all([1, 2, 3].map(() => claim()))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    await lab.gateway.close()
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false])
  })

  it('may wait, and hears when the agent hangs up', async () => {
    const { begun, hungUp } = waitForHangUp(lab)
    const left = claim({ path: '/verb/lease.wait' }).catch(() => 'cut off')
    await begun
    await lab.gateway.close()
    await hungUp
    expect(await left).toBe('cut off')
  })
})
