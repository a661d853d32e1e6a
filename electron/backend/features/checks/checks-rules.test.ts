import { describe, expect, it } from 'vitest'
import type { Check, CheckRun, RunState } from '../../../../shared/contract/checks.ts'
import type { CheckId, CheckRunId } from '../../../../shared/lib/ids.ts'
import {
  chooseChecks,
  gateStateOf,
  judgeFields,
  mostChecks,
  outcomeOf,
  placeBefore,
  type GateFacts,
} from './checks-rules.ts'

const idOf = (n: number) => `chx_${String(n).padStart(26, '0')}` as CheckId
const check = (n: number, name: string, change: Partial<Check> = {}): Check => ({
  id: idOf(n),
  projectId: 'prj_1' as Check['projectId'],
  name,
  command: `run ${name}`,
  timeLimitMs: 1000,
  isGate: true,
  position: n,
  createdAt: 0,
  ...change,
})
const [unit, lint, types] = [check(1, 'unit'), check(2, 'lint'), check(3, 'types')]
const head = 'a'.repeat(40)
const tree = 'b'.repeat(40)

const stateOf = (kind: RunState['kind']): RunState => {
  if (kind === 'failed') return { kind, code: 1, signal: null }
  return kind === 'not-started' ? { kind, problem: 'No.' } : { kind }
}

let count = 0
const run = (of: Check, state: RunState['kind'], change: Partial<CheckRun> = {}): CheckRun => ({
  id: `run_${String((count += 1)).padStart(26, '0')}` as CheckRunId,
  checkId: of.id,
  projectId: of.projectId,
  worktreeId: 'wt_1' as CheckRun['worktreeId'],
  name: of.name,
  command: of.command,
  timeLimitMs: of.timeLimitMs,
  head,
  tree,
  isExact: true,
  hasChanged: false,
  terminalId: null,
  state: stateOf(state),
  excerpt: [],
  expectedMs: null,
  queuedAt: 0,
  startedAt: null,
  endedAt: null,
  ...change,
})

describe('what a run came to', () => {
  const exited = (code: number | null, signal: string | null = null) => ({ kind: 'exited', code, signal }) as const
  it.each([
    ['passed with the code 0', exited(0), null, { kind: 'passed' }],
    ['failed with another', exited(3), null, { kind: 'failed', code: 3, signal: null }],
    ['failed by a signal', exited(null, 'SIGSEGV'), null, { kind: 'failed', code: null, signal: 'SIGSEGV' }],
    ['was cancelled, whatever its code', exited(0), 'cancelled', { kind: 'cancelled' }],
    ['ran out of time', exited(null, 'SIGKILL'), 'timed-out', { kind: 'timed-out' }],
    ['was lost', { kind: 'lost' }, null, { kind: 'lost' }],
    ['was cancelled and lost', { kind: 'lost' }, 'cancelled', { kind: 'cancelled' }],
    ['never began', { kind: 'not-started', problem: 'No.' }, null, { kind: 'not-started', problem: 'No.' }],
  ] as const)('%s', (_, how, stopping, state) => {
    expect(outcomeOf(how, stopping)).toEqual(state)
  })
})

describe('the fields of a check', () => {
  it('have a name that no other has, in whatever case', () => {
    expect(judgeFields([unit], { name: 'lint' })).toBeNull()
    expect(judgeFields([unit], { name: 'Unit' })).toMatchObject({
      refusal: { code: 'NAME_TAKEN', message: 'There is a check “Unit” already. Choose another name.' },
    })
  })

  it('are of one of at most fifty', () => {
    const many = Array.from({ length: mostChecks }, (_, at) => check(at, `c${at}`))
    expect(judgeFields(many, { name: 'x' })).toMatchObject({ refusal: { code: 'TOO_MANY' } })
    expect(judgeFields(many.slice(1), { name: 'x' })).toBeNull()
  })
})

describe('the place of a check', () => {
  it.each([
    ['before the first', types.id, unit.id, [{ id: types.id, position: 0 }]],
    ['between two', types.id, lint.id, [{ id: types.id, position: 1.5 }]],
    ['last', unit.id, null, [{ id: unit.id, position: 4 }]],
    ['last, for one that is gone', unit.id, idOf(9), [{ id: unit.id, position: 4 }]],
  ])('is %s', (_, id, before, places) => {
    expect(placeBefore([unit, lint, types], id, before)).toEqual(places)
  })

  it('is numbered anew where no number fits between two', () => {
    const near = [check(1, 'a', { position: 1 }), check(2, 'b', { position: 1 + Number.EPSILON }), check(3, 'c')]
    expect(placeBefore(near, idOf(3), idOf(2))).toEqual([
      { id: idOf(1), position: 0 },
      { id: idOf(3), position: 1 },
      { id: idOf(2), position: 2 },
    ])
  })
})

