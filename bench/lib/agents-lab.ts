import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startKillableBackend, type KillableBackend } from '../../electron/hosts/common/testing/killable-backend.ts'
import type { AgentId } from '../../shared/contract/agents.ts'
import type { Project } from '../../shared/contract/projects.ts'
import type { Session } from '../../shared/contract/sessions.ts'
import { createCaller } from './caller.ts'
import { makeRepository, newShell } from './web-host.ts'

/** One running session and what speaks for it. */
export interface BenchAgent {
  readonly session: Session
  readonly token: string
  /** The environment its process was given. */
  readonly environment: Readonly<Record<string, string>>
}

/** A whole backend with its gateway in a process of its own, and sessions whose places the benchmark takes. */
export interface AgentsLab {
  readonly backend: KillableBackend
  readonly port: number
  readonly project: Project
  readonly agents: readonly BenchAgent[]
  readonly dispose: () => Promise<void>
}

export const openAgentsLab = async (name: string, count: number, agentId: AgentId): Promise<AgentsLab> => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `switchyard-bench-${name}-`)))
  const [home, dataDir] = [join(folder, 'home'), join(folder, 'data')]
  const repository = makeRepository(home)
  writeIdleClaude(join(home, '.local', 'bin'))
  const backend = await startKillableBackend(dataDir, home)
  process.once('exit', () => backend.process.kill('SIGKILL'))
  const project = await backend.call<Project>('projects.open', { path: repository, initialise: false })
  const port = Number(readFileSync(join(dataDir, 'gateway-port'), 'utf8'))
  await backend.call('agents.detect', undefined)
  const ids: Session['id'][] = []
  for (let n = 0; n < count; n += 1) {
    const created = await backend.call<Session>('sessions.create', { ...newShell(project.id, `session ${n}`), agentId })
    ids.push(created.id)
  }
  const agents = await whenRunning(backend, ids, (agent) =>
    sayHook(port, agent, { hook_event_name: 'SessionStart', source: 'startup' }),
  )
  return {
    backend,
    port,
    project,
    agents,
    dispose: async () => {
      await backend.quit()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Stands where Claude Code would: the benchmark says itself what its hooks say. */
const writeIdleClaude = (bin: string) => {
  mkdirSync(bin, { recursive: true })
  const file = join(bin, 'claude')
  writeFileSync(
    file,
    '#!/bin/sh\n[ "$1" = --version ] && { echo "2.1.329 (Claude Code)"; exit; }\nexec cat > /dev/null\n',
  )
  chmodSync(file, 0o755)
}

const sayHook = async (port: number, { token, session }: BenchAgent, hook: object) => {
  const caller = createCaller(port, { authorization: `Bearer ${token}` })
  await caller.post('/hook', JSON.stringify({ session_id: session.id, cwd: '/', ...hook }))
  caller.close()
}

/** Asked for now and then: a listener to the changes would be told of all that is measured, too. */
const whenRunning = async (
  backend: KillableBackend,
  ids: readonly Session['id'][],
  /** An agent that says nothing keeps the next ones from starting. */
  greet: (agent: BenchAgent) => Promise<void>,
): Promise<BenchAgent[]> => {
  const greeted = new Set<string>()
  for (;;) {
    const { sessions } = (await backend.snapshot()).state
    const own = sessions.filter(({ id }) => ids.includes(id))
    const failed = own.find(({ preparation }) => preparation.some(({ state }) => state === 'failed'))
    if (failed) throw new Error(`A session did not start: ${failed.lifecycleReason}`)
    const running = own.flatMap((session) => {
      const environment = session.runtime.kind === 'alive' ? environmentOf(session.runtime.pid) : null
      const token = environment?.['SWITCHYARD_TOKEN']
      return environment && token ? [{ session, token, environment }] : []
    })
    for (const agent of running.filter(({ token }) => !greeted.has(token))) {
      greeted.add(agent.token)
      await greet(agent)
    }
    if (running.length === ids.length)
      return running.toSorted((a, b) => ids.indexOf(a.session.id) - ids.indexOf(b.session.id))
    await delay(100)
  }
}

/** Of a running process. */
export const environmentOf = (pid: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  )
