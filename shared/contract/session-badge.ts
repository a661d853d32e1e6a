import { unreachable } from '../lib/unreachable.ts'
import type { Activity, Lifecycle, Runtime } from './sessions.ts'

export type BadgeKind =
  'working' | 'needs-you' | 'idle' | 'failed' | 'setting-up' | 'queued' | 'stopped' | 'unknown' | 'merged'

export interface Badge {
  readonly kind: BadgeKind
  /** The word beside the shape; a failure carries its exit. */
  readonly word: string
}

const badge = (kind: BadgeKind, word: string): Badge => ({ kind, word })

/** The badge of a session: a pure function of what we want, what runs and what the agent says. */
export const badgeOf = (session: {
  readonly lifecycle: Lifecycle
  readonly lifecycleReason: string | null
  readonly preparation: readonly { readonly state: string }[]
  readonly runtime: Runtime
  readonly activity: Activity
}): Badge => {
  switch (session.lifecycle) {
    case 'planned':
      return badge('queued', 'Queued')
    case 'preparing':
      return session.preparation.some((step) => step.state === 'failed')
        ? badge('failed', 'Set-up failed')
        : badge('setting-up', 'Setting up')
    case 'running':
      return session.runtime.kind === 'alive' ? badgeOfActivity(session.activity) : badgeOfEnd(session.runtime)
    case 'stopped':
      return badgeOfEnd(session.runtime)
    case 'archived':
      return badge('stopped', 'Archived')
    default:
      return unreachable(session.lifecycle)
  }
}

/** Work that has landed says more than that nobody is at it; whoever still works, asks or failed comes first. */
export const badgeOfMerged = (badgeNow: Badge): Badge =>
  badgeNow.kind === 'idle' ||
  badgeNow.kind === 'unknown' ||
  (badgeNow.kind === 'stopped' && badgeNow.word !== 'Archived')
    ? badge('merged', 'Merged')
    : badgeNow

const badgeOfActivity = (activity: Activity): Badge => {
  switch (activity.kind) {
    case 'working':
      return badge('working', 'Working')
    case 'needs-you':
      return badge('needs-you', 'Needs you')
    case 'idle':
      return badge('idle', 'Idle')
    case 'unknown':
      return badge('unknown', 'Unknown')
    default:
      return unreachable(activity.kind)
  }
}

const badgeOfEnd = (runtime: Runtime): Badge => {
  switch (runtime.kind) {
    case 'none':
      return badge('stopped', 'Stopped')
    case 'alive':
      return badge('working', 'Stopping')
    case 'lost':
      return badge('failed', 'Lost')
    case 'exited':
      if (runtime.wasAsked) return badge('stopped', 'Stopped')
      if (runtime.signal !== null) return badge('failed', `Killed, ${runtime.signal}`)
      return runtime.code === 0
        ? badge('stopped', 'Ended')
        : badge('failed', `Failed, exit ${runtime.code ?? 'unknown'}`)
    default:
      return unreachable(runtime)
  }
}
