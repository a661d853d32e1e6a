import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Activity, Session } from '../../../../shared/contract/sessions.ts'
import type { TerminalId } from '../../../../shared/lib/ids.ts'
import { agentAdapters } from '../../adapters/agents/all-agents.ts'
import { openTestHost, type TestHost } from '../../adapters/pty/testing.ts'
import { silentLog } from '../../kernel/testing.ts'
import { as, openMailLab, readerOf, type MailLab } from '../../testing/mail-lab.ts'
import { findSession, listSessions } from '../sessions/sessions-store.ts'
import { findOwner } from '../sessions/find-owner.ts'
import { proofMs } from './delivery-rules.ts'
import { createMailTyper, type MailTyper } from './mail-typer.ts'

// Mail typed at real prompts: the demo agent and a shell in the terminals of a PTY host. What the agents say of their state
// is said for them here.

const demoAgent = join(import.meta.dirname, '../../../../resources/demo-agent/demo-agent.mjs')
const pace = { idleMs: 1000, inputMs: 30_000, outputMs: 50 }

let lab: MailLab
let host: TestHost
let typer: MailTyper
let terminalId: TerminalId
/** Set by a test to happen right before something is typed. */
let beforeTyping: (data: string) => Promise<unknown>
beforeAll(async () => {
  host = await openTestHost()
})
afterAll(() => host[Symbol.asyncDispose]())
beforeEach(async () => {
  lab = await openMailLab(Date.now())
  beforeTyping = async () => undefined
  typer = newTyper()
})
afterEach(async () => {
  await typer.close()
  await host.client.stop(terminalId, { graceMs: 0 })
  await lab.close()
})

const newTyper = (own = pace) =>
  createMailTyper({
    ...lab.kernel,
    log: silentLog,
    mail: lab.mail(),
    sessions: {
      findOwner,
      find: async (tx, id) => (await findSession(tx, id))?.session,
      list: async (tx) => (await listSessions(tx)).map(({ session }) => session),
    },
    terminals: {
      inputPlace: (id) => host.client.readInputPlace(id),
      typeUnlessTouched: async (piece) => {
        await beforeTyping(piece.data)
        return host.client.writeUnlessTouched(piece)
      },
    },
    promptTestOf: (id) => agentAdapters[id].isPromptEmpty ?? null,
    pace: own,
  })

const bert = () => lab.bert.sessionId
const look = () => typer.look(bert())
const screen = () => host.client.readScreenText(terminalId)
const delivery = () => lab.deliveryTo(bert())
const activity = (kind: Activity['kind']): Activity => ({
  kind,
  reason: null,
  evidence: { source: 'hook', detail: '' },
  at: lab.clock.now,
})
const say = (kind: Activity['kind']) => lab.sessions.change(bert(), { activity: activity(kind) })
/** Bert's agent runs in a terminal and has been idle for a while. */
const begin = async (argv: readonly string[], prompt: string, change: Partial<Session> = {}) => {
  terminalId = await host.start(argv, { env: { PATH: process.env['PATH'] ?? '', PS1: prompt }, cols: 200 })
  await lab.sessions.change(bert(), { terminalId, ...change })
  await say('idle')
  await until(async () => (await screen()).endsWith(prompt.trimEnd()))
  lab.clock.now += 60_000
}
const beginDemo = () => begin([process.execPath, demoAgent], '› ')
const until = async (isTrue: () => Promise<boolean>) => {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 20))
}
const typeByHand = (data: string) =>
  host.client.write({ terminalId, writerId: 'window', seq: (lab.clock.now += 1), data })

it('types a short message at the quiet prompt of an idle agent, and it is done with once that works', async () => {
  await beginDemo()
  const { message } = await lab.sent(lab.anna, { body: 'The tests pass' })
  await look()
  await until(async () => (await screen()).includes('I see'))
  expect(await screen()).toContain(`› Message ${message.id} from another agent called Anna`)
  expect(await delivery()).toMatchObject({ state: 'injected', times: 1, typing: { what: 'message', tries: 1 } })
  await look()
  expect((await delivery()).state).toBe('injected')
  lab.clock.now += 10
  await say('working')
  await look()
  expect(await delivery()).toMatchObject({ state: 'acked', typing: { what: 'message' } })
})

