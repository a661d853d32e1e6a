import type { ViewId } from './view-ids.ts'

/** Where a view is drawn. */
export interface TilePlace {
  readonly view: ViewId
  readonly dockId: string
  /** The tile it is in now; it changes when the view is moved. */
  readonly groupId: () => string
}
