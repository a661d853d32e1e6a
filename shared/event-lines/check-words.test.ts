import { expect, it } from 'vitest'
import { bundleEvents } from './bundle-events.ts'
import { eventLine } from './event-line.ts'
import type { LoggedEvent } from './logged-event.ts'
import { event, names, projectId, sessionId, worktreeId } from './testing.ts'

const by = 'person:desktop'
const linesOf = (...events: LoggedEvent[]) =>
  bundleEvents(events).flatMap((bundle) => {
    const line = eventLine(bundle, names)
    return line === null ? [] : [`${line.who} ${line.what}${line.reason === null ? '' : ` — ${line.reason}`}`]
  })

const check = { id: 'chx_1', projectId, name: 'unit', command: 'npm test', isGate: false }
it.each([
  ['add-check', check, ['You added the check “unit” — npm test']],
  ['update-check', { ...check, isGate: true }, ['You changed the check “unit” — npm test (a gate)']],
  ['restore-check', check, ['You brought back the check “unit” — npm test']],
  ['move-check', check, []],
])('%s is told', (command, payload, lines) => {
  expect(linesOf(event('checks.changed', payload, { command, by }))).toEqual(lines)
})

it('the removal of a check is told', () => {
  const payload = { id: 'chx_1', projectId, name: 'unit' }
  expect(linesOf(event('checks.removed', payload, { command: 'remove-check', by }))).toEqual([
    'You removed the check “unit”',
  ])
})

const run = (state: object, change: object = {}) => ({
  id: 'run_1',
  checkId: 'chx_1',
  projectId,
  worktreeId: worktreeId(1),
  name: 'unit',
  excerpt: [],
  state,
  ...change,
})
const ended = (state: object, change: object = {}) =>
  linesOf(event('checkruns.changed', run(state, change), { command: 'end-check' }))

it.each([
  [{ kind: 'passed' }, {}, ['Switchyard saw “unit” pass for “Fix the parser”']],
  [
    { kind: 'failed', code: 2, signal: null },
    { excerpt: ['FAIL a', 'expected 1, got 2'] },
    ['Switchyard saw “unit” fail with code 2 for “Fix the parser” — expected 1, got 2'],
  ],
  [
    { kind: 'failed', code: null, signal: 'SIGSEGV' },
    { worktreeId: null },
    ['Switchyard saw “unit” end by SIGSEGV before a merge'],
  ],
  [{ kind: 'timed-out' }, { worktreeId: worktreeId(2) }, ['Switchyard saw “unit” run out of time in a worktree']],
  [{ kind: 'lost' }, {}, ['Switchyard saw “unit” end without a result for “Fix the parser”']],
  [
    { kind: 'not-started', problem: 'It is gone.' },
    {},
    ['Switchyard saw “unit” not begin for “Fix the parser” — It is gone.'],
  ],
  [{ kind: 'cancelled' }, {}, []],
])('the end of a run is told: %j', (state, change, lines) => {
  expect(ended(state, change)).toEqual(lines)
})

it('what was asked for together is one line, and the steps between are none', () => {
  const queued = (name: string) =>
    event('checkruns.changed', run({ kind: 'queued' }, { name }), { command: 'run-checks', by })
  const [types, unit] = [queued('types'), queued('unit')]
  // Newest first, as they come.
  expect(linesOf(unit, types)).toEqual(['You asked for “types”, “unit” for “Fix the parser”'])
  const started = event('checkruns.changed', run({ kind: 'running' }), { command: 'start-check' })
  const overdue = event('checkruns.changed', run({ kind: 'running' }), { command: 'time-out-check' })
  expect(linesOf(overdue, started)).toEqual([])
})

it('a run that was cancelled is told once, by whoever did it', () => {
  const agent = `session:${sessionId(1)}`
  const cancelled = event('checkruns.changed', run({ kind: 'running' }), { command: 'cancel-check', by: agent })
  expect(linesOf(cancelled)).toEqual(['Fix the parser cancelled “unit” for “Fix the parser”'])
})
