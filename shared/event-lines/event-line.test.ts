import { describe, expect, it } from 'vitest'
import { topics, type Topic } from '../contract/changes.ts'
import { bundleEvents } from './bundle-events.ts'
import { eventLine, groupOfTopic } from './event-line.ts'
import type { LoggedEvent } from './logged-event.ts'
import { event, leaseId, names, path, projectId, sessionId, taskId, threadId, worktreeId } from './testing.ts'

const person = 'person:desktop'
const agent = `session:${sessionId(1)}`
const ofSession = { sessionId: sessionId(1), projectId }

/** The line of a command's events as one text, with its reason behind a dash; null when it is no news. */
const told = (...events: LoggedEvent[]): string | null => {
  const lines = bundleEvents(events).flatMap((bundle) => eventLine(bundle, names) ?? [])
  expect(lines.length).toBeLessThan(2)
  const [line] = lines
  return line ? `${line.who} ${line.what}${line.reason === null ? '' : ` — ${line.reason}`}` : null
}

const session = (change: object = {}) => ({
  id: sessionId(1),
  projectId,
  title: 'Fix the parser',
  role: null,
  lifecycle: 'running',
  lifecycleReason: null,
  preparation: [],
  runtime: { kind: 'none' },
  ...change,
})
const step = (state: string, detail: string, name = 'agent') => ({ preparation: [{ name, state, detail }] })
const exited = (code: number | null, signal: string | null, wasAsked = false) => ({
  lifecycle: 'stopped',
  runtime: { kind: 'exited', code, signal, at: 1, wasAsked },
})

describe('the line of a session', () => {
  it.each([
    ['create-session', person, {}, 'You started “Fix the parser”'],
    ['stop-session', person, {}, 'You stopped “Fix the parser”'],
    ['resume-session', person, {}, 'You resumed “Fix the parser”'],
    ['set-session-role', person, { role: 'reviewer' }, 'You gave “Fix the parser” the role “reviewer”'],
    ['set-session-role', person, {}, 'You took the role from “Fix the parser”'],
    ['prepare-session', 'system:x', step('done', 'main', 'worktree'), null],
    [
      'prepare-session',
      'system:x',
      step('failed', 'The disk is full.', 'worktree'),
      'Fix the parser got no worktree — The disk is full.',
    ],
    ['fail-session', 'system:x', step('failed', 'No agent.'), 'Fix the parser could not be started — No agent.'],
    ['show-start', 'system:x', step('running', 'Starting Claude Code'), null],
    [
      'show-start',
      'system:x',
      step('running', 'Waits for its turn: other agents are starting'),
      'Fix the parser waits for its turn to start — Other agents are starting.',
    ],
    ['start-session', 'system:x', {}, 'Fix the parser began to run'],
    ['start-session', 'system:x', { lifecycle: 'stopped' }, null],
    ['end-session', 'system:x', exited(0, null), 'Fix the parser ended by itself'],
    ['end-session', 'system:x', exited(2, null), 'Fix the parser ended with exit 2 — Nobody asked for it.'],
    ['end-session', 'system:x', exited(null, 'SIGKILL'), 'Fix the parser was killed by SIGKILL — Nobody asked for it.'],
    ['end-session', 'system:x', exited(143, null, true), 'Fix the parser stopped'],
    [
      'end-session',
      'system:x',
      { runtime: { kind: 'lost', at: 1, reason: 'The computer restarted.' } },
      'Fix the parser was lost — The computer restarted.',
    ],
    ['delete-session', person, {}, 'You asked for “Fix the parser” to be deleted'],
    [
      'delete-session',
      'system:x',
      { lifecycleReason: 'Its work could not be saved.' },
      'Fix the parser could not be deleted — Its work could not be saved.',
    ],
    ['observe-session', 'system:x', {}, null],
    ['move-session', person, {}, null],
  ])('%s by %s', (command, by, change, line) => {
    expect(told(event('sessions.changed', session(change), { command, by }))).toBe(line)
  })

  it('names one that was deleted as the log last knew it', () => {
    expect(told(event('sessions.removed', { id: sessionId(1) }))).toBe('Switchyard deleted “Fix the parser”')
    expect(told(event('sessions.removed', { id: sessionId(9) }))).toBe('Switchyard deleted a session')
  })

  it('tells reports, helpers and first changes of files as what the agent did', () => {
    expect(told(event('reports.changed', { ...ofSession, text: 'half way' }, { by: agent }))).toBe(
      'Fix the parser reports: half way',
    )
    const helper = { ...ofSession, id: 'a', type: 'Explore', endedAt: null, result: null }
    expect(told(event('subagents.changed', helper))).toBe('Fix the parser started a helper (Explore)')
    expect(told(event('subagents.changed', { ...helper, endedAt: 2, result: 'Three files' }))).toBe(
      'Fix the parser has its helper’s answer (Explore) — Three files',
    )
    expect(told(event('files.changed', { ...ofSession, path: 'src/a.ts' }))).toBe('Fix the parser changed src/a.ts')
  })
})

