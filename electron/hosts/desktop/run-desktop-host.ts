import { RPCHandler } from '@orpc/server/message-port'
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, protocol, screen, shell, Tray } from 'electron'
import type { MessagePortMain } from 'electron'
import { join } from 'node:path'
import { openApp } from '../common/open-app.ts'
import type { HostCapabilities } from '../../backend/create-backend.ts'
import { channelPathFor, serveControlChannel } from '../common/control-channel.ts'
import { openInEditor } from '../common/editor.ts'
import type { HostOptions } from '../common/host-options.ts'
import { openBrowser } from '../common/open-browser.ts'
import { openProject } from '../common/open-project.ts'
import { takeOrShow, type Start } from '../common/second-start.ts'
import { readStaticTable } from '../common/static-table.ts'
import { createAppProtocol } from './app-protocol.ts'
import { menuTemplate } from './menu-template.ts'
import { openWindow } from './open-window.ts'
import { createPortHandOver, portWanted } from './port-hand-over.ts'
import { appScheme } from './trust-rules.ts'
import { readWindowState, saveWindowState } from './window-state.ts'

export interface DesktopHostProcess {
  readonly options: HostOptions
  readonly version: string
  readonly home: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly rendererDir: string
  readonly preload: string
  readonly entries: { readonly ptyHost: string; readonly cli: string; readonly resources: string }
}

/** Must run before the app is ready: the scheme gets an origin of its own and nothing else. */
export const registerAppScheme = (): void =>
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])

/** Starts the desktop host and opens its window. Ends the app when another one has the data folder. */
export const runDesktopHost = async (deps: DesktopHostProcess): Promise<void> => {
  const { dataDir } = deps.options
  const start = await takeOrShow(deps.options)
  if (start.kind !== 'owner') return showTheFirst(deps, start)

  const backend = await openApp({
    ...deps,
    dataDir,
    capabilities: desktopCapabilities(deps),
    onProblem: (message) => dialog.showErrorBox('Switchyard', message),
  })
  if (backend.notice) dialog.showErrorBox('Switchyard', backend.notice)
  protocol.handle(appScheme, createAppProtocol(readStaticTable(deps.rendererDir)))
  const handler = new RPCHandler(backend.router)
  const context = { identity: { kind: 'person' as const, id: 'desktop', right: 'full' as const } }
  const ports = createPortHandOver<MessagePortMain>({
    makeChannel: () => new MessageChannelMain(),
    serve: (port) => handler.upgrade(port, { context }),
  })
  ipcMain.on(portWanted, (event) => void ports.give(event))

  const stateFile = join(dataDir, 'window.json')
  const show = createWindowKeeper(() =>
    openWindow({
      preload: deps.preload,
      icon: join(deps.entries.resources, 'icons', 'icon.png'),
      saved: readWindowState(stateFile),
      displays: screen.getAllDisplays().map((display) => display.workArea),
      makeWindow: (options) => new BrowserWindow(options),
      offerExternal: (address) => void offerExternal(address),
      save: (state) => saveWindowState(stateFile, state),
    }),
  )
  installMenuAndTray(deps, show)

  const channelPath = channelPathFor(dataDir)
  const channel = await serveControlChannel(channelPath, async (project) => {
    show()
    return { kind: 'desktop', problem: project === null ? null : await openProject(backend.router, project) }
  })
  start.lock.announce({ kind: 'desktop', channel: channelPath })
  app.on('activate', show)
  app.on('window-all-closed', () => {
    // On a Mac an app stays when its window is closed.
    if (process.platform !== 'darwin') app.quit()
  })
  endWith(async () => {
    ports.close()
    await channel.close()
    await backend.close()
    start.lock.release()
  })
  show()
  const { projectDir } = deps.options
  const problem = projectDir === null ? null : await openProject(backend.router, projectDir)
  if (problem !== null) dialog.showErrorBox('Switchyard', problem)
}

/** Shows the one window, making it when there is none. */
const createWindowKeeper = (make: () => BrowserWindow): (() => void) => {
  let window: BrowserWindow | null = null
  return () => {
    if (window === null) {
      window = make()
      window.once('closed', () => (window = null))
      return
    }
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
}

const desktopCapabilities = (deps: DesktopHostProcess): HostCapabilities => ({
  kind: 'desktop',
  pickFolder: async () => {
    const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openDirectory', 'createDirectory'] })
    return canceled ? null : (filePaths[0] ?? null)
  },
  openInEditor: (path, line) => openInEditor(path, line, deps.environment),
  quit: () => app.quit(),
})

const offerExternal = async (address: string) => {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Open this address in your browser?',
    detail: address,
    buttons: ['Cancel', 'Open'],
    defaultId: 1,
    cancelId: 0,
  })
  if (response === 1) await shell.openExternal(address)
}

// A tray without a variable that holds it disappears with the next garbage collection.
let tray: Tray | null = null

const installMenuAndTray = (deps: DesktopHostProcess, show: () => void) => {
  const quit = () => app.quit()
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, quit)))
  tray = new Tray(join(deps.entries.resources, 'icons', 'tray.png'))
  tray.setToolTip('Switchyard')
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Show Switchyard', click: show },
      { label: 'Quit (sessions go on)', click: quit },
    ]),
  )
  tray.on('click', show)
}

/** Runs `close` to its end before the app quits, once. */
const endWith = (close: () => Promise<void>) => {
  let isClosed = false
  app.on('before-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    void close().finally(() => {
      isClosed = true
      app.quit()
    })
  })
}

const showTheFirst = async (deps: DesktopHostProcess, outcome: Exclude<Start, { kind: 'owner' }>) => {
  if (outcome.kind === 'silent') {
    dialog.showErrorBox('Switchyard', outcome.text)
  } else if (outcome.reply.kind === 'web') {
    await openBrowser({ link: outcome.reply.url, dataDir: deps.options.dataDir, environment: deps.environment })
  }
  app.exit(outcome.kind === 'silent' ? 1 : 0)
}
