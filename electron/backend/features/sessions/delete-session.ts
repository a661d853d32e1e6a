import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { systemIdentity, type Identity } from '../../kernel/identity.ts'
import { finishIntent } from '../../kernel/intents-store.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import { changeRecord } from './change-session.ts'
import type { EndParts } from './session-ends.ts'
import { endAgent, wantStopped } from './stop-session.ts'
import { findSession, listSessions, type Deletion, type SessionRecord } from './sessions-store.ts'

export type DeleteResult = Result<{ rescueRef: string | null }, 'RESCUE_FAILED' | 'NOT_FOUND'>

export interface DeleteSession {
  /** Stops it, rescues what is in its worktree and removes both; waits for the end of that. A repeat gets the same answer. */
  delete(id: SessionId, deleteBranch: boolean, by: Identity): Promise<DeleteResult>
  undo(id: SessionId, by: Identity): Promise<Result<SessionRecord, 'CANNOT_UNDO' | 'NOT_FOUND'>>
  /** Carries out `session.delete`. */
  readonly handler: IntentHandler
}

const gone = 'This session is not there any more.'

export const createDeleteSession = (parts: EndParts): DeleteSession => {
  const { deps } = parts
  const waiting = new Map<SessionId, ((result: DeleteResult) => void)[]>()
  const answerAll = (id: SessionId, result: DeleteResult) => {
    for (const answer of waiting.get(id) ?? []) answer(result)
    waiting.delete(id)
  }

  const want = (id: SessionId, deleteBranch: boolean, by: Identity) =>
    deps.runCommand({ name: 'delete-session', by }, async (context): Promise<Result<Deletion, 'NOT_FOUND'>> => {
      const record = await findSession(context.tx, id)
      if (!record) return refuse('NOT_FOUND', gone)
      if (record.deletion) return ok(record.deletion)
      await wantStopped(context, id, 'stopped')
      const deletion: Deletion = { kind: 'under-way', deleteBranch }
      await changeRecord(context, id, (now) => ({ ...now, deletion }))
      await context.intend({ kind: 'session.delete', subject: id })
      return ok(deletion)
    })

  return {
    delete: async (id, deleteBranch, by) => {
      const { promise, resolve } = Promise.withResolvers<DeleteResult>()
      // Listens before it wants: the intent may be carried out before the command has answered.
      waiting.set(id, [...(waiting.get(id) ?? []), resolve])
      const wanted = await want(id, deleteBranch, by)
      if (!wanted.ok) answerAll(id, wanted)
      else if (wanted.value.kind === 'deleted') answerAll(id, ok({ rescueRef: wanted.value.rescueRef }))
      return promise
    },
    undo: (id, by) => undoDelete(parts, id, by),
    handler: async (intent) => {
      const id = intent.subject as SessionId
      const record = await deps.database.read((tx) => findSession(tx, id))
      if (record?.deletion?.kind !== 'under-way') return { kind: 'done' }
      const removed = await removeAll(parts, record, record.deletion.deleteBranch)
      await deps.runCommand({ name: 'delete-session', by: systemIdentity }, async (context) => {
        await finishIntent(context.tx, intent.id, context.now)
        if (removed.ok) {
          const { rescueRef } = removed.value
          await changeRecord(context, id, (now, at) => ({ ...now, deletion: { kind: 'deleted', rescueRef, at } }))
          await context.emit('sessions.removed', id, { id })
        } else {
          const lifecycleReason = removed.refusal.message
          await changeRecord(context, id, (now) => ({
            ...now,
            deletion: null,
            session: { ...now.session, lifecycleReason },
          }))
        }
        return ok(undefined)
      })
      answerAll(id, removed)
      return { kind: 'done' }
    },
  }
}

const removeAll = async (parts: EndParts, record: SessionRecord, deleteBranch: boolean): Promise<DeleteResult> => {
  const { deps } = parts
  const { id, worktreeId } = record.session
  if (!(await endAgent(parts, id)))
    return refuse('RESCUE_FAILED', 'Its process could not be ended. End it by hand, then try again.')
  const { terminals, others } = await deps.database.read(async (tx) => ({
    terminals: await deps.terminals.listOfSession(tx, id),
    others: await listSessions(tx),
  }))
  for (const terminal of terminals) await deps.terminals.remove(terminal.id)
  const isShared = others.some(({ session }) => session.id !== id && session.worktreeId === worktreeId)
  if (worktreeId === null || isShared) return ok({ rescueRef: null })
  const removed = await deps.worktrees.remove(worktreeId, { deleteBranch }, systemIdentity)
  return removed.ok ? removed : refuse('RESCUE_FAILED', removed.refusal.message)
}

const undoDelete = async (
  { deps }: EndParts,
  id: SessionId,
  by: Identity,
): Promise<Result<SessionRecord, 'CANNOT_UNDO' | 'NOT_FOUND'>> => {
  const record = await deps.database.read((tx) => findSession(tx, id))
  if (!record) return refuse('NOT_FOUND', gone)
  if (record.deletion?.kind === 'under-way')
    return refuse('CANNOT_UNDO', 'It is still being removed. Try again in a moment.')
  if (!record.deletion) return ok(record)
  const { worktreeId } = record.session
  const worktree =
    worktreeId === null ? undefined : await deps.database.read((tx) => deps.worktrees.find(tx, worktreeId))
  if (worktree?.state.kind === 'deleted') {
    const restored = await deps.worktrees.restore(worktree.id, by)
    if (!restored.ok) return refuse('CANNOT_UNDO', restored.refusal.message)
  }
  return deps.runCommand({ name: 'undo-delete-session', by }, async (context) => {
    const back = await changeRecord(context, id, (now) => ({
      ...now,
      deletion: null,
      session: { ...now.session, terminalId: null, lifecycleReason: null },
    }))
    return back ? ok(back) : refuse('NOT_FOUND', gone)
  })
}
