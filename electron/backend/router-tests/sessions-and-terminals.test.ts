import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { NewSession } from '../../../shared/contract/sessions.ts'
import type { ProjectId } from '../../../shared/lib/ids.ts'
import { openRouterLab, refusalOf, unknown, type RouterLab } from './testing.ts'

let lab: RouterLab
let projectId: ProjectId
let repository: string
let requests = 0
beforeAll(async () => {
  lab = await openRouterLab()
  repository = await lab.repository('work')
  projectId = (await lab.full.projects.open({ path: repository, initialise: false })).id
})
afterAll(() => lab.close())

const request = (changes: Partial<NewSession> = {}): NewSession => ({
  projectId,
  title: null,
  prompt: null,
  agentId: 'demo',
  model: null,
  permissionMode: null,
  worktree: { kind: 'new-branch', baseRef: null, branch: null },
  requestId: `request-${(requests += 1)}`,
  ...changes,
})
const create = (changes: Partial<NewSession> = {}) => lab.full.sessions.create(request(changes))
const running = async (changes: Partial<NewSession> = {}) => {
  const { id } = await create(changes)
  return lab.when(id, ({ lifecycle, runtime }) => lifecycle === 'running' && runtime.kind === 'alive')
}
const worktreeOf = async (id: string | null) => {
  const worktree = (await lab.kernel.database.read(lab.features.worktrees.list)).find((one) => one.id === id)
  if (!worktree) throw new Error(`There is no worktree ${id}.`)
  return worktree
}

