import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Terminal } from '../../../../shared/contract/terminals.ts'
import type { SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { plainShellAdapter } from '../../adapters/agents/plain-shell.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { startIntentLoop, type IntentLoop } from '../../kernel/intents.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../kernel/testing.ts'
import { createStandInWorktrees, projectId, type StandInWorktrees } from '../../testing/stand-in-worktrees.ts'
import { listLiveIncarnations } from './incarnations-store.ts'
import { createSessionsService, type SessionsDeps, type SessionsService } from './sessions-service.ts'
import type { TerminalNews } from './session-parts.ts'

// I3: at most one live incarnation per session, in the rows and in the processes themselves; and in the end each session has
// the process that is wanted for it: whatever is asked in whatever order, agents that end and a PTY host that dies by
// themselves, and the app killed at anything it asks of its database or of its terminals.

const runs = Number(process.env['SWITCHYARD_TEST_MODEL_RUNS'] ?? 1000)

const who = fc.nat(1)
type Step =
  | { readonly kind: 'create' | 'host-dies' | 'restart' }
  | { readonly kind: 'stop' | 'resume' | 'archive' | 'unarchive' | 'retry' | 'agent-ends'; readonly who: number }
  | { readonly kind: 'turns'; readonly count: number }
  /** The process dies at the n-th thing it asks from now on, before that happened or after. */
  | { readonly kind: 'kill'; readonly at: number; readonly when: 'before' | 'after' }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('create' as const) }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'stop' as const,
        'resume',
        'resume',
        'resume',
        'archive',
        'unarchive',
        'retry',
        'agent-ends',
      ),
      who,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('host-dies' as const, 'restart', 'restart') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      at: fc.integer({ min: 1, max: 25 }),
      when: fc.constantFrom('before' as const, 'after'),
    }),
  },
)

let folder: string
let kernel: TestKernel
let worktrees: StandInWorktrees
let now = 1_000_000
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-lives-'))
  kernel = createTestKernel(() => now)
  worktrees = createStandInWorktrees(folder)
  mkdirSync(join(folder, 'sessions'))
})
afterAll(async () => {
  await kernel.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The PTY host: it outlives the app, and forgets everything when it dies itself. */
interface Pty {
  readonly terminal: Terminal
  readonly sessionId: SessionId
  state: Terminal['state']
}
const ptys = new Map<TerminalId, Pty>()
/** What must not be, told outside of whatever would take it for a failure of its own. */
const wrong: string[] = []
const livingOf = (id: SessionId) =>
  [...ptys.values()].filter((one) => one.sessionId === id && one.state.kind === 'alive')

class Killed extends Error {}
interface Life {
  readonly sessions: SessionsService
  readonly loop: IntentLoop
  readonly stopListening: () => void
  readonly news: Set<(news: TerminalNews) => void>
  isDead: boolean
  kill: Extract<Step, { kind: 'kill' }> | null
  asked: number
}
let life: Life
let lastPid = 100

const end = (pty: Pty, how: 'exited' | 'lost') => {
  if (pty.state.kind !== 'alive') return
  pty.state = how === 'exited' ? { kind: 'exited', code: 0, signal: null, at: now } : { kind: 'lost', at: now }
  const { terminal } = pty
  if (life.isDead) return
  for (const tell of life.news)
    tell(how === 'exited' ? { kind: 'exited', terminal, code: 0, signal: null } : { kind: 'lost', terminal })
}

type Gate = <Value>(work: () => Promise<Value>) => Promise<Value>

const terminalsOf = (mayDie: Gate, news: Set<(news: TerminalNews) => void>): SessionsDeps['terminals'] => ({
  listOfSession: async (_tx, id) =>
    [...ptys.values()].filter((one) => one.sessionId === id).map(({ terminal, state }) => ({ ...terminal, state })),
  start: ({ terminalId, sessionId, projectId: project, kind, cwd }) =>
    mayDie(async () => {
      const known = ptys.get(terminalId)
      if (known?.state.kind === 'alive') return { pid: known.state.pid, startTime: null }
      if (known || sessionId === null) throw new Error('This terminal has ended.')
      if (livingOf(sessionId).length > 0) wrong.push(`${sessionId} is started twice`)
      const pid = (lastPid += 1)
      const state = { kind: 'alive', pid } as Terminal['state']
      const terminal = { id: terminalId, projectId: project, sessionId, kind, title: '', cwd, state, createdAt: now }
      ptys.set(terminalId, { terminal, sessionId, state })
      return { pid, startTime: null }
    }),
  stop: (id) =>
    mayDie(async () => {
      const pty = ptys.get(id)
      if (pty) end(pty, 'exited')
    }),
  remove: (id) => mayDie(async () => void ptys.delete(id)),
  onNews: (listener) => {
    news.add(listener)
    return () => void news.delete(listener)
  },
})

const agents = {
  adapterOf: () => ({ ...plainShellAdapter, canResume: true }),
  findLaunchable: async () => ok({ adapter: plainShellAdapter, executable: '/bin/sh', version: null }),
  environmentFor: async (_id: string, additions: Record<string, string>) => additions,
  resources: { folder: '', node: { path: '', needsRunAsNode: false } },
} as unknown as SessionsDeps['agents']

/** One start of the app on what is there. */
const start = async (): Promise<void> => {
  const mine: Pick<Life, 'isDead' | 'kill' | 'asked'> = { isDead: false, kill: null, asked: 0 }
  const mayDie: Gate = async (work) => {
    mine.asked += 1
    const isHere = mine.kill !== null && mine.asked >= mine.kill.at
    if (isHere && mine.kill?.when === 'before') mine.isDead = true
    if (mine.isDead) throw new Killed()
    const value = await work()
    if (isHere) mine.isDead = true
    if (mine.isDead) throw new Killed()
    return value
  }
  const news: Life['news'] = new Set()
  const deps: SessionsDeps & { readProcessStart: () => Promise<null>; bootId: string } = {
    ...kernel,
    log: silentLog,
    database: { ...kernel.database, read: (work) => mayDie(() => kernel.database.read(work)) },
    runCommand: (options, work) => mayDie(() => kernel.runCommand(options, work)),
    agents,
    projects: { find: async () => undefined },
    worktrees,
    terminals: terminalsOf(mayDie, news),
    asks: { record: async () => undefined, listOpen: async () => [] },
    findLivingProcess: async (known) =>
      known && livingOf(known.sessionId).some(({ state }) => state.kind === 'alive' && state.pid === known.pid)
        ? known.pid
        : null,
    readProcessStart: async () => null,
    bootId: 'boot',
    sessionsFolder: join(folder, 'sessions'),
    commandFolder: join(folder, 'bin'),
    starts: { most: 1000, gapMs: 0 },
    stopGraceMs: 0,
  }
  const sessions = createSessionsService(deps)
  await sessions.reconcile()
  await sessions.setGatewayUrl('http://127.0.0.1:1')
  const loop = startIntentLoop({ ...deps, handlers: sessions.handlers })
  life = Object.assign(mine, { sessions, loop, news, stopListening: kernel.onCommit(() => loop.wake()) })
}

const leave = async () => {
  life.stopListening()
  await life.loop.stop()
  life.sessions.close()
}
const turn = () => new Promise((resolve) => setImmediate(resolve))
/** Long enough for what was asked of the disk before it. */
const turnOfDisk = async () => {
  for (let n = 0; n < 4; n += 1) await stat(folder)
}
const listSessions = () => kernel.database.read(life.sessions.list)

const act = async (taken: Step): Promise<void> => {
  const { sessions } = life
  if ('who' in taken) {
    const id = (await listSessions())[taken.who]?.id
    if (id) await ask(taken.kind, id)
  } else if (taken.kind === 'create') {
    if ((await listSessions()).length < 2) await sessions.create({ ...newSession, requestId: kernel.newId('int') }, by)
  } else if (taken.kind === 'host-dies') for (const pty of ptys.values()) end(pty, 'lost')
  else if (taken.kind === 'turns') for (let n = 0; n < taken.count; n += 1) await turn()
  else if (taken.kind === 'kill') Object.assign(life, { kill: taken, asked: 0 })
  else {
    await leave()
    await start()
  }
}

const ask = async (what: Extract<Step, { who: number }>['kind'], id: SessionId): Promise<void> => {
  if (what === 'agent-ends') for (const pty of livingOf(id)) end(pty, 'exited')
  else await life.sessions[what](id, by)
}

const take = async (taken: Step) => {
  await act(taken).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
  })
  if (!life.isDead) return
  await leave()
  await start()
}

