import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from '../../../shared/contract/api.ts'
import type { ProcedureMeta, Right } from '../../../shared/contract/base.ts'
import { openRouterLab, refusalOf, unknown, type RouterLab } from './testing.ts'

let lab: RouterLab
let quits = 0
beforeAll(async () => {
  lab = await openRouterLab({ quit: () => void (quits += 1) })
})
afterAll(() => lab.close())

const rank = { view: 0, answer: 1, full: 2 } as const
const listed = Object.entries(api).flatMap(([feature, procedures]) =>
  Object.entries(procedures).map(([name, procedure]) => ({
    feature,
    name,
    right: (procedure as { '~orpc': { meta: ProcedureMeta } })['~orpc'].meta.right,
  })),
)
const callAs = (right: Right, feature: string, name: string, input: unknown) => {
  const client = lab.as(right) as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
  const procedure = client[feature]?.[name]
  if (!procedure) throw new Error(`The router has no ${feature}.${name}.`)
  return procedure(input)
}
/** Of no procedure that takes something: a right that suffices gets as far as this being refused. */
const nonsense = {
  path: 7,
  key: 7,
  askId: 7,
  sessionId: 7,
  projectId: 7,
  worktreeId: 7,
  terminalId: 7,
  taskId: 7,
  viewerId: 7,
  windowId: 7,
  leaseId: 7,
  checkId: 7,
  runId: 7,
  waiterId: 7,
  messageId: 7,
  messageIds: 7,
  mergeId: 7,
  entryId: 7,
}

describe('every procedure', () => {
  it.each(listed.filter(({ right }) => right !== 'view'))('$feature.$name needs the right "$right"', async (entry) => {
    for (const held of ['view', 'answer'] as const) {
      if (rank[held] >= rank[entry.right]) continue
      const error = await refusalOf(callAs(held, entry.feature, entry.name, nonsense))
      expect(error).toMatchObject({ code: 'FORBIDDEN', status: 403 })
      expect(error?.message).toBe(`This connection may only ${held}; that needs the right "${entry.right}".`)
    }
  })

  const takesNothing = ['agents.detect', 'host.info', 'host.pickFolder', 'tasks.resumeDispatch', 'terminals.signals']
  it.each(listed.filter(({ feature, name }) => !takesNothing.includes(`${feature}.${name}`)))(
    '$feature.$name refuses an input of the wrong form',
    async ({ feature, name, right }) => {
      for (const input of [nonsense, 'text', null])
        expect((await refusalOf(callAs(right, feature, name, input)))?.code).toBe('BAD_REQUEST')
    },
  )

  it('leaves no trace when it was refused', async () => {
    const before = await lab.kernel.database.read((tx) => tx.get('SELECT count(*) AS n FROM events'))
    const viewer = lab.as('view')
    await refusalOf(viewer.settings.set({ key: 'appearance', value: 1 }))
    await refusalOf(viewer.projects.open({ path: lab.home, initialise: true }))
    await refusalOf(viewer.host.quit({ stopAll: true }))
    expect(await lab.kernel.database.read((tx) => tx.get('SELECT count(*) AS n FROM events'))).toEqual(before)
    expect(quits).toBe(0)
  })
})

const kept = [
  'merges',
  'tasks',
  'task_deps',
  'attempts',
  'leases',
  'messages',
  'deliveries',
  'sessions',
  'projects',
  'settings',
  'checks',
  'check_runs',
  'merge_queues',
  'merge_entries',
]
/** Rows that people and agents change, and the refusals that were kept. */
const stored = () =>
  lab.kernel.database.read(async (tx) => {
    const rows: unknown[] = []
    for (const table of kept) rows.push(await tx.all(`SELECT * FROM ${table}`))
    const refusals = await tx.all<{ payload: string }>(
      `SELECT payload FROM events WHERE topic = 'refusals.recorded' ORDER BY seq`,
    )
    return { rows: JSON.stringify(rows), refusals: refusals.map(({ payload }) => JSON.parse(payload) as unknown) }
  })

