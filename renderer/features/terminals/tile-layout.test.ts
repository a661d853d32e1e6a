import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  arrange,
  emptyLayout,
  orderForPreset,
  orderViews,
  parseLayout,
  presets,
  serialiseLayout,
  toDockview,
  viewsOfDock,
} from './tile-layout.ts'
import type { ViewId } from './view-ids.ts'

const view = (name: number | string): ViewId => `session:ses_${name}`
const views = (count: number) => Array.from({ length: count }, (_, at) => view(at))
const anyViews = fc.uniqueArray(fc.nat(30), { maxLength: 15 }).map((ids) => ids.map(view))
const anyPreset = fc.constantFrom(...presets)

describe('arranging tiles', () => {
  it('fills row by row', () => {
    expect(arrange(views(4), 4)).toEqual([
      [[view(0)], [view(2)]],
      [[view(1)], [view(3)]],
    ])
    expect(arrange(views(3), 4)).toEqual([[[view(0)], [view(2)]], [[view(1)]]])
    expect(arrange(views(2), 9)).toEqual([[[view(0)]], [[view(1)]]])
    expect(arrange(views(9), 9).map((column) => column.length)).toEqual([3, 3, 3])
  })

  it('puts what does not fit behind the last tile', () => {
    expect(arrange(views(4), 2)).toEqual([[[view(0)]], [[view(1), view(2), view(3)]]])
    expect(arrange(views(3), 1)).toEqual([[views(3)]])
    expect(arrange([], 4)).toEqual([])
  })

  it('loses no view and shows none twice', () => {
    fc.assert(
      fc.property(anyViews, anyPreset, (all, preset) => {
        const tiles = arrange(all, preset).flat()
        expect(tiles.flat().sort()).toEqual([...all].sort())
        expect(tiles.length).toBe(Math.min(all.length, preset))
        for (const tile of tiles) expect(tile.length).toBeGreaterThan(0)
      }),
    )
  })

  it('keeps what is seen in place and never hides the active view', () => {
    expect(orderForPreset(views(5), [view(3), view(1)], null, 2)).toEqual([3, 1, 0, 2, 4].map(view))
    expect(orderForPreset(views(5), [view(0), view(1)], view(4), 2)).toEqual([0, 4, 1, 2, 3].map(view))
    fc.assert(
      fc.property(anyViews, anyViews, fc.nat(14), anyPreset, (all, seen, at, preset) => {
        const active = all[at] ?? null
        const order = orderForPreset(all, seen, active, preset)
        expect([...order].sort()).toEqual([...all].sort())
        if (active !== null) expect(order.indexOf(active)).toBeLessThan(preset)
      }),
    )
  })
})

describe('a layout for dockview', () => {
  it('shares the space and marks the active tile', () => {
    const dock = toDockview(arrange(views(3), 4), view(1), { width: 1000, height: 600 })
    expect(dock).toMatchObject({
      activeGroup: 'tile-3',
      grid: {
        orientation: 'HORIZONTAL',
        root: {
          type: 'branch',
          data: [
            {
              type: 'branch',
              size: 500,
              data: [
                { type: 'leaf', size: 300, data: { views: [view(0)], hideHeader: true } },
                { type: 'leaf', size: 300, data: { views: [view(2)] } },
              ],
            },
            { type: 'leaf', size: 500, data: { views: [view(1)], activeView: view(1) } },
          ],
        },
      },
    })
    expect(viewsOfDock(dock).sort()).toEqual(views(3))
  })

  it('shows the active view of a tile that holds several', () => {
    const dock = toDockview(arrange(views(3), 1), view(2), { width: 10, height: 10 })
    expect(dock.grid.root.data[0]).toMatchObject({ data: { views: views(3), activeView: view(2) } })
  })
})

describe('a saved layout', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(anyViews, anyViews, fc.option(anyPreset), (closed, order, preset) => {
        const layout = { preset, closed, order, dock: toDockview(arrange(order, 4), null, { width: 1, height: 1 }) }
        const stored: unknown = JSON.parse(JSON.stringify(serialiseLayout(layout)))
        expect(parseLayout(stored)).toEqual(JSON.parse(JSON.stringify(layout)))
      }),
    )
  })

  it.each([
    null,
    3,
    'x',
    {},
    { version: 2 },
    { ...serialiseLayout(emptyLayout), preset: 5 },
    { ...serialiseLayout(emptyLayout), closed: ['<b>'] },
  ])('that cannot be read is as good as none: %j', (value) => {
    expect(parseLayout(value)).toEqual(emptyLayout)
  })

  it('orders tabs as before, and new ones after them', () => {
    expect(orderViews(views(4), [view(2), view('gone'), view(0)])).toEqual([2, 0, 1, 3].map(view))
  })

  it('reads no views from a dock that is broken', () => {
    for (const dock of [null, {}, { panels: null }, { panels: 'x' }]) expect(viewsOfDock(dock as never)).toEqual([])
  })
})
