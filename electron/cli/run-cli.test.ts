import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callVerb } from './call-verb.ts'
import { runCli } from './run-cli.ts'
import { createSpool } from './spool.ts'
import { answerKeptMs, mostSpooled } from './spool-limits.ts'
import { createWorld, startVerbHost, type VerbHost } from './testing.ts'

let host: VerbHost
beforeEach(async () => {
  host = await startVerbHost()
})
afterEach(() => host.close())

interface RunOptions {
  readonly environment?: Record<string, string>
  readonly stdin?: string
}

const run = async (argv: readonly string[], { environment = host.environment, stdin = '' }: RunOptions = {}) => {
  const { world, said } = createWorld(environment, host.folder, stdin)
  return { code: await runCli(argv, world), ...said }
}

describe('a verb', () => {
  it('is asked of the app with the token of the session and a request id', async () => {
    host.answer(() => ({ ok: true, value: { tasks: [] } }))
    expect(await run(['tasks', 'ready', '--limit', '3'])).toEqual({ code: 0, out: 'tasks: none\n', problems: '' })
    const [call] = host.heard
    expect(call).toMatchObject({ verb: 'tasks.ready', input: { limit: 3 } })
    expect(call?.headers.authorization).toBe(`Bearer ${'t'.repeat(64)}`)
    expect(call?.requestId).toMatch(/^[\w-]{36}$/)
  })

  it('is answered as one line of JSON on demand', async () => {
    const answer = { ok: true, value: { seq: 4 } } as const
    host.answer(() => answer)
    expect(await run(['report', 'x', '--json'])).toEqual({ code: 0, out: `${JSON.stringify(answer)}\n`, problems: '' })
  })

  it.each([
    ['NOT_YOURS', 2],
    ['ALREADY_CLAIMED', 3],
    ['STALE_EPOCH', 4],
    ['INTERNAL', 1],
  ])('that is refused with %s ends with %i and says why', async (code, exit) => {
    const refusal = { code, message: 'No.\x1b[31m Do this.' }
    host.answer(() => ({ ok: false, refusal }))
    expect(await run(['claim'])).toEqual({ code: exit, out: '', problems: `${code}: No.␛[31m Do this.\n` })
    const json = await run(['claim', '--json'])
    expect([json.code, JSON.parse(json.out), json.problems]).toEqual([exit, { ok: false, refusal }, ''])
  })

  it('reads a long text from the standard input', async () => {
    await run(['submit', '-'], { stdin: 'Long\ntext' })
    expect(host.heard[0]?.input).toEqual({ summary: 'Long\ntext' })
  })

  it('is a mistake when its input cannot be right, and the app hears of it', async () => {
    host.answer(() => ({ ok: false, refusal: { code: 'INVALID', message: 'In other words.' } }))
    const refused = await run(['submit', '-'], { stdin: '' })
    expect(refused).toMatchObject({ code: 1, problems: expect.stringContaining('summary: Say what was done.') })
    expect(refused.problems).toMatch(/^MALFORMED: .*See "switchyard submit --help"\.\n$/)
    expect(await run(['tasks', 'create'])).toMatchObject({ code: 1 })
    expect(host.heard.map(({ verb, input }) => [verb, input])).toEqual([
      ['submit', { summary: '' }],
      ['tasks.create', {}],
    ])
    await host.goAway()
    expect(await run(['tasks', 'create'])).toMatchObject({ code: 1 })
  })

  it('outside of a session needs a data folder', async () => {
    expect(await run(['whoami'], { environment: {} })).toMatchObject({
      code: 2,
      problems: expect.stringMatching(/^NOT_FOUND: There is nothing of Switchyard in .*SWITCHYARD_DATA\.\n$/),
    })
  })

  it('is told apart from an app that does not know the token, or answers nonsense', async () => {
    host.answer(() => ({ status: 401, body: '{"error":"UNKNOWN_TOKEN"}' }))
    expect(await run(['whoami'])).toMatchObject({ code: 2, problems: expect.stringContaining('token has ended') })
    host.answer(() => ({ status: 404, body: '<html>' }))
    expect(await run(['whoami'])).toMatchObject({ code: 1, problems: expect.stringContaining('answered 404') })
  })

  it('trusts no address outside of this machine', async () => {
    writeFileSync(host.environment.SWITCHYARD_GATEWAY_FILE, 'http://example.com:80')
    expect(await run(['claim'])).toMatchObject({ code: 5 })
    expect(host.heard).toEqual([])
  })
})