const check = async () => {
  expect(wrong.splice(0)).toEqual([])
  const live = await kernel.database.read(listLiveIncarnations)
  expect(new Set(live.map(({ sessionId }) => sessionId)).size).toBe(live.length)
  for (const { id } of await listSessions()) expect(livingOf(id).length, id).toBeLessThanOrEqual(1)
}

const isPending = async () =>
  (await kernel.database.read((tx) => tx.all(`SELECT id FROM intents WHERE state = 'pending'`))).length > 0

/** The app goes on undisturbed: then each session has what is wanted for it. */
const settle = async () => {
  await leave()
  await start()
  for (let round = 0; await isPending(); round += 1) {
    expect(round, 'intents that come to no end').toBeLessThan(2000)
    now += 61_000
    life.loop.wake()
    await turnOfDisk()
  }
  for (let n = 0; n < 10; n += 1) await turnOfDisk()
  await check()
  for (const session of await listSessions()) expect(processOf(session), JSON.stringify(session)).toBe(wanted(session))
}
const processOf = ({ id }: Session) =>
  livingOf(id).map(({ state }) => (state.kind === 'alive' ? state.pid : 0))[0] ?? null
const wanted = ({ lifecycle, runtime }: Session) =>
  lifecycle === 'running' && runtime.kind === 'alive' ? runtime.pid : null

const live = async (steps: readonly Step[]) => {
  for (const taken of [{ kind: 'create' } as const, ...steps]) {
    await take(taken)
    await check()
  }
  await settle()
}

it(
  `I3: a session has one process at most, and in the end the one that is wanted (${runs} runs)`,
  async () => {
    let started = 0
    const play = async (steps: readonly Step[]) => {
      for (const table of ['incarnations', 'sessions', 'intents'])
        await kernel.database.writer.run(`DELETE FROM ${table}`)
      ptys.clear()
      await start()
      // A life that is left behind would act on the next one's rows, and nothing found then would be true.
      const [lived] = await Promise.allSettled([live(steps)])
      await leave()
      if (lived.status === 'rejected') throw lived.reason
      started += ptys.size
    }
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8, size: 'max' }), play), {
      numRuns: runs,
    })
    expect(started).toBeGreaterThan(runs / 2)
  },
  600_000 + runs * 500,
)

const newSession = {
  projectId,
  title: 'A title',
  prompt: null,
  agentId: 'shell',
  model: null,
  permissionMode: null,
  worktree: { kind: 'new-branch', baseRef: null, branch: null },
} as const
