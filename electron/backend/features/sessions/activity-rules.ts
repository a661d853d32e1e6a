import type { Ask, AskDetail } from '../../../../shared/contract/asks.ts'
import type { Activity } from '../../../../shared/contract/sessions.ts'
import type { AskId } from '../../../../shared/lib/ids.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { mainWorker, verbWorker, type HookFact, type ToolCall } from '../../adapters/agents/observation-rules.ts'

type Evidence = Activity['evidence']

/** Something the agent waits for, as long as it waits. */
export interface OpenAsk {
  readonly id: AskId
  readonly detail: AskDetail
  readonly canAnswerHere: boolean
  readonly evidence: Evidence
  readonly openedAt: number
  /** The call it is about; null for a wait that was only seen. */
  readonly call: ToolCall | null
}

/** What is known of one running agent. */
export interface Watch {
  readonly base: { readonly kind: 'working' | 'idle' | 'unknown'; readonly evidence: Evidence; readonly at: number }
  /** When a hook last said something about the state. */
  readonly heardAt: number
  /** When an ask was last opened or closed. */
  readonly askedAt: number
  /** Calls that began and have not ended, oldest first. */
  readonly calls: readonly ToolCall[]
  /** Oldest first. */
  readonly asks: readonly OpenAsk[]
  /** A prompt was given at the start, and nothing has been heard of it yet. */
  readonly isPromptGiven: boolean
}

export type Observation =
  | { readonly kind: 'hook'; readonly fact: HookFact; readonly evidence: string }
  | { readonly kind: 'status'; readonly reading: StatusReading }
  | {
      readonly kind: 'title'
      readonly reading: { readonly kind: 'working' | 'waiting' | 'idle'; readonly detail: string }
    }
  /** The person answered in the app. */
  | { readonly kind: 'answered'; readonly askId: AskId; readonly answer: string }
  /** The agent no longer listens for an answer of ours. */
  | { readonly kind: 'no-longer-held'; readonly askId: AskId }
  /** Nothing was heard of the prompt given at the start for so long that it says nothing any more. */
  | { readonly kind: 'prompt-unheard' }
  | { readonly kind: 'process-started' }
  | { readonly kind: 'process-ended'; readonly why: string }

export interface StatusReading {
  readonly status: 'idle' | 'busy' | 'waiting'
  readonly waitingFor: string | null
  readonly changedAt: number
  readonly readAt: number
}

export type AskChange =
  | { readonly kind: 'opened' | 'updated'; readonly ask: OpenAsk }
  | { readonly kind: 'closed'; readonly ask: OpenAsk; readonly state: Exclude<Ask['state'], { kind: 'open' }> }

export interface Observed {
  readonly watch: Watch
  readonly changes: readonly AskChange[]
}

/**
 * A status file is rewritten within 100 ms of the change. A reading taken this long after everything else that was heard
 * is therefore the newest word, whatever the times in it say.
 */
export const settledMs = 2000
/** Calls whose end was never heard must not pile up; agents run a handful side by side. */
const mostCalls = 50

export const newWatch = (at: number, isPromptGiven = false): Watch => ({
  base: { kind: 'unknown', evidence: { source: 'process', detail: 'Started' }, at },
  heardAt: 0,
  askedAt: 0,
  calls: [],
  asks: [],
  isPromptGiven,
})

/**
 * The next state of knowledge. `needs-you` begins only with a permission, a question or a wait the agent itself names,
 * and ends only with its answer, or with news that cannot be true while the agent waits.
 */
export const observe = (watch: Watch, observation: Observation, at: number, newAskId: () => AskId): Observed => {
  switch (observation.kind) {
    case 'hook':
      return observeHook(watch, observation, at, newAskId)
    case 'status':
      return observeStatus(watch, observation.reading, at, newAskId)
    case 'title':
      return observeTitle(watch, observation.reading, at, newAskId)
    case 'answered':
      return answerAsk(watch, observation, at)
    case 'no-longer-held':
      return releaseAsk(watch, observation.askId)
    case 'prompt-unheard':
      return { watch: watch.isPromptGiven ? forgetPrompt(watch, at) : watch, changes: [] }
    case 'process-started':
      return { watch: newWatch(at), changes: [] }
    case 'process-ended':
      return closeAsks(
        {
          ...watch,
          calls: [],
          base: { kind: 'unknown', evidence: { source: 'process', detail: observation.why }, at },
        },
        at,
        { which: () => true, state: { kind: 'gone', why: observation.why, at } },
      )
    default:
      return unreachable(observation)
  }
}

/** The activity as it is shown. */
export const activityOf = (watch: Watch): Activity => {
  const [ask] = watch.asks
  return ask
    ? { kind: 'needs-you', reason: reasonOf(ask.detail), evidence: ask.evidence, at: ask.openedAt }
    : { kind: watch.base.kind, reason: null, evidence: watch.base.evidence, at: watch.base.at }
}