describe('what needs no app', () => {
  it('is answered by the command itself', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' })
    expect(await run(['claim', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('claim [TASK]') })
    expect(await run(['completion', 'fish'])).toMatchObject({ code: 0, out: expect.stringContaining('complete -c') })
    expect(await run(['completion', 'tcsh'])).toMatchObject({ code: 1, out: '' })
    expect(await run(['__complete', 'cla'])).toMatchObject({ code: 0, out: 'claim\n' })
    expect(host.heard).toEqual([])
  })

  it('is a mistake when there is no such thing', async () => {
    expect(await run(['cliam'])).toEqual({
      code: 1,
      out: '',
      problems: 'MALFORMED: There is no "cliam". Did you mean "claim"?\n',
    })
    const json = await run(['cliam', '--json'])
    expect([json.code, JSON.parse(json.out)]).toMatchObject([1, { ok: false, refusal: { code: 'MALFORMED' } }])
  })
})

describe('while the app is away', () => {
  it('whoever keeps its port for it is no app: the call was not heard, and is made again', async () => {
    const door = {
      findUrl: () => readFileSync(host.environment.SWITCHYARD_GATEWAY_FILE, 'utf8'),
      findToken: () => 't'.repeat(64),
      headers: {},
    }
    const refusal = { code: 'UNAVAILABLE', message: 'Switchyard is closed.' }
    const kept = {
      status: 503,
      headers: { 'switchyard-away': '1' },
      body: JSON.stringify({ ok: false, error: refusal.code, refusal }),
    }
    host.answer(() => (host.heard.length < 3 ? kept : { ok: true, value: { seq: 9 } }))
    const call = { name: 'renew', input: {}, requestId: 'request-1' }
    expect(await callVerb(door, call, [])).toEqual({ kind: 'away', mayHaveRun: false })
    expect(await callVerb(door, call, [1])).toEqual({ kind: 'answered', answer: { ok: true, value: { seq: 9 } } })
    expect(host.heard.map(({ requestId }) => requestId)).toEqual(['request-1', 'request-1', 'request-1'])
  })

  it('a decision fails loudly and is not kept', async () => {
    await host.goAway()
    expect(await run(['claim'])).toMatchObject({ code: 5, problems: expect.stringContaining('nothing was decided') })
    await host.comeBack()
    await run(['whoami'])
    expect(host.heard.map(({ verb }) => verb)).toEqual(['whoami'])
  })

  it('a decision that was on its way can be repeated under the same id', async () => {
    host.answer(() => 'cut')
    const lost = await run(['submit', 'Done'])
    const ids = new Set(host.heard.map(({ requestId }) => requestId))
    expect(lost.code).toBe(5)
    expect(host.heard.length).toBeGreaterThan(1)
    expect(ids.size).toBe(1)
    expect(lost.problems).toContain(`--request-id ${[...ids][0]}`)
  })

  it('a connection that broke is made again, by itself, with the same id', async () => {
    let calls = 0
    host.answer(() => ((calls += 1) === 1 ? 'cut' : { ok: true, value: { seq: 9 } }))
    expect(await run(['claim'])).toMatchObject({ code: 0, out: 'Recorded as event 9.\n' })
    expect(new Set(host.heard.map(({ requestId }) => requestId)).size).toBe(1)
  })

  it('heartbeats and notes are kept, and sent in their order before the next word', async () => {
    await host.goAway()
    expect(await run(['report', 'first'])).toMatchObject({ code: 0, out: 'Switchyard is away: kept for later.\n' })
    const second = await run(['checkpoint', 'second', '--json'])
    expect(second.code).toBe(0)
    expect(JSON.parse(second.out)).toEqual({ spooled: expect.any(String) })
    const spool = join(host.folder, 'ses_1', 'spool')
    const files = readdirSync(spool)
    expect(files).toHaveLength(2)
    for (const file of files) expect(readFileSync(join(spool, file), 'utf8')).not.toContain('tttt')

    await host.comeBack()
    expect(await run(['renew'])).toMatchObject({ code: 0 })
    expect(host.heard.map(({ verb }) => verb).sort()).toEqual(['checkpoint', 'renew', 'report'])
    expect(host.heard.at(-1)?.verb).toBe('renew')
    expect(readdirSync(spool)).toEqual([])
  })

  it('what was kept and is refused later is dropped, and said', async () => {
    await host.goAway()
    await run(['renew'])
    await host.comeBack()
    host.answer(({ verb }) =>
      verb === 'renew'
        ? { ok: false, refusal: { code: 'STALE_EPOCH', message: 'It is over.' } }
        : { ok: true, value: { seq: 1 } },
    )
    const next = await run(['report', 'x'])
    expect(next).toMatchObject({ code: 0, problems: 'A renew kept for later was refused: It is over.\n' })
    expect((await run(['report', 'y'])).problems).toBe('')
  })
})

