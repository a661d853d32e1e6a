import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { isProcessAlive } from '../../adapters/processes.ts'
import { findLiveIncarnation } from './incarnations-store.ts'
import { findSession } from './sessions-store.ts'
import { projectId } from '../../testing/stand-in-worktrees.ts'
import { by, type TestApp } from '../../testing/test-app.ts'
import { createYard, type Yard } from '../../testing/test-yard.ts'

let yard: Yard
let app: TestApp
beforeEach(async () => {
  yard = createYard()
  app = await yard.open()
})
afterEach(() => yard.dispose())

const pidOf = (session: Session) => (session.runtime.kind === 'alive' ? session.runtime.pid : 0)

describe('a session', () => {
  it('gets its worktree, then its agent, and shows each step', async () => {
    const { id, lifecycle, title } = await app.create({ title: null, prompt: '## Fix it\nplease' })
    expect({ lifecycle, title }).toEqual({ lifecycle: 'planned', title: 'Fix it' })
    const running = await app.when(id, (s) => s.lifecycle === 'running')
    expect(running.preparation).toMatchObject([
      { name: 'worktree', state: 'done' },
      { name: 'agent', state: 'done' },
    ])
    expect(isProcessAlive(pidOf(running))).toBe(true)
    const shown = app.changes.flatMap((change) => (change.topic === 'sessions.changed' ? [change.payload] : []))
    expect([...new Set(shown.map((s) => s.lifecycle))]).toEqual(['planned', 'preparing', 'running'])
    expect(shown.map((s) => s.rev)).toEqual(shown.map((_s, index) => index))
  })

  it('works, asks, is answered here, edits files and is idle, each with its evidence', async () => {
    const { id } = await app.create({ prompt: 'Write it', permissionMode: null })
    const asking = await app.whenActivity(id, 'needs-you')
    expect(asking.activity).toMatchObject({
      reason: 'Permission to edit a file',
      evidence: { source: 'hook', detail: 'PermissionRequest: Write' },
    })
    expect(asking.isUnread).toBe(true)
    const ask = await app.whenAsked()
    expect(ask).toMatchObject({ sessionId: id, canAnswerHere: true, detail: { kind: 'permission', toolName: 'Write' } })
    const file = join(app.folderOf(asking), 'switchyard-demo', 'PLAN.md')
    expect(existsSync(file)).toBe(false)
    // Everything from now on.
    expect(await app.asks.answer(ask.id, { kind: 'allow', widerId: '0' })).toMatchObject({ ok: true })
    await app.whenActivity(id, 'idle')
    expect(readFileSync(file, 'utf8')).toContain('# Write it')
    expect(await app.screen(id)).toContain('Allowed in Switchyard')
    const states = app.changes.flatMap((change) => (change.topic === 'asks.changed' ? [change.payload.state] : []))
    expect(states).toMatchObject([{ kind: 'open' }, { kind: 'answered', by: 'app', answer: 'Allowed, and more' }])
  })

  it('is answered in its terminal, and the ask closes as answered there', async () => {
    const { id } = await app.create({ prompt: 'Write it' })
    const ask = await app.whenAsked()
    await app.type(id, 'y')
    const next = await app.until(async () => (await app.openAsks()).find((open) => open.id !== ask.id))
    await app.type(id, 'n')
    await app.whenActivity(id, 'idle')
    const states = app.changes.flatMap((c) =>
      c.topic === 'asks.changed' && c.payload.state.kind !== 'open' ? [c.payload] : [],
    )
    expect(states).toMatchObject([
      { id: ask.id, state: { by: 'terminal', answer: 'Allowed' } },
      { id: next.id, state: { by: 'terminal', answer: 'Answered' } },
    ])
    expect(await app.asks.answer(ask.id, { kind: 'allow', widerId: null })).toMatchObject({
      refusal: { code: 'ALREADY_ANSWERED' },
    })
  })

  it('with a prompt works from its first word on and is idle only when that is done', async () => {
    const { id } = await app.create({ prompt: 'Write it', permissionMode: 'acceptEdits' })
    await app.when(id, (s) => s.activity.kind === 'idle' && s.isUnread)
    const kinds = app.changes.flatMap((change) =>
      change.topic === 'sessions.changed' && change.payload.id === id ? [change.payload.activity.kind] : [],
    )
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual(['unknown', 'working', 'idle'])
  })

  it('is unread until it is looked at', async () => {
    const { id } = await app.create({ prompt: 'Write it', permissionMode: 'acceptEdits' })
    expect((await app.when(id, (s) => s.activity.kind === 'idle' && s.isUnread)).isUnread).toBe(true)
    await app.sessions.markSeen(id, by)
    expect((await app.session(id)).isUnread).toBe(false)
  })

  it('gives its agent what it needs in the environment, and no secret in arguments or files', async () => {
    const { id } = await app.create()
    // Once it speaks, it has surely replaced the process that was forked for it.
    const { runtime, terminalId } = await app.whenActivity(id, 'idle')
    if (process.platform !== 'linux' || runtime.kind !== 'alive') return
    const read = (name: string) => readFileSync(`/proc/${runtime.pid}/${name}`, 'utf8').split('\0')
    const environment = Object.fromEntries(read('environ').map((line) => line.split(/=(.*)/s).slice(0, 2)))
    expect(environment).toMatchObject({
      SWITCHYARD_SESSION: id,
      SWITCHYARD_TERMINAL: terminalId,
      SWITCHYARD_GATEWAY_FILE: join(yard.folder, 'sessions', 'gateway'),
      SWITCHYARD_BRANCH: 'switchyard/x',
      PATH: expect.stringMatching(new RegExp(`^${join(yard.folder, 'bin')}:`)),
      SWITCHYARD_COMMAND: join(yard.folder, 'bin', 'switchyard'),
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: join(yard.folder, 'bin', 'git-hooks'),
      TERM: 'xterm-256color',
    })
    const token = String(environment['SWITCHYARD_TOKEN'])
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    expect(read('cmdline').join(' ')).not.toContain(token)
    expect(await app.sessions.authenticate(token)).toMatchObject({ sessionId: id })
    expect(await app.sessions.authenticate(token.replace(/./, 'x'))).toBeNull()
    const rows = await app.database.read((tx) => tx.all('SELECT * FROM incarnations'))
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(app.changes)).not.toContain(token)
  })

  it('that hung up before its question was written down is answered in its terminal only', async () => {
    const { id } = await app.create()
    const { runtime } = await app.whenActivity(id, 'idle')
    if (process.platform !== 'linux' || runtime.kind !== 'alive') return
    const environ = readFileSync(`/proc/${runtime.pid}/environ`, 'utf8').split('\0')
    const token = environ.find((line) => line.startsWith('SWITCHYARD_TOKEN='))?.slice('SWITCHYARD_TOKEN='.length)
    const holder = await app.sessions.authenticate(token ?? '')
    if (!holder) throw new Error('Its token opens nothing.')
    const body = { hook_event_name: 'PermissionRequest', tool_name: 'Bash', tool_input: { command: 'ls' } }
    expect(await app.asks.handleHook(holder, body, AbortSignal.abort())).toEqual({})
    const ask = await app.until(async () => (await app.openAsks()).find(({ canAnswerHere }) => !canAnswerHere))
    expect(await app.asks.answer(ask.id, { kind: 'allow', widerId: null })).toMatchObject({
      refusal: { code: 'ONLY_IN_TERMINAL' },
    })
  })

  it('keeps its files private', async () => {
    const { id } = await app.create({ agentId: 'demo' })
    await app.when(id, (s) => s.lifecycle === 'running')
    expect(statSync(join(yard.folder, 'sessions', id)).mode & 0o777).toBe(0o700)
  })

  it('asked for twice with one request is one session', async () => {
    const requestId = 'request-1234'
    const [first, second] = [await app.create({ requestId }), await app.create({ requestId })]
    expect(second.id).toBe(first.id)
  })

  it('is known by the conversation its process began with, also when that was left for another', async () => {
    const { id } = await app.create()
    const { title } = await app.when(id, (session) => session.lifecycle === 'running')
    const { firstConversationOf } = app.sessions
    const first = await app.database.read((tx) => firstConversationOf(tx, id))
    expect(first).toMatch(/^[0-9a-f]{8}-/)
    const incarnation = await app.database.read((tx) => findLiveIncarnation(tx, id))
    const holder = { sessionId: id, incarnationId: incarnation!.id }
    await app.sessions.observeHook(holder, {
      fact: { kind: 'session-started', how: 'cleared' },
      evidence: 'SessionStart: clear',
      conversation: { id: 'another', recordPath: null },
      usage: null,
    })
    const record = await app.database.read((tx) => findSession(tx, id))
    expect(record).toMatchObject({ conversationId: 'another', session: { title } })
    expect(await app.database.read((tx) => firstConversationOf(tx, id))).toBe(first)
    await app.sessions.stop(id, by)
    await app.whenEnded(id)
    expect(await app.database.read((tx) => firstConversationOf(tx, id))).toBeUndefined()
  })

  it('is refused for what the agent cannot take', async () => {
    const wish = {
      projectId,
      title: 'x',
      model: null,
      worktree: { kind: 'in-place' } as const,
      requestId: 'request-9999',
    }
    const refused = async (changes: object) => {
      const result = await app.sessions.create(
        { ...wish, agentId: 'demo', prompt: null, permissionMode: null, ...changes },
        by,
      )
      return result.ok ? null : result.refusal.code
    }
    expect(await refused({ agentId: 'shell', prompt: 'ls' })).toBe('INVALID')
    expect(await refused({ permissionMode: 'anything goes' })).toBe('INVALID')
    expect(await refused({ usesTeams: true })).toBe('INVALID')
    expect(await refused({ agentId: 'aider' })).toBe('AGENT_MISSING')
  })
})

