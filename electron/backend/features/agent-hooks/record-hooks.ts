import type { GuardOutage } from '../../../../shared/contract/agent-hooks.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { NotedEdit } from '../../adapters/edit-notes.ts'
import type { GuardHook } from '../../adapters/agents/guard-hook-rules.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { TokenHolder } from '../sessions/sessions-service.ts'
import {
  findOutage,
  findSubagent,
  listOutages,
  listSubagents,
  putOutage,
  putSubagent,
  touchFile,
} from './agent-hooks-store.ts'
import type { HooksDeps } from './hook-parts.ts'

/** A file that is edited all the time is written down this often. */
const touchEveryMs = 20_000
/** Files whose last write is remembered, and edits that were counted; of more than this the oldest are forgotten. */
export const mostRemembered = 5000
const longestResult = 500

/** Keeps what agents did: files they changed, edits that nobody checked, helpers they started. */
export const createHookRecorder = (deps: HooksDeps) => {
  const touchedAt = new Map<string, number>()
  /** By the id of the call. */
  const counted = new Map<string, true>()
  /** Sessions with an outage that ends by itself; null until they were read. */
  let late: Set<SessionId> | null = null

  const record = (
    name: string,
    { sessionId }: Pick<TokenHolder, 'sessionId'>,
    work: (context: CommandContext, ids: Ids) => Promise<void>,
  ): Promise<void> =>
    deps
      .runCommand({ name, by: systemIdentity }, async (context) => {
        const owner = await deps.sessions.findOwner(context.tx, sessionId)
        if (owner) await work(context, { sessionId, projectId: owner.projectId })
        return ok(undefined)
      })
      .then(() => undefined)

  return {
    /** Files below the root of the session's worktree. `isChecked` is false for an edit that nobody had judged. */
    edited: async (holder: TokenHolder, paths: readonly string[], isChecked: boolean): Promise<void> => {
      const now = deps.clock.now()
      const keyOf = (path: string) => `${holder.sessionId} ${path}`
      const due = paths.filter((path) => now - (touchedAt.get(keyOf(path)) ?? -touchEveryMs) >= touchEveryMs)
      if (due.length === 0 && isChecked) return
      for (const path of due) remember(touchedAt, keyOf(path), now)
      await record('record-edit', holder, async (context, ids) => {
        for (const path of due) {
          const file = { ...ids, path, firstAt: context.now, lastAt: context.now }
          if (await touchFile(context.tx, file)) await context.emit('files.changed', ids.sessionId, file)
        }
        const lastPath = paths.at(-1)
        if (isChecked || lastPath === undefined) return
        late?.add(ids.sessionId)
        await countOutage(context, ids, { lastPath, count: 1, why: 'late' })
      })
    },
    /** An edit was judged: what passed because the guard was too slow is over. */
    judged: async ({ sessionId }: TokenHolder): Promise<void> => {
      late ??= new Set(
        (await deps.database.read(listOutages)).flatMap((row) => (row.why === 'late' ? row.sessionId : [])),
      )
      if (!late.delete(sessionId)) return
      await deps.runCommand({ name: 'end-outage', by: systemIdentity }, async (context) => {
        const outage = await findOutage(context.tx, sessionId)
        if (outage && outage.edits > 0 && outage.why === 'late') await writeOutage(context, { ...outage, edits: 0 })
        return ok(undefined)
      })
    },
    /** Edits that were noted and that nobody judged: the app was away, or did not hear of them. */
    unjudged: async (sessionId: SessionId, edits: readonly NotedEdit[]): Promise<void> => {
      const last = edits.at(-1)
      if (!last) return
      for (const { toolUseId } of edits) remember(counted, toolUseId, true)
      await record('record-unjudged', { sessionId }, (context, ids) =>
        countOutage(context, ids, { lastPath: last.path, count: edits.length, why: 'away' }),
      )
    },
    /** Its end is heard although its beginning was not: counted already by its note. */
    wasCounted: (toolUseId: string | null): boolean => toolUseId !== null && counted.delete(toolUseId),
    subagent: async (
      holder: TokenHolder,
      hook: Extract<GuardHook, { kind: 'subagent-started' | 'subagent-ended' }>,
    ): Promise<void> => {
      await record('record-subagent', holder, async (context, ids) => {
        const before = await findSubagent(context.tx, ids.sessionId, hook.worker)
        const { now } = context
        // A helper that is given more to do begins again.
        const subagent =
          hook.kind === 'subagent-started'
            ? { ...ids, id: hook.worker, type: hook.type, startedAt: now, endedAt: null, result: null }
            : before && { ...before, endedAt: now, result: hook.result.slice(0, longestResult) }
        if (subagent) await writeSubagent(context, subagent)
      })
    },
    /** Its process is another one, so the helpers inside of the last one are gone. */
    endSubagents: async (holder: TokenHolder): Promise<void> => {
      const left = (await deps.database.read(listSubagents)).filter(({ sessionId }) => sessionId === holder.sessionId)
      if (left.length === 0) return
      await record('end-subagents', holder, async (context) => {
        for (const subagent of left) await writeSubagent(context, { ...subagent, endedAt: context.now })
      })
    },
    compacts: (holder: TokenHolder, isAsked: boolean): Promise<void> =>
      record('record-compaction', holder, async (context, ids) => {
        await context.emit('compactions.recorded', ids.sessionId, { ...ids, isAsked })
      }),
    dismissOutage: async (sessionId: SessionId, by: CommandBy): Promise<void> => {
      await deps.runCommand({ name: 'dismiss-outage', by }, async (context) => {
        const outage = await findOutage(context.tx, sessionId)
        if (outage && outage.edits > 0) await writeOutage(context, { ...outage, edits: 0 })
        return ok(undefined)
      })
    },
  }
}

const remember = <Value>(known: Map<string, Value>, key: string, value: Value): void => {
  // Put at the end, also where it was known.
  known.delete(key)
  known.set(key, value)
  for (const oldest of known.keys()) {
    if (known.size <= mostRemembered) return
    known.delete(oldest)
  }
}

type CommandBy = Parameters<HooksDeps['runCommand']>[0]['by']
interface Ids {
  readonly sessionId: SessionId
  readonly projectId: NonNullable<Awaited<ReturnType<HooksDeps['sessions']['findOwner']>>>['projectId']
}

interface Unchecked {
  readonly lastPath: string
  readonly count: number
  readonly why: GuardOutage['why']
}

const countOutage = async (context: CommandContext, ids: Ids, { lastPath, count, why }: Unchecked) => {
  const before = await findOutage(context.tx, ids.sessionId)
  const open = before && before.edits > 0 ? before : null
  await writeOutage(context, {
    ...ids,
    edits: (open?.edits ?? 0) + count,
    lastPath,
    firstAt: open?.firstAt ?? context.now,
    lastAt: context.now,
    // What happened while nobody was there is not over because somebody is there again.
    why: open?.why === 'away' ? 'away' : why,
  })
}

const writeOutage = async ({ tx, emit }: CommandContext, outage: Parameters<typeof putOutage>[1]) => {
  await putOutage(tx, outage)
  await emit('outages.changed', outage.sessionId, outage)
}

const writeSubagent = async ({ tx, emit }: CommandContext, subagent: Parameters<typeof putSubagent>[1]) => {
  await putSubagent(tx, subagent)
  await emit('subagents.changed', subagent.sessionId, subagent)
}
