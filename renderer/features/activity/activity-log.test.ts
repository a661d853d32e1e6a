import { describe, expect, it } from 'vitest'
import type { ActivityEntry, ActivityPage, ActivityQuery } from '../../../shared/contract/activity.ts'
import { ok, refuse, type Result } from '../../../shared/lib/result.ts'
import { createActivityLog } from './activity-log.ts'
import { emptyFilter, questionOf } from './activity-filter.ts'

const entry = (seq: number): ActivityEntry => ({
  seq,
  at: seq * 1000,
  group: 'tasks',
  projectId: null,
  actor: 'person',
  who: 'You',
  what: `did ${seq}`,
  reason: null,
  object: null,
})
const question = questionOf(emptyFilter)

/** A log beside a backend that answers when it is told to. */
const openLog = () => {
  const asked: { readonly query: ActivityQuery; readonly answer: (result: Result<ActivityPage, string>) => void }[] = []
  const log = createActivityLog((query) => {
    const { promise, resolve } = Promise.withResolvers<Result<ActivityPage, string>>()
    asked.push({ query, answer: resolve })
    return promise
  })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  /** Answers the oldest call that waits. */
  const answer = async (seqs: readonly number[], rest: Partial<ActivityPage> = {}) => {
    const call = asked.shift()
    call?.answer(ok({ entries: seqs.map(entry), next: null, newest: seqs[0] ?? 0, isArchived: false, ...rest }))
    await settled()
    return call?.query
  }
  const fail = async () => {
    asked.shift()?.answer(refuse('CONNECTION_LOST', 'Nobody answers.'))
    await settled()
  }
  const shown = () => log.store.getState().entries.map(({ seq }) => seq)
  const state = () => log.store.getState()
  return { log, asked, answer, fail, shown, state }
}

const many = (from: number, count: number) => Array.from({ length: count }, (_, index) => from - index)

describe('the log of the page', () => {
  it('shows the newest lines, and older ones when they are asked for', async () => {
    const { log, answer, shown, state, asked } = openLog()
    log.ask(question)
    expect(state().phase).toBe('first')
    await answer(many(100, 50), { next: 51 })
    expect([shown().length, state().phase]).toEqual([50, 'ready'])
    log.more()
    expect(state().phase).toBe('older')
    log.more()
    expect(asked).toHaveLength(1)
    expect(await answer(many(50, 50))).toMatchObject({ before: 51, after: null })
    expect(shown()).toEqual(many(100, 100))
    log.more()
    expect(asked).toEqual([])
  })

  it('looks further back by itself until a screen is full, and shows what it finds on the way', async () => {
    const { log, answer, shown, state } = openLog()
    log.ask(question)
    await answer([], { next: 5000, newest: 9000 })
    expect(state().phase).toBe('first')
    expect((await answer([4000], { next: 3000, newest: 9001 }))?.before).toBe(5000)
    expect([shown(), state().phase]).toEqual([[4000], 'older'])
    await answer([2000], { next: null })
    expect([shown(), state().phase]).toEqual([[4000, 2000], 'ready'])
  })

  it('keeps what is shown until another question is answered, and drops a late answer', async () => {
    const { log, answer, shown, state } = openLog()
    log.ask(question)
    await answer([3, 2, 1])
    log.ask({ ...question, text: 'a' })
    log.ask({ ...question, text: 'ab' })
    expect([shown(), state().phase]).toEqual([[3, 2, 1], 'asking'])
    expect((await answer([3]))?.text).toBe('a')
    expect(shown()).toEqual([3, 2, 1])
    await answer([2])
    expect([shown(), state().phase]).toEqual([[2], 'ready'])
  })

  it('puts what is new on top, asking once for what comes while it asks', async () => {
    const { log, answer, shown, asked } = openLog()
    log.ask(question)
    await answer([3, 2, 1])
    log.hear(4)
    log.hear(5)
    log.hear(6)
    expect(asked).toHaveLength(1)
    expect(await answer([4], { newest: 4 })).toMatchObject({ before: null, after: 3 })
    expect((await answer([6, 5], { newest: 6 }))?.after).toBe(4)
    expect([shown(), asked]).toEqual([[6, 5, 4, 3, 2, 1], []])
    log.hear(6)
    expect(asked).toEqual([])
  })

  it('keeps new lines back while somebody reads, and shows them after that', async () => {
    const { log, answer, shown, state } = openLog()
    log.ask(question)
    await answer([1])
    log.read(true)
    log.hear(2)
    await answer([2], { newest: 2 })
    log.hear(3)
    await answer([3], { newest: 3 })
    expect([shown(), state().unseen.map(({ seq }) => seq)]).toEqual([[1], [3, 2]])
    log.read(false)
    expect([shown(), state().unseen]).toEqual([[3, 2, 1], []])
  })

  it('begins anew when more happened than news can be', async () => {
    const { log, answer, shown } = openLog()
    log.ask(question)
    await answer([1])
    log.hear(500)
    await answer(many(500, 200), { next: 301, newest: 500 })
    expect(await answer(many(500, 50), { next: 451, newest: 500 })).toMatchObject({ before: null, after: null })
    expect(shown()).toEqual(many(500, 50))
  })

  it('hears what happened before the first answer', async () => {
    const { log, answer, shown } = openLog()
    log.hear(2)
    log.ask(question)
    await answer([1], { newest: 1 })
    expect((await answer([2], { newest: 2 }))?.after).toBe(1)
    expect(shown()).toEqual([2, 1])
  })

  it('says what went wrong, and goes on where it was', async () => {
    const { log, answer, fail, shown, state } = openLog()
    log.ask(question)
    await fail()
    expect([state().phase, state().problem]).toEqual(['failed', 'Nobody answers.'])
    log.retry()
    await answer(many(90, 50), { next: 41 })
    log.more()
    await fail()
    expect([shown().length, state().phase]).toEqual([50, 'failed'])
    log.retry()
    expect((await answer([40]))?.before).toBe(41)
    expect([shown().at(-1), state().phase, state().problem]).toEqual([40, 'ready', null])
  })

  it('asks again by itself once the connection is back', async () => {
    const { log, answer, fail, shown } = openLog()
    log.ask(question)
    await fail()
    log.hear(7)
    await answer([7])
    expect(shown()).toEqual([7])
    log.hear(8)
    await fail()
    log.hear(9)
    await answer([9, 8], { newest: 9 })
    expect(shown()).toEqual([9, 8, 7])
  })
})
