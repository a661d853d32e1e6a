import { describe, expect, it, vi } from 'vitest'
import { createRowStore } from './row-store.ts'

interface Row {
  readonly id: string
  readonly text: string
}

const createRows = () => createRowStore<string, Row>((row) => row.id)

describe('a row store', () => {
  it('puts whole rows and gives them back by id', () => {
    const rows = createRows()
    rows.put([
      { id: 'a', text: 'one' },
      { id: 'b', text: 'two' },
    ])
    rows.put([{ id: 'a', text: 'three' }])
    expect(rows.get('a')).toEqual({ id: 'a', text: 'three' })
    expect(rows.get('b')).toEqual({ id: 'b', text: 'two' })
    expect(rows.get('c')).toBeUndefined()
  })

  it('keeps the rows that did not change, so that their readers do not render', () => {
    const rows = createRows()
    const kept = { id: 'a', text: 'one' }
    rows.put([kept])
    rows.put([{ id: 'b', text: 'two' }])
    expect(rows.get('a')).toBe(kept)
  })

  it('gives each change a new map and leaves the old one as it was', () => {
    const rows = createRows()
    rows.put([{ id: 'a', text: 'one' }])
    const before = rows.store.getState().byId
    rows.put([{ id: 'b', text: 'two' }])
    rows.remove('a')
    expect([...before.keys()]).toEqual(['a'])
    expect([...rows.store.getState().byId.keys()]).toEqual(['b'])
  })

  it('forgets what a fresh snapshot does not hold', () => {
    const rows = createRows()
    rows.put([{ id: 'a', text: 'one' }])
    rows.replace([{ id: 'b', text: 'two' }])
    expect([...rows.store.getState().byId.keys()]).toEqual(['b'])
  })

  it('tells nobody when nothing changes', () => {
    const rows = createRows()
    const heard = vi.fn()
    rows.store.subscribe(heard)
    rows.put([])
    rows.remove('a')
    expect(heard).not.toHaveBeenCalled()
  })
})
