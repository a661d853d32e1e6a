import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { IncarnationId, ProjectId, SessionId, TerminalId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import { changeRecord, changeSession } from './change-session.ts'
import { findOwner } from './find-owner.ts'
import {
  findIncarnationOfTerminal,
  findLastIncarnation,
  findLiveIncarnation,
  listLiveIncarnations,
  putIncarnation,
  type Incarnation,
} from './incarnations-store.ts'
import {
  findSession,
  listPositions,
  listSessions,
  putSession,
  removeSessionsOf,
  type SessionRecord,
} from './sessions-store.ts'

let kernel: TestKernel
let now: number
beforeEach(() => {
  now = 100
  kernel = createTestKernel(() => now)
})
afterEach(() => kernel.close())

const command = <Value>(work: (context: CommandContext) => Promise<Value>) =>
  kernel
    .runCommand({ name: 'test', by: systemIdentity }, async (context) => ok(await work(context)))
    .then((result) => (result.ok ? result.value : undefined))
const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
const otherProject = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAW' as ProjectId

const record = (changes: Partial<Session> = {}, own: Partial<SessionRecord> = {}): SessionRecord => ({
  session: {
    id: kernel.newId('ses'),
    projectId,
    title: "It's a “title”",
    agentId: 'claude-code',
    role: 'reviewer',
    model: 'opus',
    permissionMode: null,
    usesTeams: true,
    isMailTyped: false,
    prompt: 'line\nline',
    worktreeChoice: { kind: 'new-branch', baseRef: 'refs/heads/main', branch: null },
    worktreeId: 'wt_01ARZ3NDEKTSV4RRFFQ69G5FAV' as WorktreeId,
    terminalId: null,
    lifecycle: 'running',
    lifecycleReason: null,
    preparation: [{ name: 'agent', state: 'done', detail: '' }],
    runtime: { kind: 'exited', code: null, signal: 'SIGKILL', at: 5, wasAsked: false },
    activity: { kind: 'needs-you', reason: 'Permission', evidence: { source: 'hook', detail: 'x' }, at: 4 },
    usage: { contextPercent: 1.5, costUsd: null, model: 'Opus', at: 3 },
    canResume: true,
    isUnread: true,
    isPinned: false,
    position: 1.25,
    createdAt: 1,
    changedAt: 2,
    archivedAt: null,
    rev: 7,
    ...changes,
  },
  conversationId: 'conversation',
  recordPath: '/home/me/.claude/projects/x.jsonl',
  promptedAt: 9,
  deletion: null,
  ...own,
})
const put = async (...records: SessionRecord[]) => {
  await command(async ({ tx }) => {
    for (const each of records) await putSession(tx, each)
  })
}
const find = (id: SessionId) => kernel.database.read((tx) => findSession(tx, id))

describe('sessions', () => {
  it('come back as they were written, each field', async () => {
    const full = record()
    const sparse = record(
      {
        role: null,
        model: null,
        prompt: null,
        worktreeId: null,
        usage: null,
        runtime: { kind: 'none' },
        archivedAt: 8,
        lifecycleReason: 'why',
      },
      { recordPath: null, promptedAt: null, deletion: { kind: 'under-way', deleteBranch: true } },
    )
    await put(full, sparse)
    expect(await find(full.session.id)).toEqual(full)
    expect(await find(sparse.session.id)).toEqual(sparse)
    expect(await find(kernel.newId('ses'))).toBeUndefined()
  })

  it('are replaced by id', async () => {
    const first = record()
    await put(first)
    const second = { ...first, conversationId: 'another', session: { ...first.session, title: 'New', isPinned: true } }
    await put(second)
    expect(await kernel.database.read(listSessions)).toEqual([second])
  })

  it('are listed by project and place; deleted ones are kept and not listed', async () => {
    const [late, early] = [record({ position: 3 }), record({ position: -1 })]
    const deleted = record({ position: 0 }, { deletion: { kind: 'deleted', rescueRef: null, at: 1 } })
    const leaving = record({ position: 1 }, { deletion: { kind: 'under-way', deleteBranch: false } })
    await put(late, early, deleted, leaving, record({ projectId: otherProject }))
    const listed = (await kernel.database.read(listSessions)).filter(({ session }) => session.projectId === projectId)
    expect(listed.map(({ session }) => session.id)).toEqual([early, leaving, late].map(({ session }) => session.id))
    expect(await find(deleted.session.id)).toEqual(deleted)
    const positions = await kernel.database.read((tx) => listPositions(tx, projectId))
    expect(positions.map(({ position }) => position)).toEqual([-1, 0, 1, 3])
  })

  it('of a project go with it, with what ran in them, deleted ones too', async () => {
    const mine = [record(), record({}, { deletion: { kind: 'deleted', rescueRef: 'r', at: 1 } })]
    const other = record({ projectId: otherProject })
    await put(...mine, other)
    const id = mine[0]?.session.id
    await command(({ tx }) => putIncarnation(tx, incarnation({ sessionId: id as SessionId })))
    const removed = await command(({ tx }) => removeSessionsOf(tx, projectId))
    expect(removed?.toSorted()).toEqual(mine.map(({ session }) => session.id).toSorted())
    expect(await kernel.database.read(listSessions)).toEqual([other])
    expect(await kernel.database.read(listLiveIncarnations)).toEqual([])
  })
})

describe('a change of a session', () => {
  it('counts its revisions, says when, and tells the whole row', async () => {
    const before = record()
    await put(before)
    now = 200
    const after = await command((context) =>
      changeSession(context, before.session.id, (session) => ({ ...session, title: 'Changed' })),
    )
    const expected = { ...before.session, title: 'Changed', changedAt: 200, rev: 8 }
    expect(after?.session).toEqual(expected)
    expect(kernel.changes).toMatchObject([{ topic: 'sessions.changed', payload: expected }])
  })

  it('that changes nothing writes and tells nothing', async () => {
    const before = record()
    await put(before)
    await command((context) => changeSession(context, before.session.id, (session) => session))
    await command((context) => changeSession(context, before.session.id, (session) => ({ ...session })))
    expect(await find(before.session.id)).toEqual(before)
    expect(kernel.changes).toEqual([])
  })

  it('of what only we know is written and not told', async () => {
    const before = record()
    await put(before)
    await command((context) => changeRecord(context, before.session.id, (now_) => ({ ...now_, promptedAt: 77 })))
    expect((await find(before.session.id))?.promptedAt).toBe(77)
    expect(kernel.changes).toEqual([])
  })

  it('of one that is deleted is not told, and of none is none', async () => {
    const before = record({}, { deletion: { kind: 'deleted', rescueRef: null, at: 1 } })
    await put(before)
    await command((context) => changeSession(context, before.session.id, (session) => ({ ...session, title: 'x' })))
    expect(kernel.changes).toEqual([])
    const none = kernel.newId('ses')
    expect(await command((context) => changeSession(context, none, (session) => session))).toBeUndefined()
  })
})

const incarnation = (changes: Partial<Incarnation> = {}): Incarnation => ({
  id: kernel.newId('inc'),
  sessionId: kernel.newId('ses'),
  number: 1,
  terminalId: kernel.newId('trm'),
  conversationId: 'conversation',
  state: 'alive',
  tokenHashes: ['a', 'b'],
  gatewayUrl: 'http://127.0.0.1:1',
  pid: 7,
  processStart: '123',
  bootId: 'boot',
  wasAsked: false,
  createdAt: 1,
  endedAt: null,
  exitCode: null,
  exitSignal: null,
  ...changes,
})

describe('the owner of leases and mail', () => {
  it('is a session with the process that speaks for it, until it is deleted', async () => {
    const before = record()
    const { id, title, role } = before.session
    await put(before)
    const read = () => kernel.database.read((tx) => findOwner(tx, id))
    expect(await read()).toEqual({ projectId, title, role, incarnationId: null })
    const live = incarnation({ sessionId: id })
    await command(({ tx }) => putIncarnation(tx, live))
    expect(await read()).toEqual({ projectId, title, role, incarnationId: live.id })
    await command(({ tx }) => putIncarnation(tx, { ...live, state: 'lost' }))
    expect(await read()).toMatchObject({ incarnationId: null })
    await put({ ...before, deletion: { kind: 'under-way', deleteBranch: false } })
    expect(await read()).toBeDefined()
    await put({ ...before, deletion: { kind: 'deleted', rescueRef: null, at: 1 } })
    expect(await read()).toBeUndefined()
  })
})

describe('incarnations', () => {
  const write = (...all: Incarnation[]) =>
    command(async ({ tx }) => {
      for (const each of all) await putIncarnation(tx, each)
    })
  let sessionId: SessionId
  beforeEach(async () => {
    const session = record()
    sessionId = session.session.id
    await put(session)
  })

  it('come back as they were written, and change in what may change', async () => {
    const first = incarnation({ sessionId })
    await write(first)
    expect(await kernel.database.read((tx) => findIncarnationOfTerminal(tx, first.terminalId))).toEqual(first)
    const ended: Incarnation = {
      ...first,
      state: 'ended',
      endedAt: 9,
      exitCode: 3,
      exitSignal: null,
      wasAsked: true,
      pid: 8,
    }
    await write(ended)
    expect(await kernel.database.read((tx) => findLastIncarnation(tx, sessionId))).toEqual(ended)
  })

  it('are found by what lives and by what came last', async () => {
    const [first, second] = [
      incarnation({ sessionId, state: 'lost' }),
      incarnation({ sessionId, number: 2, state: 'starting' }),
    ]
    await write(first, second)
    expect(await kernel.database.read((tx) => findLiveIncarnation(tx, sessionId))).toEqual(second)
    expect(await kernel.database.read((tx) => findLastIncarnation(tx, sessionId))).toEqual(second)
    expect(await kernel.database.read(listLiveIncarnations)).toEqual([second])
    await write({ ...second, state: 'ended' })
    expect(await kernel.database.read((tx) => findLiveIncarnation(tx, sessionId))).toBeUndefined()
    const unknown = 'trm_01ARZ3NDEKTSV4RRFFQ69G5FAV' as TerminalId
    expect(await kernel.database.read((tx) => findIncarnationOfTerminal(tx, unknown))).toBeUndefined()
  })

  it('of one session never live twice: the database refuses the second, and nothing of that command stays', async () => {
    await write(incarnation({ sessionId }))
    const second = incarnation({ sessionId, number: 2, id: 'inc_2' as IncarnationId })
    await expect(
      write(
        { ...second, number: 3, state: 'ended' },
        { ...second, id: 'inc_3' as IncarnationId, terminalId: kernel.newId('trm') },
      ),
    ).rejects.toThrow('UNIQUE')
    expect(await kernel.database.read((tx) => findLastIncarnation(tx, sessionId))).toMatchObject({ number: 1 })
  })
})
