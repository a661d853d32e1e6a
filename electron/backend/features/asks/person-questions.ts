import type { Answer, Ask } from '../../../../shared/contract/asks.ts'
import type { AskId, SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { printOf, verbWorker, type HookReading } from '../../adapters/agents/observation-rules.ts'
import type { Database } from '../../db/database.ts'
import { historyOf } from '../../kernel/events-store.ts'
import type { Log } from '../../kernel/log.ts'
import type { SessionsService, TokenHolder } from '../sessions/sessions-service.ts'
import { findAskOfCall, type AskRecord } from './asks-store.ts'

export interface PersonQuestion {
  readonly question: string
  /** To choose from; the person may also answer in words. */
  readonly options: readonly string[]
  /** A repeat of the call asks no second time. */
  readonly requestId: string
}

export interface AskedPerson {
  readonly askId: AskId
  /** Null when the person has not answered yet. */
  readonly answer: string | null
  /** The number of the event that recorded the question, or its answer. */
  readonly seq: number
}

export interface QuestionDeps {
  readonly database: Database
  readonly sessions: SessionsService
  readonly log: Log
  /** Tells an answer to a session that no longer waits for it. */
  readonly tellAnswer: (
    sessionId: SessionId,
    told: { readonly question: string; readonly answer: string },
  ) => Promise<void>
}

/** Questions that agents ask by a verb. They stay open until the person answers, whether or not anybody still waits. */
export const createPersonQuestions = (deps: QuestionDeps) => {
  const { sessions, database } = deps
  const waiting = new Map<AskId, (answer: string | null) => void>()
  const opening = new Map<string, Promise<AskId | null>>()

  /** A repeat that comes while the first one is being written down asks no second time. */
  const openOnce = (holder: TokenHolder, toolUseId: string, question: PersonQuestion) => {
    const opened = opening.get(toolUseId) ?? open(sessions, holder, { ...question, toolUseId })
    opening.set(toolUseId, opened)
    return opened.finally(() => opening.delete(toolUseId))
  }

  const wait = (askId: AskId, signal: AbortSignal) =>
    new Promise<string | null>((resolve) => {
      // A repeated call takes the place of the one whose connection was lost.
      waiting.get(askId)?.(null)
      const settle = (answer: string | null) => {
        if (waiting.get(askId) === settle) waiting.delete(askId)
        signal.removeEventListener('abort', giveUp)
        resolve(answer)
      }
      const giveUp = () => settle(null)
      waiting.set(askId, settle)
      signal.addEventListener('abort', giveUp)
      if (signal.aborted) giveUp()
    })

  return {
    ask: async (
      holder: TokenHolder,
      question: PersonQuestion,
      signal: AbortSignal,
    ): Promise<Result<AskedPerson, 'NOT_RUNNING'>> => {
      const toolUseId = `verb:${holder.sessionId}:${question.requestId}`
      const before = await database.read((tx) => findAskOfCall(tx, holder.sessionId, toolUseId))
      const askId = before?.ask.id ?? (await openOnce(holder, toolUseId, question))
      if (askId === null)
        return refuse(
          'NOT_RUNNING',
          'This process of the session has been replaced by a newer one, which speaks for it.',
        )
      const known = before && answerOf(before.ask)
      const answer = known ?? (before && before.ask.state.kind !== 'open' ? null : await wait(askId, signal))
      const [event] = await database.read((tx) => historyOf(tx, askId, { before: null, limit: 1 }))
      return ok({ askId, answer, seq: event?.seq ?? 0 })
    },
    /** The person's answer to one of these; null for an ask of another kind. */
    answer: async (
      { ask, call }: AskRecord,
      answer: Answer,
    ): Promise<Result<undefined, 'ALREADY_ANSWERED' | 'INVALID'> | null> => {
      if (!isByVerb(call) || ask.detail.kind !== 'question') return null
      const text = textOf(answer)
      if (text === null) return refuse('INVALID', 'Choose an answer, or write one.')
      if (!(await sessions.observeAnswer(ask.sessionId, ask.id, text)))
        return refuse('ALREADY_ANSWERED', 'It was answered a moment ago.')
      const settle = waiting.get(ask.id)
      if (settle) settle(text)
      else await deps.tellAnswer(ask.sessionId, { question: ask.detail.questions[0]?.question ?? '', answer: text })
      return ok(undefined)
    },
    /** It is over without an answer: the agent has ended. */
    forget: (askId: AskId) => waiting.get(askId)?.(null),
    close: () => {
      for (const settle of waiting.values()) settle(null)
    },
  }
}

const open = async (
  sessions: SessionsService,
  holder: TokenHolder,
  { question, options, toolUseId }: PersonQuestion & { readonly toolUseId: string },
): Promise<AskId | null> => {
  const labels = [...new Set(options)].map((label) => ({ label, description: '' }))
  const reading: HookReading = {
    fact: {
      kind: 'asked',
      call: { worker: verbWorker, toolUseId, toolName: 'ask-human', print: printOf(question) },
      detail: { kind: 'question', questions: [{ question, header: '', multiSelect: false, options: labels }] },
      canAnswerHere: true,
    },
    evidence: 'ask-human',
    conversation: null,
    usage: null,
  }
  const changes = await sessions.observeHook(holder, reading)
  return changes.find(({ kind, ask }) => kind === 'opened' && ask.call?.toolUseId === toolUseId)?.ask.id ?? null
}

// As it was written from the call of an open ask.
const isByVerb = (call: unknown) => (call as { readonly worker?: unknown } | null)?.worker === verbWorker

const answerOf = ({ state }: Ask): string | null => (state.kind === 'answered' ? state.answer : null)

const textOf = (answer: Answer): string | null => {
  switch (answer.kind) {
    case 'choose':
      return Object.values(answer.answers).join('; ').trim() || null
    case 'deny':
      return answer.note ? `The person will not answer: ${answer.note}` : 'The person will not answer this.'
    case 'allow':
      return null
    default:
      return unreachable(answer)
  }
}
