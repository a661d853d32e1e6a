import { describe, expect, it } from 'vitest'
import type { Change } from '../../shared/contract/changes.ts'
import { checkRow, checkRunIdAt, runRow } from '../dev/check-fixtures.ts'
import {
  agentRow,
  askRow,
  emptySnapshot,
  projectIdAt,
  projectRow,
  sessionIdAt,
  sessionRow,
  snapshotRows,
  worktreeIdAt,
  worktreeRow,
} from '../dev/fixtures.ts'
import {
  deliveryIdAt,
  deliveryRow,
  leaseIdAt,
  leaseRow,
  messageIdAt,
  messageRow,
  threadIdAt,
  threadRow,
  waiterIdAt,
  waiterRow,
} from '../dev/coordination-fixtures.ts'
import { teammateRow, teamTaskRow } from '../dev/helper-fixtures.ts'
import { createFeed } from './app-data.ts'
import { attemptRow, dependencyRow, taskIdAt, taskRow } from '../dev/task-fixtures.ts'
import { applyChange, createStores, replaceAll } from './stores.ts'
import { dependenciesOf, latestAttempt, parentOf, tasksInOrder } from './tasks.ts'

it('the stores keep of each check in a worktree the newest run', () => {
  const stores = createStores()
  const unit = checkRow(1, 'unit')
  const [old, young] = [
    runRow(unit, 'running', { id: checkRunIdAt(1) }),
    runRow(unit, 'queued', { id: checkRunIdAt(2) }),
  ]
  const shown = () => [...stores.checkRuns.store.getState().byId.values()].map(({ id, state }) => [id, state.kind])
  applyChange(stores, change({ topic: 'checks.changed', payload: unit }))
  applyChange(stores, change({ topic: 'checkruns.changed', payload: old }))
  applyChange(stores, change({ topic: 'checkruns.changed', payload: young }))
  applyChange(stores, change({ topic: 'checkruns.changed', payload: { ...old, state: { kind: 'passed' } } }))
  expect(shown()).toEqual([[young.id, 'queued']])
  applyChange(stores, change({ topic: 'checkruns.removed', payload: { ids: [old.id] } }))
  expect(shown()).toHaveLength(1)
  applyChange(stores, change({ topic: 'checkruns.removed', payload: { ids: [young.id] } }))
  expect(shown()).toEqual([])
  applyChange(
    stores,
    change({ topic: 'checks.removed', payload: { id: unit.id, projectId: unit.projectId, name: 'unit' } }),
  )
  expect(stores.checks.get(unit.id)).toBeUndefined()
  replaceAll(stores, { ...emptySnapshot(), checks: [unit], checkRuns: [old, young] })
  expect(shown()).toEqual([[young.id, 'queued']])
})

const change = (part: Pick<Change, 'topic' | 'payload'>, seq = 1) => ({ seq, at: 0, ...part }) as Change

