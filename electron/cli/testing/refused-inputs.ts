import type { VerbName } from '../../../shared/agent-verbs/verbs.ts'

/** What the rows speak of: ids and keys of a project in which two sessions work, and of another project. */
export interface Scene {
  readonly open: string
  readonly draft: string
  readonly ended: string
  /** Of a role that nobody here has. */
  readonly forPoets: string
  /** Waits for `open`. */
  readonly waiting: string
  /** Claimed and given back by the asker, then claimed by the other session: the asker's epoch is 1. */
  readonly past: string
  readonly foreignTask: string
  /** A lease that the other session holds on hot.ts, strictly. */
  readonly heldLease: string
  /** The other session's place in line for what the asker holds. */
  readonly waiterOfOther: string
  /** A message to the other session alone. */
  readonly mailOfOther: string
  readonly threadOfOther: string
  /** A message to the person, in the other project. */
  readonly foreignMail: string
  readonly self: string
}

export interface RefusedInput {
  readonly what: string
  readonly input: (scene: Scene) => Readonly<Record<string, unknown>>
  /** What a session is refused with. */
  readonly session: string
  /** What the person is refused with, where that is another code; null where they are not refused. */
  readonly person?: string | null
  /** It is an answer and no refusal, so nobody keeps it. */
  readonly isAnswer?: true
  /** What comes too late is refused, and the work that was done is kept all the same. */
  readonly keepsWork?: true
}

const noId = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const row = (
  what: string,
  input: RefusedInput['input'] | Readonly<Record<string, unknown>>,
  session: string,
  person?: string | null,
): RefusedInput => ({
  what,
  input: typeof input === 'function' ? input : () => input,
  session,
  ...(person === undefined ? {} : { person }),
})
const answered = (given: RefusedInput): RefusedInput => ({ ...given, isAnswer: true })

/** Tasks that a verb cannot be about, with the rest of what it needs. */
const aboutNoTask = (rest: Readonly<Record<string, unknown>>): RefusedInput[] => [
  row('a task that is not there', { ...rest, task: 'NO-9' }, 'NOT_FOUND'),
  row('an id that is not there', { ...rest, task: `tsk_${noId}` }, 'NOT_FOUND'),
  row('a task of another project', ({ foreignTask }) => ({ ...rest, task: foreignTask }), 'NOT_FOUND'),
  row('a name of an object', { ...rest, task: '__proto__' }, 'NOT_FOUND'),
]
const nothingNamed = (rest: Readonly<Record<string, unknown>>) => row('none, and one works on none', rest, 'NO_TASK')

/** Words about an attempt that is not the asker's, or is no more. */
const aboutNoAttempt = (rest: Readonly<Record<string, unknown>>): RefusedInput[] => [
  ...aboutNoTask(rest),
  row('a task that was never claimed', ({ open }) => ({ ...rest, task: open }), 'NO_TASK'),
  row('an epoch that is over', ({ past }) => ({ ...rest, task: past, epoch: 1 }), 'STALE_EPOCH', 'NO_TASK'),
  row('the epoch of another', ({ past }) => ({ ...rest, task: past, epoch: 2 }), 'STALE_EPOCH', 'NO_TASK'),
  row('an epoch that is still to come', ({ past }) => ({ ...rest, task: past, epoch: 999 }), 'STALE_EPOCH', 'NO_TASK'),
]
const sha = 'a'.repeat(40)