describe('what is of another form', () => {
  const changing = listed.filter(({ feature, name, right }) => {
    const takesNothing = ['agents.detect', 'host.pickFolder', 'tasks.resumeDispatch']
    return right !== 'view' && feature !== 'terminals' && !takesNothing.includes(`${feature}.${name}`)
  })
  it('is kept once with who sent it, by every procedure that changes something', async () => {
    const before = await stored()
    for (const { feature, name } of changing) await refusalOf(callAs('full', feature, name, nonsense))
    const after = await stored()
    expect(after.rows).toBe(before.rows)
    expect(after.refusals.slice(before.refusals.length)).toMatchObject(
      changing.map(({ feature, name }) => ({
        command: `${feature}.${name}`,
        by: 'person:test-full',
        code: 'BAD_REQUEST',
      })),
    )
  })
})

describe('what is not there', () => {
  const { project, session, worktree, ask, terminal, lease, waiter, task, check, run } = unknown
  const request = { targets: ['a'], mode: 'shared', policy: null, wait: false, requestId: 'request-1' }
  const message = { body: 'x', priority: 'normal', isAckRequired: false, requestId: 'request-1' }
  const open = { expiresInMs: null, dedupKey: null }
  const seen = { snapshot: 'x', view: { kind: 'scope', scope: 'all' } }
  const comment = { body: 'x', suggestion: null, requestId: 'request-1' }
  const wish = { head: 'f'.repeat(40), target: null, strategy: 'squash', message: null, requestId: 'request-1' }
  const resolving = { agentId: 'demo', model: null, permissionMode: null, requestId: 'request-1' }
  const fields = { name: 'unit', command: 'true', timeLimitMs: 1000, isGate: false }
  it.each<[string, string, unknown]>([
    ['projects', 'rename', { projectId: project, name: 'x' }],
    ['projects', 'forget', { projectId: project }],
    ['projects', 'createFirstCommit', { projectId: project }],
    ['projects', 'branches', { projectId: project }],
    ['projects', 'freshBase', { projectId: project, baseRef: null }],
    ['sessions', 'rename', { sessionId: session, title: 'x' }],
    ['sessions', 'pin', { sessionId: session, isPinned: true }],
    ['sessions', 'setRole', { sessionId: session, role: 'reviewer' }],
    ['sessions', 'setMailTyped', { sessionId: session, isMailTyped: false }],
    ['sessions', 'move', { sessionId: session, beforeId: null }],
    ['sessions', 'stop', { sessionId: session }],
    ['sessions', 'resume', { sessionId: session }],
    ['sessions', 'retry', { sessionId: session }],
    ['sessions', 'archive', { sessionId: session }],
    ['sessions', 'unarchive', { sessionId: session }],
    ['sessions', 'delete', { sessionId: session, deleteBranch: true }],
    ['sessions', 'undoDelete', { sessionId: session }],
    ['sessions', 'markSeen', { sessionId: session }],
    ['sessions', 'openShell', { sessionId: session }],
    ['worktrees', 'refresh', { worktreeId: worktree }],
    ['worktrees', 'restore', { worktreeId: worktree }],
    ['worktrees', 'rebind', { worktreeId: worktree, path: '/tmp' }],
    ['asks', 'answer', { askId: ask, answer: { kind: 'allow', widerId: null } }],
    ['terminals', 'close', { terminalId: terminal }],
    ['leases', 'acquire', { sessionId: session, ...request }],
    ['leases', 'release', { leaseId: lease }],
    ['leases', 'setPolicy', { leaseId: lease, policy: 'warn' }],
    ['leases', 'cancelWait', { waiterId: waiter }],
    ['mail', 'send', { ...message, projectId: project, to: ['everyone'], kind: 'note', subject: 'x', ...open }],
    ['mail', 'reply', { ...message, messageId: unknown.message, to: [] }],
    ['mail', 'read', { messageId: unknown.message }],
    ['mail', 'ack', { messageIds: [unknown.message] }],
    ['checks', 'add', { projectId: project, fields }],
    ['checks', 'update', { checkId: check, fields }],
    ['checks', 'move', { checkId: check, beforeId: null }],
    ['checks', 'remove', { checkId: check }],
    ['checks', 'restore', { checkId: check }],
    ['checks', 'proposals', { projectId: project }],
    ['checks', 'run', { worktreeId: worktree, which: 'all' }],
    ['checks', 'cancel', { runId: run }],
    ['checks', 'output', { runId: run }],
    ['checks', 'gates', { worktreeId: worktree }],
    ['tasks', 'update', { taskId: task, rev: null, patch: {} }],
    ['tasks', 'move', { taskId: task, rev: null, move: { to: 'open' } }],
    ['tasks', 'place', { taskId: task, beforeId: null }],
    ['tasks', 'addDependency', { taskId: task, dependsOnId: task, kind: 'blocks', satisfiedOn: 'merged' }],
    ['tasks', 'removeDependency', { taskId: task, dependsOnId: task, kind: 'blocks' }],
    ['tasks', 'comment', { taskId: task, body: 'x', requestId: 'request-1' }],
    ['tasks', 'cancel', { taskId: task, reason: 'x' }],
    ['tasks', 'reopen', { taskId: task }],
    ['tasks', 'retry', { taskId: task }],
    ['tasks', 'accept', { taskId: task }],
    ['tasks', 'requestChanges', { taskId: task, comment: 'x' }],
    ['tasks', 'detail', { taskId: task }],
    ['merge', 'refreshBase', { worktreeId: worktree, strategy: 'rebase' }],
    ['merge', 'undo', { mergeId: unknown.merge }],
    ['queue', 'enqueue', { ...wish, source: { kind: 'worktree', worktreeId: worktree } }],
    ['queue', 'approve', { entryId: unknown.entry }],
    ['queue', 'withdraw', { entryId: unknown.entry }],
    ['queue', 'restore', { entryId: unknown.entry }],
    ['queue', 'retry', { entryId: unknown.entry, head: wish.head }],
    ['queue', 'place', { entryId: unknown.entry, beforeId: null }],
    ['queue', 'pause', { projectId: project, target: 'main', reason: null }],
    ['queue', 'resume', { projectId: project, target: 'main' }],
    ['queue', 'configure', { projectId: project, target: 'main', batchSize: 1, needsApproval: true }],
    ['queue', 'resolve', { ...resolving, entryId: unknown.entry }],
    ['comments', 'list', { worktreeId: worktree, ...seen }],
    ['comments', 'write', { ...comment, ...seen, worktreeId: worktree, rawPath: 'a', side: 'new', from: 1, to: 1 }],
    ['comments', 'add', { ...comment, snapshot: 'x', threadId: unknown.commentThread }],
    ['comments', 'edit', { commentId: unknown.comment, body: 'x', suggestion: null }],
    ['comments', 'remove', { commentId: unknown.comment }],
    ['comments', 'restore', { commentId: unknown.comment }],
    ['comments', 'resolve', { threadId: unknown.commentThread, isResolved: true }],
    ['comments', 'send', { worktreeId: worktree, sessionId: null, body: 'x', requestId: 'request-1' }],
  ])(
    'is told so by %s.%s, in words, and kept once where it would have changed something',
    async (feature, name, input) => {
      const before = await stored()
      const error = await refusalOf(callAs('full', feature, name, input))
      expect(error).toMatchObject({ code: 'NOT_FOUND', status: 404, defined: true })
      expect(error?.message).toMatch(/\.$/)
      const after = await stored()
      expect(after.rows).toBe(before.rows)
      const right = listed.find((entry) => entry.feature === feature && entry.name === name)?.right
      const isKept = right !== 'view' && feature !== 'terminals'
      expect(after.refusals.slice(before.refusals.length)).toMatchObject(
        isKept ? [{ by: 'person:test-full', code: 'NOT_FOUND', message: error?.message }] : [],
      )
    },
  )
})
