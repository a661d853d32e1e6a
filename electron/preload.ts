import { ipcRenderer } from 'electron'

// Hands the page one message port when it asks, and nothing else. A sandboxed preload is a single file that can require
// only `electron`, so the two names are written here once more; a test holds them equal to the host's and the page's.
const portWanted = 'switchyard.port-wanted'
const portGiven = 'switchyard.port'

interface PageWindow {
  readonly location: { readonly origin: string }
  addEventListener(type: 'message', listener: (event: { source: unknown; data: unknown }) => void): void
  postMessage(message: string, targetOrigin: string, ports: readonly unknown[]): void
}

const page = globalThis as unknown as PageWindow

page.addEventListener('message', (event) => {
  if (event.source === page && event.data === portWanted) ipcRenderer.send(portWanted)
})
ipcRenderer.on(portGiven, (event) => page.postMessage(portGiven, page.location.origin, event.ports))
