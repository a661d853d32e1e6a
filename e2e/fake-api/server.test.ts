import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createRepository, prepareClaudeHome } from '../claude-home.ts'
import { findPlace, smallestValue, type Message } from './conversation.ts'
import { startFakeApi, type FakeApi } from './server.ts'

const folder = mkdtempSync(join(tmpdir(), 'switchyard-fake-api-'))
const home = join(folder, 'home')
let api: FakeApi
let repository = ''

beforeAll(async () => {
  api = await startFakeApi()
  repository = createRepository(join(folder, 'a repo'))
  prepareClaudeHome(home, { apiUrl: api.url, trust: [repository] })
})
afterAll(async () => {
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the real CLI once, as its login shell would find it. */
const runClaude = (...args: string[]) =>
  new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn('/bin/bash', ['-lc', 'exec claude "$@"', 'bash', ...args], {
      cwd: repository,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('close', (code) => resolve({ code, output }))
  })

describe('the place in a script', () => {
  const user = (content: string): Message => ({ role: 'user', content })
  const assistant: Message = { role: 'assistant', content: 'ok' }

  test('is the newest directive and the answers since', () => {
    expect(findPlace([user('hello')])).toBeNull()
    const first = user('[[scenario:write file=a.txt text="two words"]]')
    expect(findPlace([first])).toEqual({ script: 'write', args: { file: 'a.txt', text: 'two words' }, step: 0 })
    expect(findPlace([first, assistant, user('result'), assistant])?.step).toBe(2)
    expect(findPlace([first, assistant, user('[[scenario:hello]]')])).toEqual({ script: 'hello', args: {}, step: 0 })
    expect(findPlace([assistant, first])?.step).toBe(0)
  })
})

test('the smallest value of a schema has what is required', () => {
  const schema = {
    type: 'object',
    properties: { title: { type: 'string' }, ok: { type: 'boolean' }, n: { enum: [3] } },
  }
  expect(smallestValue(schema)).toEqual({ title: 'scripted', ok: true, n: 3 })
  expect(smallestValue({ anyOf: [{ type: ['array', 'null'] }] })).toEqual([])
})

describe('the real CLI', () => {
  test('plays a script with tools to its end', async () => {
    const args = ['--permission-mode', 'acceptEdits', '-p', '[[scenario:write file=a.txt text="some words"]]']
    const { code, output } = await runClaude(...args)
    expect([code, output.trim()]).toEqual([0, 'Wrote a.txt.'])
    expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('some words\n')
    expect(api.requests.filter((request) => request.kind === 'main').map((request) => request.step)).toEqual([0, 1])
  })

  test('goes on with a conversation it resumes', async () => {
    const id = '6f1c3f0e-9d5a-4a39-8a55-6d8d52f3a001'
    await runClaude('--session-id', id, '-p', 'Say hello. [[scenario:hello name=Ada]]')
    const { output } = await runClaude('--resume', id, '-p', 'And again. [[scenario:hello name=Grace]]')
    expect(output).toContain('Hello Grace')
    expect(api.requests.filter((request) => request.session === id).at(-1)?.messages).toBeGreaterThan(1)
  })

  test('waits at a gate until the test opens it', async () => {
    const running = runClaude('-p', '[[scenario:gated gate=middle]]')
    await vi.waitUntil(() => api.waiting().includes('middle'), { timeout: 30_000 })
    api.release('middle')
    expect((await running).output).toContain('And the second half of it.')
  })
})
