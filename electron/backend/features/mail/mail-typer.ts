import { setTimeout as delay } from 'node:timers/promises'
import type { AgentId } from '../../../../shared/contract/agents.ts'
import type { Change } from '../../../../shared/contract/changes.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import type { InputPlace } from '../../../../shared/pty-protocol/terminals.ts'
import type { PromptTest } from '../../adapters/agents/prompt-rules.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import type { TerminalsService } from '../terminals/terminals-service.ts'
import type { MailHolder } from './inject-mail.ts'
import type { MailService } from './mail-service.ts'
import { typedInput } from './typed-text-rules.ts'
import { hasGoneOn, isEchoed, judgeTyping, usualPace, type TypingPace } from './typing-rules.ts'

export interface MailTyperDeps {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly onCommit: (listener: (changes: readonly Change[]) => void) => () => void
  readonly mail: Pick<
    MailService,
    'typingWork' | 'takeForTyping' | 'releaseTyped' | 'markInjected' | 'markSubmitted' | 'noteProgress' | 'giveUpTyped'
  >
  readonly sessions: {
    list(tx: Tx): Promise<Session[]>
    find(tx: Tx, id: SessionId): Promise<Session | undefined>
    findOwner(
      tx: Tx,
      id: SessionId,
    ): Promise<{ readonly incarnationId: MailHolder['incarnationId'] | null } | undefined>
  }
  readonly terminals: Pick<TerminalsService, 'inputPlace' | 'typeUnlessTouched'>
  /** Null for an agent at whose prompt nothing may be typed. */
  readonly promptTestOf: (id: AgentId) => PromptTest | null
  readonly pace?: TypingPace
}

export interface MailTyper {
  /** Follows what happens from now on. Not begun where the app itself does not run. */
  start(): void
  /** Looks after every agent that is told of mail by typing. */
  lookAll(): Promise<void>
  /** Looks after one: proves what it took, gives up what it did not, and types the next message if its prompt is quiet. */
  look(id: SessionId): Promise<void>
  close(): Promise<void>
}

/** Several messages that come together are one look. */
const gatherMs = 300
/** What is typed is drawn within milliseconds; a busy program gets this long. */
const echoMs = 3000
const echoEveryMs = 50
/** Some programs take a return right behind pasted text for a part of it. */
const beforeReturnMs = 200
const mostLooksBeforeReturn = 5

/** Types mail at the prompts of agents that can be told in no other way, one message at a time. */
export const createMailTyper = (deps: MailTyperDeps): MailTyper => {
  const due = new Map<SessionId, { readonly at: number; readonly timer: NodeJS.Timeout }>()
  const looks = new Map<SessionId, Promise<void>>()
  let stopListening = () => {}
  let isClosed = false

  const soon = (id: SessionId, ms: number) => {
    const at = performance.now() + ms
    const planned = due.get(id)
    if (isClosed || (planned && planned.at <= at)) return
    clearTimeout(planned?.timer)
    const timer = setTimeout(() => {
      due.delete(id)
      void look(id)
    }, ms)
    timer.unref()
    due.set(id, { at, timer })
  }

  /** One look after the other: two would type at once. */
  const look = (id: SessionId): Promise<void> => {
    const before = looks.get(id) ?? Promise.resolve()
    const next = before.then(async () => {
      if (isClosed) return
      const until = await lookOnce(deps, id).catch((error: unknown) => {
        deps.log.error({ err: error, session: id }, 'mail was not typed')
        return null
      })
      if (until !== null) soon(id, Math.max(0, until - deps.clock.now()))
    })
    looks.set(id, next)
    return next.finally(() => {
      if (looks.get(id) === next) looks.delete(id)
    })
  }

  const lookAll = async () => {
    const sessions = await deps.database.read((tx) => deps.sessions.list(tx))
    const own = sessions.filter(
      ({ agentId, runtime }) => runtime.kind === 'alive' && deps.promptTestOf(agentId) !== null,
    )
    await Promise.all(own.map(({ id }) => look(id)))
  }
  const logFailure = (error: unknown) => deps.log.error({ err: error }, 'nobody was looked after for typed mail')

  const follow = (changes: readonly Change[]) => {
    for (const { topic, payload } of changes) {
      if (topic === 'sessions.changed' && deps.promptTestOf(payload.agentId) !== null) soon(payload.id, gatherMs)
      if (topic !== 'deliveries.changed' || payload.state !== 'queued' || payload.recipient.kind === 'person') continue
      // What was written to a role is for whoever is free.
      if (payload.recipient.sessionId === null) lookAll().catch(logFailure)
      else soon(payload.recipient.sessionId, gatherMs)
    }
  }

  return {
    start: () => {
      stopListening = deps.onCommit(follow)
    },
    lookAll,
    look,
    close: async () => {
      isClosed = true
      stopListening()
      for (const { timer } of due.values()) clearTimeout(timer)
      due.clear()
      await Promise.all(looks.values())
    },
  }
}

