import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { prepareClaudeHome, startScriptedModel } from '../../adapters/agents/testing/scripted-model.ts'
import { by, type TestApp } from '../../testing/test-app.ts'
import { createYard, type Yard } from '../../testing/test-yard.ts'

const program = resolve(import.meta.dirname, '../../../../node_modules/@anthropic-ai/claude-code/bin/claude.exe')
const write = (name: string) => ({ tool: 'Write', input: { file_path: name, content: 'made\n' } })
const question = {
  question: 'Which color?',
  header: 'Color',
  multiSelect: false,
  options: [
    { label: 'Red', description: 'warm' },
    { label: 'Blue', description: 'cold' },
  ],
}

let yard: Yard
let app: TestApp
let model: Awaited<ReturnType<typeof startScriptedModel>>
beforeEach(async () => {
  model = await startScriptedModel({
    write: [write('made.txt'), { text: 'Wrote it.' }],
    ask: [{ tool: 'AskUserQuestion', input: { questions: [question] } }, { text: 'Thank you.' }],
    hello: [{ text: 'Hello.' }],
  })
  yard = createYard()
  const bin = join(yard.folder, 'bin')
  mkdirSync(bin)
  symlinkSync(program, join(bin, 'claude'))
  // Trust is kept by repository: the yard is one, so that every folder in it is trusted before an agent is started there.
  execFileSync('git', ['init', '--quiet', yard.folder])
  const home = prepareClaudeHome(String(yard.person['HOME']), [realpathSync(yard.folder)], model.url)
  Object.assign(yard.person, home, { PATH: `${bin}:${yard.person['PATH']}` })
  app = await yard.open()
})
afterEach(async () => {
  await yard.dispose()
  await model.close()
})

const create = (prompt: string) => app.create({ agentId: 'claude-code', prompt })
const closedAsks = () =>
  app.changes.flatMap((change) =>
    change.topic === 'asks.changed' && change.payload.state.kind !== 'open' ? [change.payload.state] : [],
  )
const whenTurnEnded = (id: SessionId) => app.when(id, (s) => s.activity.kind === 'idle' && s.isUnread)
const screenHas = (id: SessionId, text: string) => app.until(async () => (await app.screen(id)).includes(text))

