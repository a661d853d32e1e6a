import { targetText } from '../../../shared/contract/lease-claims.ts'
import type { LeasePolicy, LeaseWaiter } from '../../../shared/contract/leases.ts'
import type { OverlapKind } from '../../../shared/contract/radar.ts'
import type { AttemptState } from '../../../shared/contract/task-rows.ts'
import type { MailOf } from '../../data/coordination.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'

export const waitText = ({ wants }: LeaseWaiter): string =>
  wants.map(({ target }) => visibleLine(targetText(target))).join(', ')

export const policyText: Readonly<Record<LeasePolicy, string>> = {
  advisory: 'shown only',
  warn: 'warns others',
  enforce: 'refuses others',
}

/** A session is at work on what it was granted, runs, or has handed in. */
export const attemptText = (state: AttemptState): string =>
  state === 'granted' ? 'Starting' : state === 'submitted' ? 'Handed in' : 'At work'

/** "2 wait for its next step, 1 given to it"; null when there is none. */
export const mailText = ({ waiting, given }: MailOf): string | null => {
  const parts = [
    waiting === 0 ? null : `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for its next step`,
    given === 0 ? null : `${given} given to it, not known to be read yet`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(', ')
}

export const overlapText: Readonly<Record<OverlapKind, string>> = {
  'same-file': 'Another session changes a file that this one changes.',
  'same-hunk': 'Another session changes the same lines.',
  'predicted-conflict': 'Its changes would conflict with those of another session.',
}

export interface Coordinated {
  readonly taskKey: string | null
  readonly leases: number
  readonly isWaiting: boolean
  readonly mail: MailOf
}

/** The button's name for those who do not see it: "Coordination: works on LA-1, 2 leases, 1 unread message". */
export const summaryText = ({ taskKey, leases, isWaiting, mail }: Coordinated): string => {
  const unread = mail.waiting + mail.given
  const parts = [
    taskKey === null ? null : `works on ${visibleLine(taskKey)}`,
    leases === 0 ? null : `${leases} ${leases === 1 ? 'lease' : 'leases'}`,
    isWaiting ? 'waits for a lease' : null,
    unread === 0 ? null : `${unread} unread ${unread === 1 ? 'message' : 'messages'}`,
  ].filter((part) => part !== null)
  return `Coordination: ${parts.length === 0 ? 'nothing yet' : parts.join(', ')}`
}
