import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Where } from './dock-tiles.ts'
import type { Preset } from './tile-layout.ts'
import type { ViewId } from './view-ids.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

/** What the tiles show now, for whoever draws beside them. */
export interface DockState {
  readonly active: ViewId | null
  /** The view in front of each tile. */
  readonly visible: readonly ViewId[]
  readonly tileCount: number
  readonly isMaximised: boolean
}

export const noTiles: DockState = { active: null, visible: [], tileCount: 0, isMaximised: false }

/** What can be done with the tiles of a project that is shown. */
export interface Dock {
  /** Brings a view to the front and, unless told otherwise, gives its terminal the focus. */
  readonly reveal: (view: ViewId, focus: 'terminal' | 'answer' | 'none') => void
  /** Shows a view that is not there yet beside another one, and gives it the focus. */
  readonly open: (view: ViewId, beside: ViewId | null, where: Where) => void
  readonly close: (view: ViewId) => void
  readonly setPreset: (preset: Preset) => void
  readonly toggleMaximised: () => void
  readonly focusNeighbour: (direction: Direction) => void
  readonly cycle: (by: 1 | -1) => void
}

/**
 * Lets the app drive the tiles wherever it is: made once, given to `TerminalsView` and to whoever has a command for it.
 * What is asked while no tiles are shown is done as soon as they are.
 */
export interface TerminalsController {
  readonly state: StoreApi<DockState>
  readonly run: (act: (dock: Dock) => void) => void
  /** Called by the view while it is shown; the result ends it. */
  readonly attach: (dock: Dock) => () => void
}

export const createTerminalsController = (): TerminalsController => {
  const state = createStore<DockState>(() => noTiles)
  let dock: Dock | null = null
  let waiting: ((dock: Dock) => void)[] = []
  return {
    state,
    run: (act) => {
      if (dock === null) waiting.push(act)
      else act(dock)
    },
    attach: (attached) => {
      dock = attached
      const acts = waiting
      waiting = []
      for (const act of acts) act(attached)
      return () => {
        if (dock !== attached) return
        dock = null
        state.setState(noTiles, true)
      }
    },
  }
}
