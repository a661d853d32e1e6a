import { join, resolve } from 'node:path'
import type { Change } from '../../../shared/contract/changes.ts'
import type { NewSession, Session } from '../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { agentAdapters } from '../adapters/agents/all-agents.ts'
import { findSessionProcess, readBootId, readProcessStart } from '../adapters/processes.ts'
import { openDatabase } from '../db/database.ts'
import { createAgentsService } from '../features/agents/agents-service.ts'
import { askRecorder, createAsksService } from '../features/asks/asks-service.ts'
import { createSessionsService, type SessionsDeps } from '../features/sessions/sessions-service.ts'
import { createTerminalsService } from '../features/terminals/terminals-service.ts'
import { createClock, createNewId } from '../kernel/clock.ts'
import { systemIdentity } from '../kernel/identity.ts'
import { startIntentLoop } from '../kernel/intents.ts'
import { createCommandRunner } from '../kernel/run-command.ts'
import { silentLog } from '../kernel/testing.ts'
import { listenForHooks } from './hook-listener.ts'
import type { LocalPty } from './local-pty.ts'
import { projectId, type StandInWorktrees } from './stand-in-worktrees.ts'

const resourcesFolder = resolve(import.meta.dirname, '../../../resources')
export const by = systemIdentity

export interface World {
  readonly folder: string
  readonly pty: LocalPty
  readonly worktrees: StandInWorktrees
  readonly person: Record<string, string>
}

export interface AppOptions {
  readonly starts?: SessionsDeps['starts']
  readonly stopGraceMs?: number
  /** Wraps what reaches outside, to fail or to vanish at a chosen point. */
  readonly wrap?: <T extends object>(name: string, part: T) => T
  /** Its hooks fail, as if the app were not there. */
  readonly isDeaf?: boolean
}

export type TestApp = Awaited<ReturnType<typeof openApp>>

/** One start of the backend's sessions, with all that they need, on what outlives it. */
export const openApp = async (world: World, options: AppOptions) => {
  const app = await composeApp(world, options)
  const { database, sessions, loop } = app
  const session = async (id: SessionId): Promise<Session> => {
    const found = (await database.read(sessions.list)).find((each) => each.id === id)
    if (!found) throw new Error(`There is no session ${id}.`)
    return found
  }
  let isClosed = false
  const leave = async (end: () => Promise<void>) => {
    if (isClosed) return
    isClosed = true
    await app.letGo()
    await end()
    await app.whenIdle()
    database.close()
  }
  return {
    ...app,
    ...createWaits(app, world, session),
    session,
    folderOf: ({ worktreeId }: Session) => join(world.folder, String(worktreeId)),
    create: async (input: Partial<NewSession> = {}): Promise<Session> => {
      const created = await sessions.create({ ...defaults, requestId: app.newId('int'), ...input }, by)
      if (!created.ok) throw new Error(created.refusal.message)
      return created.value
    },
    close: () => leave(loop.stop),
    /** As if it was killed: nothing that is under way is waited for. */
    abandon: () => leave(async () => void loop.stop()),
  }
}

const composeApp = async (world: World, options: AppOptions) => {
  const wrap = options.wrap ?? ((_name, part) => part)
  const database = openDatabase(join(world.folder, 'switchyard.db'))
  const clock = createClock()
  const newId = createNewId(clock)
  const changes: Change[] = []
  const looks = new Set<() => void>()
  let wakeIntents = () => undefined as void
  const publish = (committed: readonly Change[]) => {
    changes.push(...committed)
    wakeIntents()
    for (const look of looks) look()
  }
  const runner = createCommandRunner({ database, clock, newId, publish })
  const kernel = { database, clock, newId, log: silentLog, ...wrap('kernel', { runCommand: runner.runCommand }) }
  const { agents, terminals, client, sessions, asks, toldAnswers } = await createFeatures(world, options, kernel, wrap)
  const gateway = await listenForHooks(async (token, body, signal) => {
    const holder = options.isDeaf ? null : await sessions.authenticate(token)
    return holder && asks.handleHook(holder, body, signal)
  })
  await terminals.reconcile()
  await sessions.reconcile()
  const loop = startIntentLoop({ ...kernel, handlers: sessions.handlers })
  wakeIntents = loop.wake
  await sessions.setGatewayUrl(gateway.url)
  const stopLooking = world.pty.onOutput(() => looks.forEach((look) => look()))
  const letGo = async () => {
    stopLooking()
    await gateway.close()
    asks.close()
    sessions.close()
    terminals.dispose()
    await client.close()
  }
  const { whenIdle } = runner
  const services = { agents, terminals, sessions, asks }
  return { ...services, database, newId, changes, toldAnswers, gateway, loop, looks, letGo, whenIdle }
}

