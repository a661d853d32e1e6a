import type { DockviewApi, DockviewGroupPanel, IDockviewPanel, SerializedDockview } from 'dockview-react'
import {
  arrange,
  orderForPreset,
  orderViews,
  toDockview,
  viewsOfDock,
  type Preset,
  type SavedLayout,
} from './tile-layout.ts'
import { parseViewId, type ViewId } from './view-ids.ts'

/** What a dock remembers beside what dockview holds. */
export interface DockMemory {
  /** The preset that new views join; null once tiles were placed by hand. */
  preset: Preset | null
  closed: readonly ViewId[]
  /** Every view there is. */
  all: readonly ViewId[]
}

export type Where = 'right' | 'below' | 'within'

/** Puts views into tiles and takes them out: dockview, by our rules. */
export interface DockTiles {
  readonly ids: () => ViewId[]
  readonly active: () => ViewId | null
  readonly has: (view: ViewId) => boolean
  /** Lays all views out anew. */
  readonly layOut: (views: readonly ViewId[], active: ViewId | null, preset: Preset) => void
  /** A tile of its own while the preset has room, else a tab behind; never takes the focus. */
  readonly add: (view: ViewId) => void
  readonly addBeside: (view: ViewId, beside: ViewId | null, where: Where) => void
  readonly remove: (view: ViewId) => void
  readonly layout: () => SavedLayout
}

export const createDockTiles = (
  api: DockviewApi,
  memory: DockMemory,
  keepFocus: (act: () => void) => void,
): DockTiles => {
  const ids = () => api.panels.map((panel) => panel.id as ViewId)
  const active = () => (api.activePanel?.id ?? null) as ViewId | null
  const layOut: DockTiles['layOut'] = (views, shown, preset) => {
    if (views.length === 0) return api.clear()
    const arrangement = arrange(orderForPreset(views, visibleViews(api), shown, preset), preset)
    const size = { width: Math.max(api.width, 100), height: Math.max(api.height, 100) }
    return keepFocus(() => load(api, toDockview(arrangement, shown, size)))
  }
  return {
    ids,
    active,
    layOut,
    has: (view) => api.getPanel(view) !== undefined,
    add: (view) => {
      if (memory.preset !== null && api.groups.length < memory.preset) {
        return layOut([...ids(), view], active() ?? view, memory.preset)
      }
      const group = api.activeGroup ?? api.groups[0]
      const place = group === undefined ? {} : { position: { referenceGroup: group, direction: 'within' as const } }
      return keepFocus(() => void api.addPanel({ ...panelOf(view), ...place, inactive: api.totalPanels > 0 }))
    },
    addBeside: (view, beside, where) => {
      const known = api.getPanel(view)
      if (known !== undefined) api.removePanel(known)
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup()
      const reference: IDockviewPanel | undefined =
        (beside === null ? undefined : api.getPanel(beside)) ?? api.activePanel
      const place = reference === undefined ? {} : { position: { referencePanel: reference, direction: where } }
      api.addPanel({ ...panelOf(view), ...place })
      if (where !== 'within') memory.preset = null
    },
    remove: (view) => {
      const panel = api.getPanel(view)
      if (panel === undefined) return
      keepFocus(() => api.removePanel(panel))
      const { preset } = memory
      // A tile that went leaves room for one that waits behind another.
      if (preset !== null && api.groups.length < Math.min(preset, api.totalPanels)) layOut(ids(), active(), preset)
    },
    layout: () => ({
      preset: memory.preset,
      closed: memory.closed,
      order: orderViews(ids(), memory.all),
      // As plain JSON: dockview leaves properties without a value in it.
      dock: api.totalPanels === 0 ? null : (JSON.parse(JSON.stringify(api.toJSON())) as Record<string, unknown>),
    }),
  }
}

/** The view in front of each tile, in reading order. */
export const visibleViews = (api: DockviewApi): ViewId[] =>
  [...api.groups]
    .map((group) => ({ group, box: group.element.getBoundingClientRect() }))
    .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
    .flatMap(({ group }) => group.activePanel ?? [])
    .map((panel) => panel.id as ViewId)

/** A tile with one view shows no tabs: its header says all. */
export const showTabsWhereNeeded = (groups: readonly DockviewGroupPanel[]): void => {
  for (const group of groups) {
    const isAlone = group.panels.length <= 1
    if (group.header.hidden !== isAlone) group.header.hidden = isAlone
  }
}

/** Shows a saved layout if it can be read; else nothing, and the tiles are laid out anew. */
export const restoreTiles = (api: DockviewApi, { dock }: SavedLayout): void => {
  if (dock === null || !viewsOfDock(dock).every((id) => parseViewId(id) !== null)) return
  try {
    load(api, dock)
  } catch {
    // dockview throws on a layout that another version wrote or a broken disk changed.
    api.clear()
  }
}

const panelOf = (view: ViewId) => ({ id: view, component: 'tile', title: view })

const load = (api: DockviewApi, dock: unknown) =>
  api.fromJSON(dock as SerializedDockview, { reuseExistingPanels: true })
