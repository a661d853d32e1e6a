import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { MergeQueue } from '../../../../shared/contract/queue-rows.ts'
import { usualBatch } from '../../../../shared/contract/queue-rows.ts'
import type { MergeEntryId, NewId, ProjectId } from '../../../../shared/lib/ids.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { Database } from '../../db/database.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import type { ChecksService } from '../checks/checks-service.ts'
import type { MailService } from '../mail/mail-service.ts'
import type { MergeService } from '../merge/merge-service.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'
import type { TasksService } from '../tasks/tasks-service.ts'
import type { WorktreesService } from '../worktrees/worktrees-service.ts'
import type { QueueKey } from './queue-store.ts'

export interface QueueDeps {
  readonly git: Git
  readonly database: Database
  readonly runCommand: RunCommand
  readonly clock: Clock
  readonly newId: NewId
  readonly log: Log
  readonly projects: Pick<ProjectsService, 'find' | 'requireUsable'>
  readonly worktrees: Pick<WorktreesService, 'find'>
  readonly sessions: Pick<SessionsService, 'find' | 'list'>
  readonly tasks: Pick<
    TasksService,
    'find' | 'listOfSession' | 'create' | 'requestChanges' | 'startSession' | 'comment'
  >
  readonly mail: Pick<MailService, 'notify'>
  readonly merge: Pick<MergeService, 'prepare' | 'preview' | 'land' | 'drop'>
  readonly checks: Pick<ChecksService, 'runGates' | 'cancelGates' | 'output'>
  /** Of our own, as the file system itself calls it: folders in which gates run are made in it. */
  readonly folder: string
  /** How long until a queue that stands still for a cause outside of it looks again, at first; a few seconds unless said. */
  readonly lookAgainMs?: number
}

export interface QueueParts extends QueueDeps {
  /**
   * Entries of which it is known that they have not landed. All others that are being merged may have: their landing was
   * begun, perhaps by a start of the app before this one.
   */
  readonly notLanded: Set<MergeEntryId>
  /** What ends the waiting for gates, by the queue. */
  readonly waits: Map<string, AbortController>
  /** Folders that this start of the app has filled: what runs in others may be from the one before. */
  readonly filled: Set<string>
}

export const createQueueParts = (deps: QueueDeps): QueueParts => ({
  ...deps,
  notLanded: new Set(),
  waits: new Map(),
  filled: new Set(),
})

/** Under which intents of one queue are carried out one after the other. */
export const subjectOf = ({ projectId, target }: QueueKey): string => `queue:${projectId}:${target}`
export const runKind = 'queue.run'
export const reworkKind = 'queue.rework'
export const dropKind = 'queue.drop'
export const clearKind = 'queue.clear'

/** Where the gates of one queue run. It stays between runs, for what is installed there. */
export const gateFolderOf = ({ folder }: QueueDeps, { projectId, target }: QueueKey): string =>
  join(folder, `${projectId}-${createHash('sha256').update(target).digest('hex').slice(0, 8)}`)

export const newQueue = (projectId: ProjectId, target: string): MergeQueue => ({
  projectId,
  target,
  batchSize: usualBatch,
  needsApproval: true,
  hold: null,
  run: null,
  rev: 0,
})

/** A withdrawal can be taken back for so long. */
export const restorableMs = 24 * 60 * 60 * 1000
