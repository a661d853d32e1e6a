import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentAdapters } from './all-agents.ts'
import { detectAgent } from './detect-agent.ts'

const resources = {
  folder: resolve(import.meta.dirname, '../../../../resources'),
  node: { path: process.execPath, needsRunAsNode: false },
}
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-detect-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const program = (name: string, script: string) => {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
}
const detect = (id: keyof typeof agentAdapters) =>
  detectAgent(agentAdapters[id], {
    resources,
    person: { PATH: folder, HOME: folder, SHELL: '/bin/sh' },
    environmentOf: () => ({ PATH: '/usr/bin:/bin' }),
  })

describe('an agent', () => {
  it('is found with its version', async () => {
    program('codex', 'echo "codex-cli 0.169.0"')
    expect(await detect('codex')).toEqual({
      availability: { kind: 'found', path: join(folder, 'codex'), version: '0.169.0' },
      versionNote: null,
    })
  })

  it('that is older than those tried, or says no version, has a note', async () => {
    program('claude', 'echo "2.0.1 (Claude Code)"')
    expect((await detect('claude-code')).versionNote).toContain('2.0.1 is older than 2.1.197')
    program('qwen', 'echo hello')
    expect((await detect('qwen')).versionNote).toContain('could not be read')
  })

  it('that does not run is broken, with its own words', async () => {
    program('gemini', 'echo "needs a newer node" >&2; exit 1')
    expect((await detect('gemini')).availability).toMatchObject({
      kind: 'broken',
      problem: expect.stringContaining('needs a newer node') as string,
    })
  })

  it('that is not there is missing, with what to do; the demo agent and a shell are always there', async () => {
    expect((await detect('aider')).availability).toMatchObject({ kind: 'missing' })
    expect((await detect('demo')).availability.kind).toBe('found')
    expect((await detect('shell')).availability).toMatchObject({ kind: 'found', path: '/bin/sh' })
  })
})

describe('the hook script', () => {
  const run = async (answer: string, ...args: string[]) => {
    const heard: { body: string; authorization: string | undefined }[] = []
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        heard.push({ body: Buffer.concat(chunks).toString(), authorization: request.headers.authorization })
        response.end(answer)
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const file = join(folder, 'gateway')
    writeFileSync(file, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const child = spawn(process.execPath, [join(resources.folder, 'hooks', 'post-hook.mjs'), ...args], {
      env: { SWITCHYARD_GATEWAY_FILE: file, SWITCHYARD_TOKEN: 'secret' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stdin.end('{"hook_event_name":"SessionStart"}')
    const code = await new Promise((done) => child.once('close', done))
    await new Promise((done) => server.close(done))
    return { heard, code, output: Buffer.concat(output).toString() }
  }

  it('passes on what it is told, as whom the environment says, and prints the answer', async () => {
    expect(await run('{"a":1}')).toEqual({
      heard: [{ body: '{"hook_event_name":"SessionStart"}', authorization: 'Bearer secret' }],
      code: 0,
      output: '{"a":1}',
    })
  })

  it('prints nothing as a status line, and for an empty answer', async () => {
    expect((await run('{"a":1}', '--silent')).output).toBe('')
    expect((await run('{}')).output).toBe('')
  })
})
