import { setTimeout as sleep } from 'node:timers/promises'
import { askToShow, type ShowReply } from './control-channel.ts'
import type { HostOptions } from './host-options.ts'
import { takeOwnerLock, type Owner, type OwnerLock } from './owner-lock.ts'

/** `text` is for the person; it says what to do when the first does not answer. */
export type Start =
  | { readonly kind: 'owner'; readonly lock: Extract<OwnerLock, { kind: 'owned' }> }
  | { readonly kind: 'shown'; readonly reply: ShowReply; readonly text: string }
  | { readonly kind: 'silent'; readonly text: string }

// A first that is only just starting holds the folder before it can answer.
const patienceMs = 10_000
const pauseMs = 100

/**
 * Takes the data folder, or asks the one who has it to show itself. A first that ends while it is being asked leaves the
 * folder to us.
 */
export const takeOrShow = async (
  { dataDir, projectDir }: Pick<HostOptions, 'dataDir' | 'projectDir'>,
  deps: {
    readonly take: (dataDir: string) => OwnerLock
    readonly ask: (channel: string, project: string | null) => Promise<ShowReply | null>
    readonly now: () => number
  } = { take: takeOwnerLock, ask: askToShow, now: Date.now },
): Promise<Start> => {
  const endsAt = deps.now() + patienceMs
  for (;;) {
    const lock = deps.take(dataDir)
    if (lock.kind === 'owned') return { kind: 'owner', lock }
    const reply = lock.owner === null ? null : await deps.ask(lock.owner.channel, projectDir)
    if (reply !== null) return { kind: 'shown', reply, text: shownText(dataDir, lock.owner, reply) }
    if (deps.now() >= endsAt) return { kind: 'silent', text: silentText(dataDir, lock.owner) }
    await sleep(pauseMs)
  }
}

const already = (dataDir: string, owner: Owner | null) =>
  `Switchyard is already running on ${dataDir}${owner === null ? '' : ` (process ${owner.pid})`}.`

const shownText = (dataDir: string, owner: Owner | null, reply: ShowReply) =>
  [
    already(dataDir, owner),
    ...(reply.kind === 'desktop' ? ['Its window was brought to the front.'] : []),
    ...(reply.problem === null ? [] : [reply.problem]),
  ].join(' ')

const silentText = (dataDir: string, owner: Owner | null) => {
  const end = owner === null ? 'End the other one' : `End process ${owner.pid}`
  return `${already(dataDir, owner)} It does not answer. ${end}, or use another folder with --data DIR, and start again.`
}
