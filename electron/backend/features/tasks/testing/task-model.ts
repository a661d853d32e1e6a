/**
 * What tasks are meant to do, in the plainest words: lists in memory, no tables, no transactions, and none of the code it
 * is held against. Each deed answers the code of its call.
 */
export interface ModelAttempt {
  readonly session: number
  readonly epoch: number
  state: string
  deadline: number
  /** When it was found dead and counted as a failed attempt. */
  diedAt: number | null
}

export interface ModelTask {
  state: string
  epoch: number
  failed: number
  readonly most: number
  retryAt: number | null
  readonly priority: number
  readonly waits: { readonly on: number; readonly kind: string }[]
  readonly attempts: ModelAttempt[]
}

export interface Model {
  now: number
  isPaused: boolean
  resumedAt: number
  readonly tasks: ModelTask[]
}

const live = ['granted', 'running', 'submitted']
const ends = ['done', 'failed', 'cancelled']
const fourHours = 14_400_000

const liveOf = (task: ModelTask) => task.attempts.find((attempt) => live.includes(attempt.state))

const enter = (task: ModelTask, state: string): 'ok' => {
  task.state = state
  if (state !== 'open') task.retryAt = null
  return 'ok'
}

const isHeld = ({ tasks }: Model, task: ModelTask): boolean => {
  const isMet = ({ on, kind }: ModelTask['waits'][number]) => {
    const state = tasks[on]?.state ?? ''
    if (kind === 'on_failure') return state === 'failed'
    if (kind === 'parent') return !['draft', 'blocked', 'deferred', 'failed', 'cancelled'].includes(state)
    return state === 'done'
  }
  const choices = task.waits.filter(({ kind }) => kind === 'any_of')
  const others = task.waits.filter(({ kind }) => kind !== 'any_of')
  const isParent = (each: ModelTask) => each.waits.some(({ on, kind }) => kind === 'parent' && tasks[on] === task)
  const hasOpenChild = tasks.some((each) => isParent(each) && !ends.includes(each.state))
  return hasOpenChild || !others.every(isMet) || (choices.length > 0 && !choices.some(isMet))
}

const judge = (model: Model, task: ModelTask): string => {
  if (ends.includes(task.state)) return 'TERMINAL'
  if (liveOf(task)) return 'ALREADY_CLAIMED'
  if (task.state === 'blocked') return 'BLOCKED'
  const hasTries = task.failed < task.most && (task.retryAt ?? 0) <= model.now
  if (task.state !== 'open' || !hasTries || isHeld(model, task)) return 'NOT_READY'
  return model.isPaused ? 'PAUSED' : 'ok'
}

export const claim = (model: Model, task: ModelTask, session: number): string => {
  const judged = judge(model, task)
  if (judged !== 'ok') return judged
  task.epoch += 1
  const deadline = model.now + fourHours
  task.attempts.push({ session, epoch: task.epoch, state: 'granted', deadline, diedAt: null })
  return enter(task, 'claimed')
}

/** The board is in the order of birth, so among equals the oldest is next. */
export const claimNext = (model: Model, session: number): string => {
  if (model.isPaused) return 'PAUSED'
  const ready = model.tasks.filter((task) => judge(model, task) === 'ok')
  const [next] = ready.toSorted((a, b) => a.priority - b.priority)
  return next ? claim(model, next, session) : 'NOTHING_READY'
}

/** Whether an attempt may still speak. */
const hear = (task: ModelTask, attempt: ModelAttempt): string => {
  if (live.includes(attempt.state)) return 'current'
  if (ends.includes(task.state)) return 'TERMINAL'
  const isLast = attempt.state === 'expired' && attempt.epoch === task.epoch
  return isLast && ['open', 'blocked'].includes(task.state) ? 'late' : 'STALE_EPOCH'
}

const revive = (task: ModelTask, attempt: ModelAttempt) => {
  if (attempt.diedAt !== null) task.failed -= 1
  attempt.diedAt = null
}

export const renew = (model: Model, task: ModelTask, attempt: ModelAttempt): string => {
  const heard = hear(task, attempt)
  if (heard !== 'current' && heard !== 'late') return heard
  if (attempt.state === 'submitted') return 'NOT_ALLOWED'
  if (model.now >= attempt.deadline) return 'OVERDUE'
  revive(task, attempt)
  attempt.state = 'running'
  return enter(task, 'in_progress')
}

export const checkpoint = (model: Model, task: ModelTask, attempt: ModelAttempt): string => {
  const renewed = renew(model, task, attempt)
  return renewed === 'OVERDUE' || renewed === 'NOT_ALLOWED' ? 'ok' : renewed
}

export const submit = (task: ModelTask, attempt: ModelAttempt): string => {
  const heard = hear(task, attempt)
  if (heard !== 'current' && heard !== 'late') {
    if (['expired', 'released', 'failed', 'cancelled'].includes(attempt.state)) attempt.state = 'superseded'
    return heard
  }
  revive(task, attempt)
  attempt.state = 'submitted'
  return enter(task, 'in_review')
}