type TestKernel = Pick<SessionsDeps, 'database' | 'clock' | 'newId' | 'log' | 'runCommand'>

const createFeatures = async (
  world: World,
  options: AppOptions,
  kernel: TestKernel,
  wrap: NonNullable<AppOptions['wrap']>,
) => {
  const agents = createAgentsService({
    ...kernel,
    adapters: agentAdapters,
    resources: { folder: resourcesFolder, node: { path: process.execPath, needsRunAsNode: false } },
    resolveEnvironment: async () => ({ variables: world.person, shell: '/bin/bash', ms: 0, problem: null }),
  })
  const client = world.pty.connect()
  const terminals = createTerminalsService({ ...kernel, pty: client })
  const bootId = await readBootId()
  const sessions = createSessionsService({
    ...kernel,
    agents,
    projects: { find: async () => undefined },
    worktrees: wrap('worktrees', world.worktrees),
    terminals: wrap('terminals', terminals),
    asks: askRecorder,
    findLivingProcess: (known) => findSessionProcess(known, bootId),
    readProcessStart,
    bootId,
    sessionsFolder: join(world.folder, 'sessions'),
    commandFolder: join(world.folder, 'bin'),
    starts: options.starts ?? { most: 4, gapMs: 0 },
    stopGraceMs: options.stopGraceMs ?? 3000,
  })
  const toldAnswers: { readonly question: string; readonly answer: string }[] = []
  const asks = createAsksService({
    ...kernel,
    sessions,
    tellAnswer: async (_id, told) => void toldAnswers.push(told),
  })
  return { agents, terminals, client, sessions, asks, toldAnswers }
}

/** Waiting for what is committed, and the terminal of a session. */
const createWaits = (
  { looks, database, asks }: Awaited<ReturnType<typeof composeApp>>,
  world: World,
  session: (id: SessionId) => Promise<Session>,
) => {
  const until = <Value>(check: () => Promise<Value | null | undefined | false>): Promise<Value> =>
    new Promise((resolve, reject) => {
      const look = () =>
        void check().then((value) => {
          if (!value) return
          looks.delete(look)
          resolve(value)
        }, reject)
      looks.add(look)
      look()
    })
  const when = (id: SessionId, holds: (session: Session) => boolean) =>
    until(async () => {
      const found = await session(id)
      return holds(found) && found
    })
  const terminalOf = async (id: SessionId) => {
    const { terminalId } = await session(id)
    if (terminalId === null) throw new Error(`${id} has no terminal.`)
    return terminalId
  }
  const openAsks = () => database.read(asks.list)
  return {
    /** Waits until a check holds; it is made again after each commit and each output. */
    until,
    when,
    whenActivity: (id: SessionId, kind: Session['activity']['kind']) => when(id, (s) => s.activity.kind === kind),
    whenEnded: (id: SessionId) => when(id, (s) => s.runtime.kind === 'exited' && s.lifecycle !== 'running'),
    openAsks,
    whenAsked: () => until(async () => (await openAsks())[0]),
    type: async (id: SessionId, text: string) => world.pty.type(await terminalOf(id), text),
    /** All that its terminal got; nothing before it has one. */
    screen: async (id: SessionId) => {
      const { terminalId } = await session(id)
      return terminalId === null || !world.pty.has(terminalId) ? '' : world.pty.output(terminalId)
    },
  }
}

const defaults: Omit<NewSession, 'requestId'> = {
  projectId,
  title: 'A title',
  prompt: null,
  agentId: 'demo',
  model: null,
  permissionMode: null,
  worktree: { kind: 'new-branch', baseRef: null, branch: null },
}