const reasonOf = (detail: AskDetail): string => {
  switch (detail.kind) {
    case 'permission':
      if (detail.edit) return 'Permission to edit a file'
      return detail.toolName === 'Bash' ? 'Permission to run a command' : `Permission to use ${detail.toolName}`
    case 'question':
      return detail.questions.length === 1 ? 'A question' : `${detail.questions.length} questions`
    case 'plan':
      return 'A plan to approve'
    case 'terminal':
      return detail.what
    default:
      return unreachable(detail)
  }
}

const observeHook = (
  watch: Watch,
  { fact, evidence }: { fact: HookFact; evidence: string },
  at: number,
  newAskId: () => AskId,
): Observed => {
  if (fact.kind === 'other') return { watch, changes: [] }
  const heard: Watch = { ...watch, heardAt: at, isPromptGiven: false }
  const by: Evidence = { source: 'hook', detail: evidence }
  const working = () => withBase(heard, 'working', by, at)
  const answered = { kind: 'answered', by: 'terminal', answer: 'Answered', at } as const
  switch (fact.kind) {
    case 'session-started':
      if (fact.how === 'compacted' || (fact.how !== 'cleared' && watch.base.kind !== 'unknown'))
        return { watch: { ...heard, isPromptGiven: watch.isPromptGiven }, changes: [] }
      if (fact.how === 'started' && watch.isPromptGiven)
        return { watch: { ...withBase(heard, 'working', promptGiven, at), isPromptGiven: true }, changes: [] }
      return { watch: withBase(heard, 'idle', by, at), changes: [] }
    case 'turn-began':
    case 'busy':
      return { watch: working(), changes: [] }
    case 'tool-began':
      return { watch: { ...working(), calls: [...watch.calls, fact.call].slice(-mostCalls) }, changes: [] }
    case 'tool-ended':
      return closeAsks({ ...working(), calls: watch.calls.filter((call) => !isSameCall(call, fact.call)) }, at, {
        which: (ask) => ask.call !== null && isSameCall(ask.call, fact.call),
        state: { ...answered, answer: 'Allowed' },
      })
    case 'step-ended':
      return closeAsks({ ...heard, calls: watch.calls.filter((call) => call.worker !== fact.worker) }, at, {
        which: (ask) => ask.call?.worker === fact.worker,
        state: answered,
      })
    case 'asked':
      return openAsk(working(), { ...fact, evidence: by, call: knownCall(watch, fact.call) }, at, newAskId)
    case 'ask-answered':
      return closeAsks(heard, at, { which: (ask) => ask.call?.toolName === '', state: answered })
    case 'turn-ended':
      return closeAsks(
        {
          ...withBase(heard, fact.othersWork ? 'working' : 'idle', by, at),
          calls: watch.calls.filter((call) => call.worker !== mainWorker),
        },
        at,
        { which: isOfMain, state: answered },
      )
    case 'session-ended':
      return closeAsks(withBase(heard, 'unknown', by, at), at, {
        which: () => true,
        state: { kind: 'gone', why: 'The agent ended.', at },
      })
    default:
      return unreachable(fact)
  }
}

/** A permission does not name its call, so it is the newest one begun with the same tool and input that nobody asked about. */
const knownCall = (watch: Watch, asked: ToolCall): ToolCall => {
  const free = watch.calls.filter(
    (call) =>
      call.worker === asked.worker &&
      call.toolName === asked.toolName &&
      !watch.asks.some((ask) => ask.call !== null && ask.call.toolUseId === call.toolUseId),
  )
  const found = free.findLast((call) => call.print === asked.print) ?? free.at(-1)
  return found ? { ...asked, toolUseId: found.toolUseId } : asked
}

const isOfMain = (ask: OpenAsk) => (ask.call?.worker ?? mainWorker) === mainWorker
/** Asked by a verb: open until it is answered in the app, or the agent ends. */
export const isByVerb = (ask: Pick<OpenAsk, 'call'>) => ask.call?.worker === verbWorker
const isByAgent = (ask: OpenAsk) => !isByVerb(ask)

const isSameCall = (a: ToolCall, b: ToolCall) =>
  a.toolUseId !== null && b.toolUseId !== null
    ? a.toolUseId === b.toolUseId
    : a.worker === b.worker && a.toolName === b.toolName

