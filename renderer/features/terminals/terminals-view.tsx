import 'dockview-react/dist/styles/dockview.css'
import './terminals-view.css'
import { DockviewReact, type DockviewApi, type DockviewTheme } from 'dockview-react'
import { Plus, SquareTerminal } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import type { AppData } from '../../data/app-data.ts'
import { useData } from '../../data/data-context.tsx'
import { readSetting, writeSetting } from '../../data/settings.ts'
import { useCommands } from '../../lib/command-context.tsx'
import { useNotices } from '../../lib/notices.tsx'
import { isMac } from '../../lib/platform.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useTerminalClient } from '../../terminal/terminal-context.tsx'
import { EmptyState } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { useCommandKeys } from '../../ui/command-button.tsx'
import { createDock, type LiveDock } from './create-dock.ts'
import type { TerminalsController } from './dock-state.ts'
import { createLayoutKeeper, type LayoutKeeper } from './layout-keeper.ts'
import { createTerminalCommands } from './terminals-commands.ts'
import { createTileActions, type TileActions } from './tile-actions.ts'
import { parseLayout, serialiseLayout, type SavedLayout } from './tile-layout.ts'
import { Tile } from './tile.tsx'
import { TileTab } from './tile-tab.tsx'
import { shellName } from './tile-text.ts'
import { TilesProvider, type TileSlots } from './tiles-context.tsx'
import { useViews } from './use-views.ts'
import { parseViewId, sessionView, type ViewId } from './view-ids.ts'

/** Asks to bring a session to the front; `turn` counts up so that the same one can be asked for again. */
export interface RevealRequest {
  readonly sessionId: SessionId
  readonly focus: 'terminal' | 'answer'
  readonly turn: number
}

interface TerminalsViewProps {
  readonly projectId: ProjectId
  readonly controller: TerminalsController
  readonly slots: TileSlots
  readonly reveal: RevealRequest | null
  /** The session of the tile that is worked in. */
  readonly onSelect: (sessionId: SessionId) => void
  readonly onNewSession: () => void
}

/** The terminals of a project, as tiles and as tabs within them. */
export const TerminalsView = (props: TerminalsViewProps) => {
  const views = useViews(props.projectId)
  return views.length === 0 ? (
    <NoTerminals onNewSession={props.onNewSession} />
  ) : (
    <ProjectTiles key={props.projectId} {...props} />
  )
}

const NoTerminals = ({ onNewSession }: Pick<TerminalsViewProps, 'onNewSession'>) => {
  const keys = useCommandKeys('session.new')
  return (
    <div className="no-tiles">
      <EmptyState
        icon={SquareTerminal}
        title="No sessions yet"
        actions={
          <Button variant="primary" icon={Plus} keys={keys} onClick={onNewSession}>
            New session
          </Button>
        }
      >
        Each session is an agent in a worktree and a terminal of its own. Start several: they appear here side by side.
      </EmptyState>
    </div>
  )
}

// Drawn by our own tokens; the gap shows the colour behind it as a hairline.
const theme: DockviewTheme = { name: 'switchyard', className: 'tiles-theme', gap: 1, dndOverlayMounting: 'relative' }
const components = { tile: Tile }

const ProjectTiles = ({ projectId, controller, slots, reveal, onSelect }: TerminalsViewProps) => {
  const data = useData()
  const notices = useNotices()
  const client = useTerminalClient()
  const actions = useMemo(
    () => createTileActions({ data, notices, client, controller }),
    [data, notices, client, controller],
  )
  const value = useMemo(() => ({ controller, slots, actions }), [controller, slots, actions])
  useCommands(useMemo(() => createTerminalCommands({ controller, actions, isMac }), [controller, actions]))

  const [shown, setShown] = useState<ShownDock | null>(null)
  useLayoutEffect(() => (shown === null ? undefined : keepDock(shown, controller)), [shown, controller])
  const views = useViews(projectId)
  useEffect(() => shown?.dock.sync(views), [shown, views])
  useLayoutEffect(() => (shown === null ? undefined : keepNames(shown, data)), [shown, data])
  useEffect(() => {
    if (reveal !== null) shown?.dock.reveal(sessionView(reveal.sessionId), reveal.focus)
  }, [shown, reveal])
  useSelection(controller, onSelect)

  const isSingle = useStore(controller.state, (state) => state.tileCount <= 1 || state.isMaximised)
  return (
    <TilesProvider value={value}>
      <div className="tiles" data-single={isSingle || undefined}>
        <DockviewReact
          theme={theme}
          components={components}
          defaultTabComponent={TileTab}
          disableFloatingGroups
          hideBorders
          announcements={false}
          scrollbars="native"
          onReady={({ api }) => setShown(openDock(api, { data, projectId, controller, actions }))}
        />
      </div>
    </TilesProvider>
  )
}

interface ShownDock {
  readonly dock: LiveDock
  readonly keeper: LayoutKeeper
}

interface DockContext {
  readonly data: AppData
  readonly projectId: ProjectId
  readonly controller: TerminalsController
  readonly actions: TileActions
}

/** The dock of a project as it was saved; saved again whenever it changes. */
const openDock = (api: DockviewApi, { data, projectId, controller, actions }: DockContext): ShownDock => {
  const key = `layout:${projectId}`
  const write = (layout: SavedLayout) => void writeSetting(data, key, serialiseLayout(layout))
  const keeper = createLayoutKeeper(write)
  const dock = createDock({
    api,
    state: controller.state,
    saved: parseLayout(readSetting(data, key)),
    save: keeper.keep,
    focusView: actions.focus,
    nameOf: (view) => nameOfView(data.stores, view),
    onClosed: (view) => {
      const closed = parseViewId(view)
      if (closed?.kind === 'shell') actions.endShell(closed.terminalId)
    },
  })
  return { dock, keeper }
}

const nameOfView = ({ sessions, terminals }: AppData['stores'], id: ViewId): string => {
  const view = parseViewId(id)
  if (view?.kind === 'session') return visibleLine(sessions.get(view.sessionId)?.title ?? '')
  return shellName(view === null ? undefined : terminals.get(view.terminalId))
}

const keepNames = ({ dock }: ShownDock, { stores: { sessions, terminals } }: AppData) => {
  const stops = [sessions, terminals].map(({ store }) => store.subscribe(dock.nameAll))
  return () => {
    for (const stop of stops) stop()
  }
}

const keepDock = ({ dock, keeper }: ShownDock, controller: TerminalsController) => {
  const detach = controller.attach(dock)
  window.addEventListener('pagehide', keeper.flush)
  return () => {
    window.removeEventListener('pagehide', keeper.flush)
    detach()
    keeper.flush()
    dock.dispose()
  }
}

const useSelection = (controller: TerminalsController, onSelect: (sessionId: SessionId) => void): void => {
  const latest = useLatest(onSelect)
  useEffect(
    () =>
      controller.state.subscribe(({ active }, before) => {
        const view = active === null || active === before.active ? null : parseViewId(active)
        if (view?.kind === 'session') latest.current(view.sessionId)
      }),
    [controller, latest],
  )
}
