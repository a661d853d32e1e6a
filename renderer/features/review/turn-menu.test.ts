import { describe, expect, it, vi } from 'vitest'
import { turnEntries } from './turn-menu.tsx'

const turn = (number: number) => ({ number, at: 0, files: number })
const entriesOf = (numbers: readonly number[], shown: number | null = null, onShow = vi.fn()) =>
  turnEntries({
    turns: numbers.map(turn),
    view: shown === null ? { kind: 'since-looked' } : { kind: 'turn', number: shown },
    onShow,
  }).flatMap((entry) => (entry.kind === 'item' ? [entry] : []))

describe('the turns to choose from', () => {
  it('are the newest first, with the one that is shown marked, and lead to it', () => {
    const onShow = vi.fn()
    const entries = entriesOf([1, 2], 1, onShow)
    expect(entries.map(({ label }) => label.split(',').slice(0, 2).join())).toEqual([
      'Turn 2, 2 files',
      'Turn 1, 1 file',
    ])
    expect(entries.map(({ icon }) => icon !== undefined)).toEqual([false, true])
    entries[0]?.onChoose()
    expect(onShow).toHaveBeenCalledWith({ kind: 'turn', number: 2 })
  })

  it.each([
    [[2, 3], 'Turn 1 is not kept'],
    [[8, 9], 'Turns 1 to 7 are not kept'],
  ])('say of those that went that they did, and why: %j', (numbers, words) => {
    const last = entriesOf(numbers).at(-1)
    expect(last).toMatchObject({ label: words, disabledReason: expect.stringContaining('no more than 500 MB') })
  })
})