const observeStatus = (watch: Watch, reading: StatusReading, at: number, newAskId: () => AskId): Observed => {
  const by: Evidence = { source: 'status-file', detail: reading.waitingFor ?? reading.status }
  const isSettled = reading.readAt - Math.max(watch.heardAt, watch.askedAt, reading.changedAt) >= settledMs
  const isNewer = reading.changedAt >= watch.heardAt
  switch (reading.status) {
    case 'waiting': {
      // An ask is told by its hook, at once and with all about it. A wait without one is believed when nothing else was
      // heard for a while: the wait that was just answered stays in the file for a moment.
      const isQuiet = reading.readAt - Math.max(watch.heardAt, watch.askedAt) >= settledMs
      if (watch.asks.some(isByAgent) || !isQuiet) return { watch, changes: [] }
      const detail = { kind: 'terminal', what: sentence(reading.waitingFor ?? 'Input needed') } as const
      return openAsk(watch, { detail, canAnswerHere: false, evidence: by, call: null }, at, newAskId)
    }
    case 'idle':
      // The agent is idle for a moment between its start and the prompt it was started with.
      if (!isSettled && (!isNewer || watch.isPromptGiven)) return { watch, changes: [] }
      return closeAsks(withBase({ ...watch, isPromptGiven: false }, 'idle', by, at), at, {
        which: (ask) => isByAgent(ask) && (isSettled || reading.changedAt >= ask.openedAt),
        state: { kind: 'answered', by: 'terminal', answer: 'Declined', at },
      })
    case 'busy':
      if (!isNewer && !isSettled) return { watch, changes: [] }
      // With several asks open, one of them was answered; which one, its own hooks tell. A subagent asks and waits while
      // the session stays busy, so its asks are closed by hooks alone.
      return closeAsks(withBase({ ...watch, isPromptGiven: false }, 'working', by, at), at, {
        which: (ask) =>
          isOfMain(ask) &&
          (isSettled || (watch.asks.filter(isByAgent).length === 1 && reading.changedAt > ask.openedAt)),
        state: { kind: 'answered', by: 'terminal', answer: 'Answered', at },
      })
    default:
      return unreachable(reading.status)
  }
}

const observeTitle = (
  watch: Watch,
  reading: { readonly kind: 'working' | 'waiting' | 'idle'; readonly detail: string },
  at: number,
  newAskId: () => AskId,
): Observed => {
  const by: Evidence = { source: 'title', detail: reading.detail }
  if (reading.kind !== 'waiting') {
    return closeAsks(withBase(watch, reading.kind, by, at), at, {
      which: isByAgent,
      state: { kind: 'answered', by: 'terminal', answer: 'Answered', at },
    })
  }
  if (watch.asks.some(isByAgent)) return { watch, changes: [] }
  const detail = { kind: 'terminal', what: sentence(reading.detail) } as const
  return openAsk(watch, { detail, canAnswerHere: false, evidence: by, call: null }, at, newAskId)
}

const promptGiven: Evidence = { source: 'person', detail: 'Prompt given at start' }

const forgetPrompt = (watch: Watch, at: number): Watch => {
  const evidence: Evidence = { source: 'process', detail: 'Nothing was heard of its prompt' }
  return { ...withBase(watch, 'unknown', evidence, at), isPromptGiven: false }
}

const withBase = (watch: Watch, kind: Watch['base']['kind'], evidence: Evidence, at: number): Watch =>
  // The evidence of a state is what began it, so that its age is the age of the state.
  watch.base.kind === kind ? watch : { ...watch, base: { kind, evidence, at } }

/** Opens an ask; a wait that was only seen becomes the ask that explains it. */
const openAsk = (
  watch: Watch,
  ask: Pick<OpenAsk, 'detail' | 'canAnswerHere' | 'evidence' | 'call'>,
  at: number,
  newAskId: () => AskId,
): Observed => {
  const seen = ask.call && !isByVerb(ask) ? watch.asks.find((open) => open.call === null) : undefined
  const opened: OpenAsk = {
    id: seen?.id ?? newAskId(),
    detail: ask.detail,
    canAnswerHere: ask.canAnswerHere,
    evidence: ask.evidence,
    openedAt: seen?.openedAt ?? at,
    call: ask.call,
  }
  return {
    watch: { ...watch, askedAt: at, asks: [...watch.asks.filter((open) => open.id !== opened.id), opened] },
    changes: [{ kind: seen ? 'updated' : 'opened', ask: opened }],
  }
}

const closeAsks = (
  watch: Watch,
  at: number,
  { which, state }: { which: (ask: OpenAsk) => boolean; state: Exclude<Ask['state'], { kind: 'open' }> },
): Observed => {
  const closed = watch.asks.filter(which)
  if (closed.length === 0) return { watch, changes: [] }
  return {
    watch: { ...watch, askedAt: at, asks: watch.asks.filter((ask) => !which(ask)) },
    changes: closed.map((ask) => ({ kind: 'closed', ask, state })),
  }
}

/** An answered agent goes on: that is news of its own, with its own time. */
const answerAsk = (watch: Watch, { askId, answer }: { askId: AskId; answer: string }, at: number): Observed => {
  const base = { kind: 'working', evidence: { source: 'person', detail: 'Answered here' }, at } as const
  return closeAsks(watch.asks.some((ask) => ask.id === askId) ? { ...watch, base } : watch, at, {
    which: (ask) => ask.id === askId,
    state: { kind: 'answered', by: 'app', answer, at },
  })
}

const releaseAsk = (watch: Watch, askId: AskId): Observed => {
  const held = watch.asks.find((ask) => ask.id === askId && ask.canAnswerHere)
  if (!held) return { watch, changes: [] }
  const ask = { ...held, canAnswerHere: false }
  return {
    watch: { ...watch, asks: watch.asks.map((open) => (open.id === askId ? ask : open)) },
    changes: [{ kind: 'updated', ask }],
  }
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
