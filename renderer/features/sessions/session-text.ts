import type { Session } from '../../../shared/contract/sessions.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'

/** A branch without the prefix that all of ours share. */
export const branchLabel = (branch: string): string => branch.replace(/^switchyard\//, '')

/** Since when the session is in the state its badge shows, in milliseconds since the epoch. */
export const stateSince = (session: Session): number => {
  switch (session.lifecycle) {
    case 'planned':
    case 'preparing':
      return session.createdAt
    case 'running':
    case 'stopped':
      return sinceOfRuntime(session)
    case 'archived':
      return session.archivedAt ?? session.changedAt
    default:
      return unreachable(session.lifecycle)
  }
}

const sinceOfRuntime = ({ runtime, activity, createdAt }: Session): number => {
  switch (runtime.kind) {
    case 'none':
      return createdAt
    case 'alive':
      return activity.at
    case 'exited':
    case 'lost':
      return runtime.at
    default:
      return unreachable(runtime)
  }
}

/** The evidence behind a badge in words: "Permission hook", or why nothing is known. */
export const evidenceText = ({ activity }: Pick<Session, 'activity'>): string =>
  activity.evidence.source === 'none' ? 'No sign of its state yet' : activity.evidence.detail

export interface SessionFilter {
  readonly text: string
}

/** Whether a session is shown under a filter: by title, branch or the word of its state. */
export const matchesFilter = (
  row: { readonly title: string; readonly branch: string | null; readonly word: string },
  filter: SessionFilter,
): boolean => {
  const wanted = filter.text.trim().toLowerCase()
  if (wanted === '') return true
  return [row.title, row.branch ?? '', row.word].some((text) => text.toLowerCase().includes(wanted))
}

/** The id before which a session lands when it moves by one place; undefined when it cannot move. */
export const beforeIdAfterMove = <Id>(ids: readonly Id[], id: Id, by: -1 | 1): Id | null | undefined => {
  const from = ids.indexOf(id)
  const to = from + by
  if (from === -1 || to < 0 || to >= ids.length) return undefined
  return by === -1 ? (ids[to] ?? null) : (ids[to + 1] ?? null)
}

/** It waits for its turn, or its worktree and agent are under way; one whose set-up failed waits for the person. */
export const isGettingReady = ({ lifecycle, preparation }: Pick<Session, 'lifecycle' | 'preparation'>): boolean =>
  lifecycle === 'planned' || (lifecycle === 'preparing' && preparation.every((step) => step.state !== 'failed'))
