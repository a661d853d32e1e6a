import type { DeliveryId } from '../../../../shared/lib/ids.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { GuardAnswer, GuardHook } from '../../adapters/agents/guard-hook-rules.ts'
import { mainWorker } from '../../adapters/agents/observation-rules.ts'
import { recordRefusal, type Tried } from '../../kernel/record-refusal.ts'
import type { TokenHolder } from '../sessions/sessions-service.ts'
import { keepSummary } from './keep-summary.ts'
import { createGuard, findEditedFiles, type EditedFile, type GuardedHook } from './guard-calls.ts'
import type { HooksDeps } from './hook-parts.ts'
import { pathInRepository } from './places-rules.ts'
import type { createHookRecorder } from './record-hooks.ts'

/** What Claude Code takes from one hook without cutting it, for the brief and the mail together. */
const mostContext = 8000
/** Leaves room for one message at least. */
const mostBrief = 6000
/** Calls whose end is still to come; an agent runs a handful side by side. */
const mostCalls = 500

export interface Said {
  readonly answer: GuardAnswer
  /** Messages that the answer carries. */
  readonly deliveryIds: readonly DeliveryId[]
}

const nothing: Said = { answer: { kind: 'nothing' }, deliveryIds: [] }

type Hook = Exclude<GuardHook, { kind: 'other' }>

/** What is said to each hook. */
export const createHookAnswers = (deps: HooksDeps, recorder: ReturnType<typeof createHookRecorder>) => {
  const guard = createGuard(deps)
  /** Edits that were judged, with the files they are of: those of a call stay the same to its end. */
  const checkedCalls = new Map<string, readonly EditedFile[]>()
  const callOf = ({ incarnationId }: TokenHolder, toolUseId: string | null) => `${incarnationId} ${toolUseId ?? ''}`

  /** A text for the model, with what mail there is behind it. */
  const withMail = async (holder: TokenHolder, text: string | null = null): Promise<Said> => {
    const room = mostContext - (text === null ? 0 : text.length + 2)
    const mail = await deps.mail.takeForInjection(holder, room)
    const parts = [text, mail?.text].filter((part) => part != null)
    if (parts.length === 0) return nothing
    return { answer: { kind: 'context', text: parts.join('\n\n') }, deliveryIds: mail?.deliveryIds ?? [] }
  }

  /** No agent waits for that. */
  const strikeOut = ({ sessionId }: TokenHolder, toolUseId: string) =>
    void deps.editNotes
      .strikeOut(sessionId, toolUseId)
      .catch((error: unknown) => deps.log.error({ err: error }, 'a judged edit was not struck out'))

  const endOutage = (holder: TokenHolder) =>
    void recorder
      .judged(holder)
      .catch((error: unknown) => deps.log.error({ err: error }, 'an outage of the guard was not ended'))

  const begin = async (holder: TokenHolder, hook: GuardedHook) => {
    const { answer, code, files, isChecked } = await guard.check(holder, hook)
    // No agent waits for that either: it is refused in any case.
    if (answer.kind === 'refusal' && code !== null)
      void recordRefusal(deps, triedBy(holder, hook), { code, message: answer.text })
    if (hook.kind === 'edit-begins' && isChecked) {
      if (hook.toolUseId !== null) strikeOut(holder, hook.toolUseId)
      if (checkedCalls.size > mostCalls) checkedCalls.clear()
      checkedCalls.set(callOf(holder, hook.toolUseId), hook.toolUseId === null ? [] : files)
      endOutage(holder)
    }
    return { answer, deliveryIds: [] }
  }

  const edited = async (holder: TokenHolder, hook: Extract<Hook, { kind: 'edit-ended' }>) => {
    const places = await guard.placesOf(holder.sessionId)
    if (!places) return
    const judged = checkedCalls.get(callOf(holder, hook.toolUseId))
    const isChecked = checkedCalls.delete(callOf(holder, hook.toolUseId))
    const files = judged?.length === hook.paths.length ? judged : await findEditedFiles({ at: places, hook })
    const inRepository = files.map(({ path, shown }) => pathInRepository(places, path) ?? shown)
    // Counted here or by its note, not by both.
    if (!isChecked && hook.toolUseId !== null) await deps.editNotes.strikeOut(holder.sessionId, hook.toolUseId)
    await recorder.edited(holder, inRepository, isChecked || recorder.wasCounted(hook.toolUseId))
  }

  /** A teammate is told of as a subagent at each of its turns, and is none. */
  const helper = async (
    holder: TokenHolder,
    hook: Extract<Hook, { kind: 'subagent-started' | 'subagent-ended' }>,
  ): Promise<void> => {
    const isTeammate = await deps.teams.noteHook(holder, hook)
    // One that was not known to be in the team when it began ends as what it began as.
    if (!isTeammate || hook.kind === 'subagent-ended') await recorder.subagent(holder, hook)
  }

  const answer = async (holder: TokenHolder, hook: Hook): Promise<Said> => {
    switch (hook.kind) {
      case 'session-started':
        if (hook.how === 'started' || hook.how === 'resumed') await recorder.endSubagents(holder)
        return withMail(holder, await deps.verbs.briefFor(holder, { cap: mostBrief, isFresh: hook.how === 'started' }))
      case 'prompt-submitted':
        return withMail(holder)
      case 'edit-begins':
      case 'command-begins':
        return begin(holder, hook)
      case 'edit-ended':
        await edited(holder, hook)
        return hook.worker === mainWorker ? withMail(holder) : nothing
      case 'call-ended':
        // What is said to a helper is forgotten with it.
        return hook.worker === mainWorker ? withMail(holder) : nothing
      case 'turn-ended':
        // Told to go on once, it may end: what came meanwhile waits, or wakes it again.
        return !hook.isContinued && (await hasUrgentMail(deps, holder)) ? withMail(holder) : nothing
      case 'compacted':
        await keepSummary(deps, holder, hook.summary)
        return nothing
      case 'subagent-started':
      case 'subagent-ended':
        await helper(holder, hook)
        return nothing
      case 'teammate-idle':
      case 'team-changed':
        await deps.teams.noteHook(holder, hook)
        return nothing
      case 'compacts':
        await recorder.compacts(holder, hook.isAsked)
        return nothing
      case 'call-begins':
      case 'session-ended':
        return nothing
      default:
        return unreachable(hook)
    }
  }

  return {
    follow: guard.follow,
    answer: async (holder: TokenHolder, hook: Hook): Promise<Said> => {
      // It went on after what was put before it, which proves that it saw that; its helpers see nothing of it.
      if (!('worker' in hook) || hook.worker === mainWorker) await deps.mail.noteHook(holder)
      return answer(holder, hook)
    },
  }
}

const triedBy = ({ sessionId }: TokenHolder, { kind }: GuardedHook): Tried => ({
  by: { kind: 'session', id: sessionId, right: 'answer' },
  command: kind === 'edit-begins' ? 'edit-file' : 'run-command',
  subject: sessionId,
})

const hasUrgentMail = async (deps: HooksDeps, { sessionId }: TokenHolder): Promise<boolean> => {
  const { items } = await deps.mail.inbox(sessionId, { isAll: false, after: null, limit: 1 })
  return items.some(({ delivery }) => delivery.priority === 'urgent' && delivery.state === 'queued')
}
