import type { Change } from '../../../../shared/contract/changes.ts'
import type { Activity, Session } from '../../../../shared/contract/sessions.ts'
import type { SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { listTreeChanges } from '../../adapters/git/tree-changes.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { createTurns } from '../../kernel/turns.ts'
import { takeNow, type ReviewParts } from './review-parts.ts'
import { goneWorktrees, keepTurnsFrom, turnEdge } from './review-rules.ts'
import { addTurn, listTurns } from './review-store.ts'

export interface TurnKeeper {
  follow(changes: readonly Change[]): void
  /** What sessions did when the app was last told; for the start. */
  remember(sessions: readonly Session[]): void
  whenSettled(): Promise<void>
}

/** Keeps the files as they are when a turn of an agent begins and when it ends. A turn that changed no file is not kept. */
export const createTurnKeeper = (parts: ReviewParts): TurnKeeper => {
  const kindBySession = new Map<SessionId, Activity['kind']>()
  const { begun } = parts
  /** By worktree: a beginning must not take away the one of the turn that is just ending. */
  const inTurn = createTurns()
  let running: Promise<unknown> = Promise.resolve()

  const begin = async (id: WorktreeId): Promise<void> => {
    begun.delete(id)
    const taken = await takeNow(parts, id)
    if (taken.ok) begun.set(id, taken.value.snapshot.trees.work)
  }

  const end = async (id: WorktreeId, sessionId: SessionId): Promise<void> => {
    const taken = await takeNow(parts, id)
    if (!taken.ok) return
    const { snapshot, place, worktree } = taken.value
    const tree = snapshot.trees.work
    const last = (await parts.deps.database.read((tx) => listTurns(tx, id))).at(-1)
    // It began before the app did: since the turn before it, as far as is known.
    const beforeTree = begun.get(id) ?? last?.tree ?? snapshot.trees.base
    begun.delete(id)
    const changed = await listTreeChanges(place.reader, worktree.path, { from: beforeTree, to: tree })
    if (changed.length === 0) return
    const bytes = parts.storedBytes.get(id) ?? 0
    parts.storedBytes.delete(id)
    await parts.deps.runCommand({ name: 'keep-turn', by: systemIdentity }, async ({ tx, now }) => {
      const before = await listTurns(tx, id)
      const number = (before.at(-1)?.number ?? 0) + 1
      const turn = { worktreeId: id, number, sessionId, beforeTree, tree, files: changed.length, bytes, at: now }
      await addTurn(tx, worktree.projectId, turn, keepTurnsFrom(before, turn))
      return ok(undefined)
    })
    await parts.news.tell(id, snapshot.id)
  }

  const run = (what: string, id: WorktreeId, work: () => Promise<void>): void => {
    running = Promise.all([
      running,
      inTurn(id, work).catch((error: unknown) => parts.deps.log.warn({ err: error }, what)),
    ])
  }

  return {
    follow: (changes) => {
      for (const id of goneWorktrees(changes))
        run('the beginning of a turn was not dropped', id, async () => void begun.delete(id))
      for (const change of changes) {
        if (change.topic === 'sessions.removed') kindBySession.delete(change.payload.id)
        if (change.topic !== 'sessions.changed') continue
        const { id, worktreeId, activity } = change.payload
        const edge = turnEdge(kindBySession.get(id), activity.kind)
        kindBySession.set(id, activity.kind)
        if (worktreeId === null || edge === null) continue
        if (edge === 'begins') run('the beginning of a turn was not kept', worktreeId, () => begin(worktreeId))
        else run('the end of a turn was not kept', worktreeId, () => end(worktreeId, id))
      }
    },
    remember: (sessions) => {
      for (const { id, activity } of sessions) if (!kindBySession.has(id)) kindBySession.set(id, activity.kind)
    },
    whenSettled: async () => void (await running),
  }
}
