import './tile.css'
import type { IDockviewPanelProps } from 'dockview-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { SessionId, TerminalId } from '../../../shared/lib/ids.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { useTerminal } from '../../data/terminals.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useTerminalClient } from '../../terminal/terminal-context.tsx'
import { TerminalView } from '../../terminal/terminal-view.tsx'
import { Button } from '../../ui/button.tsx'
import { useCommandKeys } from '../../ui/command-button.tsx'
import { ContextMenu } from '../../ui/menu.tsx'
import { SearchBar } from './search-bar.tsx'
import { SessionHeader, ShellHeader } from './tile-header.tsx'
import { screenMenu } from './tile-menu.ts'
import type { TilePlace } from './tile-place.ts'
import { useTiles } from './tiles-context.tsx'
import { parseViewId, type ViewId } from './view-ids.ts'

/** One panel of the dock: a session or a shell with its header. */
export const Tile = ({ api, containerApi }: IDockviewPanelProps) => {
  const { controller } = useTiles()
  const id = api.id as ViewId
  const view = parseViewId(id)
  const isVisible = usePanelVisible(api)
  const isActive = useStore(controller.state, (state) => state.active === id)
  const place: TilePlace = { view: id, dockId: containerApi.id, groupId: () => api.group.id }
  if (view === null) return null
  return (
    <section
      className="tile"
      tabIndex={-1}
      data-region
      data-view={id}
      data-active={isActive || undefined}
      data-testid={testId.tile}
    >
      {tileOf(view, { place, isVisible })}
    </section>
  )
}

interface TileProps {
  readonly place: TilePlace
  readonly isVisible: boolean
}

const tileOf = (view: NonNullable<ReturnType<typeof parseViewId>>, props: TileProps): ReactNode => {
  switch (view.kind) {
    case 'session':
      return <SessionTile {...props} sessionId={view.sessionId} />
    case 'shell':
      return <ShellTile {...props} terminalId={view.terminalId} />
    default:
      return unreachable(view)
  }
}

const SessionTile = ({ place, isVisible, sessionId }: TileProps & { readonly sessionId: SessionId }) => {
  const { slots } = useTiles()
  const terminalId = useSessionValue(sessionId, (session) => session.terminalId)
  const title = useSessionValue(sessionId, (session) => session.title) ?? ''
  return (
    <>
      <SessionHeader place={place} sessionId={sessionId} />
      {terminalId == null ? (
        slots.renderStage(sessionId)
      ) : (
        <TerminalArea view={place.view} terminalId={terminalId} isVisible={isVisible} label={visibleLine(title)} />
      )}
      {slots.renderFooter(sessionId)}
    </>
  )
}

const ShellTile = ({ place, isVisible, terminalId }: TileProps & { readonly terminalId: TerminalId }) => {
  const { actions } = useTiles()
  const terminal = useTerminal(terminalId)
  if (terminal === undefined) return null
  const { state } = terminal
  return (
    <>
      <ShellHeader place={place} terminal={terminal} />
      <TerminalArea view={place.view} terminalId={terminalId} isVisible={isVisible} label="Shell" />
      {state.kind === 'exited' || state.kind === 'lost' ? (
        <div className="tile-end">
          <span>{endText(state)}</span>
          <Button size="small" onClick={() => actions.close(place.view)}>
            Close
          </Button>
        </div>
      ) : null}
    </>
  )
}

const endText = (
  state:
    | { readonly kind: 'lost' }
    | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null },
) => {
  if (state.kind === 'lost') return 'The shell was lost when its host ended. This is its last screen.'
  if (state.signal !== null) return `The shell was ended by ${state.signal}.`
  return state.code === 0 || state.code === null ? 'The shell ended.' : `The shell ended with exit ${state.code}.`
}

interface TerminalAreaProps {
  readonly view: ViewId
  readonly terminalId: TerminalId
  readonly isVisible: boolean
  readonly label: string
}

const TerminalArea = ({ view, terminalId, isVisible, label }: TerminalAreaProps) => {
  const tiles = useTiles()
  const client = useTerminalClient()
  const screen = client.screenOf(terminalId)
  const keys = {
    copy: useCommandKeys('terminals.copy'),
    paste: useCommandKeys('terminals.paste'),
    find: useCommandKeys('terminals.find'),
    clear: useCommandKeys('terminals.clear'),
  }
  return (
    <ContextMenu entries={() => screenMenu(tiles, view, keys, () => tiles.actions.paste(view))}>
      <div className="tile-terminal">
        <TerminalView terminalId={terminalId} isVisible={isVisible} label={label} />
        <SearchBar screen={screen} />
      </div>
    </ContextMenu>
  )
}

const usePanelVisible = (api: IDockviewPanelProps['api']): boolean => {
  const [isVisible, setVisible] = useState(api.isVisible)
  useEffect(() => {
    const listener = api.onDidVisibilityChange((event) => setVisible(event.isVisible))
    return () => listener.dispose()
  }, [api])
  return isVisible
}
