import Database from 'better-sqlite3'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderHeader, processHeader } from '../../shared/agent-verbs/command-door.ts'
import { verbNames, type VerbName } from '../../shared/agent-verbs/verbs.ts'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import { mcpTools } from '../agent-gateway/mcp-tools.ts'
import { withDirect } from '../backend/open-direct.ts'
import { entries, openCommandYard, type CommandYard, type Member } from '../hosts/common/testing/command-yard.ts'
import { readFileSync } from 'node:fs'
import { runCli } from './run-cli.ts'
import { createWorld } from './testing.ts'

// Whatever is sent to a verb, by whichever door: a refusal of a known kind that says what to do, nothing changed, and an
// event of who tried.

let yard: CommandYard
let anna: Member
beforeAll(async () => {
  yard = await openCommandYard()
  anna = await yard.addSession('Anna')
})
afterAll(() => yard.close())

interface Event {
  readonly topic: string
  readonly command: string
  readonly by: string
  readonly code: string
}

/** What agents and people can change by a verb. */
const coordinates = /^(tasks|attempts|checkpoints|comments|leases|waiters|messages|deliveries|threads|reports|asks)\./

/** What was written down while this ran: refusals, and changes that a verb makes. */
const watch = async (work: () => Promise<void>): Promise<readonly Event[]> => {
  const read = (after: number) => {
    const database = new Database(join(yard.dataDir, 'switchyard.db'), { readonly: true })
    const sql = 'SELECT seq, topic, payload FROM events WHERE seq > ? ORDER BY seq'
    const rows = database.prepare<[number], { seq: number; topic: string; payload: string }>(sql).all(after)
    database.close()
    return rows
  }
  const last = read(0).at(-1)?.seq ?? 0
  await work()
  return read(last)
    .filter(({ topic }) => topic === 'refusals.recorded' || coordinates.test(topic))
    .map(({ topic, payload }) => ({ topic, ...(JSON.parse(payload) as Omit<Event, 'topic'>) }))
    .map(({ topic, command, by, code }) => ({ topic, command, by, code }))
}

const gatewayUrl = () => readFileSync(join(yard.dataDir, 'sessions', 'gateway'), 'utf8')
const tokenOf = (member: Member) => member.environment['SWITCHYARD_TOKEN'] ?? ''

