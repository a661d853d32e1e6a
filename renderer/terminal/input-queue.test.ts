import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInputQueue, maxWriteUnits, splitInput, type InputWrite, type WriteOutcome } from './input-queue.ts'
import { nextTurn } from '../dev/next-turn.ts'

/** A backend as the contract describes it: it takes writes in order and recognises repeats by their number. */
const createBackend = () => {
  let last = -1
  const received: string[] = []
  return {
    received,
    text: () => received.join(''),
    accept: ({ seq, data }: InputWrite) => {
      if (seq <= last) return
      expect(seq).toBe(last + 1)
      last = seq
      received.push(data)
    },
  }
}

/** Lets the test answer each write by hand. */
const createManualWire = () => {
  const calls: { write: InputWrite; answer: (outcome: WriteOutcome) => void }[] = []
  const write = (input: InputWrite) =>
    new Promise<WriteOutcome>((resolve) => calls.push({ write: input, answer: resolve }))
  return { calls, write }
}

const written: WriteOutcome = { kind: 'written' }

describe('the input queue', () => {
  it('sends the first key in the same tick', () => {
    const wire = createManualWire()
    const queue = createInputQueue({ write: wire.write, whenWorthRetrying: async () => {}, onRefused: () => {} })
    queue.push('a')
    expect(wire.calls.map((call) => call.write)).toEqual([{ seq: 0, data: 'a' }])
    expect(queue.pendingUnits()).toBe(1)
  })

  it('joins plain text typed while a write is under way, but never keys that a program reads by how they arrive', async () => {
    const wire = createManualWire()
    const queue = createInputQueue({ write: wire.write, whenWorthRetrying: async () => {}, onRefused: () => {} })
    for (const key of ['h', 'e', 'y', '\r', '\x1b', 'x', 'z']) queue.push(key)
    for (let at = 0; at < 5; at += 1) {
      wire.calls[at]?.answer(written)
      await nextTurn()
    }
    expect(wire.calls.map((call) => call.write.data)).toEqual(['h', 'ey', '\r', '\x1b', 'xz'])
    expect(wire.calls.map((call) => call.write.seq)).toEqual([0, 1, 2, 3, 4])
    expect(queue.pendingUnits()).toBe(0)
  })

  it('repeats an unanswered write with its number until it is answered', async () => {
    const wire = createManualWire()
    const attempts: number[] = []
    const queue = createInputQueue({
      write: wire.write,
      whenWorthRetrying: async (attempt) => void attempts.push(attempt),
      onRefused: () => {},
    })
    queue.push('ls\r')
    queue.push('pwd\r')
    for (const outcome of [{ kind: 'unanswered' }, { kind: 'unanswered' }, written, written] as const) {
      wire.calls.at(-1)?.answer(outcome)
      await nextTurn()
    }
    expect(wire.calls.map((call) => call.write.seq)).toEqual([0, 0, 0, 1])
    expect(attempts).toEqual([1, 2])
  })

  it('drops what waits behind a refusal, says so once, and takes new input', async () => {
    const wire = createManualWire()
    const refusals: string[] = []
    const queue = createInputQueue({
      write: wire.write,
      whenWorthRetrying: async () => {},
      onRefused: (refusal) => refusals.push(refusal.code),
    })
    queue.push('a\r')
    queue.push('b\r')
    wire.calls[0]?.answer({ kind: 'refused', refusal: { code: 'NOT_RUNNING', message: 'It ended.' } })
    await nextTurn()
    expect(refusals).toEqual(['NOT_RUNNING'])
    expect(queue.pendingUnits()).toBe(0)
    queue.push('c\r')
    expect(wire.calls.at(-1)?.write).toEqual({ seq: 1, data: 'c\r' })
  })

  it('sends nothing after it was disposed', async () => {
    const wire = createManualWire()
    const queue = createInputQueue({ write: wire.write, whenWorthRetrying: async () => {}, onRefused: () => {} })
    queue.push('a')
    queue.push('\r')
    queue.dispose()
    wire.calls[0]?.answer(written)
    await nextTurn()
    queue.push('b')
    expect(wire.calls).toHaveLength(1)
  })

  it('delivers everything exactly once and in order over a connection that breaks at random', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.constantFrom('lost before', 'lost after', 'fine'), { maxLength: 120 }),
        async (keys, fates) => {
          const backend = createBackend()
          let at = 0
          const queue = createInputQueue({
            write: async (input) => {
              const fate = fates[at] ?? 'fine'
              at += 1
              if (fate !== 'lost before') backend.accept(input)
              await Promise.resolve()
              return fate === 'fine' ? written : { kind: 'unanswered' }
            },
            whenWorthRetrying: async () => {},
            onRefused: () => {},
          })
          for (const key of keys) queue.push(key)
          while (queue.pendingUnits() > 0) await nextTurn()
          expect(backend.text()).toBe(keys.join(''))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('splits a paste of a megabyte into writes the contract takes', async () => {
    const backend = createBackend()
    const queue = createInputQueue({
      write: async (input) => {
        backend.accept(input)
        return written
      },
      whenWorthRetrying: async () => {},
      onRefused: () => {},
    })
    const paste = '0123456789abcdef'.repeat(64 * 1024)
    queue.push(paste)
    while (queue.pendingUnits() > 0) await nextTurn()
    expect(backend.text()).toBe(paste)
    expect(Math.max(...backend.received.map((data) => data.length))).toBeLessThanOrEqual(maxWriteUnits)
  })
})

describe('splitting input', () => {
  it('never cuts a surrogate pair', () => {
    expect(splitInput('ab😀cd', 3)).toEqual(['ab', '😀c', 'd'])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 9 }), (text, max) => {
        const pieces = splitInput(text, max)
        expect(pieces.join('')).toBe(text)
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(max)
          expect(piece.isWellFormed()).toBe(text.isWellFormed())
        }
      }),
    )
  })
})
