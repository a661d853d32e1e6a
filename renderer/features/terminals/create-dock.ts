import type { DockviewApi, IDockviewPanel } from 'dockview-react'
import type { StoreApi } from 'zustand/vanilla'
import type { Direction, Dock, DockState } from './dock-state.ts'
import {
  createDockTiles,
  restoreTiles,
  showTabsWhereNeeded,
  visibleViews,
  type DockMemory,
  type DockTiles,
  type Where,
} from './dock-tiles.ts'
import { orderViews, type Preset, type SavedLayout } from './tile-layout.ts'
import { parseViewId, type ViewId } from './view-ids.ts'

export interface DockDeps {
  readonly api: DockviewApi
  readonly state: StoreApi<DockState>
  readonly saved: SavedLayout
  /** Something changed that is worth keeping; `read` gives all of it when it is time to write. */
  readonly save: (read: () => SavedLayout) => void
  /** Gives the focus to the terminal, or the answer bar, of a view. */
  readonly focusView: (view: ViewId, what: 'terminal' | 'answer') => void
  /** What a view is called, for those who do not see its tile. */
  readonly nameOf: (view: ViewId) => string
  /** A shell ends with its view; a session goes on. */
  readonly onClosed: (view: ViewId) => void
}

export interface LiveDock extends Dock {
  /** The views there are: new ones get a tile or a tab without taking the focus, gone ones lose theirs. */
  readonly sync: (views: readonly ViewId[]) => void
  /** What views are called may have changed. */
  readonly nameAll: () => void
  readonly dispose: () => void
}

/** Keeps dockview in step with the views of a project, and with what was saved of their arrangement. */
export const createDock = (deps: DockDeps): LiveDock => {
  const { api } = deps
  const memory: DockMemory = { preset: deps.saved.preset, closed: deps.saved.closed, all: [] }
  const tiles = createDockTiles(api, memory, (act) => keepFocus(deps, act))
  // Until the views are known what dockview shows is only what was saved.
  let isSynced = false
  // dockview names tiles and tabs by the titles of their panels, and forgets them whenever it lays out anew.
  const nameAll = () => {
    for (const panel of api.panels) panel.api.setTitle(deps.nameOf(panel.id as ViewId))
  }
  const changed = () => {
    showTabsWhereNeeded(api.groups)
    nameAll()
    deps.state.setState({
      active: tiles.active(),
      visible: visibleViews(api),
      tileCount: api.groups.length,
      isMaximised: api.hasMaximizedGroup(),
    })
    if (isSynced) deps.save(tiles.layout)
  }
  restoreTiles(api, deps.saved)
  const stops = [
    api.onDidLayoutChange(changed),
    api.onDidActivePanelChange(changed),
    api.onDidMaximizedGroupChange(changed),
    // Tiles that were moved by hand stay where they are put.
    api.onWillDrop(() => {
      memory.preset = null
    }),
  ]
  const members = membersOf(deps, memory, tiles, changed)
  return {
    ...movesOf(deps, tiles, memory),
    ...members,
    nameAll,
    sync: (views) => {
      isSynced = true
      members.sync(views)
    },
    dispose: () => {
      for (const stop of stops) stop.dispose()
    },
  }
}

/** Which views have a place, and which one is in front. */
const membersOf = (deps: DockDeps, memory: DockMemory, tiles: DockTiles, changed: () => void) => {
  const { api } = deps
  // Asked for by this window and not yet heard of from the backend: not gone, only early.
  const early = new Set<ViewId>()
  const without = (view: ViewId) => memory.closed.filter((other) => other !== view)
  return {
    sync: (views: readonly ViewId[]) => {
      memory.all = views
      const known = new Set(views)
      for (const view of views) early.delete(view)
      for (const view of tiles.ids()) if (!known.has(view) && !early.has(view)) tiles.remove(view)
      memory.closed = memory.closed.filter((view) => known.has(view))
      const fresh = views.filter((view) => !tiles.has(view) && !memory.closed.includes(view))
      if (api.totalPanels === 0 && memory.preset !== null) {
        tiles.layOut(orderViews(fresh, deps.saved.order), null, memory.preset)
      } else for (const view of fresh) tiles.add(view)
      changed()
    },
    reveal: (view: ViewId, focus: 'terminal' | 'answer' | 'none') => {
      memory.closed = without(view)
      if (!tiles.has(view) && memory.all.includes(view)) tiles.add(view)
      const panel = api.getPanel(view)
      if (panel === undefined) return
      if (api.hasMaximizedGroup() && !panel.api.isMaximized()) api.exitMaximizedGroup()
      panel.api.setActive()
      if (focus !== 'none') deps.focusView(view, focus)
    },
    open: (view: ViewId, beside: ViewId | null, where: Where) => {
      if (!memory.all.includes(view)) early.add(view)
      tiles.addBeside(view, beside, where)
      deps.focusView(view, 'terminal')
    },
    close: (view: ViewId) => {
      if (parseViewId(view)?.kind === 'session') memory.closed = [...without(view), view]
      const wasActive = tiles.active() === view
      tiles.remove(view)
      deps.onClosed(view)
      const next = tiles.active()
      if (wasActive && next !== null) deps.focusView(next, 'terminal')
      changed()
    },
  }
}

/** Moves that change no membership: which tile is large, active or in front. */
const movesOf = ({ api, focusView }: DockDeps, tiles: DockTiles, memory: DockMemory) => {
  const go = (panel: IDockviewPanel | undefined) => {
    if (panel === undefined) return
    panel.api.setActive()
    focusView(panel.id as ViewId, 'terminal')
  }
  return {
    setPreset: (preset: Preset) => {
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup()
      memory.preset = preset
      tiles.layOut(tiles.ids(), tiles.active(), preset)
    },
    toggleMaximised: () => {
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup()
      else api.activePanel?.api.maximize()
      go(api.activePanel)
    },
    focusNeighbour: (direction: Direction) => {
      const group = api.activeGroup
      if (group === undefined || api.hasMaximizedGroup()) return
      go(api.adjacentGroupInDirection(group, direction)?.activePanel)
    },
    cycle: (by: 1 | -1) => {
      const panels = api.groups.flatMap((group) => group.panels)
      const at = panels.findIndex((panel) => panel === api.activePanel)
      if (panels.length > 1) go(panels[(at + by + panels.length) % panels.length])
    },
  }
}

/** Moving elements about takes the focus from what is in them: it goes back to the view that had it, if that is still there. */
const keepFocus = ({ api, focusView }: DockDeps, act: () => void) => {
  const before = document.activeElement
  const tile = before?.closest('.tiles [data-view]') ?? null
  act()
  if (tile === null || document.activeElement === before) return
  const view = tile.getAttribute('data-view') as ViewId
  const next = api.getPanel(view) === undefined ? api.activePanel?.id : view
  if (next !== undefined) focusView(next as ViewId, 'terminal')
}
