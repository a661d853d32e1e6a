import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createResizeSender, boundSize, type GridSize } from './resize-sender.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const size = (cols: number, rows = 24): GridSize => ({ cols, rows })
const record = (arrives = () => true) => {
  const sent: number[] = []
  const sender = createResizeSender(async ({ cols }) => {
    sent.push(cols)
    return arrives()
  })
  return { sent, sender }
}

describe('sending sizes', () => {
  it('sends the first at once and the newest after a pause', async () => {
    const { sent, sender } = record()
    for (const cols of [80, 81, 82, 83]) sender.want(size(cols))
    expect(sent).toEqual([80])
    await vi.advanceTimersByTimeAsync(75)
    expect(sent).toEqual([80, 83])
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent).toEqual([80, 83])
  })

  it('does not send the same size twice, unless it was forgotten', async () => {
    const { sent, sender } = record()
    sender.want(size(80))
    await vi.advanceTimersByTimeAsync(100)
    sender.want(size(80))
    expect(sent).toEqual([80])
    sender.forget()
    sender.want(size(80))
    expect(sent).toEqual([80, 80])
  })

  it('sends a lost size again when it is wished for again, and not by itself', async () => {
    const { sent, sender } = record(() => false)
    sender.want(size(80))
    await vi.advanceTimersByTimeAsync(5000)
    expect(sent).toEqual([80])
    sender.want(size(80))
    expect(sent).toEqual([80, 80])
  })

  it('sends nothing after it was disposed', async () => {
    const { sent, sender } = record()
    sender.want(size(80))
    sender.want(size(90))
    sender.dispose()
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent).toEqual([80])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a measured size', () => {
  it('stays within what the contract takes', () => {
    expect(boundSize({ cols: 100, rows: 24 })).toEqual({ cols: 100, rows: 24 })
    expect(boundSize({ cols: 0, rows: 0 })).toEqual({ cols: 2, rows: 1 })
    expect(boundSize({ cols: 1e6, rows: 1e6 })).toEqual({ cols: 1000, rows: 500 })
  })

  it('is none for what is not shown', () => {
    expect(boundSize(undefined)).toBeNull()
    expect(boundSize({ cols: Number.NaN, rows: 24 })).toBeNull()
    expect(boundSize({ cols: 80, rows: Number.POSITIVE_INFINITY })).toBeNull()
  })
})