describe('the line of a task', () => {
  const task = (change: object = {}) => ({ id: taskId(1), projectId, state: 'open', reason: null, ...change })
  const attempt = (change: object = {}) => ({
    taskId: taskId(1),
    holder: { kind: 'session', sessionId: sessionId(1) },
    silentSince: null,
    warnedAt: null,
    outcome: null,
    rescueRef: null,
    ...change,
  })

  it.each([
    ['create-task', person, 'You wrote APP-1 “Parse dates” down'],
    ['accept-task', person, 'You accepted the work on APP-1 “Parse dates”'],
    ['place-task', person, null],
  ])('%s by %s', (command, by, line) => {
    expect(told(event('tasks.changed', task(), { command, by }))).toBe(line)
  })

  it('is one for all that its command told of it', () => {
    const by = { command: 'claim-task', by: agent }
    expect(told(event('tasks.changed', task(), by), event('attempts.changed', attempt(), by))).toBe(
      'Fix the parser took up APP-1 “Parse dates”',
    )
    const started = { command: 'start-on-task', by: person }
    expect(told(event('attempts.changed', attempt(), started), event('sessions.changed', session(), started))).toBe(
      'You started “Fix the parser” on APP-1 “Parse dates”',
    )
  })

  it('says why: the reason of its state, what a comment says, where work was kept', () => {
    const moved = { command: 'move-task', by: person }
    expect(told(event('tasks.changed', task({ state: 'blocked', reason: 'No key.' }), moved))).toBe(
      'You made APP-1 “Parse dates” blocked — No key.',
    )
    const asked = { command: 'request-changes', by: person }
    expect(
      told(
        event('tasks.changed', task(), asked),
        event('comments.recorded', { id: 'c', taskId: taskId(1), body: 'Add a test.' }, asked),
        event('attempts.changed', attempt(), asked),
      ),
    ).toBe('You requested changes of APP-1 “Parse dates” — Add a test.')
    const rescued = event('attempts.changed', attempt({ rescueRef: 'refs/x' }), { command: 'book-rescue' })
    expect(told(rescued)).toBe('Switchyard kept what the worktree of APP-1 “Parse dates” held — Under refs/x')
  })

  it('tells a look after its agent only when something was found', () => {
    const look = { command: 'mark-attempt' }
    expect(told(event('attempts.changed', attempt(), look))).toBeNull()
    expect(told(event('attempts.changed', attempt({ silentSince: 5 }), look))).toContain('says nothing')
    expect(told(event('attempts.changed', attempt({ warnedAt: 5 }), look))).toContain('nearly over')
    const sign = { command: 'note-activity', by: agent }
    expect(told(event('attempts.changed', attempt(), sign))).toBeNull()
    expect(told(event('tasks.changed', task(), sign))).toContain('began to work on')
  })

  it('names both ends of a dependency, and pauses of all handing out', () => {
    const edge = { taskId: taskId(1), dependsOnId: taskId(2), kind: 'any_of' }
    expect(told(event('dependencies.changed', edge, { command: 'add-dependency', by: person }))).toBe(
      'You added a dependency of APP-1 “Parse dates” — any of: APP-2 “Write the schema”',
    )
    const paused = { paused: { at: 1, reason: 'Three died.' }, rev: 1 }
    expect(told(event('dispatch.changed', paused))).toContain('paused the handing out of tasks — Three died.')
    expect(told(event('dispatch.changed', { paused: null, rev: 2 }, { by: person }))).toContain('You resumed')
  })

  it('calls a task that was removed what it is', () => {
    const gone = event('comments.recorded', { taskId: taskId(9), body: 'x' }, { command: 'comment-task', by: person })
    expect(told(gone)).toBe('You commented on a task that was removed — x')
  })
})

