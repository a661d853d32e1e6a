import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../shared/lib/result.ts'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'
import {
  acknowledgeEveryUnits,
  createCredit,
  createFrameCursor,
  openAttachment,
  type AttachmentDeps,
  type AttachmentState,
} from './attachment.ts'
import { nextTurn } from '../dev/next-turn.ts'

type Step = Result<IteratorResult<TerminalFrame>, string>
const data = (offset: number, text: string): TerminalFrame => ({ kind: 'data', offset, text })
const snapshot = (offset: number, text = ''): TerminalFrame => ({ kind: 'snapshot', offset, cols: 80, rows: 24, text })
const lost = { ok: false, refusal: { code: 'CONNECTION_LOST', message: 'Lost.' } } as const

/** A backend driven by the test: each attach opens a stream whose frames the test gives. */
const createBackend = (overrides: Partial<AttachmentDeps> = {}) => {
  const streams: { viewerId: string; signal: AbortSignal; give: (step: Step) => void }[] = []
  const drawn: string[] = []
  const states: AttachmentState['kind'][] = []
  const credits: [string, number][] = []
  let viewers = 0
  let left = 0
  const deps: AttachmentDeps = {
    attach: async (viewerId, signal) => {
      const waiting: Step[] = []
      let taker: ((step: Step) => void) | null = null
      const take = () => new Promise<Step>((resolve) => (taker = resolve))
      streams.push({
        viewerId,
        signal,
        give: (step) => {
          const now = taker
          taker = null
          if (now === null) waiting.push(step)
          else now(step)
        },
      })
      const iterator = { step: () => (waiting.length > 0 ? Promise.resolve(waiting.shift()!) : take()) }
      return { ok: true, value: iterator as unknown as AsyncIterator<TerminalFrame> }
    },
    nextFrame: (iterator) => (iterator as unknown as { step: () => Promise<Step> }).step(),
    leave: () => (left += 1),
    acknowledge: (viewerId, units) => credits.push([viewerId, units]),
    draw: (frame, done) => {
      drawn.push(frame.kind === 'data' || frame.kind === 'snapshot' ? `${frame.kind}:${frame.text}` : frame.kind)
      done()
    },
    onState: (state) => states.push(state.kind),
    newViewerId: () => `viewer-${(viewers += 1)}`,
    whenWorthRetrying: async () => {},
    ...overrides,
  }
  const frame = (value: TerminalFrame): Step => ({ ok: true, value: { done: false, value } })
  const end: Step = { ok: true, value: { done: true, value: undefined } }
  return { deps, streams, drawn, states, credits, frame, end, left: () => left }
}

