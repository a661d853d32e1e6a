import { CircleCheck } from 'lucide-react'
import { describe, expect, it } from 'vitest'
import { createNotices } from './notices.tsx'
import { nextIndex } from './roving.ts'
import { toggled, withToggled } from './toggled.ts'

describe('nextIndex', () => {
  it.each([
    ['ArrowDown', 0, 3, 1],
    ['ArrowDown', 2, 3, 2],
    ['ArrowUp', 2, 3, 1],
    ['ArrowUp', 0, 3, 0],
    ['Home', 2, 3, 0],
    ['End', 0, 3, 2],
  ])('%s from %i of %i goes to %s', (key, from, count, to) => {
    expect(nextIndex(key, from, count)).toBe(to)
  })

  it('has nothing to say to other keys, or in an empty list', () => {
    expect(nextIndex('a', 0, 3)).toBeNull()
    expect(nextIndex('ArrowDown', 0, 0)).toBeNull()
  })
})

describe('notices', () => {
  const texts = (notices: ReturnType<typeof createNotices>) => notices.store.getState().notices.map((one) => one.text)

  it('keeps the newest three', () => {
    const notices = createNotices()
    for (const text of ['one', 'two', 'three', 'four']) notices.show({ icon: CircleCheck, text })
    expect(texts(notices)).toEqual(['two', 'three', 'four'])
  })

  it('says the same thing once, as the newest', () => {
    const notices = createNotices()
    for (const text of ['one', 'two', 'one']) notices.show({ icon: CircleCheck, text })
    expect(texts(notices)).toEqual(['two', 'one'])
  })

  it('closes one and leaves the others', () => {
    const notices = createNotices()
    notices.show({ icon: CircleCheck, text: 'one' })
    notices.refuse('no')
    const [first] = notices.store.getState().notices
    notices.close(first!.id)
    expect(texts(notices)).toEqual(['no'])
    expect(notices.store.getState().notices[0]?.isError).toBe(true)
  })
})

it('a choice is put in at the end, or taken out', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b'])
  expect(toggled(['a', 'b'], 'a')).toEqual(['b'])
  expect(toggled([], 1)).toEqual([1])
})

it('a set is changed in a copy, so that what was before can be compared', () => {
  const before = new Set(['a', 'b'])
  expect([...withToggled(before, 'a')]).toEqual(['b'])
  expect([...withToggled(before, 'c')]).toEqual(['a', 'b', 'c'])
  expect([...before]).toEqual(['a', 'b'])
})