const countFailure = (model: Model, task: ModelTask): 'ok' => {
  task.failed += 1
  if (task.failed >= task.most) return enter(task, 'blocked')
  task.retryAt = model.now + Math.min(600_000, 30_000 * 2 ** (task.failed - 1))
  return enter(task, 'open')
}

const giveBack = (task: ModelTask, attempt: ModelAttempt, how: () => 'ok'): string => {
  const heard = hear(task, attempt)
  if (heard === 'late') return 'STALE_EPOCH'
  if (heard !== 'current') return heard
  return attempt.state === 'submitted' ? 'NOT_ALLOWED' : how()
}

export const fail = (model: Model, task: ModelTask, attempt: ModelAttempt): string =>
  giveBack(task, attempt, () => {
    attempt.state = 'failed'
    return countFailure(model, task)
  })

export const release = (task: ModelTask, attempt: ModelAttempt, to: string): string =>
  giveBack(task, attempt, () => {
    attempt.state = 'released'
    task.retryAt = null
    return enter(task, to)
  })

/** Its holder is found dead, or it is over its deadline. Answers whether that changed anything. */
export const lose = (model: Model, task: ModelTask, attempt: ModelAttempt, how: string): boolean => {
  if (!['granted', 'running'].includes(attempt.state)) return false
  attempt.state = 'expired'
  if (how === 'overdue') enter(task, 'blocked')
  else if (how === 'asked' || task.state === 'changes_requested') {
    task.retryAt = null
    enter(task, 'open')
  } else {
    attempt.diedAt = model.now
    countFailure(model, task)
    const deaths = model.tasks.flatMap(({ attempts }) => attempts.map(({ diedAt }) => diedAt ?? -Infinity))
    const recent = deaths.filter((at) => at > model.resumedAt && at > model.now - 60_000)
    if (recent.length >= 3) model.isPaused = true
  }
  return true
}

const mayGoByHand: Readonly<Record<string, readonly string[]>> = {
  draft: ['open', 'blocked', 'deferred', 'cancelled'],
  open: ['draft', 'blocked', 'deferred', 'done', 'failed', 'cancelled'],
  claimed: ['open', 'draft', 'blocked', 'deferred', 'failed', 'cancelled'],
  in_progress: ['open', 'draft', 'blocked', 'deferred', 'failed', 'cancelled'],
  in_review: ['open', 'draft', 'blocked', 'deferred', 'done', 'failed', 'cancelled'],
  changes_requested: ['open', 'draft', 'blocked', 'deferred', 'failed', 'cancelled'],
  blocked: ['open', 'draft', 'deferred', 'done', 'failed', 'cancelled'],
  deferred: ['open', 'draft', 'blocked', 'done', 'failed', 'cancelled'],
}

export const move = (task: ModelTask, to: string): string => {
  if (ends.includes(task.state)) return 'TERMINAL'
  if (!mayGoByHand[task.state]?.includes(to)) return 'NOT_ALLOWED'
  const attempt = liveOf(task)
  if (attempt) attempt.state = to === 'done' ? 'accepted' : 'cancelled'
  task.epoch += 1
  task.retryAt = null
  if (to === 'open') task.failed = 0
  return enter(task, to)
}

const openAfresh = (task: ModelTask): 'ok' => {
  task.epoch += 1
  task.failed = 0
  task.retryAt = null
  return enter(task, 'open')
}

export const reopen = (task: ModelTask): string => (ends.includes(task.state) ? openAfresh(task) : 'NOT_ALLOWED')

export const retry = (task: ModelTask): string => {
  if (ends.includes(task.state)) return 'TERMINAL'
  const isWaiting = task.state === 'blocked' || (task.state === 'open' && task.failed > 0)
  return isWaiting ? openAfresh(task) : 'NOT_ALLOWED'
}

export const review = (model: Model, task: ModelTask, isGood: boolean): string => {
  if (ends.includes(task.state)) return 'TERMINAL'
  const attempt = liveOf(task)
  if (task.state !== 'in_review' || !attempt) return 'NOT_ALLOWED'
  attempt.state = isGood ? 'accepted' : 'running'
  if (!isGood) attempt.deadline = model.now + fourHours
  return enter(task, isGood ? 'done' : 'changes_requested')
}

/** Whether somebody would wait for himself if the task also waited for the other one. */
export const closesCircle = ({ tasks }: Model, task: number, on: number, kind: string): boolean => {
  const edges = tasks.flatMap(({ waits }, from) => waits.map((wait) => ({ from, ...wait })))
  const pairs = [...edges, { from: task, on, kind }].map((edge) =>
    edge.kind === 'parent' ? { waiter: edge.on, waitedFor: edge.from } : { waiter: edge.from, waitedFor: edge.on },
  )
  const reach = (from: number, seen: ReadonlySet<number>): boolean =>
    pairs
      .filter(({ waiter }) => waiter === from)
      .some(({ waitedFor }) => seen.has(waitedFor) || reach(waitedFor, new Set([...seen, waitedFor])))
  return reach(task, new Set([task])) || reach(on, new Set([on]))
}