describe.skipIf(!existsSync(program))('the real Claude Code', () => {
  it('asks, is answered here, writes, and tells what it costs', async () => {
    const { id } = await create('Write it [write]')
    const ask = await app.whenAsked()
    expect(ask).toMatchObject({
      canAnswerHere: true,
      detail: { kind: 'permission', toolName: 'Write', edit: { after: 'made\n' } },
    })
    expect((await app.session(id)).activity).toMatchObject({ kind: 'needs-you', reason: 'Permission to edit a file' })
    expect(await app.asks.answer(ask.id, { kind: 'allow', widerId: null })).toMatchObject({ ok: true })
    const idle = await app.whenActivity(id, 'idle')
    expect(idle.activity.evidence.source).toMatch(/hook|status-file/)
    expect(readFileSync(join(app.folderOf(idle), 'made.txt'), 'utf8')).toBe('made\n')
    const used = await app.when(id, (s) => s.usage !== null && (s.usage.costUsd ?? 0) > 0)
    expect(used.usage?.model).toBeTruthy()
  })

  it('is denied with Escape in its terminal, which no hook tells', async () => {
    const { id } = await create('Write it [write]')
    await app.whenAsked()
    await app.when(id, (s) => s.activity.kind === 'needs-you')
    await screenHas(id, 'made.txt')
    // A dialog of the CLI takes no keys in its first moments, so the key is given until it is taken.
    const pressing = setInterval(() => void app.type(id, '\u001b'), 500)
    const idle = await app.whenActivity(id, 'idle').finally(() => clearInterval(pressing))
    expect(idle.activity.evidence.source).toBe('status-file')
    expect(await app.openAsks()).toEqual([])
    expect(closedAsks().at(-1)).toMatchObject({ kind: 'answered', by: 'terminal', answer: 'Declined' })
    expect(existsSync(join(app.folderOf(idle), 'made.txt'))).toBe(false)
  })

  it('asks a question that is answered here', async () => {
    const { id } = await create('Ask me [ask]')
    const ask = await app.whenAsked()
    expect(ask.detail).toMatchObject({ kind: 'question', questions: [question] })
    expect(await app.asks.answer(ask.id, { kind: 'choose', answers: { 'Which color?': 'Blue' } })).toMatchObject({
      ok: true,
    })
    await app.whenActivity(id, 'idle')
    expect(closedAsks()).toMatchObject([{ kind: 'answered', by: 'app', answer: 'Blue' }])
  })

  it('is killed and resumed with its conversation, in one process', async () => {
    const { id } = await create('Say hello [hello]')
    const before = await whenTurnEnded(id)
    // The CLI writes its record a moment later; killed before that, there is no conversation to go on with.
    const projects = join(String(yard.person['HOME']), '.claude', 'projects')
    await vi.waitFor(() => {
      const records = readdirSync(projects, { recursive: true }).map(String)
      expect(
        records.some(
          (name) => name.endsWith('.jsonl') && readFileSync(join(projects, name), 'utf8').includes('Hello.'),
        ),
      ).toBe(true)
    }, 20_000)
    process.kill(before.runtime.kind === 'alive' ? before.runtime.pid : 0, 'SIGKILL')
    await app.whenEnded(id)
    expect((await app.sessions.resume(id, by)).ok).toBe(true)
    const { runtime } = await app.when(id, (s) => s.lifecycle === 'running' && s.activity.kind === 'idle')
    if (process.platform === 'linux' && runtime.kind === 'alive')
      expect(readFileSync(`/proc/${runtime.pid}/cmdline`, 'utf8').split('\0')).toContain('--resume')
    const [row] = await app.database.read((tx) =>
      tx.all<{ n: number; c: number }>('SELECT count(*) n, count(DISTINCT conversation_id) c FROM incarnations'),
    )
    expect(row).toEqual({ n: 2, c: 1 })
    await app.sessions.stop(id, by)
    await app.whenEnded(id)
  })

  it('is never started empty where its conversation is missing, nor twice where it is open', async () => {
    const { id } = await create('Say hello [hello]')
    await whenTurnEnded(id)
    await app.sessions.stop(id, by)
    await app.whenEnded(id)
    const projects = join(yard.person['HOME']!, '.claude', 'projects')
    for (const name of await readdir(projects)) await rm(join(projects, name), { recursive: true })
    expect(await app.sessions.resume(id, by)).toMatchObject({ refusal: { code: 'CANNOT_RESUME' } })
    expect(yard.pty.started).toHaveLength(1)
  })

  it('that is killed before it wrote anything down cannot be resumed, and says so instead of failing', async () => {
    const { id } = await create('Say hello [hello]')
    const { runtime } = await whenTurnEnded(id)
    process.kill(runtime.kind === 'alive' ? runtime.pid : 0, 'SIGKILL')
    await app.whenEnded(id)
    const resumed = await app.sessions.resume(id, by)
    // How quick it was is the machine's: what was written is resumed, and what was not is refused.
    if (!resumed.ok) expect(resumed).toMatchObject({ refusal: { code: 'CANNOT_RESUME' } })
    else await app.when(id, (s) => s.lifecycle === 'running' && s.activity.kind === 'idle')
    expect((await app.session(id)).runtime).not.toMatchObject({ kind: 'exited', code: 1 })
  })

  it('goes on over a restart of the app, and its state is read from its own file', async () => {
    const { id } = await create('Write it [write]')
    await app.whenAsked()
    await app.when(id, (s) => s.activity.kind === 'needs-you')
    await screenHas(id, 'made.txt')
    await app.abandon()
    app = await yard.open()
    // The request that was held open died with the app: it is known that the agent waits, and answered in its terminal.
    const kept = await app.until(async () => (await app.openAsks()).find((open) => !open.canAnswerHere))
    expect(await app.asks.answer(kept.id, { kind: 'allow', widerId: null })).toMatchObject({
      refusal: { code: 'ONLY_IN_TERMINAL' },
    })
    const pressing = setInterval(() => void app.type(id, '\r'), 500)
    await app.until(async () => (await app.openAsks()).length === 0).finally(() => clearInterval(pressing))
    const idle = await app.whenActivity(id, 'idle')
    expect(existsSync(join(app.folderOf(idle), 'made.txt'))).toBe(true)
  })
})
