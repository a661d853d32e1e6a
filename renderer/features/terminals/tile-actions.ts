import type { SessionId, TerminalId } from '../../../shared/lib/ids.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'
import type { AppData } from '../../data/app-data.ts'
import { settle } from '../../data/settle.ts'
import { copyText } from '../../lib/copy-text.ts'
import type { Notices } from '../../lib/notices.tsx'
import type { Screen } from '../../terminal/screen.ts'
import type { TerminalClient } from '../../terminal/terminal-client.ts'
import type { TerminalsController } from './dock-state.ts'
import type { Where } from './dock-tiles.ts'
import { parseViewId, shellView, type ViewId } from './view-ids.ts'

export interface TileActionDeps {
  readonly data: Pick<AppData, 'api' | 'stores'>
  readonly notices: Pick<Notices, 'show' | 'refuse'>
  readonly client: TerminalClient
  readonly controller: TerminalsController
}

/** What the buttons, menus and commands of tiles do. */
export interface TileActions {
  /** The worktree's session: for a shell, the one it was opened beside. */
  readonly sessionOf: (view: ViewId) => SessionId | null
  readonly screenOf: (view: ViewId) => Screen | null
  readonly find: (view: ViewId) => void
  readonly clear: (view: ViewId) => void
  readonly copyAll: (view: ViewId) => void
  /** Pastes from the clipboard, where the browser lets a page read it. */
  readonly paste: (view: ViewId) => void
  readonly openFolder: (view: ViewId) => void
  readonly split: (view: ViewId, where: Where) => void
  readonly toggleMaximised: (view: ViewId) => void
  readonly close: (view: ViewId) => void
  readonly endShell: (id: TerminalId) => void
  readonly focus: (view: ViewId, what: 'terminal' | 'answer') => void
}

export const createTileActions = (deps: TileActionDeps): TileActions => {
  const { data, client } = deps
  const screenOf = (view: ViewId) => {
    const terminalId = terminalOfView(data.stores, view)
    return terminalId === null ? null : client.screenOf(terminalId)
  }
  return {
    screenOf,
    sessionOf: (view) => sessionOfView(data.stores, view),
    find: (view) => {
      const screen = screenOf(view)
      screen?.search.open(screen.selection())
    },
    clear: (view) => screenOf(view)?.clear(),
    focus: (view, what) => focusWhenThere(() => focusTarget(view, what, screenOf(view))),
    ...clipboardActions(deps, screenOf),
    ...placeActions(deps),
  }
}

const clipboardActions = ({ data, notices }: TileActionDeps, screenOf: TileActions['screenOf']) => ({
  copyAll: (view: ViewId) => {
    const terminalId = terminalOfView(data.stores, view)
    if (terminalId === null) return
    void settle(data.api.terminals.text({ terminalId })).then(async (result) => {
      if (!result.ok) notices.refuse(result.refusal.message)
      else if (!(await copyText(result.value.text))) notices.refuse('The browser did not allow copying. Try once more.')
    })
  },
  paste: (view: ViewId) => {
    const screen = screenOf(view)
    if (screen === null) return
    void navigator.clipboard.readText().then(
      (text) => {
        screen.focus()
        screen.paste(text)
      },
      // The browser asks the person, who may say no; its own paste key needs no permission.
      () => notices.refuse('The browser does not let the page read the clipboard. Paste with the keyboard instead.'),
    )
  },
})

const placeActions = ({ data, notices, controller }: TileActionDeps) => ({
  openFolder: (view: ViewId) => {
    const path = folderOf(data.stores, view)
    if (path === null) return notices.refuse('Its folder is not there yet.')
    void settle(data.api.host.openInEditor({ path, line: null })).then((result) => {
      if (!result.ok) notices.refuse(result.refusal.message)
    })
    return undefined
  },
  split: (view: ViewId, where: Where) => {
    const sessionId = sessionOfView(data.stores, view)
    if (sessionId === null) return notices.refuse('A shell opens in the worktree of a session: choose one first.')
    void settle(data.api.sessions.openShell({ sessionId })).then((result) => {
      if (!result.ok) return notices.refuse(result.refusal.message)
      const shell = shellView(result.value.terminalId)
      return controller.run((dock) => dock.open(shell, view, where))
    })
    return undefined
  },
  toggleMaximised: (view: ViewId) =>
    controller.run((dock) => {
      dock.reveal(view, 'none')
      dock.toggleMaximised()
    }),
  close: (view: ViewId) => controller.run((dock) => dock.close(view)),
  endShell: (terminalId: TerminalId) => {
    void settle(data.api.terminals.close({ terminalId })).then((result) => {
      if (!result.ok && result.refusal.code !== 'NOT_FOUND') notices.refuse(result.refusal.message)
    })
  },
})

type Stores = AppData['stores']

const terminalOfView = (stores: Stores, id: ViewId): TerminalId | null => {
  const view = parseViewId(id)
  if (view === null) return null
  switch (view.kind) {
    case 'session':
      return stores.sessions.get(view.sessionId)?.terminalId ?? null
    case 'shell':
      return view.terminalId
    default:
      return unreachable(view)
  }
}

const sessionOfView = (stores: Stores, id: ViewId): SessionId | null => {
  const view = parseViewId(id)
  if (view === null) return null
  switch (view.kind) {
    case 'session':
      return view.sessionId
    case 'shell':
      return stores.terminals.get(view.terminalId)?.sessionId ?? null
    default:
      return unreachable(view)
  }
}

const folderOf = (stores: Stores, id: ViewId): string | null => {
  const sessionId = sessionOfView(stores, id)
  const worktreeId = sessionId === null ? null : stores.sessions.get(sessionId)?.worktreeId
  const terminalId = terminalOfView(stores, id)
  const worktree = worktreeId == null ? undefined : stores.worktrees.get(worktreeId)
  return worktree?.path ?? (terminalId === null ? null : (stores.terminals.get(terminalId)?.cwd ?? null))
}

/** False while the tile is not drawn yet. */
const focusTarget = (view: ViewId, what: 'terminal' | 'answer', screen: Screen | null): boolean => {
  const tile = document.querySelector<HTMLElement>(`[data-view="${CSS.escape(view)}"]`)
  if (tile === null || !tile.checkVisibility()) return false
  const bar = what === 'answer' ? tile.querySelector<HTMLElement>('[data-answer-bar]') : null
  if (bar !== null) bar.focus()
  else if (screen === null) tile.focus()
  else if (screen.element.querySelector('textarea') === null) return false
  else screen.focus()
  return true
}

// A tile that was just asked for is drawn within a few pictures; what is not there by then will not come.
const maxPictures = 30

const focusWhenThere = (focus: () => boolean, picture = 0): void => {
  if (focus() || picture >= maxPictures) return
  requestAnimationFrame(() => focusWhenThere(focus, picture + 1))
}