describe('the line of what sessions share', () => {
  const lease = (n: number, pattern: string) => ({
    id: leaseId(n),
    ...ofSession,
    target: path(pattern),
    mode: 'exclusive',
    policy: 'warn',
  })

  it('names all that was leased, and why a lease ended', () => {
    const by = { command: 'acquire-leases', by: agent }
    expect(
      told(event('leases.changed', lease(1, 'src/**'), by), event('leases.changed', lease(2, 'docs/**'), by)),
    ).toBe('Fix the parser leased src/**, docs/** — exclusive, warn')
    expect(told(event('leases.changed', lease(1, 'src/**'), { command: 'renew-leases' }))).toBeNull()
    const ended = (why: string, given: string) =>
      told(event('leases.removed', { id: leaseId(1), ...ofSession, why }, { by: given }))
    expect(ended('released', agent)).toBe('Fix the parser released src/**')
    expect(ended('expired', 'system:x')).toContain('lost the lease of src/** — Its owner gave no sign of life.')
    expect(told(event('leases.changed', lease(1, 'src/**'), { command: 'set-lease-policy', by: person }))).toBe(
      'You made the lease of src/** warn',
    )
  })

  it('tells who waits, and how the wait ended', () => {
    const wants = [{ target: { kind: 'resource', name: 'port:5173' } }]
    expect(told(event('waiters.changed', { ...ofSession, wants }, { command: 'acquire-leases', by: agent }))).toContain(
      'Fix the parser waits for resource:port:5173',
    )
    expect(told(event('waiters.changed', { ...ofSession, wants }, { command: 'credit-suspend' }))).toBeNull()
    expect(told(event('waiters.removed', { ...ofSession, why: 'expired' }))).toContain('in vain')
  })

  it('names both sessions of an overlap', () => {
    const sides = [{ sessionId: sessionId(1) }, { sessionId: sessionId(2) }]
    expect(told(event('radar.changed', { projectId, path: 'a.ts', kind: 'same-hunk', sides }))).toBe(
      'Switchyard saw “Fix the parser” and “Review it” change a.ts — Both changed the same or adjoining lines.',
    )
    expect(told(event('radar.removed', { id: 'ovl_1' }))).toBeNull()
  })

  it('tells messages by their subject, and of their ways only the ends', () => {
    const message = {
      id: 'msg_1',
      threadId: threadId(1),
      projectId,
      to: ['@a', 'person'],
      kind: 'note',
      body: 'Secret',
    }
    expect(told(event('messages.changed', message, { by: agent }))).toBe(
      'Fix the parser wrote to @a, person about “Zones”',
    )
    const delivery = (change: object) => ({
      recipient: { kind: 'session', sessionId: sessionId(2) },
      state: 'queued',
      why: null,
      typing: null,
      isAckRequired: true,
      ...change,
    })
    const ofDelivery = (change: object, by = 'system:x') => told(event('deliveries.changed', delivery(change), { by }))
    expect(ofDelivery({})).toBeNull()
    expect(ofDelivery({ state: 'bounced', why: 'It was archived.' })).toBe(
      'Switchyard could not deliver a message to Review it — It was archived.',
    )
    expect(ofDelivery({ state: 'expired' })).toContain('gave up a message to Review it')
    expect(ofDelivery({ state: 'acked' }, `session:${sessionId(2)}`)).toBe('Review it acknowledged a message')
    expect(ofDelivery({ state: 'acked', isAckRequired: false }, agent)).toBeNull()
  })

  it('tells what was asked, by whom it was answered, and that nobody did', () => {
    const ask = (detail: object, state: object = { kind: 'open' }) =>
      told(event('asks.changed', { sessionId: sessionId(1), detail, state }))
    expect(ask({ kind: 'permission', toolName: 'Bash', subject: 'rm x' })).toBe(
      'Fix the parser asked for permission (Bash) — rm x',
    )
    expect(ask({ kind: 'question', questions: [{ question: 'Blue?' }] })).toContain('asked a question — Blue?')
    expect(ask({ kind: 'plan', plan: 'x' })).toContain('asked you to look at its plan')
    expect(ask({ kind: 'terminal', what: 'A dialog' })).toContain('waits for you in its terminal — A dialog')
    expect(ask({ kind: 'plan' }, { kind: 'answered', by: 'app', answer: 'Allowed', at: 1 })).toBe(
      'You answered “Fix the parser” in the app — Allowed',
    )
    expect(ask({ kind: 'plan' }, { kind: 'gone', why: 'The agent ended.', at: 1 })).toContain('went on without')
  })
})

