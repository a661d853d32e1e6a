import { setTimeout as sleep } from 'node:timers/promises'
import type { TerminalId } from '../../shared/lib/ids.ts'
import type { ProcessIdentity, StopResult, Survivor } from '../../shared/pty-protocol/terminals.ts'
import { readEnvironmentValue, readProcesses, type ProcessRow } from './process-table.ts'

/** Every program started in a terminal inherits it, so that one that left the tree is still found. */
export const TERMINAL_MARKER = 'SWITCHYARD_TERMINAL'

const LOOK_EVERY_MS = 25
/** After the first request to end; those that ignore it are asked in the other way. */
const SECOND_REQUEST_AFTER = 0.4
/** Rounds of killing: a process may start another while it is killed. */
const MAX_KILL_ROUNDS = 40

export interface TreeRoot {
  readonly terminalId: TerminalId
  /** The program of the terminal; null when only the marker is left to go by. */
  readonly leader: ProcessIdentity | null
}

/**
 * Ends every process of a terminal: its program, what descends from it, its process groups and session, and whatever
 * carries its marker. First politely (hang-up, then terminate), after the grace by force. A number that meanwhile
 * belongs to another process is never signalled.
 */
export const endProcessTree = async (root: TreeRoot, graceMs: number): Promise<StopResult> => {
  const seen = new Map<string, SeenProcess>()
  const startedAt = Date.now()
  for (let round = 0; round < MAX_KILL_ROUNDS;) {
    const living = findTree(root, await readProcesses(), seen)
    if (living.length === 0) break
    const elapsedMs = Date.now() - startedAt
    const isForced = elapsedMs >= graceMs
    if (isForced) round += 1
    for (const row of living) {
      const known = seen.get(keyOf(row)) ?? { identity: identityOf(row), step: 'none' }
      seen.set(keyOf(row), known)
      known.step = nextStep(known.step, isForced, elapsedMs >= graceMs * SECOND_REQUEST_AFTER, row.pid)
    }
    await sleep(LOOK_EVERY_MS)
  }
  const remaining = findTree(root, await readProcesses(), seen).map(identityOf)
  const remainingKeys = new Set(remaining.map(keyOf))
  const gone = [...seen].filter(([key]) => !remainingKeys.has(key)).map(([, process]) => process)
  return {
    ended: gone.filter(({ step }) => step !== 'killed').map(({ identity }) => identity),
    killed: gone.filter(({ step }) => step === 'killed').map(({ identity }) => identity),
    remaining,
  }
}

interface SeenProcess {
  readonly identity: ProcessIdentity
  step: 'none' | 'hung-up' | 'terminated' | 'killed'
}

const nextStep = (step: SeenProcess['step'], isForced: boolean, isSecondRequest: boolean, pid: number) => {
  if (isForced) {
    signalProcess(pid, 'SIGKILL')
    return 'killed'
  }
  if (step === 'none') {
    signalProcess(pid, 'SIGHUP')
    // A stopped process handles no signal until it goes on.
    signalProcess(pid, 'SIGCONT')
    return 'hung-up'
  }
  if (step === 'terminated' || !isSecondRequest) return step
  signalProcess(pid, 'SIGTERM')
  return 'terminated'
}

/** Processes with the marker of one of these terminals: their host died and they did not. */
export const findSurvivors = async (terminalIds: readonly TerminalId[]): Promise<Survivor[]> => {
  const wanted = new Set<string>(terminalIds)
  const survivors: Survivor[] = []
  for (const row of await readProcesses()) {
    const marker = readEnvironmentValue(row.pid, TERMINAL_MARKER)
    if (marker === null || !wanted.has(marker)) continue
    survivors.push({ ...identityOf(row), terminalId: marker as TerminalId, command: row.command })
  }
  return survivors
}

/** The processes of a terminal. Those found before are followed even when they no longer look like part of it. */
const findTree = (
  { leader, terminalId }: TreeRoot,
  rows: readonly ProcessRow[],
  known: ReadonlyMap<string, unknown>,
): ProcessRow[] => {
  const members = new Map<number, ProcessRow>()
  const leaderRow = leader && rows.find((row) => row.pid === leader.pid && isSame(row, leader))
  if (leaderRow) members.set(leaderRow.pid, leaderRow)
  const isRecycled = leader !== null && !leaderRow && rows.some((row) => row.pid === leader.pid)
  for (const row of rows) {
    // The session keeps the number of its leader, which is not given away while any process is in that session.
    const isInSession = leader !== null && !isRecycled && row.sessionPid === leader.pid
    if (isInSession || known.has(keyOf(row)) || readEnvironmentValue(row.pid, TERMINAL_MARKER) === terminalId) {
      members.set(row.pid, row)
    }
  }
  for (let grew = true; grew;) {
    grew = false
    for (const row of rows) {
      if (members.has(row.pid) || !members.has(row.parentPid)) continue
      members.set(row.pid, row)
      grew = true
    }
  }
  members.delete(process.pid)
  return [...members.values()]
}

const signalProcess = (pid: number, signal: NodeJS.Signals) => {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // ESRCH: it ended meanwhile. EPERM: it belongs to another user and is reported as remaining.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

const identityOf = ({ pid, startTime }: ProcessIdentity): ProcessIdentity => ({ pid, startTime })
const keyOf = ({ pid, startTime }: ProcessIdentity) => `${pid}@${startTime}`
const isSame = (a: ProcessIdentity, b: ProcessIdentity) => a.pid === b.pid && a.startTime === b.startTime
