import type { Candidate, MergeEntry, MergeQueue, QueueHold, QueueRun } from '../../../../shared/contract/queue-rows.ts'
import type { CheckRunId, MergeEntryId, MergeId } from '../../../../shared/lib/ids.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { EntryChange, QueueChange } from './queue-states-rules.ts'

/** One queue and everything of it that has not ended, in its order. */
export interface QueueState {
  readonly queue: MergeQueue
  readonly entries: readonly MergeEntry[]
}

/** What is to be done with a queue next. */
export type Step =
  | { readonly kind: 'rest' }
  /** Nothing can be done, and that must be said. */
  | { readonly kind: 'hold'; readonly hold: Omit<QueueHold, 'since'> }
  /** Make a commit of each, one on the other. */
  | { readonly kind: 'build'; readonly entries: readonly MergeEntry[] }
  | { readonly kind: 'check'; readonly run: QueueRun }
  /** The target has moved: what was built stands on nothing. */
  | { readonly kind: 'rebuild' }
  | { readonly kind: 'land'; readonly entry: MergeEntry; readonly candidate: Candidate }

/** What is to change, written in one transaction. */
export interface Changes {
  readonly queue?: QueueChange
  readonly entries?: readonly (EntryChange & { readonly id: MergeEntryId })[]
}

/** `tip` is where the target is now; null when there is no such branch. */
export const nextStep = (state: QueueState, tip: string | null): Step => {
  const { queue, entries } = state
  const landing = entries.find((entry) => entry.state === 'merging')
  // Before all else, and though the queue is held by a person: what was begun is brought to its end.
  if (landing?.candidate) return { kind: 'land', entry: landing, candidate: landing.candidate }
  if (queue.hold?.by === 'person') return { kind: 'rest' }
  const batch = takeBatch(state)
  if (tip === null) {
    if (queue.run) return { kind: 'rebuild' }
    return batch.length === 0 ? { kind: 'rest' } : { kind: 'hold', hold: goneTarget(queue.target) }
  }
  if (queue.run) return queue.run.base === tip ? { kind: 'check', run: queue.run } : { kind: 'rebuild' }
  if (batch.length === 0) return { kind: 'rest' }
  if (queue.hold?.cause === 'target-fails' && queue.hold.tip === tip) return { kind: 'hold', hold: queue.hold }
  return { kind: 'build', entries: batch }
}

const goneTarget = (target: string): Omit<QueueHold, 'since'> => ({
  by: 'queue',
  cause: 'target-gone',
  reason: `There is no branch ${target} any more. Bring it back, or withdraw what waits for it.`,
  tip: null,
})

/** Of a batch that failed, half is tried next, so that whoever is to blame is found; else as many as go together. */
export const takeBatch = ({ queue, entries }: QueueState): readonly MergeEntry[] => {
  const waiting = entries.filter((entry) => entry.state === 'waiting')
  const suspects = waiting.filter((entry) => entry.isSuspect)
  return suspects.length > 0
    ? suspects.slice(0, Math.ceil(suspects.length / 2))
    : waiting.slice(0, Math.max(1, queue.batchSize))
}

/**
 * What became of one entry of a batch. A refusal that came of the entries before it in the batch (`ofTarget` false) is none
 * yet: they may fail, and then it never was one. It is tried again with the next batch, nearer to the target itself.
 */
export type BuildOutcome = { readonly id: MergeEntryId } & (
  | { readonly kind: 'prepared'; readonly candidate: Candidate }
  | { readonly kind: 'conflicts'; readonly paths: readonly string[]; readonly ofTarget: boolean }
  | { readonly kind: 'contained'; readonly ofTarget: boolean }
  | { readonly kind: 'refused'; readonly reason: string; readonly ofTarget: boolean }
  | { readonly kind: 'moved'; readonly to: string | null }
)

export interface Built {
  /** The target's tip they were built on. */
  readonly base: string
  readonly outcomes: readonly BuildOutcome[]
}

const inState = ({ entries }: QueueState, ids: readonly MergeEntryId[], state: MergeEntry['state']) =>
  entries.filter((entry) => entry.state === state && ids.includes(entry.id))

