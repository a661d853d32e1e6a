import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { isProcessAlive } from '../../adapters/processes.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import { by, type AppOptions, type TestApp } from '../../testing/test-app.ts'
import { createYard, type Yard } from '../../testing/test-yard.ts'

let yard: Yard
let app: TestApp
beforeEach(async () => {
  yard = createYard()
  app = await yard.open()
})
afterEach(() => yard.dispose())

/** Does something once, right before or right after a command. */
const around = (
  command: string,
  moment: 'before' | 'after',
  act: () => Promise<unknown>,
): NonNullable<AppOptions['wrap']> => {
  let isDone = false
  return (name, part) => {
    if (name !== 'kernel') return part
    const { runCommand } = part as unknown as { runCommand: RunCommand }
    const wrapped: RunCommand = async (options, work) => {
      const isIt = options.name === command && !isDone
      isDone ||= isIt
      if (isIt && moment === 'before') await act()
      const result = await runCommand(options, work)
      if (isIt && moment === 'after') await act()
      return result
    }
    return { ...part, runCommand: wrapped }
  }
}

describe('stopping and resuming', () => {
  it('ends the agent, keeps its conversation, and goes on with it', async () => {
    const { id } = await app.create({ prompt: 'First', permissionMode: 'acceptEdits' })
    const { runtime, terminalId } = await app.whenActivity(id, 'idle')
    await app.sessions.stop(id, by)
    const stopped = await app.whenEnded(id)
    expect(stopped).toMatchObject({ lifecycle: 'stopped', canResume: true, runtime: { wasAsked: true } })
    expect(isProcessAlive(runtime.kind === 'alive' ? runtime.pid : 0)).toBe(false)
    expect((await app.sessions.resume(id, by)).ok).toBe(true)
    const resumed = await app.when(id, (s) => s.lifecycle === 'running')
    expect(resumed.terminalId).not.toBe(terminalId)
    await app.until(async () => (await app.screen(id)).includes('Resumed. 1 turn so far'))
    await app.whenActivity(id, 'idle')
    // The prompt belongs to the beginning of the conversation.
    expect((await app.screen(id)).split('First').length).toBe(2)
  })

  it('never runs two processes on one conversation, however often it is resumed', async () => {
    const { id } = await app.create()
    await app.whenActivity(id, 'idle')
    await app.sessions.stop(id, by)
    await app.whenEnded(id)
    const before = yard.pty.started.length
    const results = await Promise.all(Array.from({ length: 8 }, () => app.sessions.resume(id, by)))
    expect(results.every((result) => result.ok)).toBe(true)
    await app.whenActivity(id, 'idle')
    expect((await app.sessions.resume(id, by)).ok).toBe(true)
    expect(yard.pty.started.length).toBe(before + 1)
    await expect(
      app.database.writer
        .run(`INSERT INTO incarnations SELECT 'inc_2', session_id, 9, 'trm_2', conversation_id, 'alive',
        token_hashes, gateway_url, pid, process_start, boot_id, 0, 0, NULL, NULL, NULL FROM incarnations WHERE state = 'alive'`),
    ).rejects.toThrow('UNIQUE')
  })

  it('refuses to begin an empty conversation in place of one that had a prompt', async () => {
    const { id } = await app.create({ prompt: 'First', permissionMode: 'acceptEdits' })
    await app.whenActivity(id, 'idle')
    await app.sessions.stop(id, by)
    await app.whenEnded(id)
    rmSync(join(yard.folder, 'sessions', id), { recursive: true })
    const refused = await app.sessions.resume(id, by)
    expect(refused).toMatchObject({ refusal: { code: 'CANNOT_RESUME' } })
    expect((await app.session(id)).lifecycle).toBe('stopped')
  })

  it('begins anew where nothing was ever said', async () => {
    const { id } = await app.create()
    await app.whenActivity(id, 'idle')
    await app.sessions.stop(id, by)
    await app.whenEnded(id)
    expect((await app.sessions.resume(id, by)).ok).toBe(true)
    await app.whenActivity(id, 'idle')
    expect(await app.screen(id)).not.toContain('Resumed')
  })

  it('says that the worktree is missing instead of starting elsewhere', async () => {
    const session = await app.create()
    await app.whenActivity(session.id, 'idle')
    await app.sessions.stop(session.id, by)
    await app.whenEnded(session.id)
    rmSync(app.folderOf(session), { recursive: true })
    expect(await app.sessions.resume(session.id, by)).toMatchObject({ refusal: { code: 'WORKTREE_MISSING' } })
  })

  it('books an end nobody asked for with its code, as something to look at', async () => {
    const { id } = await app.create()
    const { runtime } = await app.whenActivity(id, 'idle')
    process.kill(runtime.kind === 'alive' ? runtime.pid : 0, 'SIGKILL')
    const ended = await app.whenEnded(id)
    expect(ended).toMatchObject({
      lifecycle: 'stopped',
      isUnread: true,
      canResume: true,
      runtime: { wasAsked: false, signal: 'SIG9' },
    })
    expect(ended.activity).toMatchObject({ kind: 'unknown', evidence: { source: 'process' } })
  })

  it('stops before it has started, and starts when it is resumed', async () => {
    const created = await app.create()
    await app.sessions.stop(created.id, by)
    expect(await app.session(created.id)).toMatchObject({ lifecycle: 'stopped' })
    const stopped = await app.when(created.id, (s) => s.runtime.kind !== 'alive' && s.canResume)
    expect(stopped.lifecycle).toBe('stopped')
    expect((await app.sessions.resume(created.id, by)).ok).toBe(true)
    await app.whenActivity(created.id, 'idle')
  })

  it.each([
    ['before', 'show-start'],
    ['after', 'show-start'],
    ['before', 'begin-start'],
  ] as const)('is stopped in the moment %s its start asks for %s, and is never started', async (moment, command) => {
    await app.close()
    let id = '' as SessionId
    const stop = () => app.sessions.stop(id, by)
    app = await yard.open({ starts: { most: 1, gapMs: 0 }, wrap: around(command, moment, stop) })
    id = (await app.create()).id
    await app.when(id, (s) => s.lifecycle === 'stopped')
    // There is one turn: when the one behind it runs, this start is over.
    const behind = await app.create()
    await app.whenActivity(behind.id, 'idle')
    expect(await app.session(id)).toMatchObject({ lifecycle: 'stopped', runtime: { kind: 'none' } })
    expect(yard.pty.started).toHaveLength(1)
    expect((await app.sessions.resume(id, by)).ok).toBe(true)
    await app.whenActivity(id, 'idle')
  })

  it('stops what waits for its turn: it never starts, and whoever waits behind it does', async () => {
    await app.close()
    // Nobody hears that the first one is ready, so it keeps the only turn.
    app = await yard.open({ starts: { most: 1, gapMs: 0 }, isDeaf: true })
    const first = await app.create()
    await app.when(first.id, (s) => s.lifecycle === 'running')
    const [queued, behind] = [await app.create(), await app.create()]
    const waits = (s: Session) => s.preparation.some(({ detail }) => detail.startsWith('Waits for its turn'))
    await app.when(queued.id, waits)
    await app.when(behind.id, waits)
    expect(await app.sessions.stop(queued.id, by)).toMatchObject({ ok: true, value: { lifecycle: 'stopped' } })
    await app.sessions.stop(first.id, by)
    await app.when(behind.id, (s) => s.lifecycle === 'running')
    expect(await app.session(queued.id)).toMatchObject({
      lifecycle: 'stopped',
      terminalId: null,
      canResume: true,
      runtime: { kind: 'none' },
    })
    expect(yard.pty.started.length).toBe(2)
  })

  it('leaves no process behind, at whatever moment it is stopped', async () => {
    for (let round = 0; round < 6; round++) {
      const { id } = await app.create({ prompt: 'Go' })
      for (let turn = 0; turn < round * 8; turn++) await new Promise((resolve) => setImmediate(resolve))
      await app.sessions.stop(id, by)
    }
    const live = () =>
      app.database.read((tx) => tx.all(`SELECT * FROM incarnations WHERE state IN ('starting', 'alive')`))
    const pending = () => app.database.read((tx) => tx.all(`SELECT * FROM intents WHERE state = 'pending'`))
    await app.until(async () => (await live()).length + (await pending()).length === 0)
    for (const id of yard.pty.started) expect(isProcessAlive(yard.pty.pid(id))).toBe(false)
    const sessions = await app.database.read(app.sessions.list)
    expect(sessions.map((s) => [s.lifecycle, s.canResume])).toEqual(sessions.map(() => ['stopped', true]))
  })
})
