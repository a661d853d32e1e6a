import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../../../../shared/contract/changes.ts'
import type { Overlap } from '../../../../shared/contract/radar.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { ProjectId, SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { Log } from '../../kernel/log.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'
import type { WorktreeLook, WorktreesService } from '../worktrees/worktrees-service.ts'
import { createCompareWorktrees, type Contested } from './compare-worktrees.ts'
import { listOverlapIdsIn, listOverlaps, listOverlapsOf, putOverlap, removeOverlap } from './overlaps-store.ts'
import { sharedPaths } from './radar-rules.ts'

export interface RadarDeps {
  readonly git: Git
  readonly database: Database
  readonly runCommand: RunCommand
  readonly log: Log
  readonly onCommit: (listener: (changes: readonly Change[]) => void) => () => void
  readonly projects: Pick<ProjectsService, 'find'>
  readonly worktrees: Pick<WorktreesService, 'onLook'>
  readonly sessions: Pick<SessionsService, 'list'>
  /** A folder of ours for objects that are thrown away. */
  readonly scratchFolder: string
}

export interface RadarService {
  list(tx: Tx): Promise<Overlap[]>
  /** Once everything heard of so far was compared. */
  whenSettled(): Promise<void>
  forgetProject(context: Pick<CommandContext, 'tx' | 'emit'>, projectId: ProjectId): Promise<void>
  close(): Promise<void>
}

/** Looks of worktrees that change together are compared together. */
const settleMs = 100
/** At most a quarter of the time goes into comparing. */
const restFactor = 3
/** Two worktrees with more files in common are far apart in other ways; the first of them say so. */
const mostSharedPaths = 200

interface Found {
  readonly a: WorktreeId
  readonly b: WorktreeId
  /** Null when it could not be told: what is known of the two stays. */
  readonly contested: readonly Contested[] | null
}

/** Compares what live sessions changed, each time one of their worktrees was looked at. */
export const createRadarService = (deps: RadarDeps): RadarService => {
  const compare = createCompareWorktrees(deps.git, deps.scratchFolder)
  const looks = new Map<WorktreeId, WorktreeLook>()
  const dirty = new Set<WorktreeId>()
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let notBefore = 0
  let isClosed = false

  const findBetween = async (one: WorktreeLook, two: WorktreeLook): Promise<Found> => {
    // Of one pair there is one row a file, whichever of the two changed last.
    const [a, b] = one.worktree.id < two.worktree.id ? [one, two] : [two, one]
    const ids = { a: a.worktree.id, b: b.worktree.id }
    const rawPaths = sharedPaths(a.rawPaths, b.rawPaths).slice(0, mostSharedPaths)
    if (rawPaths.length === 0) return { ...ids, contested: [] }
    const project = await deps.database.read((tx) => deps.projects.find(tx, a.worktree.projectId))
    if (!project) return { ...ids, contested: [] }
    const { commonDir } = project
    const contested = await compare(a.worktree, b.worktree, { rawPaths, commonDir }).catch((error: unknown) => {
      // A file that went while it was read; the next look tells what is there then.
      deps.log.debug({ err: error, ...ids }, 'two worktrees were not compared')
      return null
    })
    return { ...ids, contested }
  }

  const scan = async (): Promise<void> => {
    const touched = [...dirty]
    dirty.clear()
    const sessionOf = await liveSessions(deps)
    const isLive = ({ worktree }: WorktreeLook): boolean => sessionOf.has(worktree.id) && worktree.state.kind === 'ok'
    const live = [...looks.values()].filter(isLive)
    for (const id of touched) {
      const one = live.find(({ worktree }) => worktree.id === id)
      const others = live.filter(({ worktree }) => worktree.id !== id && worktree.projectId === one?.worktree.projectId)
      const found: Found[] = []
      for (const other of one ? others : []) found.push(await findBetween(one ?? other, other))
      await writeDown(deps, { id, projectId: one?.worktree.projectId, found, sessionOf })
    }
  }

  const schedule = (): void => {
    if (timer || running || isClosed || dirty.size === 0) return
    timer = setTimeout(run, Math.max(settleMs, notBefore - performance.now()))
    timer.unref()
  }
  const run = (): void => {
    timer = null
    const begun = performance.now()
    running = scan()
      .catch((error: unknown) => deps.log.error({ err: error }, 'overlaps were not looked for'))
      .finally(() => {
        const now = performance.now()
        notBefore = now + restFactor * (now - begun)
        running = null
        schedule()
      })
  }

  const stopLooking = deps.worktrees.onLook((look) => {
    looks.set(look.worktree.id, look)
    dirty.add(look.worktree.id)
    schedule()
  })
  const stopListening = deps.onCommit((changes) => {
    for (const change of changes) {
      const id = worktreeConcerned(change)
      if (id === null) continue
      const look = looks.get(id)
      if (change.topic === 'worktrees.removed') looks.delete(id)
      else if (change.topic === 'worktrees.changed' && look) looks.set(id, { ...look, worktree: change.payload })
      dirty.add(id)
    }
    schedule()
  })

  return {
    list: listOverlaps,
    whenSettled: async () => {
      while (running || timer || dirty.size > 0) await (running ?? new Promise((next) => setTimeout(next, 5)))
    },
    forgetProject: async ({ tx, emit }, projectId) => {
      for (const id of await listOverlapIdsIn(tx, projectId)) {
        await removeOverlap(tx, id)
        await emit('radar.removed', id, { id })
      }
    },
    close: async () => {
      isClosed = true
      stopLooking()
      stopListening()
      if (timer) clearTimeout(timer)
      timer = null
      await running
    },
  }
}