/** Whoever was put aside meanwhile, by a person, stays so; and a chain that it is part of is not checked. */
export const afterBuild = (state: QueueState, { base, outcomes }: Built, now: number): Changes => {
  const waiting = new Map(
    inState(
      state,
      outcomes.map(({ id }) => id),
      'waiting',
    ).map((entry) => [entry.id, entry]),
  )
  const decided = outcomes.flatMap((outcome) => {
    const entry = waiting.get(outcome.id)
    const change = entry ? changeFor(outcome, entry, state.queue.target) : null
    return change ? [{ ...change, id: outcome.id }] : []
  })
  const prepared = outcomes.flatMap((outcome) => (outcome.kind === 'prepared' ? [outcome] : []))
  const last = prepared.at(-1)?.candidate
  const isWhole = prepared.every(({ id }) => waiting.has(id)) && state.queue.hold?.by !== 'person'
  if (!last || !isWhole || state.queue.run) return { queue: { ...onWithIt(state) }, entries: decided }
  const run: QueueRun = {
    of: 'batch',
    entryIds: prepared.map(({ id }) => id),
    commit: last.commit,
    tree: last.tree,
    base,
    round: 1,
    startedAt: now,
    progress: null,
  }
  const checking = prepared.map(({ id, candidate }) => ({ id, candidate, state: 'checking' as const, reason: null }))
  return { queue: { ...onWithIt(state), run }, entries: [...decided, ...checking] }
}

/** Something went well, so what the queue itself was held for is over. */
const onWithIt = ({ queue }: QueueState): QueueChange => (queue.hold?.by === 'queue' ? { hold: null } : {})

const changeFor = (outcome: BuildOutcome, entry: MergeEntry, target: string): EntryChange | null => {
  switch (outcome.kind) {
    case 'prepared':
      return null
    case 'conflicts':
      return outcome.ofTarget
        ? { state: 'conflicted', conflicts: [...outcome.paths], reason: conflictReason(outcome.paths, target) }
        : waits(entry, 'It conflicts with an entry ahead of it, and waits for what becomes of that.')
    case 'contained':
      return outcome.ofTarget
        ? { state: 'merged', reason: `${target} has all of it already.` }
        : waits(entry, 'An entry ahead of it has all of it.')
    case 'refused':
      return outcome.ofTarget
        ? { state: 'failed', reason: outcome.reason }
        : waits(entry, 'It cannot stand on the entries ahead of it, and waits for what becomes of them.')
    case 'moved':
      return { state: 'moved', movedTo: outcome.to, reason: movedReason(entry, outcome.to) }
    default:
      return unreachable(outcome)
  }
}

/** Null when it says so already: that it still waits is no news. */
const waits = (entry: MergeEntry, reason: string): EntryChange | null => (entry.reason === reason ? null : { reason })

export const movedReason = ({ branch, head }: MergeEntry, to: string | null): string =>
  to === null
    ? `${branch ?? 'The branch'} was deleted after it was queued. Withdraw it, or bring the branch back and queue it again.`
    : `${branch ?? 'The branch'} has moved on from ${head.slice(0, 8)} to ${to.slice(0, 8)} since it was queued. Look at what is new, then queue that.`

const conflictReason = (paths: readonly string[], target: string): string => {
  const [first, ...others] = paths
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `Conflicts with ${target} in ${first ?? 'its files'}${more}. Take ${target} into the branch, then queue it again.`
}

export type Verdict = { readonly kind: 'passed' } | { readonly kind: 'failed'; readonly failed: readonly FailedGate[] }

export interface FailedGate {
  readonly name: string
  readonly run: CheckRunId | null
}

const andList = (gates: readonly FailedGate[]): string => gates.map(({ name }) => name).join(', ')

/** Nothing, when the run it is about is not the queue's any more. */
export const afterGates = (state: QueueState, checked: QueueRun, verdict: Verdict, now: number): Changes => {
  const { run } = state.queue
  if (!run || run.commit !== checked.commit || run.of !== checked.of || run.round !== checked.round) return {}
  const batch = inState(state, run.entryIds, 'checking')
  if (verdict.kind === 'failed' && run.round === 1)
    return { queue: { run: { ...run, round: 2, startedAt: now, progress: null } }, entries: counted(batch) }
  if (run.of === 'target') return afterTargetGates(state, batch, run, verdict)
  if (verdict.kind === 'passed')
    return {
      queue: { ...onWithIt(state), run: null },
      entries: counted(batch).map((change) => ({ ...change, state: 'merging', reason: passedReason(run) })),
    }
  const [alone, ...others] = batch
  if (alone && others.length === 0) {
    // Before it is blamed: does the target itself pass? Mostly that is known, for it was checked when it landed.
    const { candidate } = alone
    const commit = candidate?.base ?? run.base
    const target: QueueRun = { ...run, of: 'target', commit, tree: '', round: 1, startedAt: now, progress: null }
    const failedRun = verdict.failed[0]?.run ?? null
    const blamed = { id: alone.id, rounds: alone.rounds + 1, reason: failedReason(verdict), failedRun }
    return { queue: { run: target }, entries: [blamed] }
  }
  const reason = `A batch of ${batch.length} failed ${andList(verdict.failed)}; fewer are tried together.`
  const inBatch = new Set(batch.map(({ id }) => id))
  const cleared = state.entries.filter((entry) => entry.isSuspect && !inBatch.has(entry.id))
  return {
    queue: { ...onWithIt(state), run: null },
    entries: [
      ...counted(batch).map((change) => ({ ...change, state: 'waiting' as const, isSuspect: true, reason })),
      ...cleared.map(({ id }) => ({ id, isSuspect: false })),
    ],
  }
}

