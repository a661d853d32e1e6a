import type { Check, CheckRun, RunState } from '../../shared/contract/checks.ts'
import type { CheckId, CheckRunId, TerminalId } from '../../shared/lib/ids.ts'
import { projectIdAt, worktreeIdAt } from './fixtures.ts'

const idAt = (prefix: string, n: number) => `${prefix}_01J0000000000000000000${String(n).padStart(4, '0')}`
export const checkIdAt = (n: number) => idAt('chx', n) as CheckId
export const checkRunIdAt = (n: number) => idAt('run', n) as CheckRunId

export const checkRow = (n: number, name: string, changes: Partial<Check> = {}): Check => ({
  id: checkIdAt(n),
  projectId: projectIdAt(1),
  name,
  command: `npm run ${name}`,
  timeLimitMs: 600_000,
  isGate: false,
  position: n,
  createdAt: 0,
  ...changes,
})

const stateOf = (kind: RunState['kind']): RunState => {
  if (kind === 'failed') return { kind, code: 1, signal: null }
  return kind === 'not-started' ? { kind, problem: 'The folder is gone.' } : { kind }
}

export const runRow = (check: Check, kind: RunState['kind'], changes: Partial<CheckRun> = {}): CheckRun => {
  const isLive = kind === 'queued' || kind === 'running'
  return {
    id: idAt('run', Number(check.id.slice(-4))) as CheckRunId,
    checkId: check.id,
    projectId: check.projectId,
    worktreeId: worktreeIdAt(1),
    name: check.name,
    command: check.command,
    timeLimitMs: check.timeLimitMs,
    head: 'a'.repeat(40),
    tree: 'b'.repeat(40),
    isExact: true,
    hasChanged: isLive ? null : false,
    terminalId: idAt('trm', 9000 + Number(check.id.slice(-4))) as TerminalId,
    state: stateOf(kind),
    excerpt: kind === 'failed' ? ['race.test.ts:9 two first writers', 'expected 1, got 2'] : [],
    expectedMs: null,
    queuedAt: 0,
    startedAt: kind === 'queued' ? null : 1000,
    endedAt: isLive ? null : 7100,
    ...changes,
  }
}
