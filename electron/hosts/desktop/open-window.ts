import type { BrowserWindow, BrowserWindowConstructorOptions, Session, WebContents } from 'electron'
import { appAddress, externalAddress, isOwnAddress, isPermissionAllowed } from './trust-rules.ts'
import { placeWindow, smallestWindow, type Area, type WindowState } from './window-state.ts'

export interface WindowDeps {
  readonly preload: string
  readonly icon: string
  readonly saved: WindowState | null
  readonly displays: readonly Area[]
  readonly makeWindow: (options: BrowserWindowConstructorOptions) => BrowserWindow
  /** Asks the person whether to leave for this address, and opens it in the browser when they agree. */
  readonly offerExternal: (address: string) => void
  readonly save: (state: WindowState) => void
}

/** Opens the one window, with everything denied that a page has no business with. */
export const openWindow = (deps: WindowDeps): BrowserWindow => {
  const window = deps.makeWindow({
    ...placeWindow(deps.saved, deps.displays),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Switchyard',
    icon: deps.icon,
    // Shown when the page has drawn itself, so that no white frame flashes in a dark room.
    show: false,
    backgroundColor: '#16181d',
    webPreferences: {
      preload: deps.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // A hidden window still has to take in output, or it would lag behind when it is shown.
      backgroundThrottling: false,
      spellcheck: false,
    },
  })
  if (deps.saved?.isMaximised) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds()
    deps.save({ x, y, width, height, isMaximised: window.isMaximized() })
  })
  denyLeaving(window.webContents, deps.offerExternal)
  denyPermissions(window.webContents.session)
  void window.loadURL(appAddress)
  return window
}

/** The page stays the page: no navigation, no new windows, no embedded ones. Web addresses are offered to the browser. */
const denyLeaving = (contents: WebContents, offerExternal: (address: string) => void) => {
  const offer = (address: string) => {
    const external = externalAddress(address)
    if (external !== null) offerExternal(external)
  }
  contents.on('will-navigate', (details) => {
    // A reload of the page itself is the only way to the same address.
    if (isOwnAddress(details.url)) return
    details.preventDefault()
    offer(details.url)
  })
  contents.on('will-frame-navigate', (details) => {
    if (!details.isMainFrame) details.preventDefault()
  })
  contents.on('will-redirect', (details) => details.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    offer(url)
    return { action: 'deny' }
  })
}

const denyPermissions = (session: Session) => {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(isPermissionAllowed(permission, details.requestingUrl)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermissionAllowed(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}
