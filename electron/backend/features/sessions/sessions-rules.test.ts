import { describe, expect, it } from 'vitest'
import { positionBetween } from '../../../../shared/lib/position.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import { canMove, judgeConversation, judgeLiveness, titleOf, type Liveness } from './sessions-rules.ts'
import { createStartSlots } from './start-slots.ts'

describe('a session', () => {
  it.each([
    ['planned', 'preparing', true],
    ['planned', 'running', false],
    ['preparing', 'running', true],
    ['running', 'stopped', true],
    ['running', 'preparing', false],
    ['stopped', 'preparing', true],
    ['stopped', 'running', false],
    ['archived', 'stopped', true],
    ['archived', 'running', false],
  ] as const)('goes from %s to %s: %s', (from, to, expected) => {
    expect(canMove(from, to)).toBe(expected)
  })

  it.each([
    [null, null],
    ['  \n', null],
    ['## Fix the tests\nplease', 'Fix the tests'],
    ['- one', 'one'],
    ['x'.repeat(100), `${'x'.repeat(79)}…`],
  ])('with the prompt %j is called %j', (prompt, title) => {
    expect(titleOf(prompt)).toBe(title)
  })

  it.each([
    [{ isPrompted: false, record: 'missing', openPid: null }, 'start'],
    [{ isPrompted: true, record: 'exists', openPid: null }, 'resume'],
    [{ isPrompted: false, record: 'exists', openPid: null }, 'resume'],
    [{ isPrompted: true, record: 'unknown', openPid: null }, 'resume'],
    [{ isPrompted: true, record: 'missing', openPid: null }, 'CANNOT_RESUME'],
    [{ isPrompted: true, record: 'exists', openPid: 7 }, 'CANNOT_RESUME'],
    [{ isPrompted: false, record: 'missing', openPid: 7 }, 'CANNOT_RESUME'],
  ] as const)('whose conversation is %j: %s', (state, expected) => {
    const judged = judgeConversation(state, 'Claude Code')
    expect(judged.ok ? judged.value : judged.refusal.code).toBe(expected)
  })

  it.each([
    [null, null, 1],
    [null, 4, 3],
    [4, null, 5],
    [1, 2, 1.5],
    [1, 1 + Number.EPSILON, null],
  ])('between %s and %s stands at %s', (before, after, expected) => {
    expect(positionBetween(before, after)).toBe(expected)
  })
})

describe('whether its agent lives', () => {
  const session = (change: Partial<Session>) =>
    ({ lifecycle: 'running', runtime: { kind: 'none' }, activity: { kind: 'idle' }, ...change }) as Session
  const exited = (wasAsked: boolean, signal: string | null = null) =>
    ({ kind: 'exited', code: signal === null ? 3 : null, signal, at: 1, wasAsked }) as const
  const gone = (how: string, wasAsked = false): Liveness => ({ kind: 'gone', how, wasAsked })

  it.each<[string, Session | null, 'starting' | 'alive' | 'none', Liveness]>([
    ['it runs', session({}), 'alive', { kind: 'alive', activity: 'idle' }],
    ['it starts', session({}), 'starting', { kind: 'alive', activity: 'working' }],
    ['it is to be started', session({ lifecycle: 'planned' }), 'none', { kind: 'alive', activity: 'working' }],
    ['its worktree is made', session({ lifecycle: 'preparing' }), 'none', { kind: 'alive', activity: 'working' }],
    ['it crashed', session({ runtime: exited(false, 'SIGSEGV') }), 'none', gone('Its agent ended (SIGSEGV).')],
    ['it ended', session({ runtime: exited(false) }), 'none', gone('Its agent ended (code 3).')],
    ['it was stopped', session({ runtime: exited(true) }), 'none', gone('A person stopped its session.', true)],
    [
      'its terminal was lost',
      session({ runtime: { kind: 'lost', at: 1, reason: 'Restart.' } }),
      'none',
      gone('Restart.'),
    ],
    [
      'it never ran',
      session({ lifecycle: 'stopped' }),
      'none',
      gone('Its session was stopped before its agent ran.', true),
    ],
    ['it is deleted', null, 'alive', gone('Its session was deleted.', true)],
  ])('%s', (_name, row, process, expected) => {
    expect(judgeLiveness(row, process)).toEqual(expected)
  })
})

describe('turns to start', () => {
  it('are given to so many at a time, first come first served, and once back to the next', async () => {
    const slots = createStartSlots({ most: 2, gapMs: 0 })
    const { signal } = new AbortController()
    const order: number[] = []
    const take = (number: number) =>
      slots.take(signal).then((giveBack) => {
        order.push(number)
        return giveBack
      })
    const [first, second, third] = [take(1), take(2), take(3)]
    await Promise.all([first, second])
    expect(order).toEqual([1, 2])
    expect(slots.isBusy()).toBe(true)
    const giveBack = await first
    giveBack?.()
    giveBack?.()
    await third
    expect(order).toEqual([1, 2, 3])
    expect(slots.isBusy()).toBe(true)
  })

  it('are not waited for by one that gave up', async () => {
    const slots = createStartSlots({ most: 1, gapMs: 0 })
    const giveBack = await slots.take(new AbortController().signal)
    const leaving = new AbortController()
    const left = slots.take(leaving.signal)
    leaving.abort()
    expect(await left).toBeNull()
    expect(await slots.take(leaving.signal)).toBeNull()
    giveBack?.()
    expect(slots.isBusy()).toBe(false)
  })
})
