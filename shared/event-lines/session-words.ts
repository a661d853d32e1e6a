import type { Session } from '../contract/sessions.ts'
import type { Worktree } from '../contract/worktrees.ts'
import { actorOf, quoted, sessionObject, type EventNames, type EventOf, type EventWords } from './logged-event.ts'

/** How an agent's process ended, after the title of its session. */
export const endWords = (runtime: Session['runtime']): { readonly what: string; readonly reason: string | null } => {
  if (runtime.kind === 'lost') return { what: 'was lost', reason: runtime.reason }
  if (runtime.kind !== 'exited') return { what: 'ended', reason: null }
  if (runtime.wasAsked) return { what: 'stopped', reason: null }
  if (runtime.signal !== null) return { what: `was killed by ${runtime.signal}`, reason: 'Nobody asked for it.' }
  if (runtime.code === 0) return { what: 'ended by itself', reason: null }
  return { what: `ended with exit ${runtime.code ?? 'unknown'}`, reason: 'Nobody asked for it.' }
}

/** It stands in line because too many agents boot. */
export const waitsForTurn = ({ preparation }: Pick<Session, 'preparation'>): boolean =>
  preparation.some(
    (step) => step.name === 'agent' && step.state === 'running' && step.detail.startsWith('Waits for its turn'),
  )

export const failedStepOf = ({ preparation }: Pick<Session, 'preparation'>) =>
  preparation.find((step) => step.state === 'failed')

/** Deeds of whoever gave the command; the session is their object. */
const deeds: Readonly<Record<string, (session: Session) => string>> = {
  'create-session': ({ title }) => `started ${quoted(title)}`,
  'stop-session': ({ title }) => `stopped ${quoted(title)}`,
  'archive-session': ({ title }) => `archived ${quoted(title)}`,
  'unarchive-session': ({ title }) => `took ${quoted(title)} out of the archive`,
  'rename-session': ({ title }) => `called a session ${quoted(title)}`,
  'set-session-role': ({ title, role }) =>
    role === null ? `took the role from ${quoted(title)}` : `gave ${quoted(title)} the role ${quoted(role)}`,
  'resume-session': ({ title }) => `resumed ${quoted(title)}`,
  'retry-session': ({ title }) => `let ${quoted(title)} be set up again`,
  'undo-delete-session': ({ title }) => `brought back ${quoted(title)}`,
}

/** Null for what only moves a session about, or what its agent says of itself all the time. */
export const sessionWords = ({ payload: session, command, by }: EventOf<'sessions.changed'>): EventWords | null => {
  const object = { kind: 'session', id: session.id, label: session.title } as const
  const own = { who: session.title, object }
  const deed = deeds[command]
  if (deed) return { what: deed(session), object }
  switch (command) {
    case 'prepare-session':
    case 'fail-session': {
      const failed = failedStepOf(session)
      return failed ? { ...own, what: failureOf(failed.name), reason: failed.detail } : null
    }
    case 'show-start':
      return waitsForTurn(session)
        ? { ...own, what: 'waits for its turn to start', reason: 'Other agents are starting.' }
        : null
    case 'start-session':
      return session.lifecycle === 'running' ? { ...own, what: 'began to run' } : null
    case 'end-session':
      return { ...own, ...endWords(session.runtime) }
    case 'delete-session':
      return actorOf(by).kind === 'system'
        ? { ...own, what: 'could not be deleted', reason: session.lifecycleReason }
        : { what: `asked for ${quoted(session.title)} to be deleted`, object }
    default:
      return null
  }
}

const failureOf = (step: string) => (step === 'worktree' ? 'got no worktree' : 'could not be started')

export const removedSessionWords = ({ payload }: EventOf<'sessions.removed'>, names: EventNames): EventWords => {
  const known = names.session(payload.id)
  return { what: known ? `deleted ${quoted(known.title)}` : 'deleted a session' }
}

export const subagentWords = (
  { payload }: EventOf<'subagents.changed'>,
  names: EventNames,
  who: string,
): EventWords => ({
  who,
  actor: 'session',
  what: payload.endedAt === null ? `started a helper (${payload.type})` : `has its helper’s answer (${payload.type})`,
  reason: payload.result,
  object: sessionObject(payload.sessionId, names),
})

/** Null for what changes all the time: heads, lines and times of looks. */
export const worktreeWords = (
  { payload, command }: EventOf<'worktrees.changed'>,
  names: EventNames,
): EventWords | null => {
  const session = names.sessionOfWorktree(payload.id)
  const object = session === undefined ? null : sessionObject(session, names)
  const name = payload.branch ?? payload.path
  switch (command) {
    case 'worktree-prepared':
      return payload.state.kind === 'ok'
        ? { what: `made ready the worktree of ${name}`, reason: payload.path, object }
        : null
    case 'restore-worktree':
      return { what: `restored the worktree of ${name}`, reason: payload.path, object }
    case 'rebind-worktree':
      return { what: `found the moved worktree of ${name}`, reason: payload.path, object }
    case 'remove-worktree':
      return { what: `removed the worktree of ${name}`, reason: rescueOf(payload), object }
    default:
      return payload.state.kind === 'missing'
        ? { what: `misses the worktree of ${name}`, reason: payload.state.message, object }
        : null
  }
}

const rescueOf = ({ state }: Worktree): string | null =>
  state.kind === 'deleted' && state.rescueRef !== null
    ? `What was not committed is kept under ${state.rescueRef}`
    : null

/** Null for what was merely looked at. */
export const projectWords = ({ payload, command }: EventOf<'projects.changed'>): EventWords | null => {
  if (command === 'open-project') return { what: `opened the project ${quoted(payload.name)}` }
  if (command === 'rename-project') return { what: `called a project ${quoted(payload.name)}` }
  return payload.state.kind === 'ok'
    ? null
    : { what: `cannot use the project ${quoted(payload.name)}`, reason: payload.state.message }
}