describe('the line of a worktree, a project, the guard or a refusal', () => {
  const worktree = (command: string, state: object = { kind: 'ok' }) =>
    told(event('worktrees.changed', { id: worktreeId(1), projectId, branch: 'fix', path: '/w', state }, { command }))

  it('tells worktrees that come and go, and not each look at them', () => {
    expect(worktree('worktree-prepared')).toBe('Switchyard made ready the worktree of fix — /w')
    expect(worktree('refresh-worktree')).toBeNull()
    expect(worktree('refresh-worktree', { kind: 'missing', message: 'Its folder is gone.' })).toContain(
      'misses the worktree of fix — Its folder is gone.',
    )
    expect(worktree('remove-worktree', { kind: 'deleted', rescueRef: 'refs/r', at: 1 })).toContain('kept under refs/r')
    const project = (command: string, state: object = { kind: 'ok' }) =>
      told(event('projects.changed', { id: projectId, name: 'app', state }, { command, by: person }))
    expect(project('open-project')).toBe('You opened the project “app”')
    expect(project('check-project')).toBeNull()
    expect(project('check-project', { kind: 'missing', message: 'Gone.' })).toContain('cannot use the project')
  })

  it('tells unchecked edits, that they were seen, and that the guard is back', () => {
    const outage = (edits: number, command: string, by = 'system:x') =>
      told(event('outages.changed', { ...ofSession, edits, lastPath: 'a.ts' }, { command, by }))
    expect(outage(2, 'record-edit')).toContain('Fix the parser edited a.ts, which nobody had checked')
    expect(outage(0, 'dismiss-outage', person)).toBe('You have seen the unchecked edits of “Fix the parser”')
    expect(outage(0, 'record-edit')).toBe('Switchyard checks the edits of “Fix the parser” again')
  })

  it('tells who was refused what, why, and what it was about', () => {
    const refusal = (subject: string, command: string, by: string) => {
      const payload = { subject, command, by, code: 'HELD', message: 'It is taken. Take another.' }
      return eventLine([event('refusals.recorded', payload, { by })], names)
    }
    expect(refusal(taskId(1), 'claim-task', agent)).toMatchObject({
      who: 'Fix the parser',
      what: 'was refused the task: APP-1 “Parse dates”',
      reason: 'It is taken. Take another.',
      object: { kind: 'task', id: taskId(1) },
    })
    expect(refusal(sessionId(1), 'mail.send', agent)).toMatchObject({
      what: 'was refused “mail send”',
      object: { kind: 'session' },
    })
    expect(refusal(leaseId(1), 'release-leases', person)).toMatchObject({
      who: 'You',
      what: 'were refused the release of a lease',
      object: { kind: 'lease', label: 'src/**' },
    })
    expect(refusal('msg_1', 'reply-to-message', agent)?.object).toBeNull()
    const guarded = ['edit-file', 'run-command'].map((command) => refusal(sessionId(1), command, agent)?.what)
    expect(guarded).toEqual(['was refused an edit', 'was refused a command'])
    expect(refusal('command', 'claim', person)).toMatchObject({ what: 'were refused “claim”', object: null })
  })
})

describe('every topic', () => {
  it('is told under a heading or known to be no news', () => {
    const silent = (Object.keys(topics) as Topic[]).filter((topic) => groupOfTopic[topic] === undefined)
    expect(silent.toSorted()).toEqual([
      'agents.changed',
      'checkruns.removed',
      'commentthreads.removed',
      'entries.removed',
      'marks.changed',
      'projects.removed',
      'radar.removed',
      'review.changed',
      'settings.changed',
      'tasks.removed',
      'terminals.changed',
      'terminals.removed',
      'threads.changed',
      'threads.removed',
      'worktrees.removed',
    ])
  })

  it('belongs to whoever did it, and agents are told from the person and Switchyard', () => {
    const actors = [person, agent, 'system:switchyard'].map(
      (by) => eventLine([event('tasks.changed', { id: taskId(1) }, { command: 'update-task', by })], names)?.actor,
    )
    expect(actors).toEqual(['person', 'session', 'system'])
  })
})
