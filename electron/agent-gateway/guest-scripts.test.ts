import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startGateway, type Gateway } from './start-gateway.ts'

const resources = resolve(import.meta.dirname, '../../resources')
const token = 'c'.repeat(64)
let folder: string
let gateway: Gateway
let heard: Record<string, unknown>[]
let answer: (body: Record<string, unknown>) => Promise<unknown>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-scripts-'))
  heard = []
  answer = async () => ({})
  gateway = await startGateway({
    authenticate: (given) => (given === token ? { sessionId: 'ses_1', incarnationId: 'inc_1' } : null),
    handleHook: async (_from, body) => {
      heard.push(body as Record<string, unknown>)
      return { body: await answer(body as Record<string, unknown>), sent: null }
    },
    runVerb: async () => ({ ok: true, value: {} }),
    version: '1.2.3',
    log: { warn: () => undefined },
    knownPorts: [],
    freshPorts: [],
    keeper: null,
    moved: async () => undefined,
  })
  writeFileSync(join(folder, 'gateway'), `${gateway.url}\n`)
})
afterEach(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

interface RunOptions {
  readonly input?: string
  /** Its input comes, and ends, once it has printed this. */
  readonly inputAfter?: string
  readonly env?: Record<string, string>
}

const run = (script: string, args: readonly string[], options: RunOptions) =>
  new Promise<{ code: number | null; out: string; err: string }>((done) => {
    const env = { SWITCHYARD_GATEWAY_FILE: join(folder, 'gateway'), SWITCHYARD_TOKEN: token, ...options.env }
    const child = spawn(process.execPath, [join(resources, script), ...args], { cwd: folder, env })
    const texts = { out: '', err: '' }
    const type = () => void (child.stdin.writableEnded || child.stdin.end(options.input ?? ''))
    child.stdout.on('data', (chunk: Buffer) => {
      texts.out += chunk.toString()
      if (options.inputAfter !== undefined && texts.out.endsWith(options.inputAfter)) type()
    })
    child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()))
    child.on('close', (code) => done({ code, ...texts }))
    if (options.inputAfter === undefined) type()
  })

describe('the hook script', () => {
  const hook = (input: string, args: readonly string[] = [], env?: Record<string, string>) =>
    run('hooks/post-hook.mjs', args, { input, ...(env ? { env } : {}) })
  const start = JSON.stringify({ hook_event_name: 'SessionStart', source: 'startup', text: 'größer 漢' })

  it('passes on what the agent tells, and prints the answer when there is one', async () => {
    answer = async () => ({ hookSpecificOutput: { x: 1 } })
    expect(await hook(start)).toEqual({ code: 0, out: '{"hookSpecificOutput":{"x":1}}', err: '' })
    expect(heard).toEqual([JSON.parse(start)])
  })

  it('prints nothing of an empty answer, and nothing at all as a status line', async () => {
    expect(await hook(start)).toEqual({ code: 0, out: '', err: '' })
    answer = async () => ({ systemMessage: 'x' })
    expect(await hook(start, ['--silent'])).toEqual({ code: 0, out: '', err: '' })
    expect(heard).toHaveLength(2)
  })

  it.each<[string, Record<string, string>]>([
    ['without a token', { SWITCHYARD_TOKEN: '' }],
    ['with a wrong token', { SWITCHYARD_TOKEN: 'd'.repeat(64) }],
    ['without a file', { SWITCHYARD_GATEWAY_FILE: '' }],
    ['with a file that is gone', { SWITCHYARD_GATEWAY_FILE: '/no/such/file' }],
  ])('%s ends well and says nothing', async (_name, env) => {
    expect(await hook(start, [], env)).toEqual({ code: 0, out: '', err: '' })
    expect(heard).toEqual([])
  })

  it('ends well when nothing listens any more', async () => {
    await gateway.close()
    expect(await hook(start)).toEqual({ code: 0, out: '', err: '' })
  })
})

describe('the demo agent', () => {
  const play = (args: readonly string[], input = 'exit\r', env: Record<string, string> = {}) =>
    run('demo-agent/demo-agent.mjs', ['--conversation', 'c-1', '--state', join(folder, 'state.json'), ...args], {
      input,
      // The end of its input ends it at once, so it is let come to its own prompt first.
      inputAfter: '\u001b[34m›\u001b[0m ',
      env: { SWITCHYARD_DEMO_STEP_MS: '1', ...env },
    })
  const names = () => heard.map(({ hook_event_name }) => hook_event_name)
  const decide = (decision: object) => async (body: Record<string, unknown>) =>
    body['hook_event_name'] === 'PermissionRequest' ? { hookSpecificOutput: { decision } } : {}
  const plan = () => readFileSync(join(folder, 'switchyard-demo', 'PLAN.md'), 'utf8')

  it('does what it was asked without asking where it may, and says so in hooks', async () => {
    const { code, out } = await play(['--prompt', 'Tidy up\nplease', '--permission-mode', 'acceptEdits'])
    expect(code).toBe(0)
    expect(out).toContain('Nothing was committed.')
    expect(plan()).toMatch(/^# Tidy up\n/)
    const call = ['PreToolUse', 'PostToolUse']
    expect(names()).toEqual(['SessionStart', 'UserPromptSubmit', ...call, ...call, 'Stop', 'SessionEnd'])
    expect(heard.every((body) => body['session_id'] === 'c-1')).toBe(true)
  })

  it('asks once where it is allowed for good', async () => {
    answer = decide({ behavior: 'allow', updatedPermissions: [{ type: 'setMode' }] })
    const { out } = await play(['--prompt', 'Go'])
    expect(out).toContain('Allowed in Switchyard')
    expect(names().filter((name) => name === 'PermissionRequest')).toHaveLength(1)
    expect(existsSync(join(folder, 'switchyard-demo', 'NOTES.md'))).toBe(true)
  })

  it('changes nothing when it is denied, and shows the note', async () => {
    answer = decide({ behavior: 'deny', message: 'Not in this folder' })
    const { out } = await play(['--prompt', 'Go'])
    expect(out).toContain('Not in this folder')
    expect(out).toContain('Changed nothing.')
    expect(existsSync(join(folder, 'switchyard-demo'))).toBe(false)
    expect(names()).toContain('PostToolBatch')
  })

  it('remembers its conversation, and begins a new one where there is none', async () => {
    await play(['--prompt', 'First thing', '--permission-mode', 'acceptEdits'])
    heard = []
    const { out } = await play(['--resume'])
    expect(out).toContain('Resumed. 1 turn so far:')
    expect(out).toContain('First thing')
    expect(heard[0]).toMatchObject({ hook_event_name: 'SessionStart', source: 'resume' })
    writeFileSync(join(folder, 'state.json'), 'half of {')
    expect((await play(['--resume'])).out).not.toContain('Resumed')
  })

  it('works without the app, and ends with its input', async () => {
    const alone = { SWITCHYARD_GATEWAY_FILE: '', SWITCHYARD_TOKEN: '' }
    const { code } = await play(['--prompt', 'Alone', '--permission-mode', 'acceptEdits'], 'quit\r', alone)
    expect(code).toBe(0)
    expect(plan()).toContain('# Alone')
    expect(heard).toEqual([])
    expect((await play([], '', alone)).code).toBe(0)
  })
})
