import type { Session } from '../../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { positionBetween } from '../../../../shared/lib/position.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { changeSession } from './change-session.ts'
import type { SessionsDeps } from './session-parts.ts'
import { sessionUnarchived } from './sessions-rules.ts'
import { findSession, listPositions } from './sessions-store.ts'

type Changed = Promise<Result<Session, 'NOT_FOUND'>>

export interface Arrangement {
  rename(id: SessionId, title: string, by: Identity): Changed
  pin(id: SessionId, isPinned: boolean, by: Identity): Changed
  setRole(id: SessionId, role: string | null, by: Identity): Changed
  setMailTyped(id: SessionId, isMailTyped: boolean, by: Identity): Changed
  markSeen(id: SessionId, by: Identity): Changed
  unarchive(id: SessionId, by: Identity): Changed
  move(id: SessionId, beforeId: SessionId | null, by: Identity): Changed
}

/** What a person does to a session that its agent does not notice. */
export const createArrangement = (deps: Pick<SessionsDeps, 'runCommand'>): Arrangement => {
  const change = (name: string, id: SessionId, by: Identity, edit: (session: Session) => Session): Changed =>
    deps.runCommand({ name, by }, async (context) => {
      // A deleted one is kept for bringing it back, and is there for nothing else.
      const isDeleted = (await findSession(context.tx, id))?.deletion?.kind === 'deleted'
      return found(isDeleted ? undefined : (await changeSession(context, id, edit))?.session)
    })
  return {
    rename: (id, title, by) => change('rename-session', id, by, (session) => ({ ...session, title })),
    pin: (id, isPinned, by) => change('pin-session', id, by, (session) => ({ ...session, isPinned })),
    setRole: (id, role, by) => change('set-session-role', id, by, (session) => ({ ...session, role })),
    setMailTyped: (id, isMailTyped, by) => change('set-mail-typed', id, by, (session) => ({ ...session, isMailTyped })),
    markSeen: (id, by) => change('see-session', id, by, (session) => ({ ...session, isUnread: false })),
    unarchive: (id, by) => change('unarchive-session', id, by, sessionUnarchived),
    move: (id, beforeId, by) =>
      deps.runCommand({ name: 'move-session', by }, async (context) => found(await moveBefore(context, id, beforeId))),
  }
}

const found = (session: Session | undefined): Result<Session, 'NOT_FOUND'> =>
  session ? ok(session) : refuse('NOT_FOUND', 'This session is not there any more.')

const moveBefore = async (context: CommandContext, id: SessionId, beforeId: SessionId | null) => {
  const record = await findSession(context.tx, id)
  if (!record || record.deletion?.kind === 'deleted') return undefined
  const others = (await listPositions(context.tx, record.session.projectId)).filter((row) => row.id !== id)
  const at = beforeId === null ? others.length : others.findIndex((row) => row.id === beforeId)
  const index = at < 0 ? others.length : at
  const position = positionBetween(others[index - 1]?.position ?? null, others[index]?.position ?? null)
  if (position !== null) return (await changeSession(context, id, (session) => ({ ...session, position })))?.session
  // No number fits between two neighbours any more: all get whole numbers in the order they are to have.
  const order = [...others.slice(0, index).map((row) => row.id), id, ...others.slice(index).map((row) => row.id)]
  for (const [place, each] of order.entries())
    await changeSession(context, each, (session) => ({ ...session, position: place }))
  return (await findSession(context.tx, id))?.session
}