/** The worktree about which a change says that its session came or went, or that it is there no more. */
const worktreeConcerned = (change: Change): WorktreeId | null => {
  if (change.topic === 'worktrees.removed') return change.payload.id
  if (change.topic === 'worktrees.changed') return change.payload.state.kind === 'ok' ? null : change.payload.id
  if (change.topic !== 'sessions.changed') return null
  const { lifecycle, changedAt, createdAt, worktreeId } = change.payload
  return lifecycle === 'archived' || lifecycle === 'preparing' || changedAt === createdAt ? worktreeId : null
}

/** The session that works in each worktree; archived ones are put away and count no more. */
const liveSessions = async ({ database, sessions }: RadarDeps): Promise<ReadonlyMap<WorktreeId, SessionId>> => {
  const all = await database.read(sessions.list)
  const live = all.filter(({ lifecycle }) => lifecycle !== 'archived')
  return new Map(live.flatMap(({ id, worktreeId }) => (worktreeId === null ? [] : [[worktreeId, id] as const])))
}

interface Scanned {
  readonly id: WorktreeId
  readonly projectId: Worktree['projectId'] | undefined
  readonly found: readonly Found[]
  readonly sessionOf: ReadonlyMap<WorktreeId, SessionId>
}

/** Brings the rows of one worktree in line with what was found, and tells of those that differ. */
const writeDown = async (deps: RadarDeps, { id, projectId, found, sessionOf }: Scanned): Promise<void> => {
  const before = await deps.database.read((tx) => listOverlapsOf(tx, id))
  if (before.length === 0 && found.every(({ contested }) => contested?.length === 0)) return
  await deps.runCommand({ name: 'compare-worktrees', by: systemIdentity }, async ({ tx, now, newId, emit }) => {
    const old = new Map((await listOverlapsOf(tx, id)).map((row) => [keyOf(row), row]))
    for (const { a, b, contested } of found) {
      const [sessionA, sessionB] = [sessionOf.get(a), sessionOf.get(b)]
      if (projectId === undefined || sessionA === undefined || sessionB === undefined) continue
      for (const [key, row] of contested ? [] : old)
        if (row.sides[0].worktreeId === a && row.sides[1].worktreeId === b) old.delete(key)
      for (const { path, kind, hunks } of contested ?? []) {
        const sides: Overlap['sides'] = [
          { worktreeId: a, sessionId: sessionA, hunks: [...hunks[0]] },
          { worktreeId: b, sessionId: sessionB, hunks: [...hunks[1]] },
        ]
        const known = old.get(keyOf({ path, sides }))
        old.delete(keyOf({ path, sides }))
        const row = { id: known?.id ?? newId('ovl'), projectId, path, kind, sides, since: known?.since ?? now }
        if (isDeepStrictEqual(row, known)) continue
        await putOverlap(tx, row)
        await emit('radar.changed', row.id, row)
      }
    }
    for (const row of old.values()) {
      await removeOverlap(tx, row.id)
      await emit('radar.removed', row.id, { id: row.id })
    }
    return ok(undefined)
  })
}

const keyOf = ({ path, sides }: Pick<Overlap, 'path' | 'sides'>): string =>
  `${sides[0].worktreeId} ${sides[1].worktreeId} ${path}`
