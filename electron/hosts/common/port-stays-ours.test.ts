import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Project } from '../../../shared/contract/projects.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import { startKillableBackend, type KillableBackend } from './testing/killable-backend.ts'

const kills = 10

let folder: string
let dataDir: string
let home: string
let backend: KillableBackend
let port: number
let agent: { readonly token: string }
beforeEach(async () => {
  unheard = []
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-port-')))
  ;[dataDir, home] = [join(folder, 'data'), join(folder, 'home')]
  const repository = join(home, 'repository')
  mkdirSync(repository, { recursive: true })
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, env: { PATH: process.env['PATH'] } })
  git('init', '--quiet', '--initial-branch=main')
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '--allow-empty', '-m', 'Start')
  backend = await startKillableBackend(dataDir, home)
  port = Number(readFileSync(join(dataDir, 'gateway-port'), 'utf8'))
  agent = await startAgent(await backend.call<Project>('projects.open', { path: repository, initialise: false }))
})
afterEach(async () => {
  await backend.quit()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** A session that lives on, and the token that only its own process has. */
const startAgent = async (project: Project) => {
  const { id } = await backend.call<Session>('sessions.create', {
    projectId: project.id,
    title: 'stays',
    prompt: null,
    agentId: 'shell',
    model: null,
    permissionMode: null,
    worktree: { kind: 'new-branch', baseRef: null, branch: null },
    requestId: 'request-1',
  })
  const { runtime } = await backend.whenSession(id, (session) => session.runtime.kind === 'alive')
  if (runtime.kind !== 'alive') throw new Error('It does not run.')
  const isToken = (entry: string) => entry.startsWith('SWITCHYARD_TOKEN=')
  const environment = () => readFileSync(`/proc/${runtime.pid}/environ`, 'utf8').split('\0')
  const token = await vi.waitUntil(() => environment().find(isToken)?.slice(17))
  return { token }
}

/** What was said to nobody, because the app was away. */
let unheard: string[] = []
let hooks = 0

/** Tells the app, as an agent would: `app` or `away` by who answers, otherwise the status or what went wrong. */
const sendHook = (): Promise<string> =>
  new Promise((resolve) => {
    hooks += 1
    const said = `hook number ${hooks} of this test`
    const headers = { authorization: `Bearer ${agent.token}`, 'content-type': 'application/json' }
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/hook', headers, agent: false }
    const sent = request(options, (response) => {
      const by = response.headers['switchyard-away'] === '1' ? 'away' : 'app'
      if (by === 'away') unheard.push(said)
      text(response).then(
        () => resolve(response.statusCode === 200 ? by : String(response.statusCode)),
        () => resolve('cut off'),
      )
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    sent.end(JSON.stringify({ hook_event_name: 'Stop', last_assistant_message: said }))
  })

/** Sends one hook after the other until it is ended; counts what was answered. */
const keepSending = () => {
  const answers: Record<string, number> = {}
  let hasEnded = false
  const send = async () => {
    while (!hasEnded) {
      const answer = await sendHook()
      answers[answer] = (answers[answer] ?? 0) + 1
      await delay(5)
    }
    return answers
  }
  const all = send()
  return { answers, end: () => ((hasEnded = true), all) }
}

const startThief = async () => {
  const thief = spawn(process.execPath, [join(import.meta.dirname, 'testing', 'port-thief.ts'), String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(thief.stdout, 'data')
  return {
    end: async () => {
      thief.stdin.end()
      return JSON.parse(await text(thief.stdout)) as Record<string, number>
    },
  }
}

const filesWith = (words: readonly string[]): string[] =>
  readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const content = readFileSync(path, 'latin1')
      return words.some((word) => content.includes(word))
    })

it(`nobody gets the port that agents were told over ${kills} kills of the app, and every hook is answered and kept nowhere`, async () => {
  const thief = await startThief()
  const sending = keepSending()
  for (let round = 0; round < kills; round += 1) {
    const [byApp, away] = [sending.answers['app'] ?? 0, sending.answers['away'] ?? 0]
    await vi.waitUntil(() => (sending.answers['app'] ?? 0) > byApp)
    await backend.kill()
    await vi.waitUntil(() => (sending.answers['away'] ?? 0) > away)
    backend = await startKillableBackend(dataDir, home)
    expect(Number(readFileSync(join(dataDir, 'gateway-port'), 'utf8'))).toBe(port)
  }
  const { app = 0, away = 0, ...others } = await sending.end()
  const tries = await thief.end()
  expect(Object.keys(tries)).toEqual(['EADDRINUSE'])
  expect(tries['EADDRINUSE']).toBeGreaterThan(20 * kills)
  expect(app).toBeGreaterThan(kills)
  expect(away).toBeGreaterThan(kills)
  // What was on its way into the app at a kill, or stood in its line, ends with it.
  const cut = Object.entries(others)
  expect(cut.filter(([outcome]) => outcome !== 'ECONNRESET' && outcome !== 'cut off')).toEqual([])
  expect(cut.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(3 * kills)
  // What was told while the app was away is kept nowhere; the search finds what is there.
  expect(unheard.length).toBe(away)
  expect(filesWith([agent.token, ...unheard])).toEqual([])
  expect(filesWith([home])).not.toEqual([])
})

it('the death of the process that keeps it ends the tokens that were sent there, and another one keeps it', async () => {
  const { pid } = JSON.parse(readFileSync(join(dataDir, 'pty-host.json'), 'utf8')) as { pid: number }
  process.kill(pid, 'SIGKILL')
  // The agent was hung up with its terminal: what it could have said to others is worth nothing any more.
  await vi.waitUntil(async () => (await sendHook()) === '401', { timeout: 20_000, interval: 50 })
  expect(Number(readFileSync(join(dataDir, 'gateway-port'), 'utf8'))).toBe(port)
  const after = JSON.parse(readFileSync(join(dataDir, 'pty-host.json'), 'utf8')) as { pid: number }
  expect(after.pid).not.toBe(pid)
  await backend.kill()
  expect(await sendHook()).toBe('away')
  backend = await startKillableBackend(dataDir, home)
})
