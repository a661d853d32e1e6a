import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ActivityEntry, ActivityPage, ActivityQuery } from '../../../shared/contract/activity.ts'
import type { Result } from '../../../shared/lib/result.ts'

export type LogQuestion = Omit<ActivityQuery, 'before' | 'after' | 'limit'>

export interface LogState {
  /** Newest first. */
  readonly entries: readonly ActivityEntry[]
  /** What happened since and is not shown yet, because the person reads further down. */
  readonly unseen: readonly ActivityEntry[]
  readonly next: number | null
  readonly isArchived: boolean
  /** `first`: nothing is there yet. `asking`: what is there answers the question before. `older`: more is on its way. */
  readonly phase: 'first' | 'asking' | 'older' | 'ready' | 'failed'
  readonly problem: string | null
}

export interface ActivityLog {
  readonly store: StoreApi<LogState>
  /** Asks anew; what is shown stays until the answer is there. */
  ask(question: LogQuestion): void
  /** Goes on at the end. */
  more(): void
  retry(): void
  /** Something was told up to this number. */
  hear(seq: number): void
  /** While somebody reads, what is new waits; after that it is shown. */
  read(isReading: boolean): void
}

const pageSize = 100
/** Fewer than these do not fill a screen: it is looked further back by itself. */
const screenful = 40
/** As far back as events are kept, and no further. */
const mostRounds = 40
/** So many at once are no longer news but another picture. */
const mostNews = 200

const before: LogState = { entries: [], unseen: [], next: null, isArchived: false, phase: 'first', problem: null }

export const createActivityLog = (
  askPage: (query: ActivityQuery) => Promise<Result<ActivityPage, string>>,
): ActivityLog => {
  const store = createStore<LogState>(() => before)
  const set = (part: Partial<LogState>) => store.setState(part)
  let question: LogQuestion | null = null
  /** Each question has its own; an answer to an earlier one comes too late. */
  let turn = 0
  /** Up to here everything was heard; null until the first answer. */
  let newest: number | null = null
  let told = 0
  let isCatchingUp = false
  let isReading = false

  /** Looks back from a number until a screen is full, showing what it finds on the way. */
  const lookBack = async (asked: LogQuestion, from: number | null, kept: readonly ActivityEntry[]) => {
    const own = turn
    let entries = kept
    let cursor = from
    for (let round = 0; round < mostRounds; round += 1) {
      const page = await askPage({ ...asked, before: cursor, after: null, limit: pageSize })
      if (own !== turn) return
      if (!page.ok) return set({ phase: 'failed', problem: page.refusal.message })
      newest ??= page.value.newest
      entries = [...entries, ...page.value.entries]
      cursor = page.value.next
      const isDone = cursor === null || entries.length - kept.length >= screenful
      const isEmpty = entries.length === 0
      if (isDone || !isEmpty)
        set({
          entries,
          next: cursor,
          isArchived: page.value.isArchived,
          phase: isDone ? 'ready' : 'older',
          problem: null,
        })
      if (isDone) return void catchUp()
    }
    set({ entries, next: cursor, phase: 'ready' })
  }

  const start = (asked: LogQuestion) => {
    turn += 1
    newest = null
    question = asked
    set({ phase: store.getState().phase === 'first' ? 'first' : 'asking', unseen: [], problem: null })
    void lookBack(asked, null, [])
  }

  const catchUp = async () => {
    if (isCatchingUp) return
    isCatchingUp = true
    while (question !== null && newest !== null && told > newest) {
      const [own, asked, after] = [turn, question, newest]
      const page = await askPage({ ...asked, before: null, after, limit: mostNews })
      if (own !== turn) continue
      // The next news asks again.
      if (!page.ok || page.value.newest <= after) break
      if (page.value.next !== null) {
        start(asked)
        break
      }
      newest = page.value.newest
      take(page.value.entries)
    }
    isCatchingUp = false
  }

  const take = (fresh: readonly ActivityEntry[]) => {
    if (fresh.length === 0) return
    const { entries, unseen } = store.getState()
    if (isReading) set({ unseen: [...fresh, ...unseen] })
    else set({ entries: [...fresh, ...entries] })
  }

  return {
    store,
    ask: start,
    more: () => {
      const { phase, next, entries } = store.getState()
      if (question === null || phase !== 'ready' || next === null) return
      set({ phase: 'older' })
      void lookBack(question, next, entries)
    },
    retry: () => {
      const { entries, next } = store.getState()
      if (question === null) return
      if (newest === null) return start(question)
      set({ phase: 'older', problem: null })
      void lookBack(question, next, entries)
    },
    hear: (seq) => {
      told = Math.max(told, seq)
      if (question !== null && newest === null && store.getState().phase === 'failed') start(question)
      else void catchUp()
    },
    read: (isNow) => {
      isReading = isNow
      const { entries, unseen } = store.getState()
      if (!isNow && unseen.length > 0) set({ entries: [...unseen, ...entries], unseen: [] })
    },
  }
}