describe('the spool', () => {
  const call = (n: number) => ({ name: 'renew', input: { n }, requestId: `request-${n}` })
  const folder = () => join(host.folder, 'spool')
  const sendTo = (sent: unknown[]) => async (kept: { input: unknown }) => {
    sent.push(kept.input)
    return { kind: 'answered', answer: { ok: true, value: {} } } as const
  }

  it('holds so much and no more', async () => {
    const spool = createSpool(folder(), () => 1)
    for (let n = 0; n < mostSpooled; n += 1) expect(await spool.add(call(n))).toBe(true)
    expect(await spool.add(call(mostSpooled))).toBe(false)
  })

  it('sends the oldest first, and keeps what the app did not answer', async () => {
    let at = 5
    const spool = createSpool(folder(), () => at)
    await spool.add(call(5))
    at = 3
    await spool.add(call(3))
    const sent: unknown[] = []
    expect(await spool.deliver(async () => ({ kind: 'away', mayHaveRun: false }))).toEqual([])
    await spool.deliver(sendTo(sent))
    await spool.deliver(sendTo(sent))
    expect(sent).toEqual([{ n: 3 }, { n: 5 }])
  })

  it('drops what is too old to be recognised as a repeat, and what it cannot read', async () => {
    let now = 1
    const spool = createSpool(folder(), () => now)
    await spool.add(call(1))
    now += answerKeptMs + 1
    mkdirSync(folder(), { recursive: true })
    writeFileSync(join(folder(), '2-broken.json'), '{"name":"claim","input":{},"requestId":"request-2","at":1}')
    writeFileSync(join(folder(), '3-cut.json'), '{"name":')
    const sent: unknown[] = []
    expect(await spool.deliver(sendTo(sent))).toHaveLength(3)
    expect([sent, readdirSync(folder())]).toEqual([[], []])
  })
})

describe('many callers at once', () => {
  it('each get the answer to their own call', async () => {
    host.answer(({ input }) => ({ ok: true, value: { echo: input['n'] } }))
    const findUrl = () => readFileSync(host.environment.SWITCHYARD_GATEWAY_FILE, 'utf8')
    const door = { findUrl, findToken: () => 't', headers: {} }
    const called = await Promise.all(
      Array.from({ length: 50 }, (_, n) => callVerb(door, { name: 'renew', input: { n }, requestId: `request-${n}` })),
    )
    called.forEach((one, n) => expect(one).toMatchObject({ kind: 'answered', answer: { value: { echo: n } } }))
  })
})
