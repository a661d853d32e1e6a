import type { Session } from '../../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { findSession, putSession, type SessionRecord } from './sessions-store.ts'

/**
 * Changes a session and tells it, in the transaction of a command. An edit that answers what it was given changes nothing.
 * Answers the session as it is then; undefined when there is none.
 */
export const changeRecord = async (
  context: CommandContext,
  id: SessionId,
  edit: (record: SessionRecord, now: number) => SessionRecord,
): Promise<SessionRecord | undefined> => {
  const before = await findSession(context.tx, id)
  if (!before) return undefined
  const edited = edit(before, context.now)
  if (isSame(edited, before)) return before
  const session: Session = { ...edited.session, changedAt: context.now, rev: before.session.rev + 1 }
  const after = { ...edited, session }
  await putSession(context.tx, after)
  // What only we know is no news.
  if (!isSame(edited.session, before.session) && after.deletion?.kind !== 'deleted')
    await context.emit('sessions.changed', id, session)
  return after
}

export const changeSession = (
  context: CommandContext,
  id: SessionId,
  edit: (session: Session, now: number) => Session,
): Promise<SessionRecord | undefined> =>
  changeRecord(context, id, (record, now) => {
    const session = edit(record.session, now)
    return session === record.session ? record : { ...record, session }
  })

const isSame = (a: object, b: object) => a === b || JSON.stringify(a) === JSON.stringify(b)