describe('the stores', () => {
  it('take a snapshot whole', () => {
    const stores = createStores()
    const snapshot = snapshotRows()
    replaceAll(stores, snapshot)
    expect(stores.sessions.store.getState().byId.size).toBe(snapshot.sessions.length)
    expect(stores.projects.get(projectIdAt(1))?.name).toBe('ledger-api')
    expect(stores.asks.store.getState().byId.size).toBe(snapshot.asks.length)
    replaceAll(stores, emptySnapshot())
    expect(stores.sessions.store.getState().byId.size).toBe(0)
    expect(stores.worktrees.store.getState().byId.size).toBe(0)
  })

  it('keep what is folded over a fresh snapshot, and drop it with its worktree or project', () => {
    const stores = createStores()
    const folded = new Set(['src/'])
    stores.folds.put([
      { id: worktreeIdAt(1), folded },
      { id: worktreeIdAt(2), folded },
      { id: projectIdAt(1), folded },
    ])
    replaceAll(stores, snapshotRows())
    expect(stores.folds.store.getState().byId.size).toBe(3)
    applyChange(stores, change({ topic: 'worktrees.removed', payload: { id: worktreeIdAt(1) } }))
    applyChange(stores, change({ topic: 'projects.removed', payload: { id: projectIdAt(1) } }))
    expect([...stores.folds.store.getState().byId.keys()]).toEqual([worktreeIdAt(2)])
  })

  it('put the row of every kind of news where it belongs', () => {
    const stores = createStores()
    const session = sessionRow(1, 'One')
    const ask = askRow(1, session.id, { kind: 'plan', plan: 'Do it' }, 0)
    applyChange(stores, change({ topic: 'sessions.changed', payload: session }))
    applyChange(stores, change({ topic: 'projects.changed', payload: projectRow(1, 'ledger') }))
    applyChange(stores, change({ topic: 'worktrees.changed', payload: worktreeRow(1, 'one') }))
    applyChange(stores, change({ topic: 'agents.changed', payload: agentRow('demo', 'Demo') }))
    applyChange(stores, change({ topic: 'asks.changed', payload: ask }))
    const lease = leaseRow(1, session.id, 'src/**')
    const waiter = waiterRow(1, session.id, 'docs')
    applyChange(stores, change({ topic: 'leases.changed', payload: lease }))
    applyChange(stores, change({ topic: 'waiters.changed', payload: waiter }))
    applyChange(stores, change({ topic: 'settings.changed', payload: { key: 'layout:window', value: 3 } }))
    expect(stores.sessions.get(session.id)).toBe(session)
    expect(stores.projects.get(projectIdAt(1))?.name).toBe('ledger')
    expect(stores.worktrees.get(worktreeIdAt(1))?.branch).toBe('switchyard/one')
    expect(stores.agents.get('demo')?.name).toBe('Demo')
    expect(stores.asks.get(ask.id)).toBe(ask)
    expect(stores.leases.get(lease.id)).toBe(lease)
    expect(stores.waiters.get(waiter.id)).toBe(waiter)
    expect(stores.settings.get('layout:window')?.value).toBe(3)
  })

  it('drop what was removed', () => {
    const stores = createStores()
    const leases = [leaseRow(1, sessionIdAt(1), 'a'), leaseRow(2, sessionIdAt(2), 'b')]
    replaceAll(stores, { ...snapshotRows(), leases, waiters: [waiterRow(1, sessionIdAt(2), 'a')] })
    const ended = { projectId: projectIdAt(1), sessionId: sessionIdAt(1) }
    applyChange(stores, change({ topic: 'leases.removed', payload: { id: leaseIdAt(1), ...ended, why: 'released' } }))
    applyChange(stores, change({ topic: 'waiters.removed', payload: { id: waiterIdAt(1), ...ended, why: 'granted' } }))
    applyChange(stores, change({ topic: 'sessions.removed', payload: { id: sessionIdAt(1) } }))
    applyChange(stores, change({ topic: 'projects.removed', payload: { id: projectIdAt(3) } }))
    applyChange(stores, change({ topic: 'worktrees.removed', payload: { id: worktreeIdAt(1) } }))
    expect(stores.sessions.get(sessionIdAt(1))).toBeUndefined()
    expect(stores.projects.get(projectIdAt(3))).toBeUndefined()
    expect(stores.worktrees.get(worktreeIdAt(1))).toBeUndefined()
    expect([...stores.leases.store.getState().byId.keys()]).toEqual([leaseIdAt(2)])
    expect(stores.waiters.get(waiterIdAt(1))).toBeUndefined()
  })
})

describe('mail in the stores', () => {
  it('comes with the snapshot and by news, and goes with its thread', () => {
    const stores = createStores()
    const person = { kind: 'person' } as const
    const threads = [threadRow(1, 'Parser'), threadRow(2, 'Release')]
    const messages = [messageRow(1, threadIdAt(1), 'Hello'), messageRow(2, threadIdAt(2), 'Soon')]
    const deliveries = [deliveryRow(1, messageIdAt(1), person), deliveryRow(2, messageIdAt(2), person)]
    replaceAll(stores, { ...snapshotRows(), threads, messages, deliveries })
    applyChange(stores, change({ topic: 'threads.changed', payload: threadRow(1, 'Parser', { messageCount: 2 }) }))
    applyChange(stores, change({ topic: 'messages.changed', payload: messageRow(3, threadIdAt(1), 'Again') }))
    applyChange(stores, change({ topic: 'deliveries.changed', payload: deliveryRow(3, messageIdAt(3), person) }))
    expect(stores.threads.get(threadIdAt(1))?.messageCount).toBe(2)
    expect(stores.messages.get(messageIdAt(3))?.body).toBe('Again')
    applyChange(stores, change({ topic: 'threads.removed', payload: { id: threadIdAt(1) } }))
    const left = [stores.threads, stores.messages, stores.deliveries].map(({ store }) => [
      ...store.getState().byId.keys(),
    ])
    expect(left).toEqual([[threadIdAt(2)], [messageIdAt(2)], [deliveryIdAt(2)]])
  })
})