describe('an attachment', () => {
  it('draws the snapshot, then what follows, and is live once the snapshot is drawn', async () => {
    const backend = createBackend()
    openAttachment(backend.deps)
    await nextTurn()
    expect(backend.states).toEqual(['catching-up'])
    backend.streams[0]?.give(backend.frame(snapshot(7, 'screen')))
    backend.streams[0]?.give(backend.frame(data(7, 'more')))
    await nextTurn()
    expect(backend.drawn).toEqual(['snapshot:screen', 'data:more'])
    expect(backend.states).toEqual(['catching-up', 'live'])
  })

  it('gives credit for what was drawn, in steps', async () => {
    const backend = createBackend()
    openAttachment(backend.deps)
    await nextTurn()
    const piece = 'x'.repeat(40_000)
    backend.streams[0]?.give(backend.frame(snapshot(0)))
    for (let at = 0; at < 5; at += 1) backend.streams[0]?.give(backend.frame(data(at * 40_000, piece)))
    await nextTurn()
    expect(backend.credits).toEqual([
      ['viewer-1', 80_000],
      ['viewer-1', 80_000],
    ])
  })

  it('attaches anew when the connection breaks, with a viewer id of its own', async () => {
    const backend = createBackend()
    openAttachment(backend.deps)
    await nextTurn()
    backend.streams[0]?.give(backend.frame(snapshot(0, 'a')))
    backend.streams[0]?.give(lost)
    await nextTurn()
    expect(backend.states).toEqual(['catching-up', 'live', 'away'])
    backend.streams[1]?.give(backend.frame(snapshot(5, 'b')))
    await nextTurn()
    expect(backend.streams.map((stream) => stream.viewerId)).toEqual(['viewer-1', 'viewer-2'])
    expect(backend.drawn).toEqual(['snapshot:a', 'snapshot:b'])
    expect(backend.states.at(-1)).toBe('live')
  })

  it('draws nothing after a gap and asks for a fresh snapshot at once', async () => {
    const backend = createBackend()
    openAttachment(backend.deps)
    await nextTurn()
    backend.streams[0]?.give(backend.frame(snapshot(0, 'a')))
    backend.streams[0]?.give(backend.frame(data(9, 'too late')))
    await nextTurn()
    expect(backend.streams[0]?.signal.aborted).toBe(true)
    expect(backend.streams).toHaveLength(2)
    expect(backend.drawn).toEqual(['snapshot:a'])
    expect(backend.states).toEqual(['catching-up', 'live'])
  })

  it('takes a fresh snapshot in the middle of a stream', async () => {
    const backend = createBackend()
    openAttachment(backend.deps)
    await nextTurn()
    for (const one of [snapshot(0, 'a'), snapshot(900, 'b'), data(900, 'c')])
      backend.streams[0]?.give(backend.frame(one))
    await nextTurn()
    expect(backend.drawn).toEqual(['snapshot:a', 'snapshot:b', 'data:c'])
    expect(backend.streams).toHaveLength(1)
  })

  it('stays as it is when the program ended', async () => {
    const backend = createBackend()
    openAttachment(backend.deps)
    await nextTurn()
    backend.streams[0]?.give(backend.frame(snapshot(0, 'a')))
    backend.streams[0]?.give(backend.frame({ kind: 'exited', code: 0, signal: null }))
    backend.streams[0]?.give(backend.end)
    await nextTurn()
    expect(backend.states).toEqual(['catching-up', 'live', 'ended'])
    expect(backend.streams).toHaveLength(1)
  })

  it('stops at a refusal that another try cannot change', async () => {
    let tries = 0
    const backend = createBackend({
      attach: async () => {
        tries += 1
        return tries === 1 ? lost : { ok: false, refusal: { code: 'NOT_FOUND', message: 'Gone.' } }
      },
    })
    openAttachment(backend.deps)
    await nextTurn()
    expect(tries).toBe(2)
    expect(backend.states).toEqual(['catching-up', 'away', 'refused'])
  })

  it('draws and says nothing once it is closed', async () => {
    const backend = createBackend()
    const attachment = openAttachment(backend.deps)
    await nextTurn()
    attachment.close()
    expect(backend.streams[0]?.signal.aborted).toBe(true)
    expect(backend.left()).toBe(1)
    backend.streams[0]?.give(backend.frame(snapshot(0, 'late')))
    await nextTurn()
    expect(backend.drawn).toEqual([])
    expect(backend.states).toEqual(['catching-up'])
    expect(backend.streams).toHaveLength(1)
  })
})

describe('the order of frames', () => {
  it('draws every unit exactly once, however frames overlap', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 200 }),
        fc.array(fc.tuple(fc.nat(200), fc.nat(60)), { maxLength: 40 }),
        (stream, cuts) => {
          const cursor = createFrameCursor()
          cursor(snapshot(0))
          let drawn = ''
          for (const [start, length] of cuts) {
            const text = stream.slice(start, start + length)
            const result = cursor(data(start, text))
            if (result === 'gap') expect(start).toBeGreaterThan(drawn.length)
            else if (result?.kind === 'data') drawn += result.text
          }
          expect(stream.startsWith(drawn)).toBe(true)
        },
      ),
    )
  })

  it('refuses data before any snapshot', () => {
    expect(createFrameCursor()(data(0, 'x'))).toBe('gap')
  })
})

describe('credit', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('passes on full steps at once and the rest when drawing pauses', async () => {
    const passed: number[] = []
    const credit = createCredit((units) => passed.push(units))
    credit.add(acknowledgeEveryUnits - 1)
    expect(passed).toEqual([])
    credit.add(10)
    expect(passed).toEqual([acknowledgeEveryUnits + 9])
    credit.add(5)
    credit.add(6)
    await vi.advanceTimersByTimeAsync(25)
    expect(passed).toEqual([acknowledgeEveryUnits + 9, 11])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('passes on every unit, and none twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(100_000), fc.nat(60))), async (steps) => {
        let passed = 0
        const credit = createCredit((units) => (passed += units))
        for (const [units, waitMs] of steps) {
          credit.add(units)
          await vi.advanceTimersByTimeAsync(waitMs)
        }
        await vi.advanceTimersByTimeAsync(25)
        expect(passed).toBe(steps.reduce((sum, [units]) => sum + units, 0))
      }),
    )
  })

  it('passes nothing on after it was stopped', async () => {
    let passed = 0
    const credit = createCredit((units) => (passed += units))
    credit.add(5)
    credit.stop()
    await vi.advanceTimersByTimeAsync(100)
    expect(passed).toBe(0)
  })
})