describe('which checks are meant', () => {
  const newest = new Map([
    [unit.id, run(unit, 'passed')],
    [lint.id, run(lint, 'timed-out')],
  ])
  const names = (which: Parameters<typeof chooseChecks>[1], from = newest) => {
    const chosen = chooseChecks([unit, lint, types], which, from)
    return chosen.ok ? chosen.value.map(({ name }) => name) : chosen.refusal.code
  }
  it('is all of them, those that did not pass, or those named in their order', () => {
    expect(names('all')).toEqual(['unit', 'lint', 'types'])
    expect(names('failed')).toEqual(['lint'])
    expect(names([types.id, unit.id, types.id])).toEqual(['unit', 'types'])
  })

  it('is refused where there is none, none failed, or one is gone', () => {
    expect(chooseChecks([], 'all', newest)).toMatchObject({ refusal: { code: 'NO_CHECKS' } })
    expect(names('failed', new Map())).toBe('NO_CHECKS')
    expect(names([unit.id, idOf(9)])).toBe('NOT_FOUND')
  })
})

describe('what the gates say', () => {
  const facts = (change: Partial<GateFacts>): GateFacts => ({
    gates: [unit],
    head,
    tree,
    headTree: tree,
    runs: [],
    passedElsewhere: new Map(),
    ...change,
  })
  const saidOf = (runs: readonly CheckRun[], change: Partial<GateFacts> = {}) => {
    const { gates } = gateStateOf(facts({ runs, ...change }))
    return [gates[0]?.state, gates[0]?.why]
  }

  it.each([
    ['it passed on it', [run(unit, 'passed')], 'passed', null],
    ['it failed on it', [run(unit, 'failed')], 'failing', null],
    ['it ran out of time', [run(unit, 'timed-out')], 'failing', null],
    ['the newest counts', [run(unit, 'failed'), run(unit, 'passed')], 'failing', null],
    ['what was cut off says nothing', [run(unit, 'cancelled'), run(unit, 'passed')], 'passed', null],
    ['it waits', [run(unit, 'queued', { tree: null, isExact: false }), run(unit, 'passed')], 'running', null],
    ['it runs on it', [run(unit, 'running'), run(unit, 'failed')], 'running', null],
    ['the same files in another commit are the same', [run(unit, 'passed', { head: 'c' })], 'passed', null],
    ['no run', [], 'unknown', 'It was not run here yet.'],
    ['the run of another check', [run(lint, 'passed')], 'unknown', 'It was not run here yet.'],
    ['another command by now', [run(unit, 'passed', { command: 'true' })], 'unknown', 'It was not run here yet.'],
    [
      'another commit',
      [run(unit, 'passed', { tree: 'c' })],
      'unknown',
      'Commits came after it ran last. Run it again.',
    ],
    [
      'work beside the commit',
      [run(unit, 'passed', { tree: 'c', isExact: false })],
      'unknown',
      'It ran with work that is not committed. Commit or discard that, then run it again.',
    ],
    [
      'files that changed meanwhile',
      [run(unit, 'passed', { hasChanged: true })],
      'unknown',
      'The files were changed while it ran. Run it again.',
    ],
    ['cut off', [run(unit, 'lost')], 'unknown', 'It did not come to an end. Run it again.'],
    [
      'a run on other files',
      [run(unit, 'running', { tree: 'c', isExact: false })],
      'unknown',
      'It runs on other files than those of this commit. Run it again afterwards.',
    ],
  ] as const)('of a commit: %s', (_, runs, state, why) => {
    expect(saidOf(runs)).toEqual([state, why])
  })

  it('counts what passed on these files in a folder of the queue, unless it failed here', () => {
    const passedElsewhere = new Map([[unit.id, run(unit, 'passed', { worktreeId: null })]])
    expect(saidOf([], { passedElsewhere })[0]).toBe('passed')
    expect(saidOf([run(unit, 'failed')], { passedElsewhere })[0]).toBe('failing')
  })

  it('knows nothing of a branch without a commit', () => {
    const none = { head: null, headTree: null }
    expect(saidOf([run(unit, 'passed', { tree: null })], none)).toEqual([
      'unknown',
      'There is no commit yet. Commit, then run it.',
    ])
  })

  it.each([
    ['passed', [unit], [run(unit, 'passed')], 'The gate passed.'],
    ['passed', [unit, lint], [run(unit, 'passed'), run(lint, 'passed')], 'All 2 gates passed.'],
    ['passed', [], [], 'No check is a gate.'],
    [
      'failing',
      [unit, lint, types],
      [run(unit, 'failed'), run(lint, 'running'), run(types, 'passed')],
      'unit fails. Have it mended and run it again.',
    ],
    [
      'failing',
      [unit, lint],
      [run(unit, 'failed'), run(lint, 'failed')],
      'unit and lint fail. Have it mended and run them again.',
    ],
    ['running', [unit, lint], [run(unit, 'running')], 'unit runs. Wait for the end.'],
    ['unknown', [unit, lint], [run(lint, 'passed')], 'unit was not run for this commit. Run it.'],
    ['unknown', [unit, lint], [], 'unit and lint were not run for this commit. Run them.'],
  ] as const)('is %s of them together', (kind, gates, runs, message) => {
    expect(gateStateOf(facts({ gates, runs }))).toMatchObject({ kind, head, message })
  })

  it('shows what a name hides', () => {
    const odd = check(4, 'un\u202eit')
    expect(gateStateOf(facts({ gates: [odd] })).message).toBe('un⟨U+202E⟩it was not run for this commit. Run it.')
  })
})