const post = async (path: string, headers: Record<string, string>, body: unknown) => {
  const response = await fetch(`${gatewayUrl()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify(body),
  })
  const answer: unknown = await response.json()
  return { status: response.status, answer }
}
const asSession = () => ({ authorization: `Bearer ${tokenOf(anna)}` })
const asPerson = () => ({
  authorization: `Bearer ${readFileSync(join(yard.dataDir, 'command-token'), 'utf8')}`,
  [folderHeader]: Buffer.from(yard.repository).toString('base64url'),
  [processHeader]: String(process.pid),
})

const byHttp = (headersOf: () => Record<string, string>) => async (name: VerbName) => {
  const { status, answer } = await post(`/verb/${name}`, headersOf(), { taks: 1 })
  expect(status).toBe(422)
  return answer as VerbAnswer
}

const byMcp = async (name: VerbName): Promise<VerbAnswer> => {
  const found = mcpTools.flatMap((tool) =>
    Object.entries(tool.actions).flatMap(([action, verb]) => (verb === name ? [{ tool: tool.name, action }] : [])),
  )
  const [{ tool, action } = { tool: '', action: '' }] = found
  const call = { name: tool, arguments: { ...(action === '' ? {} : { action }), taks: 1 } }
  const { answer } = await post('/mcp', asSession(), { jsonrpc: '2.0', id: 1, method: 'tools/call', params: call })
  const { result } = answer as { result: { isError: boolean; content: [{ text: string }] } }
  expect(result.isError).toBe(true)
  const [, message = '', code = ''] = /^(.*) \((\w+)\)$/s.exec(result.content[0].text) ?? []
  return { ok: false, refusal: { code, message } }
}

const byCommand = (environmentOf: () => Record<string, string | undefined>) => async (name: VerbName) => {
  const { world, said } = createWorld(environmentOf(), yard.home)
  const argv = [...name.split('.'), '--taks', 'x', '--json']
  const code = await runCli(argv, { ...world, entries, folder: yard.repository })
  expect(code).toBe(1)
  return JSON.parse(said.out) as VerbAnswer
}
const personEnvironment = () => ({ PATH: process.env['PATH'], SWITCHYARD_DATA: yard.dataDir })

const session = () => `session:${anna.id}`
const person = () => 'person:command'
const doors: readonly [string, (name: VerbName) => Promise<VerbAnswer>, () => string, string][] = [
  ['HTTP, as a session', byHttp(asSession), session, 'INVALID'],
  ['HTTP, as the person', byHttp(asPerson), person, 'INVALID'],
  ['MCP', byMcp, session, 'INVALID'],
  ['the command, in a session', byCommand(() => anna.environment), session, 'MALFORMED'],
  ['the command, outside of any', byCommand(personEnvironment), person, 'MALFORMED'],
]

const expectRefused = (name: string, answer: VerbAnswer, code: string) => {
  expect(answer, name).toMatchObject({ ok: false, refusal: { code } })
  // What it knows instead, or where that can be read.
  expect(answer.ok ? '' : answer.refusal.message, name).toMatch(
    /It takes .*\. Nothing was changed\.|Did you mean|See --help\./,
  )
}

describe.each(doors)('what a verb does not know, by %s', (_door, ask, by, code) => {
  it('is refused by every verb, and kept with who tried, and changes nothing', async () => {
    const events = await watch(async () => {
      for (const name of verbNames) expectRefused(name, await ask(name), code)
    })
    expect(events).toEqual(
      verbNames.map((name) => ({ topic: 'refusals.recorded', command: name, by: by(), code: 'INVALID' })),
    )
  })
})

describe('input of another kind', () => {
  const wrong: readonly [VerbName, unknown][] = [
    ['claim', 'APP-1'],
    ['claim', []],
    ['claim', { task: 7 }],
    ['submit', {}],
    ['submit', { summary: 'x', headSha: 'abc' }],
    ['checkpoint', { summary: 'x', epoch: -1 }],
    ['tasks.create', { title: 'x'.repeat(100_000) }],
    ['tasks.create', { title: 'x', priority: 'high' }],
    ['tasks.depend', { on: null }],
    ['lease.acquire', { targets: ['a'.repeat(10_000)] }],
    ['lease.wait', { waiterId: 'wtr_1' }],
    ['merge.enqueue', { head: 'abc' }],
    ['merge.enqueue', { target: '-x' }],
    ['mail.send', { to: ['@anna'], body: 'x'.repeat(40_000) }],
    ['mail.ack', { messages: [] }],
    ['ask-human', { question: 'x', seconds: 1e9 }],
    ['events.tail', { after: 'yesterday' }],
    ['report', { text: '   ' }],
    ['gates.run', { names: 'unit' }],
    ['gates.run', { seconds: -1 }],
    ['gates.status', { names: ['x'.repeat(61)] }],
  ]

  it.each([
    ['a session', asSession, session],
    ['the person', asPerson, person],
  ] as const)('of %s is refused and kept, and changes nothing', async (_who, headersOf, by) => {
    const events = await watch(async () => {
      for (const [name, input] of wrong) {
        const { answer } = await post(`/verb/${name}`, headersOf(), input)
        expectRefused(name, answer as VerbAnswer, 'INVALID')
      }
    })
    expect(events).toEqual(
      wrong.map(([name]) => ({ topic: 'refusals.recorded', command: name, by: by(), code: 'INVALID' })),
    )
  })

  it('in a command that the app cannot be asked for is a mistake too, and is kept', async () => {
    const events = await watch(async () => {
      const { world, said } = createWorld(anna.environment, yard.home)
      expect(await runCli(['report', ' '], { ...world, entries })).toBe(1)
      expect(said.problems).toMatch(/^MALFORMED: text: Say something\. See "switchyard report --help"\.\n$/)
    })
    expect(events).toMatchObject([{ command: 'report', by: session() }])
  })
})

describe('a verb that is none', () => {
  it('is refused with those there are, and kept', async () => {
    const events = await watch(async () => {
      const { status, answer } = await post('/verb/tasks.shwo', asSession(), {})
      expect([status, answer]).toMatchObject([
        404,
        { refusal: { code: 'UNKNOWN_VERB', message: expect.stringContaining('tasks.show') } },
      ])
      const params = { name: 'tasks', arguments: { action: 'shwo' } }
      const { answer: mcp } = await post('/mcp', asSession(), { jsonrpc: '2.0', id: 1, method: 'tools/call', params })
      expect(JSON.stringify(mcp)).toContain('Name an action: ready, list, show')
    })
    expect(events.map(({ command, by, code }) => [command, by, code])).toEqual([
      ['tasks.shwo', session(), 'UNKNOWN_VERB'],
      ['tasks.', session(), 'UNKNOWN_VERB'],
    ])
  })
})

describe('without the app', () => {
  it('every verb refuses what it does not know, to a session and to the person, and keeps who tried', async () => {
    await yard.stop()
    const { world } = createWorld(personEnvironment(), yard.home)
    const signal = AbortSignal.abort()
    const events = await watch(() =>
      withDirect({ ...world, dataDir: yard.dataDir, entries }, async (direct) => {
        const holder = await direct.findTokenHolder(tokenOf(anna))
        if (!holder) throw new Error('The token was not known.')
        for (const name of verbNames) {
          const call = { name, input: { taks: 1 }, requestId: null, signal }
          expectRefused(name, await direct.runVerb(holder, call), 'INVALID')
          const caller = { folder: yard.repository, pid: process.pid }
          expectRefused(name, await direct.runPersonVerb(caller, call), 'INVALID')
        }
      }),
    )
    const tried = verbNames.flatMap((command) => [
      { topic: 'refusals.recorded', command, by: session(), code: 'INVALID' },
      { topic: 'refusals.recorded', command, by: person(), code: 'INVALID' },
    ])
    expect(events).toEqual(tried)
  })
})