const counted = (batch: readonly MergeEntry[]) => batch.map(({ id, rounds }) => ({ id, rounds: rounds + 1 }))

const passedReason = ({ round }: QueueRun): string | null =>
  round === 2 ? 'A gate failed, and passed when it was run again.' : null

const failedReason = ({ failed }: Extract<Verdict, { kind: 'failed' }>): string =>
  `Fails ${andList(failed)}, twice. Mend it, then queue it again.`

const afterTargetGates = (
  state: QueueState,
  batch: readonly MergeEntry[],
  run: QueueRun,
  verdict: Verdict,
): Changes => {
  if (verdict.kind === 'passed')
    return {
      queue: { ...onWithIt(state), run: null },
      entries: [
        ...batch.map(({ id }) => ({ id, state: 'failed' as const })),
        ...suspectsBut(state, batch).map(({ id }) => ({ id, isSuspect: false })),
      ],
    }
  const { target } = state.queue
  const reason = `${target} itself fails ${andList(verdict.failed)}. Mend it there; the queue goes on once ${target} has moved.`
  return {
    queue: { run: null, hold: { by: 'queue', cause: 'target-fails', reason, tip: run.commit, since: run.startedAt } },
    entries: batch.map(({ id }) => ({ id, state: 'waiting', reason: null })),
  }
}

const suspectsBut = ({ entries }: QueueState, batch: readonly MergeEntry[]) =>
  entries.filter((entry) => entry.isSuspect && !batch.some(({ id }) => id === entry.id))

/** What was built is given up; the entries wait again, in their places. */
export const rebuild = ({ queue, entries }: QueueState): Changes => ({
  ...(queue.run ? { queue: { run: null } } : {}),
  entries: entries
    .filter((entry) => entry.state === 'checking' || entry.state === 'merging')
    .map(({ id }) => ({ id, state: 'waiting', reason: null })),
})

export type LandOutcome =
  | { readonly kind: 'landed'; readonly mergeId: MergeId | null }
  /** The target is not where it was; or what was made for it is gone. */
  | { readonly kind: 'outdated' }
  | { readonly kind: 'moved'; readonly to: string | null }
  | { readonly kind: 'obstacle'; readonly cause: 'checkout' | 'trouble'; readonly reason: string }

export const afterLand = (state: QueueState, id: MergeEntryId, outcome: LandOutcome, now: number): Changes => {
  const entry = state.entries.find((each) => each.id === id && each.state === 'merging')
  if (!entry) return {}
  switch (outcome.kind) {
    case 'landed':
      return { queue: onWithIt(state), entries: [{ id, state: 'merged', mergeId: outcome.mergeId }] }
    case 'outdated':
      return { ...rebuild(state), queue: onWithIt(state) }
    case 'moved': {
      const others = rebuild(state).entries?.filter((change) => change.id !== id) ?? []
      const moved = { id, state: 'moved' as const, movedTo: outcome.to, reason: movedReason(entry, outcome.to) }
      return { queue: onWithIt(state), entries: [moved, ...others] }
    }
    case 'obstacle':
      return held(state, { by: 'queue', cause: outcome.cause, reason: outcome.reason, tip: null }, now)
    default:
      return unreachable(outcome)
  }
}

/** Nothing when it is held for just that already, or by a person: whoever stopped it need not know what else is in its way. */
export const held = ({ queue }: QueueState, hold: Omit<QueueHold, 'since'>, now: number): Changes => {
  const { hold: before } = queue
  if (before?.by === 'person' || (before?.cause === hold.cause && before.reason === hold.reason)) return {}
  return { queue: { hold: { ...hold, since: now } } }
}