describe('a new session', () => {
  it('works in a worktree of its own, on a branch named after it', async () => {
    const session = await running({ title: 'Fix the parser' })
    const worktree = await worktreeOf(session.worktreeId)
    expect(worktree).toMatchObject({ kind: 'new-branch', state: { kind: 'ok' } })
    expect(worktree.branch).toMatch(/^switchyard\/fix-the-parser/)
    expect(await lab.git(worktree.path, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe(worktree.branch)
    expect(worktree.path.startsWith(join(lab.home, '.switchyard', 'worktrees'))).toBe(true)
  })

  it('asked for twice with one request id is one', async () => {
    const input = request({ title: 'Twice', worktree: { kind: 'in-place' } })
    const [first, second] = [await lab.full.sessions.create(input), await lab.full.sessions.create(input)]
    expect(second.id).toBe(first.id)
    await lab.when(first.id, ({ lifecycle }) => lifecycle === 'running')
  })

  it.each<[string, Partial<NewSession>, string, string]>([
    ['of a project that is not there', { projectId: unknown.project as ProjectId }, 'NOT_FOUND', '.'],
    ['with a prompt for a shell', { agentId: 'shell', prompt: 'Do it' }, 'INVALID', 'takes no prompt'],
    ['with a mode nobody offers', { permissionMode: 'wild' }, 'INVALID', 'no permission mode “wild”'],
    [
      'on a branch that is taken',
      { worktree: { kind: 'new-branch', baseRef: null, branch: 'main' } },
      'BRANCH_EXISTS',
      'main',
    ],
    [
      'on a branch git refuses',
      { worktree: { kind: 'new-branch', baseRef: null, branch: 'a..b' } },
      'BAD_BRANCH_NAME',
      'Use letters, digits',
    ],
    [
      'from a base that is none',
      { worktree: { kind: 'new-branch', baseRef: 'nope', branch: null } },
      'BAD_BASE',
      'nope',
    ],
    ['on a branch in use', { worktree: { kind: 'existing-branch', branch: 'main' } }, 'BRANCH_IN_USE', 'main'],
  ])('%s is refused before anything is made', async (_name, changes, code, words) => {
    const idsNow = async () => (await lab.kernel.database.read(lab.features.sessions.list)).map(({ id }) => id)
    const before = await idsNow()
    const error = await refusalOf(create(changes))
    expect(error).toMatchObject({ code, defined: true })
    expect(error?.message).toContain(words)
    expect(await idsNow()).toEqual(before)
  })
})

describe('a session', () => {
  it('asks, and is answered once, by whoever may answer', async () => {
    const { id, worktreeId } = await running({ title: 'Asks', prompt: 'Write a plan' })
    const ask = await lab.whenAsked()
    const asked = await lab.when(id, ({ activity }) => activity.kind === 'needs-you')
    expect(asked.activity.evidence).toMatchObject({ source: 'hook', detail: 'PermissionRequest: Write' })
    expect(asked.isUnread).toBe(true)
    const mayAnswer = lab.as('answer')
    const choose = mayAnswer.asks.answer({ askId: ask.id, answer: { kind: 'choose', answers: {} } })
    expect(await refusalOf(choose)).toMatchObject({ code: 'INVALID' })
    const unoffered = mayAnswer.asks.answer({ askId: ask.id, answer: { kind: 'allow', widerId: '' } })
    expect(await refusalOf(unoffered)).toMatchObject({ code: 'INVALID' })
    await mayAnswer.asks.answer({ askId: ask.id, answer: { kind: 'allow', widerId: '0' } })
    const again = mayAnswer.asks.answer({ askId: ask.id, answer: { kind: 'deny', note: null } })
    expect(await refusalOf(again)).toMatchObject({
      code: 'ALREADY_ANSWERED',
      message: 'It was answered here already (Allowed, and more).',
    })
    await lab.when(id, ({ activity }) => activity.kind === 'idle')
    const { path } = await worktreeOf(worktreeId)
    expect(readFileSync(join(path, 'switchyard-demo', 'PLAN.md'), 'utf8')).toContain('# Write a plan')
    await lab.as('view').sessions.markSeen({ sessionId: id })
    expect((await lab.when(id, () => true)).isUnread).toBe(false)
  })

  it('is renamed, pinned, moved, stopped, archived, and comes back', async () => {
    const { id } = await running({ title: 'Life' })
    const sessionId = id
    expect((await lab.full.sessions.rename({ sessionId, title: ' New name ' })).title).toBe('New name')
    expect((await lab.full.sessions.pin({ sessionId, isPinned: true })).isPinned).toBe(true)
    expect((await lab.full.sessions.setRole({ sessionId, role: ' reviewer ' })).role).toBe('reviewer')
    expect((await lab.full.sessions.setRole({ sessionId, role: null })).role).toBeNull()
    expect((await lab.full.sessions.setMailTyped({ sessionId, isMailTyped: false })).isMailTyped).toBe(false)
    expect((await lab.full.sessions.setMailTyped({ sessionId, isMailTyped: true })).isMailTyped).toBe(true)
    expect((await refusalOf(lab.full.sessions.setRole({ sessionId, role: 'All, of them' })))?.code).toBe('BAD_REQUEST')
    await lab.full.sessions.move({ sessionId, beforeId: null })
    const inOrder = (await lab.kernel.database.read(lab.features.sessions.list)).map((session) => session.id)
    expect(inOrder.at(-1)).toBe(id)
    expect(await refusalOf(lab.full.sessions.retry({ sessionId }))).toMatchObject({ code: 'NOT_FAILED' })
    await lab.full.sessions.stop({ sessionId })
    const stopped = await lab.when(id, ({ runtime }) => runtime.kind === 'exited')
    expect(stopped).toMatchObject({
      lifecycle: 'stopped',
      canResume: true,
      runtime: { wasAsked: true },
      isUnread: false,
    })
    expect(await lab.full.sessions.archive({ sessionId })).toMatchObject({ lifecycle: 'archived' })
    expect(await refusalOf(lab.full.sessions.resume({ sessionId }))).toMatchObject({ code: 'ARCHIVED' })
    expect(await lab.full.sessions.unarchive({ sessionId })).toMatchObject({ lifecycle: 'stopped', archivedAt: null })
    await lab.full.sessions.resume({ sessionId })
    await lab.when(id, ({ runtime }) => runtime.kind === 'alive')
    expect(await lab.full.sessions.resume({ sessionId })).toMatchObject({ lifecycle: 'running' })
  })

  it('keeps its project in the list while it lives', async () => {
    const { id } = await running({ title: 'Living' })
    const error = await refusalOf(lab.full.projects.forget({ projectId }))
    expect(error).toMatchObject({ code: 'HAS_LIVE_SESSIONS', status: 409 })
    expect((await lab.when(id, () => true)).lifecycle).toBe('running')
  })

  it('is deleted with its worktree, what was not committed is kept, and all of it comes back', async () => {
    const { id, worktreeId } = await running({ title: 'Deleted' })
    const { path } = await worktreeOf(worktreeId)
    writeFileSync(join(path, 'draft.txt'), 'not committed\n')
    const { rescueRef } = await lab.full.sessions.delete({ sessionId: id, deleteBranch: true })
    expect(rescueRef).toMatch(/^refs\//)
    expect(existsSync(path)).toBe(false)
    const gone = [
      () => lab.full.sessions.rename({ sessionId: id, title: 'x' }),
      () => lab.full.sessions.pin({ sessionId: id, isPinned: true }),
      () => lab.full.sessions.move({ sessionId: id, beforeId: null }),
      () => lab.full.sessions.unarchive({ sessionId: id }),
      () => lab.full.sessions.stop({ sessionId: id }),
      () => lab.full.sessions.archive({ sessionId: id }),
      () => lab.full.sessions.resume({ sessionId: id }),
      () => lab.full.sessions.openShell({ sessionId: id }),
    ]
    for (const call of gone) expect(await refusalOf(call())).toMatchObject({ code: 'NOT_FOUND' })
    expect(await lab.full.sessions.delete({ sessionId: id, deleteBranch: true })).toEqual({ rescueRef })
    const back = await lab.full.sessions.undoDelete({ sessionId: id })
    expect(back).toMatchObject({ id, title: 'Deleted', lifecycle: 'stopped', isPinned: false })
    expect(readFileSync(join(path, 'draft.txt'), 'utf8')).toBe('not committed\n')
  })
})

describe('a terminal', () => {
  it('of a shell lies in the worktree, is typed into, read, and closed', async () => {
    const { id, worktreeId } = await running({ title: 'Shell' })
    const { path } = await worktreeOf(worktreeId)
    const { terminalId } = await lab.full.sessions.openShell({ sessionId: id })
    const rows = await lab.kernel.database.read(lab.features.terminals.list)
    expect(rows.find((row) => row.id === terminalId)).toMatchObject({ kind: 'shell', sessionId: id, cwd: path })
    const typed = { terminalId, windowId: 'window-1', seq: 0, data: 'pwd > typed.txt\r' }
    expect(await refusalOf(lab.as('view').terminals.write(typed))).toMatchObject({ code: 'FORBIDDEN' })
    await lab.as('answer').terminals.write(typed)
    await vi.waitUntil(() => existsSync(join(path, 'typed.txt')), { timeout: 60_000 })
    // What the shell printed before it made the file may still be on its way to the screen.
    const shown = async () => (await lab.as('view').terminals.text({ terminalId })).text
    await vi.waitUntil(async () => (await shown()).includes('typed.txt'), { timeout: 60_000 })
    await lab.full.terminals.close({ terminalId })
    expect(await refusalOf(lab.full.terminals.close({ terminalId }))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('of an agent is not closed behind the back of its session', async () => {
    const { terminalId } = await running({ title: 'Agent' })
    if (terminalId === null) throw new Error('It has no terminal.')
    const error = await refusalOf(lab.full.terminals.close({ terminalId }))
    expect(error).toMatchObject({ code: 'BELONGS_TO_AGENT', message: expect.stringContaining('Stop or archive') })
  })
})

describe('a worktree', () => {
  it('is looked at again by whoever looks, and counts what was changed', async () => {
    const { worktreeId } = await running({ title: 'Counted' })
    const worktree = await worktreeOf(worktreeId)
    writeFileSync(join(worktree.path, 'readme.md'), 'hello\nmore\n')
    writeFileSync(join(worktree.path, 'new.txt'), 'one\ntwo\n')
    expect(await lab.as('view').worktrees.refresh({ worktreeId: worktree.id })).toMatchObject({
      added: 3,
      removed: 0,
      changedFiles: 2,
      untrackedFiles: 1,
    })
    const elsewhere = lab.full.worktrees.rebind({ worktreeId: worktree.id, path: repository })
    expect(await refusalOf(elsewhere)).toMatchObject({ code: 'NOT_THIS_WORKTREE' })
  })
})