describe('what goes wrong on the way', () => {
  it('is shown at its step, and tried again there', async () => {
    yard.worktrees.problem = 'The branch is checked out elsewhere.'
    const { id } = await app.create()
    const failed = await app.when(id, (s) => s.preparation[0]?.state === 'failed')
    expect(failed).toMatchObject({
      lifecycle: 'preparing',
      lifecycleReason: 'The branch is checked out elsewhere.',
      isUnread: true,
    })
    expect(await app.sessions.retry(id, by)).toMatchObject({ ok: true })
    await app.when(id, (s) => s.preparation[0]?.state === 'failed' && s.rev > failed.rev)
    yard.worktrees.problem = null
    await app.sessions.retry(id, by)
    await app.whenActivity(id, 'idle')
    expect(await app.sessions.retry(id, by)).toMatchObject({ refusal: { code: 'NOT_FAILED' } })
  })

  it('a folder that vanished before the start is a failed step', async () => {
    const { id } = await app.create()
    await app.when(id, (s) => s.lifecycle === 'running')
    await app.sessions.stop(id, by)
    const { worktreeId } = await app.whenEnded(id)
    const retry = app.sessions.resume(id, by)
    rmSync(join(yard.folder, worktreeId!), { recursive: true })
    const result = await retry
    if (result.ok) await app.when(id, (s) => s.preparation[1]?.state === 'failed')
    else expect(result.refusal.code).toBe('WORKTREE_MISSING')
  })
})