it('types a notice of a long message, which stays open until the agent has read it', async () => {
  await beginDemo()
  const { message } = await lab.sent(lab.anna, { body: 'One line\nand another' })
  await look()
  expect(await screen()).toContain(`Read it by running switchyard mail read ${message.id}`)
  lab.clock.now += 10
  await say('working')
  await look()
  expect(await delivery()).toMatchObject({ state: 'injected', seenAt: lab.clock.now, typing: { what: 'notice' } })
  const read = await lab.mail().read(readerOf(lab.bert), message.id, as(lab.bert))
  await lab.mail().markInjected(lab.bert, read.ok && read.value.delivery ? [read.value.delivery.id] : [])
  lab.clock.now += 10
  await say('idle')
  await look()
  expect((await delivery()).state).toBe('acked')
})

it('types one message at a time, the most urgent first', async () => {
  await beginDemo()
  await lab.sent(lab.anna, { subject: 'Later', body: 'Second' })
  await lab.sent(lab.anna, { subject: 'Now', body: 'First', priority: 'urgent' })
  await look()
  await look()
  expect(await screen()).toContain('It says: First.')
  expect(await screen()).not.toContain('It says: Second.')
})

it('types nothing behind what somebody has half typed, and nothing soon after they typed', async () => {
  await beginDemo()
  await lab.sent(lab.anna)
  await typeByHand('fix the')
  await until(async () => (await screen()).includes('fix the'))
  await look()
  lab.clock.now += 60_000
  await look()
  expect((await delivery()).state).toBe('queued')
  await typeByHand('\u007f'.repeat(7))
  await until(async () => (await screen()).endsWith('›'))
  const patient = newTyper({ ...pace, inputMs: 3_600_000 })
  await patient.look(bert())
  await patient.close()
  expect((await delivery()).state).toBe('queued')
  await look()
  expect((await delivery()).state).toBe('injected')
})

it('leaves the prompt to a person who begins to type in that moment', async () => {
  await beginDemo()
  await lab.sent(lab.anna)
  beforeTyping = () => typeByHand('m')
  await look()
  await until(async () => (await screen()).endsWith('› m'))
  expect(await delivery()).toMatchObject({ state: 'leased', times: 0, typing: null })
})

it('presses no return behind what a person added, and shows that it was not delivered', async () => {
  await beginDemo()
  await lab.sent(lab.anna, { body: 'Go on' })
  beforeTyping = async (data) => (data === '\r' ? typeByHand(' wait') : undefined)
  await look()
  await until(async () => (await screen()).endsWith(' wait'))
  expect(await screen()).not.toContain('I see')
  lab.clock.now += proofMs
  await look()
  expect(await delivery()).toMatchObject({ state: 'injected', injectedAt: null, typing: { isUnanswered: true } })
})

it('does not count as taken what a person cleared before it was sent, whatever the agent does then', async () => {
  await beginDemo()
  await lab.sent(lab.anna, { body: 'Go on' })
  beforeTyping = async (data) => (data === '\r' ? typeByHand(' ') : undefined)
  await look()
  await typeByHand('\u007f'.repeat(400))
  await until(async () => (await screen()).endsWith('›'))
  lab.clock.now += 10
  await say('working')
  await look()
  expect(await delivery()).toMatchObject({ state: 'injected', seenAt: null, typing: { isSubmitted: false } })
  await say('idle')
  lab.clock.now += proofMs
  beforeTyping = async () => undefined
  await look()
  expect(await delivery()).toMatchObject({ state: 'injected', times: 2, typing: { tries: 2, isSubmitted: true } })
  lab.clock.now += 10
  await say('working')
  await look()
  expect((await delivery()).state).toBe('acked')
})