describe('tasks in the stores', () => {
  it('come with the snapshot, one row for the dispatch', () => {
    const stores = createStores()
    const [task, attempt, edge] = [taskRow(1), attemptRow(1, taskIdAt(1)), dependencyRow(1, 2)]
    const dispatch = { paused: { at: 1, reason: 'Deaths.' }, rev: 2 }
    replaceAll(stores, { ...emptySnapshot(), tasks: [task], attempts: [attempt], dependencies: [edge], dispatch })
    expect(stores.tasks.get(task.id)).toBe(task)
    expect(stores.attempts.get(attempt.id)).toBe(attempt)
    expect([...stores.dependencies.store.getState().byId.values()]).toEqual([edge])
    expect(stores.dispatch.get('dispatch')).toBe(dispatch)
  })

  it('change by news, an edge by what it joins', () => {
    const stores = createStores()
    const edge = dependencyRow(1, 2)
    applyChange(stores, change({ topic: 'tasks.changed', payload: taskRow(1) }))
    applyChange(stores, change({ topic: 'tasks.changed', payload: taskRow(1, { title: 'New', rev: 1 }) }))
    applyChange(stores, change({ topic: 'attempts.changed', payload: attemptRow(1, taskIdAt(1)) }))
    applyChange(stores, change({ topic: 'dependencies.changed', payload: edge }))
    applyChange(stores, change({ topic: 'dependencies.changed', payload: { ...edge, kind: 'related' } }))
    applyChange(stores, change({ topic: 'dispatch.changed', payload: { paused: null, rev: 1 } }))
    const note = { id: 'x' as never, taskId: taskIdAt(1), at: 1 }
    const comment = { ...note, by: { kind: 'person' as const, id: 'p' }, body: 'Why?' }
    const checkpoint = { ...note, attemptId: 'att' as never, summary: 'Half', nextSteps: '', headSha: null }
    applyChange(stores, change({ topic: 'comments.recorded', payload: comment }))
    applyChange(stores, change({ topic: 'checkpoints.recorded', payload: checkpoint }))
    expect(stores.tasks.get(taskIdAt(1))?.title).toBe('New')
    expect(stores.attempts.store.getState().byId.size).toBe(1)
    expect(stores.dependencies.store.getState().byId.size).toBe(2)
    expect(stores.dispatch.get('dispatch')?.rev).toBe(1)
    expect(stores.comments.store.getState().byId.size + stores.checkpoints.store.getState().byId.size).toBe(2)

    const { taskId, dependsOnId, kind } = edge
    applyChange(stores, change({ topic: 'dependencies.removed', payload: { taskId, dependsOnId, kind } }))
    applyChange(stores, change({ topic: 'tasks.removed', payload: { taskId } }))
    const refusal = { subject: taskId, command: 'claim-task', by: 'session:x', code: 'BLOCKED', message: 'No.' }
    applyChange(stores, change({ topic: 'refusals.recorded', payload: refusal }))
    expect([...stores.dependencies.store.getState().byId.values()].map((row) => row.kind)).toEqual(['related'])
    expect(stores.tasks.get(taskId)).toBeUndefined()
  })

  it('are found by board, by newest attempt and by edge', () => {
    const tasks = [taskRow(1, { position: 2 }), taskRow(2, { position: 1 }), taskRow(3, { projectId: projectIdAt(2) })]
    expect(tasksInOrder(tasks, projectIdAt(1)).map((task) => task.id)).toEqual([taskIdAt(2), taskIdAt(1)])
    const attempts = [attemptRow(1, taskIdAt(1)), attemptRow(2, taskIdAt(1)), attemptRow(3, taskIdAt(2))]
    expect(latestAttempt(attempts, taskIdAt(1))?.number).toBe(2)
    expect(latestAttempt(attempts, taskIdAt(3))).toBeUndefined()
    const edges = [dependencyRow(1, 2), dependencyRow(3, 1, { kind: 'parent', createdAt: -1 }), dependencyRow(2, 3)]
    expect(dependenciesOf(edges, taskIdAt(1))).toEqual([edges[1], edges[0]])
    expect(parentOf(edges, taskIdAt(3))).toBe(taskIdAt(1))
    expect(parentOf(edges, taskIdAt(1))).toBeNull()
  })
})

