import type { Answer, Ask } from '../../../../shared/contract/asks.ts'
import type { AskId, SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { Tx } from '../../db/tx.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { AskChange, AskRecorder, OpenAsk, TokenHolder } from '../sessions/sessions-service.ts'
import { createPersonQuestions, type AskedPerson, type PersonQuestion, type QuestionDeps } from './person-questions.ts'
import { dropClosedAsks, findAsk, listOpenAsks, listOpenAsksOf, putAsk } from './asks-store.ts'

export interface AsksService {
  /** Open asks, oldest first. */
  list(tx: Tx): Promise<Ask[]>
  answer(
    askId: AskId,
    answer: Answer,
  ): Promise<Result<undefined, 'ALREADY_ANSWERED' | 'ONLY_IN_TERMINAL' | 'NOT_FOUND' | 'INVALID'>>
  /** Takes a hook. The answer to one that asks something comes when somebody answered, here or in the terminal. */
  handleHook(holder: TokenHolder, body: unknown, signal: AbortSignal): Promise<unknown>
  /** Asks the person by a verb and waits until the answer is there or the signal aborts; the question stays open then. */
  askPerson(
    holder: TokenHolder,
    question: PersonQuestion,
    signal: AbortSignal,
  ): Promise<Result<AskedPerson, 'NOT_RUNNING'>>
  /** Drops what was closed long ago. */
  dropOld(tx: Tx, now: number): Promise<void>
  close(): void
}

export type AsksServiceDeps = QuestionDeps

/** Writes asks for the sessions they belong to, in the transaction of the session's own change. */
export const askRecorder: AskRecorder = {
  record: (context, sessionId, change) => recordChange(context, sessionId, change),
  listOpen: async (tx, sessionId) =>
    (await listOpenAsksOf(tx, sessionId)).map(({ ask, call }) => ({
      id: ask.id,
      detail: ask.detail,
      canAnswerHere: ask.canAnswerHere,
      evidence: ask.evidence,
      openedAt: ask.openedAt,
      // Written by the recorder from an OpenAsk, so it is one.
      call: call as OpenAsk['call'],
    })),
}

const recordChange = async (context: CommandContext, sessionId: SessionId, change: AskChange) => {
  const { call, ...shown } = change.ask
  const ask: Ask = { ...shown, sessionId, state: change.kind === 'closed' ? change.state : { kind: 'open' } }
  await putAsk(context.tx, { ask, call })
  await context.emit('asks.changed', ask.id, ask)
}

/** A hook whose answer an agent waits for. */
interface Held {
  readonly body: unknown
  readonly holder: TokenHolder
  readonly release: (answer: unknown) => void
}

/** The agent's own dialog decides. */
const noAnswer = {}

export const createAsksService = (deps: AsksServiceDeps): AsksService => {
  const { sessions, database } = deps
  const questions = createPersonQuestions(deps)
  const held = new Map<AskId, Held>()
  const release = (askId: AskId, answer: unknown) => {
    held.get(askId)?.release(answer)
    held.delete(askId)
  }
  // Answered in the terminal: the agent does not hang up by itself, so its request is let go.
  const stopListening = sessions.onAskChanges((_sessionId, changes) => {
    for (const change of changes) {
      if (change.kind !== 'closed') continue
      release(change.ask.id, noAnswer)
      if (change.state.kind === 'gone') questions.forget(change.ask.id)
    }
  })

  const hold = (holder: TokenHolder, askId: AskId, body: unknown, signal: AbortSignal) =>
    new Promise<unknown>((resolve) => {
      held.set(askId, { body, holder, release: resolve })
      const hangUp = () => {
        if (held.get(askId)?.release !== resolve) return
        release(askId, noAnswer)
        sessions
          .observeHangUp(holder, askId)
          .catch((error: unknown) => deps.log.error({ err: error, ask: askId }, 'a hang-up was not written down'))
      }
      signal.addEventListener('abort', hangUp)
      // It may have been answered, or given up, while it was written down.
      if (!sessions.isAskOpen(holder.sessionId, askId)) release(askId, noAnswer)
      else if (signal.aborted) hangUp()
    })

  return {
    list: async (tx) => (await listOpenAsks(tx)).map(({ ask }) => ask),
    handleHook: async (holder, body, signal) => {
      const reading = await sessions.readHook(holder, body)
      if (!reading) return noAnswer
      const changes = await sessions.observeHook(holder, reading)
      const opened = changes.find((change) => change.kind !== 'closed' && change.ask.canAnswerHere)
      return reading.fact.kind === 'asked' && opened ? hold(holder, opened.ask.id, body, signal) : noAnswer
    },
    answer: async (askId, answer) => {
      const record = await database.read((tx) => findAsk(tx, askId))
      if (!record) return refuse('NOT_FOUND', 'This question is not there any more.')
      const { ask } = record
      if (ask.state.kind !== 'open') return refuse('ALREADY_ANSWERED', overMessage(ask.state))
      const answered = await questions.answer(record, answer)
      if (answered) return answered
      const request = held.get(askId)
      if (!request)
        return refuse('ONLY_IN_TERMINAL', 'The agent takes this answer only in its terminal. Open it and answer there.')
      const reply = await sessions.answerHook(request.holder, { body: request.body, detail: ask.detail, answer })
      if (!reply.ok) return reply
      // Taken out first: the news that the ask is closed lets go of whatever is held for it.
      held.delete(askId)
      const wasOpen = await sessions.observeAnswer(ask.sessionId, askId, wordOf(answer))
      request.release(wasOpen ? reply.value : noAnswer)
      if (!wasOpen) return refuse('ALREADY_ANSWERED', 'It was answered in the terminal a moment ago.')
      return ok(undefined)
    },
    dropOld: dropClosedAsks,
    askPerson: questions.ask,
    close: () => {
      stopListening()
      questions.close()
      for (const askId of held.keys()) release(askId, noAnswer)
    },
  }
}

const overMessage = (state: Exclude<Ask['state'], { kind: 'open' }>) =>
  state.kind === 'answered'
    ? `It was answered ${state.by === 'app' ? 'here' : 'in the terminal'} already (${state.answer}).`
    : `It is over: ${state.why}`

const wordOf = (answer: Answer): string => {
  switch (answer.kind) {
    case 'allow':
      return answer.widerId === null ? 'Allowed' : 'Allowed, and more'
    case 'deny':
      return answer.note ? `Denied: ${answer.note}` : 'Denied'
    case 'choose':
      return Object.values(answer.answers).join('; ')
    default:
      return unreachable(answer)
  }
}