/** Echoes what is typed at its prompt, says when a return comes, and draws a dialog when it is sent a signal. */
const asker = `
  process.stdin.setRawMode(true)
  process.stdin.on('data', (typed) => process.stdout.write(String(typed) === '\\r' ? ' PRESSED' : typed))
  process.on('SIGUSR2', () => process.stdout.write('\\r\\nMay I delete it? '))
  process.stdout.write('pid ' + process.pid + '\\r\\n› ')`

it('presses no return into a dialog that is drawn before it', async () => {
  await begin([process.execPath, '-e', asker], '› ')
  await lab.sent(lab.anna, { body: 'Go on' })
  const [, pid] = /pid (\d+)/.exec(await screen()) ?? []
  beforeTyping = async (data) => {
    if (data !== '\r' || (await screen()).includes('May I')) return
    process.kill(Number(pid), 'SIGUSR2')
    await until(async () => (await screen()).includes('May I'))
  }
  await look()
  await typeByHand('!')
  await until(async () => (await screen()).endsWith('!'))
  expect(await screen()).toMatch(/May I delete it\? !$/)
  expect((await delivery()).typing).toMatchObject({ isSubmitted: false })
})

it('tries a prompt that swallowed it once more, and then waits for the next process', async () => {
  await begin(['sh', '-c', 'while :; do printf "› "; read line; done'], '› ')
  await lab.sent(lab.anna, { body: 'Anybody there' })
  for (const tries of [1, 2]) {
    await until(async () => (await screen()).endsWith('›'))
    await look()
    expect((await delivery()).typing).toEqual({ what: 'message', tries, isUnanswered: false, isSubmitted: true })
    lab.clock.now += proofMs
    await lab.mail().giveUpTyped(lab.bert)
  }
  await look()
  expect(await delivery()).toMatchObject({ times: 2, dueAt: null, typing: { tries: 2, isUnanswered: true } })
  expect((await screen()).match(/told again/g)).toHaveLength(1)
  await lab.sessions.end(bert())
  await lab.sessions.begin(bert())
  await look()
  expect((await delivery()).typing).toMatchObject({ tries: 1, isUnanswered: false })
})

it.each<[string, Partial<Session>]>([
  ['a shell, whatever is said of it', { agentId: 'shell' }],
  ['an agent of which typing is not known to be safe', { agentId: 'opencode' }],
  ['an agent that its hooks tell', { agentId: 'claude-code' }],
  ['a session where it is switched off', { isMailTyped: false }],
])('types nothing into %s', async (_name, change) => {
  await begin(['bash', '--norc'], '› ', change)
  await lab.sent(lab.anna, { body: 'echo hello' })
  await look()
  await typer.lookAll()
  expect((await delivery()).state).toBe('queued')
  expect(await screen()).toBe('›')
})

it('types nothing while the agent works, asks, or says nothing of itself', async () => {
  await beginDemo()
  await lab.sent(lab.anna)
  for (const kind of ['working', 'needs-you', 'unknown'] as const) {
    await say(kind)
    lab.clock.now += 60_000
    await look()
  }
  expect((await delivery()).state).toBe('queued')
})

it('begins no turn for what is for later', async () => {
  await beginDemo()
  await lab.sent(lab.anna, { priority: 'low' })
  await look()
  expect((await delivery()).state).toBe('queued')
})

it('follows what happens by itself once it was started, also for the mail of a role', async () => {
  await beginDemo()
  await lab.sessions.change(bert(), { role: 'reviewer' })
  typer.start()
  await lab.sent(lab.anna, { to: ['role:reviewer'], body: 'Look at it' })
  await until(async () => (await screen()).includes('It says: Look at it.'))
  expect(await delivery()).toMatchObject({ recipient: { kind: 'role', role: 'reviewer' }, state: 'injected' })
})