describe('the feed', () => {
  const renamed = (seq: number, title: string) =>
    change({ topic: 'sessions.changed', payload: sessionRow(1, title) }, seq)

  it('takes a snapshot and then only what came after it', () => {
    const stores = createStores()
    const take = createFeed(stores)
    expect(take({ kind: 'snapshot', seq: 10, state: snapshotRows() })).toBe(10)
    expect(
      take({ kind: 'changes', changes: [renamed(9, 'Old news'), renamed(10, 'Old too'), renamed(11, 'News')] }),
    ).toBe(11)
    expect(stores.sessions.get(sessionIdAt(1))?.title).toBe('News')
  })

  it('ignores a replay of what it has heard', () => {
    const stores = createStores()
    const take = createFeed(stores)
    take({ kind: 'snapshot', seq: 10, state: emptySnapshot() })
    take({ kind: 'changes', changes: [renamed(11, 'First'), renamed(12, 'Second')] })
    expect(take({ kind: 'changes', changes: [renamed(11, 'First')] })).toBe(12)
    expect(stores.sessions.get(sessionIdAt(1))?.title).toBe('Second')
  })

  it('marks how far the log has something to tell, and not each change', () => {
    const stores = createStores()
    const take = createFeed(stores)
    const mark = () => stores.log.get('log')?.seq
    take({ kind: 'snapshot', seq: 10, state: emptySnapshot() })
    expect(mark()).toBe(10)
    const setting = { key: 'draft:a', value: 1 }
    take({ kind: 'changes', changes: [change({ topic: 'settings.changed', payload: setting }, 11)] })
    expect(mark()).toBe(10)
    take({ kind: 'changes', changes: [renamed(11, 'Old'), renamed(12, 'New')] })
    expect(mark()).toBe(12)
    take({ kind: 'changes', changes: [renamed(12, 'Again')] })
    expect(mark()).toBe(12)
  })

  it('starts over with a snapshot that is older than what it knew, as after the data folder was replaced', () => {
    const stores = createStores()
    const take = createFeed(stores)
    take({ kind: 'snapshot', seq: 500, state: snapshotRows() })
    expect(take({ kind: 'snapshot', seq: 3, state: emptySnapshot() })).toBe(3)
    expect(take({ kind: 'changes', changes: [renamed(4, 'New life')] })).toBe(4)
    expect(stores.sessions.get(sessionIdAt(1))?.title).toBe('New life')
  })
})

describe('what agents tell of themselves in the stores', () => {
  const own = { sessionId: sessionIdAt(1), projectId: projectIdAt(1) }
  const report = { ...own, text: 'Reading', at: 1 }
  const outage = { ...own, edits: 1, lastPath: 'a.ts', firstAt: 1, lastAt: 1, why: 'late' } as const
  const subagent = { ...own, id: 'a1', type: 'general-purpose', startedAt: 1, endedAt: null, result: null }

  it('comes with the snapshot and by news, one row for each session and each of its helpers', () => {
    const stores = createStores()
    replaceAll(stores, { ...snapshotRows(), reports: [report], outages: [outage], subagents: [subagent] })
    applyChange(stores, change({ topic: 'reports.changed', payload: { ...report, text: 'Writing' } }))
    applyChange(stores, change({ topic: 'outages.changed', payload: { ...outage, edits: 2 } }))
    applyChange(stores, change({ topic: 'subagents.changed', payload: { ...subagent, id: 'a2' } }))
    applyChange(stores, change({ topic: 'files.changed', payload: { ...own, path: 'a.ts', firstAt: 1, lastAt: 1 } }))
    expect(stores.reports.get(sessionIdAt(1))?.text).toBe('Writing')
    expect(stores.outages.get(sessionIdAt(1))?.edits).toBe(2)
    expect([...stores.subagents.store.getState().byId.values()].map(({ id }) => id)).toEqual(['a1', 'a2'])
  })

  it('and of their teams: one row for each name and each number in a session', () => {
    const stores = createStores()
    const rows = (kind: 'teammates' | 'teamTasks') => [...stores[kind].store.getState().byId.values()]
    const mate = teammateRow(sessionIdAt(1), 'alice')
    const task = teamTaskRow(sessionIdAt(1), '1')
    replaceAll(stores, { ...snapshotRows(), teammates: [mate], teamTasks: [task] })
    applyChange(stores, change({ topic: 'teammates.changed', payload: { ...mate, state: 'idle' } }))
    applyChange(stores, change({ topic: 'teammates.changed', payload: { ...mate, sessionId: sessionIdAt(2) } }))
    applyChange(stores, change({ topic: 'teamtasks.changed', payload: { ...task, owner: 'alice' } }))
    const told = { ...own, id: 'm-1', from: 'alice', to: 'bob', text: 'Hello', sentAt: 1 }
    applyChange(stores, change({ topic: 'teammessages.recorded', payload: told }))
    applyChange(stores, change({ topic: 'compactions.recorded', payload: { ...own, isAsked: false } }))
    expect(rows('teammates')).toEqual([
      { ...mate, state: 'idle' },
      { ...mate, sessionId: sessionIdAt(2) },
    ])
    expect(rows('teamTasks')).toEqual([{ ...task, owner: 'alice' }])
    replaceAll(stores, emptySnapshot())
    expect([...rows('teammates'), ...rows('teamTasks')]).toEqual([])
  })
})
