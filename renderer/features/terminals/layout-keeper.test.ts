import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLayoutKeeper } from './layout-keeper.ts'
import { emptyLayout, type SavedLayout } from './tile-layout.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const layout = (preset: SavedLayout['preset']): SavedLayout => ({ ...emptyLayout, preset })

describe('keeping a layout', () => {
  it('writes once changes have stopped, what is then true', async () => {
    const written: SavedLayout[] = []
    const keeper = createLayoutKeeper((one) => written.push(one))
    let preset: SavedLayout['preset'] = 1
    for (const next of [2, 4, 6] as const) {
      preset = next
      keeper.keep(() => layout(preset))
      await vi.advanceTimersByTimeAsync(400)
    }
    expect(written).toEqual([])
    preset = 9
    await vi.advanceTimersByTimeAsync(100)
    expect(written).toEqual([layout(9)])
  })

  it('does not write the same again', async () => {
    let writes = 0
    const keeper = createLayoutKeeper(() => (writes += 1))
    for (let at = 0; at < 3; at += 1) {
      keeper.keep(() => layout(4))
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(writes).toBe(1)
  })

  it('writes what waits when the view goes away, and nothing after', async () => {
    const written: SavedLayout[] = []
    const keeper = createLayoutKeeper((one) => written.push(one))
    keeper.keep(() => layout(2))
    keeper.flush()
    keeper.flush()
    await vi.advanceTimersByTimeAsync(5000)
    expect(written).toEqual([layout(2)])
    expect(vi.getTimerCount()).toBe(0)
  })
})
