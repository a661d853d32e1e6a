import { z } from 'zod'
import type { Setting } from '../../../shared/contract/settings.ts'
import type { ViewId } from './view-ids.ts'

/** How many tiles a preset shows at most. */
export const presets = [1, 2, 4, 6, 9] as const
export type Preset = (typeof presets)[number]

/** Tiles in columns from left to right, each from top to bottom; a tile may hold further views behind the first. */
export type Arrangement = readonly (readonly (readonly ViewId[])[])[]

const columnsOf = (count: number) => (count <= 1 ? 1 : count <= 4 ? 2 : 3)

/**
 * Spreads views over as many tiles as the preset allows, row by row. What does not fit lies behind the last tile and is
 * reached by its tab.
 */
export const arrange = (views: readonly ViewId[], preset: Preset): Arrangement => {
  const shown = views.slice(0, preset)
  const rest = views.slice(preset)
  const columnCount = columnsOf(shown.length)
  return Array.from({ length: Math.min(columnCount, shown.length) }, (_, column) =>
    shown
      .map((view, at) => ({ view, at }))
      .filter(({ at }) => at % columnCount === column)
      .map(({ view, at }) => (at === shown.length - 1 ? [view, ...rest] : [view])),
  )
}

/**
 * The order in which a preset takes views: those that are seen stay where they are, then the others in the order of the
 * tab bar. The active one is never put behind.
 */
export const orderForPreset = (
  all: readonly ViewId[],
  seen: readonly ViewId[],
  active: ViewId | null,
  preset: Preset,
): ViewId[] => {
  const known = new Set(all)
  const seenKnown = seen.filter((view) => known.has(view))
  const order = [...seenKnown, ...all.filter((view) => !seenKnown.includes(view))]
  const at = active === null ? -1 : order.indexOf(active)
  if (active === null || at < preset) return order
  const others = order.filter((view) => view !== active)
  return [...others.slice(0, preset - 1), active, ...others.slice(preset - 1)]
}

type Node =
  | { readonly type: 'leaf'; readonly data: Leaf; readonly size: number }
  | { readonly type: 'branch'; readonly data: readonly Node[]; readonly size: number }

interface Leaf {
  readonly id: string
  readonly views: readonly string[]
  readonly activeView: string
  readonly hideHeader: true
}

/** An arrangement as dockview reads it, in the space there is. Equal shares throughout. */
export const toDockview = (
  arrangement: Arrangement,
  active: ViewId | null,
  { width, height }: { readonly width: number; readonly height: number },
) => {
  let groups = 0
  let activeGroup: string | undefined
  const leaf = (views: readonly ViewId[], size: number): Node => {
    groups += 1
    const id = `tile-${groups}`
    const shown = active !== null && views.includes(active) ? active : views[0]
    if (active !== null && views.includes(active)) activeGroup = id
    return { type: 'leaf', size, data: { id, views, activeView: shown ?? '', hideHeader: true } }
  }
  const share = (whole: number, parts: number) => Math.round(whole / Math.max(1, parts))
  const columns: Node[] = arrangement.map((tiles) => {
    const size = share(width, arrangement.length)
    const rows = tiles.map((views) => leaf(views, share(height, tiles.length)))
    const [only] = rows
    return rows.length === 1 && only !== undefined ? { ...only, size } : { type: 'branch', data: rows, size }
  })
  const views = arrangement.flat(2)
  return {
    grid: {
      root: { type: 'branch' as const, data: columns, size: height },
      width,
      height,
      orientation: 'HORIZONTAL' as const,
    },
    panels: Object.fromEntries(views.map((id) => [id, { id, contentComponent: 'tile', title: id }])),
    ...(activeGroup === undefined ? {} : { activeGroup }),
  }
}

/** What is kept per project so that a reload and a restart show the same tiles. */
export interface SavedLayout {
  /** The preset that new views join; null once tiles were moved by hand. */
  readonly preset: Preset | null
  /** Sessions whose view was closed: they are not opened again by themselves. */
  readonly closed: readonly ViewId[]
  /** The order of the tabs. */
  readonly order: readonly ViewId[]
  /** As dockview wrote it. */
  readonly dock: Readonly<Record<string, unknown>> | null
}

export const emptyLayout: SavedLayout = { preset: 4, closed: [], order: [], dock: null }

const viewIdSchema = z.custom<ViewId>((value) => typeof value === 'string' && /^(session|shell):\w+$/.test(value))
const savedSchema = z.object({
  version: z.literal(1),
  preset: z.union(presets.map((count) => z.literal(count))).nullable(),
  closed: z.array(viewIdSchema),
  order: z.array(viewIdSchema),
  dock: z.record(z.string(), z.unknown()).nullable(),
})

/** A layout that another version or a broken disk wrote is as good as none. */
export const parseLayout = (value: unknown): SavedLayout => {
  const parsed = savedSchema.safeParse(value)
  if (!parsed.success) return emptyLayout
  const { preset, closed, order, dock } = parsed.data
  return { preset, closed, order, dock }
}

/** As a setting stores it: plain JSON. */
export const serialiseLayout = ({ preset, closed, order, dock }: SavedLayout) => ({
  version: 1,
  preset,
  closed: [...closed],
  order: [...order],
  // dockview's own JSON, which no schema of ours describes.
  dock: dock as Setting['value'],
})

/** The ids of the views a saved dock holds, as far as they can be read. */
export const viewsOfDock = (dock: SavedLayout['dock']): string[] => {
  const panels = dock?.['panels']
  return typeof panels === 'object' && panels !== null ? Object.keys(panels) : []
}

/** Views in their saved order; new ones follow in the order given. */
export const orderViews = (views: readonly ViewId[], saved: readonly ViewId[]): ViewId[] => {
  const known = new Set(views)
  const kept = saved.filter((view) => known.has(view))
  return [...kept, ...views.filter((view) => !kept.includes(view))]
}

/** The preset whose number of tiles is shown now, if any: what the switch in the tab bar marks. */
export const presetOf = (tileCount: number): Preset | null => presets.find((count) => count === tileCount) ?? null