interface Reader {
  readonly session: Session
  readonly terminalId: TerminalId
  readonly holder: MailHolder
  readonly isPromptEmpty: PromptTest
}

/** Answers when another look is worth it; null when only news can bring one about. */
const lookOnce = async (deps: MailTyperDeps, id: SessionId): Promise<number | null> => {
  const reader = await findReader(deps, id)
  if (reader === null) return null
  const { session, holder } = reader
  const { unproven } = await deps.mail.typingWork(holder)
  const [first] = unproven.flatMap(({ injectedAt }) => injectedAt ?? []).toSorted((a, b) => a - b)
  if (first !== undefined && hasGoneOn(session, first)) await deps.mail.noteProgress(holder, session.activity.at)
  await deps.mail.giveUpTyped(holder)
  const work = await deps.mail.typingWork(holder)
  const waiting = work.unproven.filter(({ typing }) => typing !== null).flatMap(({ dueAt }) => dueAt ?? [])
  if (waiting.length > 0) return Math.min(...waiting)
  return work.hasDue ? typeNext(deps, reader) : null
}

const findReader = (deps: MailTyperDeps, id: SessionId): Promise<Reader | null> =>
  deps.database.read(async (tx) => {
    const session = await deps.sessions.find(tx, id)
    const isPromptEmpty = session ? deps.promptTestOf(session.agentId) : null
    if (!session || !isPromptEmpty || session.terminalId === null) return null
    const incarnationId = (await deps.sessions.findOwner(tx, id))?.incarnationId ?? null
    if (incarnationId === null) return null
    return { session, terminalId: session.terminalId, holder: { sessionId: id, incarnationId }, isPromptEmpty }
  })

const typeNext = async (deps: MailTyperDeps, reader: Reader): Promise<number | null> => {
  const { session, terminalId, holder } = reader
  const place = await deps.terminals.inputPlace(terminalId)
  const verdict = judgeTyping({
    session,
    place,
    isPromptEmpty: place !== null && reader.isPromptEmpty(place),
    now: deps.clock.now(),
    pace: deps.pace ?? usualPace,
  })
  if (verdict.kind === 'wait' || place === null) return verdict.kind === 'wait' ? verdict.until : null
  const taken = await deps.mail.takeForTyping(holder)
  if (taken === null) return null
  // Between the look and this the person may have begun to type, or the agent to work: then nothing is written.
  const typed = await deps.terminals.typeUnlessTouched({
    terminalId,
    data: typedInput(taken.text, place.takesPaste),
    inputs: place.inputs,
    outputUnits: place.outputUnits,
  })
  if (!typed?.isWritten) {
    await deps.mail.releaseTyped(holder, taken.deliveryId)
    return deps.clock.now() + gatherMs
  }
  // Before it is sent off: what the agent does from then on is the proof, once it was sent off.
  await deps.mail.markInjected(holder, [taken.deliveryId])
  // Where this is not written down for once, it is told again.
  if (await pressReturn(deps, terminalId, taken.text, typed.inputs))
    await deps.mail.markSubmitted(holder, taken.deliveryId)
  return deps.clock.now() + gatherMs
}

/** It is seen a second time right before: a dialog drawn in between would take the return for its answer. */
const pressReturn = async (
  deps: Pick<MailTyperDeps, 'terminals'>,
  terminalId: TerminalId,
  text: string,
  inputs: number,
): Promise<boolean> => {
  if ((await waitForEcho(deps, terminalId, text, inputs)) === null) return false
  await delay(beforeReturnMs)
  // A prompt that is drawn again in that very moment gets another look.
  for (let looks = 0; looks < mostLooksBeforeReturn; looks += 1) {
    const place = await waitForEcho(deps, terminalId, text, inputs)
    if (place === null) return false
    const { outputUnits } = place
    const returned = await deps.terminals.typeUnlessTouched({ terminalId, data: '\r', inputs, outputUnits })
    if (!returned || returned.isWritten) return returned !== null
  }
  return false
}

/** A return is pressed only where the text is seen to stand at the prompt, and nobody typed behind it. */
const waitForEcho = async (
  deps: Pick<MailTyperDeps, 'terminals'>,
  terminalId: TerminalId,
  text: string,
  inputs: number,
): Promise<InputPlace | null> => {
  const end = performance.now() + echoMs
  for (;;) {
    const place: InputPlace | null = await deps.terminals.inputPlace(terminalId)
    if (place === null || place.inputs !== inputs) return null
    if (isEchoed(place, text)) return place
    if (performance.now() > end) return null
    await delay(echoEveryMs)
  }
}
