import type { Committed, Staging } from '../contract/staging.ts'
import { quoted, sessionObject, type EventNames, type EventOf, type EventWords } from './logged-event.ts'

const wordsByKind: Readonly<Record<Staging['kind'], (what: string) => string>> = {
  stage: (what) => `staged ${what}`,
  unstage: (what) => `unstaged ${what}`,
  discard: (what) => `discarded ${what}`,
  revert: (what) => `reverted ${what} to the base`,
  replace: (what) => `took over a suggestion into ${what}`,
}

/** "staged a.ts", "discarded lines of a.ts and 3 more": what one was. */
export const describeStaging = (staging: Staging): string => {
  const lines = staging.isPartial && staging.kind !== 'replace' ? 'lines of ' : ''
  return wordsByKind[staging.kind](`${lines}${listNames(staging)}`)
}

const listNames = ({ paths, files }: Staging): string => {
  const [first = '', second] = paths
  if (files === 1) return first
  return files === 2 && second !== undefined ? `${first} and ${second}` : `${first} and ${files - 1} more`
}

export const stagingWords = ({ payload }: EventOf<'stagings.changed'>, names: EventNames): EventWords | null => {
  const object = objectOf(payload, names)
  const reason = payload.rescueRef === null ? null : `What it took away is kept under ${payload.rescueRef}.`
  if (payload.state === 'done') return { what: describeStaging(payload), reason, object }
  return payload.state === 'undone' ? { what: `took back: ${describeStaging(payload)}`, object } : null
}

export const commitWords = ({ payload }: EventOf<'commits.recorded'>, names: EventNames): EventWords => ({
  what: `${payload.isAmend ? 'amended the last commit' : 'committed'} ${quoted(payload.subject)}`,
  reason: payload.sha.slice(0, 10),
  object: objectOf(payload, names),
})

const objectOf = ({ worktreeId }: Pick<Staging | Committed, 'worktreeId'>, names: EventNames) => {
  const session = names.sessionOfWorktree(worktreeId)
  return session === undefined ? null : sessionObject(session, names)
}
