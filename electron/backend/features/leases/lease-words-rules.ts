import type { Lease, LeaseEnd } from '../../../../shared/contract/leases.ts'
import { targetText } from '../../../../shared/contract/lease-claims.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import type { Blockers } from './lease-rules.ts'

export type TitleOf = (sessionId: SessionId) => string

const whatToDo = 'Send its owner a message (mail send), stand in line (lease acquire with wait), or ask for less.'

/** Why it cannot be had now, by whom, for how long, and what to do. */
export const heldMessage = ({ holders, ahead }: Blockers, titleOf: TitleOf, now: number): string => {
  const [lease] = holders
  if (lease) return `${leaseText(lease, titleOf, now)}${andMore(holders.length)}. ${whatToDo}`
  const [waiter] = ahead
  const who = waiter ? sessionText(waiter.sessionId, titleOf) : 'Another session'
  return `${who} asked before and waits for it${andMore(ahead.length)}. ${whatToDo}`
}

export const deadlockMessage = ({ holders, ahead }: Blockers, titleOf: TitleOf): string => {
  const owners = [...new Set([...holders, ...ahead].map(({ sessionId }) => sessionText(sessionId, titleOf)))]
  return (
    `${owners.join(' and ')} waits for something you hold, and you would wait for it: neither could go on. ` +
    'Release what you hold first (lease release), or ask for less.'
  )
}

/** What an edit is refused or warned with. */
export const editMessage = (leases: readonly Lease[], isRefused: boolean, titleOf: TitleOf, now: number): string => {
  const [lease] = leases
  const held = lease ? `${leaseText(lease, titleOf, now)}${andMore(leases.length)}` : 'It is leased by another session'
  return isRefused
    ? `${held}, so it is not yours to edit. Ask its owner (mail send), or stand in line (lease acquire with wait).`
    : `${held}. Tell its owner what you change (mail send), so that your work can be merged.`
}

const ends: Readonly<Record<LeaseEnd, string>> = {
  released: 'was released',
  expired: 'ended because its owner showed no sign of life',
  'held-too-long': 'ended because it was held for the longest time',
  'owner-ended': "ended with its owner's process",
  'attempt-ended': 'ended with the work on its task',
}

export const endedMessage = (lease: Lease, why: LeaseEnd): string =>
  `The lease on ${targetText(lease.target)} ${ends[why]}. Ask for it again if you need it (lease acquire).`

const leaseText = (lease: Lease, titleOf: TitleOf, now: number) => {
  const minutes = Math.max(1, Math.ceil((lease.expiresAt - now) / 60_000))
  const who = sessionText(lease.sessionId, titleOf)
  return `${targetText(lease.target)} is leased by ${who} (${lease.mode}, ${minutes} min left unless it goes on)`
}

const sessionText = (sessionId: SessionId, titleOf: TitleOf) => `“${titleOf(sessionId)}” (${sessionId})`

const andMore = (count: number) => (count > 1 ? ` and ${count - 1} more` : '')