describe('archive and delete', () => {
  it('archives by stopping, and comes back stopped', async () => {
    const { id } = await app.create()
    await app.whenActivity(id, 'idle')
    await app.sessions.archive(id, by)
    expect(await app.when(id, (s) => s.runtime.kind === 'exited')).toMatchObject({ lifecycle: 'archived' })
    expect(await app.sessions.resume(id, by)).toMatchObject({ refusal: { code: 'ARCHIVED' } })
    await app.sessions.unarchive(id, by)
    expect(await app.session(id)).toMatchObject({ lifecycle: 'stopped', archivedAt: null, canResume: true })
  })

  it('deletes the session with worktree and terminals, and brings both back', async () => {
    const { id } = await app.create({ prompt: 'First', permissionMode: 'acceptEdits' })
    const session = await app.whenActivity(id, 'idle')
    const shell = await app.sessions.openShell(id)
    expect(shell.ok).toBe(true)
    const deleted = await app.sessions.delete(id, false, by)
    expect(deleted).toMatchObject({ ok: true, value: { rescueRef: 'refs/switchyard/rescue/x' } })
    expect(await app.database.read(app.sessions.list)).toEqual([])
    expect(await app.database.read(app.terminals.list)).toEqual([])
    expect(existsSync(app.folderOf(session))).toBe(false)
    expect(app.changes.at(-1)).toMatchObject({ topic: 'sessions.removed', payload: { id } })
    for (const terminal of yard.pty.started) expect(() => yard.pty.pid(terminal)).toThrow('no terminal')
    expect(await app.sessions.delete(id, false, by)).toEqual(deleted)

    const undone = await app.sessions.undoDelete(id, by)
    expect(undone).toMatchObject({ ok: true, value: { lifecycle: 'stopped', canResume: true } })
    expect(existsSync(app.folderOf(session))).toBe(true)
    await app.sessions.resume(id, by)
    await app.until(async () => {
      const now = await app.session(id)
      return now.terminalId !== null && yard.pty.output(now.terminalId).includes('Resumed. 1 turn so far')
    })
  })

  it('keeps everything when the rescue fails, and says why', async () => {
    const { id } = await app.create()
    await app.whenActivity(id, 'idle')
    yard.worktrees.problem = 'The disk is full.'
    expect(await app.sessions.delete(id, false, by)).toMatchObject({
      refusal: { code: 'RESCUE_FAILED', message: 'The disk is full.' },
    })
    expect(await app.session(id)).toMatchObject({ lifecycle: 'stopped', lifecycleReason: 'The disk is full.' })
  })
})