/** Of every verb, what is well-formed and refused all the same. A verb that has none takes nothing that could be wrong. */
export const refusedInputs: Readonly<Record<VerbName, readonly RefusedInput[]>> = {
  whoami: [],
  brief: [],
  peers: [],
  doctor: [],
  'events.tail': [],
  'lease.list': [],
  'tasks.ready': [],
  'tasks.list': [],
  'lease.check': [],
  report: [row('nothing to say', { text: ' \n ' }, 'INVALID')],
  'ask-human': [row('no question', { question: '  ' }, 'INVALID')],
  'tasks.show': [...aboutNoTask({}), answered(nothingNamed({}))],
  'tasks.create': [
    row('a title of spaces', { title: ' \t ' }, 'INVALID'),
    row('a task to wait for that is not there', { title: 'x', dependsOn: ['NO-9'] }, 'NOT_FOUND'),
    row(
      'one that is there and one that is not',
      ({ open }) => ({ title: 'x', dependsOn: [open, 'NO-9'] }),
      'NOT_FOUND',
    ),
    row('one of another project', ({ foreignTask }) => ({ title: 'x', dependsOn: [foreignTask] }), 'NOT_FOUND'),
    row('an epic that is not there', { title: 'x', epic: 'NO-9' }, 'NOT_FOUND'),
    row('an epic that it would wait for', ({ open }) => ({ title: 'x', epic: open, dependsOn: [open] }), 'CYCLE'),
  ],
  'tasks.update': [
    ...aboutNoTask({ title: 'x' }),
    nothingNamed({ title: 'x' }),
    row('nothing to change', ({ open }) => ({ task: open }), 'INVALID'),
    row('a rev that is over', ({ open }) => ({ task: open, title: 'x', rev: -1 }), 'STALE_REV'),
  ],
  'tasks.depend': [
    ...aboutNoTask({ on: 'NO-9' }),
    row('nothing that is there to wait for', ({ open }) => ({ task: open, on: 'NO-9' }), 'NOT_FOUND'),
    row(
      'a task of another project to wait for',
      ({ open, foreignTask }) => ({ task: open, on: foreignTask }),
      'NOT_FOUND',
    ),
    row('itself', ({ open }) => ({ task: open, on: open }), 'INVALID'),
    row('one that waits for it', ({ open, waiting }) => ({ task: open, on: waiting }), 'CYCLE'),
    row('what it waits for already', ({ open, waiting }) => ({ task: waiting, on: open }), 'EXISTS'),
    row(
      'a dependency that is not there to remove',
      ({ open, draft }) => ({ task: open, on: draft, remove: true }),
      'NOT_FOUND',
    ),
  ],
  'tasks.comment': [...aboutNoTask({ body: 'x' }), nothingNamed({ body: 'x' })],
  claim: [
    ...aboutNoTask({}),
    row('what another has', ({ past }) => ({ task: past }), 'ALREADY_CLAIMED'),
    row('what has ended', ({ ended }) => ({ task: ended }), 'TERMINAL'),
    row('what is not open yet', ({ draft }) => ({ task: draft }), 'NOT_READY'),
    row('what waits for another', ({ waiting }) => ({ task: waiting }), 'NOT_READY'),
    row('what is for another role', ({ forPoets }) => ({ task: forPoets }), 'NOT_FOR_YOU'),
  ],
  renew: aboutNoAttempt({}),
  checkpoint: aboutNoAttempt({ summary: 'x' }),
  submit: aboutNoAttempt({ summary: 'x', headSha: sha }).map((given) =>
    given.what === 'an epoch that is over' ? { ...given, keepsWork: true } : given,
  ),
  fail: aboutNoAttempt({ reason: 'x' }),
  release: aboutNoAttempt({ reason: 'x' }),
  'lease.acquire': [
    row('a file outside of the repository', { targets: ['../x'] }, 'INVALID', 'NOT_IN_SESSION'),
    row('an absolute path', { targets: ['/etc/passwd'] }, 'INVALID', 'NOT_IN_SESSION'),
    row('a resource without a name', { targets: ['resource:'] }, 'INVALID', 'NOT_IN_SESSION'),
    row('one that is good and one that is not', { targets: ['a.ts', '../x'] }, 'INVALID', 'NOT_IN_SESSION'),
    row('what another holds', { targets: ['free.ts', 'resource:port:5173'] }, 'HELD', 'NOT_IN_SESSION'),
    row('what would never end', { targets: ['hot.ts'], policy: 'enforce', wait: true }, 'DEADLOCK', 'NOT_IN_SESSION'),
    row(
      'more than anybody may hold',
      { targets: Array.from({ length: 32 }, (_, n) => `many/${n}`) },
      'TOO_MANY',
      'NOT_IN_SESSION',
    ),
  ],
  'lease.renew': [],
  'lease.release': [
    row('what one does not hold', { targets: ['cold.ts'] }, 'NOT_FOUND', 'NOT_IN_SESSION'),
    row('the lease of another', ({ heldLease }) => ({ targets: [heldLease] }), 'NOT_FOUND', 'NOT_IN_SESSION'),
    row('one’s own and that of another', { targets: ['anna.ts', 'hot.ts'] }, 'NOT_FOUND', 'NOT_IN_SESSION'),
    row('what is no target', { targets: ['../x'] }, 'INVALID', 'NOT_IN_SESSION'),
  ],
  'lease.wait': [
    row('a place that is not there', { waiterId: `wtr_${noId}`, seconds: 1 }, 'NOT_FOUND', 'NOT_IN_SESSION'),
    row(
      'the place of another',
      ({ waiterOfOther }) => ({ waiterId: waiterOfOther, seconds: 1 }),
      'NOT_FOUND',
      'NOT_IN_SESSION',
    ),
  ],
  'mail.send': [
    row('nobody', { to: [], subject: 'x', body: 'x' }, 'INVALID'),
    row('no subject', { to: ['@bert'], body: 'x' }, 'INVALID'),
    row('an empty body', { to: ['@bert'], subject: 'x', body: '' }, 'INVALID'),
    row('somebody who is not there', { to: ['@nobody'], subject: 'x', body: 'x' }, 'UNKNOWN_RECIPIENT'),
    row(
      'one who is there and one who is not',
      { to: ['@bert', `ses_${noId}`], subject: 'x', body: 'x' },
      'UNKNOWN_RECIPIENT',
    ),
    row('a role that nobody has', { to: ['role:poet'], subject: 'x', body: 'x' }, 'EMPTY_RECIPIENT'),
    row('oneself', ({ self }) => ({ to: [self], subject: 'x', body: 'x' }), 'INVALID', null),
    row('a message that is none', { replyTo: 'msg_1', body: 'x' }, 'INVALID'),
    row('a message that is not there', { replyTo: `msg_${noId}`, body: 'x' }, 'NOT_FOUND'),
    row('a message to somebody else', ({ mailOfOther }) => ({ replyTo: mailOfOther, body: 'x' }), 'NOT_FOUND', null),
    row('a message of another project', ({ foreignMail }) => ({ replyTo: foreignMail, body: 'x' }), 'NOT_FOUND'),
  ],
  'mail.inbox': [],
  'merge.status': [],
  'merge.enqueue': [
    row('a branch that is not there to merge into', { target: 'nowhere' }, 'NO_TARGET', 'NOT_IN_SESSION'),
    row('a commit that one’s branch is not at', { head: 'f'.repeat(40) }, 'HEAD_MOVED', 'NOT_IN_SESSION'),
  ],
  'mail.read': [
    row('what is no id', { message: 'x' }, 'INVALID'),
    row('a message that is not there', { message: `msg_${noId}` }, 'NOT_FOUND'),
    row('a message to somebody else', ({ mailOfOther }) => ({ message: mailOfOther }), 'NOT_FOUND', null),
    row('a message of another project', ({ foreignMail }) => ({ message: foreignMail }), 'NOT_FOUND'),
  ],
  'mail.ack': [
    row('what is no id', { messages: ['x'] }, 'INVALID'),
    row('a message to somebody else', ({ mailOfOther }) => ({ messages: [mailOfOther] }), 'NOT_FOUND', null),
    row('a message of another project', ({ foreignMail }) => ({ messages: [foreignMail] }), 'NOT_FOUND'),
    row('one that is there and one that is not', { messages: [`msg_${noId}`, `msg_${noId}`] }, 'NOT_FOUND'),
  ],
  'gates.run': [
    row('a name of nothing', { names: [''] }, 'INVALID'),
    row('checks that nobody defined', { seconds: 0 }, 'NO_CHECKS', 'NOT_IN_SESSION'),
    row('a check that is not there', { names: ['unit'], seconds: 0 }, 'NO_CHECKS', 'NOT_IN_SESSION'),
  ],
  'gates.status': [
    row('checks that nobody defined', {}, 'NO_CHECKS', 'NOT_IN_SESSION'),
    row('a check that is not there', { names: ['unit'] }, 'NO_CHECKS', 'NOT_IN_SESSION'),
  ],
  'mail.thread': [
    row('what is no id', { message: 'x' }, 'INVALID'),
    row('a thread that is not there', { message: `thr_${noId}` }, 'NOT_FOUND'),
    row('a message that is not there', { message: `msg_${noId}` }, 'NOT_FOUND'),
    row('a thread of others', ({ threadOfOther }) => ({ message: threadOfOther }), 'NOT_FOUND', null),
    row('a message of another project', ({ foreignMail }) => ({ message: foreignMail }), 'NOT_FOUND'),
  ],
}
