import type { Change } from '../../../../shared/contract/changes.ts'
import type { CheckRunId, TerminalId } from '../../../../shared/lib/ids.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { Database } from '../../db/database.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import type { AgentsService } from '../agents/agents-service.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import type { ReviewService } from '../review/review-service.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'
import type { TerminalsService } from '../terminals/terminals-service.ts'
import type { WorktreesService } from '../worktrees/worktrees-service.ts'
import { isLive } from './checks-rules.ts'
import { createRunSlots, type RunSlots } from './run-slots.ts'
import { putRun, type RunRecord } from './runs-store.ts'

export interface ChecksDeps {
  readonly git: Git
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly runCommand: RunCommand
  readonly onCommit: (listener: (changes: readonly Change[]) => void) => () => void
  readonly agents: Pick<AgentsService, 'environmentForTools'>
  readonly projects: Pick<ProjectsService, 'find' | 'requireUsable'>
  readonly worktrees: Pick<WorktreesService, 'find' | 'requireFolder'>
  readonly terminals: Pick<TerminalsService, 'list' | 'find' | 'start' | 'stop' | 'remove' | 'text' | 'onNews'>
  readonly sessions: Pick<SessionsService, 'list'>
  readonly review: Pick<ReviewService, 'point'>
  /** Credits a sleep that was not noticed yet; asked before the time of a run is called over. */
  readonly lookForSuspend: () => Promise<void>
  /** So many run at a time over the whole app: each may keep every core busy. */
  readonly mostAtOnce: number
  /** How long a program may take to end by itself when its end is wanted. */
  readonly stopGraceMs: number
}

export interface ChecksParts {
  readonly deps: ChecksDeps
  readonly slots: RunSlots
  /** Of the runs that are followed: told that their end is wanted. */
  readonly stops: Map<CheckRunId, () => void>
  /** Told of terminals that are removed, whose end nobody will tell any more. */
  readonly removals: Set<(id: TerminalId) => void>
  /** Once it has ended, or is not kept any more; at once when that is so already is for the caller to see. */
  whenEnded(id: CheckRunId, signal: AbortSignal): Promise<void>
  follow(changes: readonly Change[]): void
}

export const createParts = (deps: ChecksDeps): ChecksParts => {
  const waiting = new Map<CheckRunId, Set<() => void>>()
  const removals = new Set<(id: TerminalId) => void>()
  const tellEnd = (id: CheckRunId) => {
    for (const tell of waiting.get(id) ?? []) tell()
  }
  return {
    deps,
    slots: createRunSlots(deps.mostAtOnce),
    stops: new Map(),
    removals,
    whenEnded: (id, signal) =>
      new Promise((resolve) => {
        const listeners = waiting.get(id) ?? new Set()
        waiting.set(id, listeners)
        const end = () => {
          listeners.delete(end)
          if (listeners.size === 0 && waiting.get(id) === listeners) waiting.delete(id)
          signal.removeEventListener('abort', end)
          resolve()
        }
        listeners.add(end)
        signal.addEventListener('abort', end)
        if (signal.aborted) end()
      }),
    follow: (changes) => {
      for (const { topic, payload } of changes) {
        if (topic === 'checkruns.changed' && !isLive(payload.state)) tellEnd(payload.id)
        if (topic === 'checkruns.removed') payload.ids.forEach(tellEnd)
        if (topic === 'terminals.removed') for (const tell of removals) tell(payload.id)
      }
    },
  }
}

export const saveRun = async ({ tx, emit }: CommandContext, record: RunRecord): Promise<number> => {
  await putRun(tx, record)
  return emit('checkruns.changed', record.run.id, record.run)
}

/** Intents of one folder are carried out one after the other: two commands in one folder would disturb each other. */
export const subjectOf = (folder: string): string => `checks:${folder}`

export const wordsOf = (error: unknown): string => visibleLine(error instanceof Error ? error.message : String(error))
