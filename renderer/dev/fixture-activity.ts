import { ORPCError } from '@orpc/client'
import type {
  ActivityEntry,
  ActivityGroup,
  ActivityPage,
  ActivityQuery,
  Why,
  WhyQuery,
} from '../../shared/contract/activity.ts'
import type { GuardOutage } from '../../shared/contract/agent-hooks.ts'
import type { SessionId } from '../../shared/lib/ids.ts'
import type { Stores } from '../data/stores.ts'
import { leaseIdAt, messageIdAt, threadIdAt } from './coordination-fixtures.ts'
import { projectIdAt, sessionIdAt } from './fixtures.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const start = Date.now()

type Told = Pick<ActivityEntry, 'actor' | 'who' | 'what'> & Partial<ActivityEntry> & { readonly ago: number }

const session = (n: number, label: string) => ({ kind: 'session', id: sessionIdAt(n), label }) as const
const told = (group: ActivityGroup, line: Told) => ({ group, ...line })
const by = (n: number, who: string, what: string, ago: number, more: Partial<ActivityEntry> = {}): Told => ({
  actor: 'session',
  who,
  what,
  ago,
  object: session(n, who),
  ...more,
})

// prettier-ignore
const lines = [
  told('questions', by(1, 'Retry webhooks with backoff', 'asked for permission (Bash)', 20 * second, {
    reason: 'npx prisma migrate deploy --schema prisma/schema.prisma',
  })),
  told('leases', {
    actor: 'system', who: 'Switchyard', ago: 70 * second, object: session(2, 'Idempotency keys on transfers'),
    what: 'saw “Idempotency keys on transfers” and “Split settlement worker” change src/routes.ts',
    reason: 'Both changed the same or adjoining lines.',
  }),
  told('sessions', by(6, 'Rate-limit transfers', 'waits for its turn to start', 2 * minute, { reason: 'Other agents are starting.' })),
  told('tasks', {
    actor: 'session', who: 'Idempotency keys on transfers', what: 'took a checkpoint of LA-139', ago: 4 * minute,
    reason: 'Keys are stored; expiry is next.',
  }),
  told('mail', {
    actor: 'session', who: 'Split settlement worker', what: 'wrote to @idempotency-keys about “Zone on settlement batches”',
    ago: 7 * minute,
    object: { kind: 'message', id: messageIdAt(1), threadId: threadIdAt(1), label: 'Zone on settlement batches' },
  }),
  told('refusals', by(3, 'Split settlement worker', 'was refused a lease', 9 * minute, {
    reason: 'src/settlement/** is leased by “Idempotency keys on transfers” (exclusive, 6 min left unless it goes on). Send its owner a message (mail send), stand in line (lease acquire with wait), or ask for less.',
  })),
  told('leases', {
    actor: 'session', who: 'Idempotency keys on transfers', what: 'leased src/settlement/**', ago: 12 * minute,
    reason: 'exclusive, enforce', object: { kind: 'lease', id: leaseIdAt(1), label: 'src/settlement/**' },
  }),
  told('guard', by(2, 'Idempotency keys on transfers', 'edited src/routes.ts, which nobody had checked', 14 * minute, {
    reason: 'The guard was away or too slow. Compare the file with what other sessions lease.',
  })),
  told('sessions', { actor: 'person', who: 'You', what: 'stopped “Email previews”', ago: 18 * minute }),
  told('worktrees', { actor: 'system', who: 'Switchyard', what: 'made ready the worktree of switchyard/flaky-balance', ago: 26 * minute }),
  told('sessions', by(5, 'Currency table to minor units', 'could not be started', hour, {
    reason: 'Claude Code is not logged in. Run claude once, then retry.',
  })),
  told('sessions', by(4, 'Flaky ledger balance test', 'was killed by SIGKILL', 26 * hour, { reason: 'Nobody asked for it.' })),
  told('tasks', { actor: 'person', who: 'You', what: 'wrote LA-142 “Retry webhooks” down', ago: 27 * hour }),
]

/** The log of the gallery: what is told above, and behind it as much as makes a list long. */
export const activityEntries = (): ActivityEntry[] => {
  const older = Array.from({ length: 400 }, (_, n) =>
    told('worktrees', by(2, 'Idempotency keys on transfers', `changed src/file-${n}.ts`, 30 * hour + n * minute)),
  )
  return [...lines, ...older].map(({ ago, ...line }, index, all) => ({
    reason: null,
    object: null,
    projectId: projectIdAt(1),
    ...line,
    seq: all.length - index,
    at: start - ago,
  }))
}

/** Edits of a session that nobody checked, some minutes ago. */
export const outageRow = (n: number, change: Partial<GuardOutage> = {}): GuardOutage => ({
  sessionId: sessionIdAt(n),
  projectId: projectIdAt(1),
  edits: 3,
  lastPath: 'src/routes.ts',
  firstAt: start - 14 * minute,
  lastAt: start - 9 * minute,
  why: 'late',
  ...change,
})

export const agentHookVerbs = (stores: Stores) => ({
  dismissOutage: async ({ sessionId }: { readonly sessionId: SessionId }) => {
    const outage = stores.outages.get(sessionId)
    if (outage !== undefined) stores.outages.put([{ ...outage, edits: 0 }])
  },
})

/** The calls of the log, played on made-up lines. */
export const activityVerbs = (stores: Stores, isEmpty: boolean) => ({
  page: async (query: ActivityQuery): Promise<ActivityPage> => {
    if (query.text === 'fail') throw new ORPCError('INTERNAL_SERVER_ERROR')
    const all = isEmpty ? [] : activityEntries()
    const found = all.filter(
      ({ seq, group, actor, who, what, object }) =>
        seq < (query.before ?? Infinity) &&
        seq > (query.after ?? 0) &&
        (query.groups.length === 0 || query.groups.includes(group)) &&
        (query.actors.length === 0 || query.actors.includes(actor)) &&
        (query.sessionId === null || object?.id === query.sessionId) &&
        `${who} ${what}`.toLowerCase().includes(query.text.toLowerCase()),
    )
    const entries = found.slice(0, query.limit)
    const next = found.length > entries.length ? (entries.at(-1)?.seq ?? null) : null
    return { entries, next, newest: all.length, isArchived: true }
  },
  why: async (about: WhyQuery): Promise<Why> => {
    const title = about.kind === 'session' ? stores.sessions.get(about.id)?.title : stores.tasks.get(about.id)?.title
    if (title === undefined) throw new ORPCError('NOT_FOUND', { message: 'It is not there any more.' })
    const decidedBy = activityEntries().find(({ object }) => object?.id === about.id) ?? null
    const sentence = decidedBy?.reason?.replace(/\.$/, '') ?? 'It is ready, and no session has taken it up'
    return { title, sentence, next: 'Look at its terminal.', until: null, decidedBy }
  },
})