describe('the list', () => {
  it('is newest first, and takes the order the person gives it', async () => {
    const ids: SessionId[] = []
    for (const title of ['a', 'b', 'c']) ids.push((await app.create({ title, agentId: 'shell' })).id)
    const titles = async () => (await app.database.read(app.sessions.list)).map((s) => s.title).join('')
    expect(await titles()).toBe('cba')
    await app.sessions.move(ids[0]!, ids[2]!, by)
    expect(await titles()).toBe('acb')
    // Halving runs out of numbers after some fifty moves; then all are numbered anew.
    for (let turn = 0; turn < 130; turn++) {
      const [, second, third] = await app.database.read(app.sessions.list)
      await app.sessions.move(third!.id, second!.id, by)
    }
    expect(await titles()).toBe('acb')
    await app.sessions.move(ids[0]!, null, by)
    expect(await titles()).toBe('cba')
    await app.sessions.rename(ids[0]!, 'z', by)
    await app.sessions.pin(ids[0]!, true, by)
    expect((await app.session(ids[0]!)).isPinned).toBe(true)
    expect(await titles()).toBe('cbz')
  })
})

describe('a plain shell', () => {
  it('runs as a session whose state stays unknown, and ends with its code', async () => {
    const { id } = await app.create({ agentId: 'shell' })
    await app.when(id, (s) => s.lifecycle === 'running')
    await app.type(id, 'echo "$SWITCHYARD_SESSION"; exit 7\r')
    const ended = await app.whenEnded(id)
    expect(ended).toMatchObject({
      runtime: { code: 7, wasAsked: false },
      canResume: false,
      activity: { kind: 'unknown' },
    })
    expect(await app.sessions.resume(id, by)).toMatchObject({ refusal: { code: 'CANNOT_RESUME' } })
  })
})
