import type { Terminal } from '@xterm/xterm'
import { unreachable } from '../../shared/lib/unreachable.ts'
import { judgeClipboard, type ClipboardRequest } from './clipboard-policy.ts'
import { watchFocusClick } from './focus-click.ts'
import { decideKey } from './key-rules.ts'
import { pathsOfUriList, preparePaste, quotePaths, type Paste } from './paste.ts'
import { createFocusReporter, isFocusReport } from './query-silence.ts'

export interface ScreenInputDeps {
  readonly isMac: boolean
  readonly isWindows: boolean
  readonly push: (data: string) => void
  readonly askPaste: (paste: Paste & { readonly kind: 'confirm' }) => void
  readonly copySelection: () => void
  readonly onFocus: (isFocused: boolean) => void
  readonly onClipboard: (request: ClipboardRequest) => void
  /** The program reads the clipboard itself when told to, as agents do for pictures. */
  readonly takesPictures: () => boolean
}

// What agents bind to "paste the picture that is on the clipboard": Ctrl-V.
const pictureKey = '\x16'

export interface ScreenInput {
  readonly paste: (text: string) => void
  readonly dispose: () => void
}

/** Connects what a person does on a screen with the queue to its program. Call it once the xterm has its elements. */
export const takeInput = (terminal: Terminal, host: HTMLElement, deps: ScreenInputDeps): ScreenInput => {
  const { push } = deps
  const paste = (text: string) => {
    if (text === '') return
    const prepared = preparePaste(text, terminal.modes.bracketedPasteMode)
    if (prepared.kind === 'confirm') return deps.askPaste(prepared)
    push(prepared.data)
    terminal.scrollToBottom()
  }
  const reportFocus = createFocusReporter({ isWanted: () => terminal.modes.sendFocusMode, send: push })
  const isFocused = () => host.contains(host.ownerDocument.activeElement) && host.ownerDocument.hasFocus()
  // The focus may only pass through, as when tiles are laid out anew: what counts is where it comes to rest.
  let lastFocused = false
  const settleFocus = () => {
    const now = isFocused()
    if (now === lastFocused) return
    lastFocused = now
    reportFocus(now)
    deps.onFocus(now)
  }

  const stopping = new AbortController()
  const { signal } = stopping
  const focusClick = watchFocusClick({ host, window, isFocused, signal })
  const dataListener = terminal.onData((data) => {
    if (!isFocusReport(data) && !focusClick.keeps(data)) push(data)
  })
  // Only the oldest mouse encoding sends bytes above 127, which a string of text cannot carry; programs ask for newer ones.
  const binaryListener = terminal.onBinary((data) => {
    // oxlint-disable-next-line no-control-regex -- the range of ASCII is meant
    if (/^[\x00-\x7f]*$/.test(data) && !focusClick.keeps(data)) push(data)
  })
  const clipboardHandler = terminal.parser.registerOscHandler(52, (data) => {
    deps.onClipboard(judgeClipboard(data, isFocused()))
    return true
  })
  terminal.attachCustomKeyEventHandler((event) => handleKey(event, terminal, deps))

  host.addEventListener('focusin', settleFocus, { signal })
  host.addEventListener('focusout', () => setTimeout(settleFocus), { signal })
  // Before xterm sees it: xterm pastes without taking out what ends a paste.
  host.addEventListener('paste', (event) => takePaste(event, paste, deps), { signal, capture: true })
  host.addEventListener('dragover', (event) => event.preventDefault(), { signal })
  host.addEventListener('drop', (event) => takeDrop(event, terminal, paste, deps), { signal })
  return {
    paste,
    dispose: () => {
      stopping.abort()
      dataListener.dispose()
      binaryListener.dispose()
      clipboardHandler.dispose()
    },
  }
}

/** True lets xterm have the key. */
const handleKey = (event: KeyboardEvent, terminal: Terminal, deps: ScreenInputDeps): boolean => {
  const decision = decideKey(event, {
    isMac: deps.isMac,
    hasSelection: terminal.hasSelection(),
  })
  // A press is decided on its way down; what follows of the same press is only kept from xterm.
  const isDown = event.type === 'keydown'
  switch (decision.kind) {
    case 'program':
      return true
    case 'paste':
      return false
    case 'send':
      event.preventDefault()
      if (isDown) {
        deps.push(decision.data)
        terminal.scrollToBottom()
      }
      return false
    case 'copy':
      event.preventDefault()
      if (isDown) deps.copySelection()
      return false
    case 'select-all':
      event.preventDefault()
      if (isDown) terminal.selectAll()
      return false
    default:
      return unreachable(decision)
  }
}

const takePaste = (event: ClipboardEvent, paste: (text: string) => void, deps: ScreenInputDeps) => {
  event.preventDefault()
  event.stopImmediatePropagation()
  const data = event.clipboardData
  const text = data?.getData('text/plain') ?? ''
  if (text !== '') return paste(text)
  const hasPicture = [...(data?.items ?? [])].some((item) => item.type.startsWith('image/'))
  if (hasPicture && deps.takesPictures()) deps.push(pictureKey)
}

const takeDrop = (event: DragEvent, terminal: Terminal, paste: (text: string) => void, deps: ScreenInputDeps) => {
  const data = event.dataTransfer
  if (data === null) return
  const paths = pathsOfUriList(data.getData('text/uri-list'))
  const text = paths.length > 0 ? `${quotePaths(paths, deps.isWindows)} ` : data.getData('text/plain')
  if (text === '') return
  event.preventDefault()
  event.stopPropagation()
  paste(text)
  terminal.focus()
}
