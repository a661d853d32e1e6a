import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ApiClient } from '../../shared/contract/api.ts'
import type { TerminalId } from '../../shared/lib/ids.ts'
import { settle } from '../data/settle.ts'
import { copyText } from '../lib/copy-text.ts'
import type { Terminal } from '@xterm/xterm'
import { openAttachment, type Attachment, type AttachmentState } from './attachment.ts'
import type { ClipboardRequest } from './clipboard-policy.ts'
import { createXterm, type TerminalLook, type Xterm } from './create-xterm.ts'
import type { InputQueue } from './input-queue.ts'
import type { LinkRoots, LinkTarget } from './link-targets.ts'
import type { Paste } from './paste.ts'
import { boundSize, createResizeSender, type GridSize } from './resize-sender.ts'
import { takeInput, type ScreenInput } from './screen-input.ts'
import { linkScreen } from './screen-links.ts'
import { createScreenSearch, type ScreenSearch } from './screen-search.ts'
import { createScreenWriter, type ScreenGuard } from './screen-writer.ts'
import type { WebglBudget } from './webgl-budget.ts'

export interface ScreenState {
  /** `hidden` receives nothing; what it shows is what was last seen. */
  readonly attachment: AttachmentState | { readonly kind: 'hidden' }
  /** What the pointer is over. */
  readonly link: LinkTarget | null
  /** Pasted lines that wait for a yes. */
  readonly paste: (Paste & { readonly kind: 'confirm' }) | null
  readonly isFocused: boolean
}

export interface ScreenDeps {
  readonly api: Pick<ApiClient, 'terminals'>
  readonly windowId: string
  readonly input: InputQueue
  readonly whenWorthRetrying: (attempt: number, signal: AbortSignal) => Promise<void>
  readonly webgl: WebglBudget
  readonly look: () => TerminalLook
  readonly createGuard: (size: GridSize) => ScreenGuard
  readonly roots: () => LinkRoots
  readonly isMac: boolean
  readonly isWindows: boolean
  readonly isAgent: () => boolean
  readonly openLink: (target: LinkTarget) => void
  readonly onFocus: (isFocused: boolean) => void
  readonly onClipboard: (request: ClipboardRequest) => void
  readonly onCopied: (isCopied: boolean) => void
}

/** One terminal as this page shows it. It outlives the components that show it, so that showing it again is quick. */
export interface Screen {
  readonly terminalId: TerminalId
  /** Put into the page where the terminal is to be seen. */
  readonly element: HTMLElement
  readonly state: StoreApi<ScreenState>
  readonly search: ScreenSearch
  /** Begins to receive and draw. The element must be in the page. */
  readonly show: () => void
  /** Stops receiving at once. */
  readonly hide: () => void
  /** The space may have changed. */
  readonly fit: () => void
  readonly focus: () => void
  readonly setLook: (look: TerminalLook) => void
  /** What it is, for those who do not see it. */
  readonly setLabel: (label: string) => void
  readonly paste: (text: string) => void
  readonly answerPaste: (choice: 'lines' | 'one-line' | 'cancel') => void
  readonly copySelection: () => void
  readonly hasSelection: () => boolean
  readonly selectAll: () => void
  readonly clear: () => void
  readonly selection: () => string
  readonly dispose: () => void
}

export const createScreen = (terminalId: TerminalId, deps: ScreenDeps): Screen => {
  const element = createElement(terminalId)
  const state = createStore<ScreenState>(() => ({
    attachment: { kind: 'hidden' },
    link: null,
    paste: null,
    isFocused: false,
  }))
  const xterm = createXterm(deps.look(), deps.isMac)
  const { terminal } = xterm
  const search = createScreenSearch(xterm.search, () => deps.look().match)
  const sizing = createSizing(terminalId, xterm, element, deps)
  const selection = selectionOf(terminal, deps.onCopied)
  const { copySelection } = selection
  const input = createLazyInput(xterm, element, deps, { state, copySelection, claimSize: sizing.claim })
  const stream = createStream(terminalId, xterm, deps, { state, sizing, search })
  linkScreen(
    terminal,
    linkDeps(deps, (link) => state.setState({ link })),
  )

  return {
    terminalId,
    element,
    state,
    search,
    fit: sizing.fit,
    show: () => {
      if (stream.isOpen()) return
      input.open()
      deps.webgl.acquire(terminal, sizing.fit)
      sizing.claim()
      stream.open()
    },
    hide: () => {
      stream.close()
      deps.webgl.release(terminal)
    },
    setLook: (look) => {
      xterm.setLook(look)
      search.refresh()
      sizing.fit()
    },
    setLabel: (label) => element.setAttribute('aria-label', label),
    paste: input.paste,
    answerPaste: input.answerPaste,
    ...selection,
    clear: () => clearScreen(terminal, deps.input.push),
    dispose: () => {
      stream.close()
      input.dispose()
      search.dispose()
      sizing.dispose()
      deps.webgl.drop(terminal)
      terminal.dispose()
      element.remove()
    },
  }
}

const linkDeps = ({ roots, openLink, isMac }: ScreenDeps, onHover: (link: LinkTarget | null) => void) => ({
  roots,
  onHover,
  open: openLink,
  isOpening: (event: MouseEvent) => (isMac ? event.metaKey : event.ctrlKey),
})

const createElement = (terminalId: TerminalId) => {
  const element = document.createElement('div')
  element.className = 'terminal-screen'
  element.dataset['terminalId'] = terminalId
  element.setAttribute('role', 'group')
  return element
}

const selectionOf = (terminal: Terminal, onCopied: (isCopied: boolean) => void) => ({
  copySelection: () => {
    const text = terminal.getSelection()
    if (text !== '') void copyText(text).then(onCopied)
  },
  focus: () => terminal.focus(),
  hasSelection: () => terminal.hasSelection(),
  selectAll: () => terminal.selectAll(),
  selection: () => terminal.getSelection(),
})

const createSizing = (terminalId: TerminalId, xterm: Xterm, element: HTMLElement, deps: ScreenDeps) => {
  const sender = createResizeSender(async (size) => {
    const result = await settle(deps.api.terminals.resize({ terminalId, ...size }))
    return result.ok
  })
  const fit = () => {
    if (!element.isConnected || element.clientWidth === 0) return
    const size = boundSize(xterm.fit.proposeDimensions())
    if (size !== null) sender.want(size)
  }
  return {
    fit,
    // Another window may have changed the size since ours was sent: whoever works here has the say.
    claim: () => {
      sender.forget()
      fit()
    },
    dispose: sender.dispose,
  }
}

interface InputParts {
  readonly state: StoreApi<ScreenState>
  readonly copySelection: () => void
  readonly claimSize: () => void
}

/** xterm measures its font when it is opened, so that happens once its element is in the page and not before. */
const createLazyInput = ({ terminal }: Xterm, element: HTMLElement, deps: ScreenDeps, parts: InputParts) => {
  const { state, copySelection, claimSize } = parts
  let input: ScreenInput | null = null
  return {
    open: () => {
      if (input !== null) return
      terminal.open(element)
      // Where the focus goes when it comes to this part of the window by the keyboard.
      terminal.textarea?.setAttribute('data-region-focus', '')
      input = takeInput(terminal, element, {
        isMac: deps.isMac,
        isWindows: deps.isWindows,
        push: deps.input.push,
        askPaste: (paste) => state.setState({ paste }),
        copySelection,
        onFocus: (isFocused) => {
          state.setState({ isFocused })
          if (isFocused) claimSize()
          deps.onFocus(isFocused)
        },
        onClipboard: deps.onClipboard,
        takesPictures: deps.isAgent,
      })
    },
    paste: (text: string) => input?.paste(text),
    answerPaste: (choice: 'lines' | 'one-line' | 'cancel') => {
      const { paste } = state.getState()
      state.setState({ paste: null })
      if (paste !== null && choice !== 'cancel') deps.input.push(choice === 'lines' ? paste.data : paste.asOneLine)
      terminal.focus()
    },
    dispose: () => input?.dispose(),
  }
}

interface StreamParts {
  readonly state: StoreApi<ScreenState>
  readonly sizing: { readonly claim: () => void }
  readonly search: ScreenSearch
}

const createStream = (terminalId: TerminalId, { terminal }: Xterm, deps: ScreenDeps, parts: StreamParts) => {
  const { terminals } = deps.api
  const { state, sizing, search } = parts
  const writer = createScreenWriter(terminal, deps.createGuard)
  let attachment: Attachment | null = null
  const open = () =>
    openAttachment({
      attach: (viewerId, signal) => {
        const { isFocused } = state.getState()
        return settle(terminals.attach({ terminalId, viewerId, windowId: deps.windowId, isFocused }, { signal }))
      },
      nextFrame: (frames) => settle(frames.next()),
      leave: (frames) => void settle(Promise.resolve(frames.return?.())),
      // Lost credit is made good by the next attachment, which begins with none spent.
      acknowledge: (viewerId, units) => void settle(terminals.acknowledge({ viewerId, units })),
      draw: writer.draw,
      onState: (next) => {
        state.setState({ attachment: next })
        if (next.kind !== 'live') return
        sizing.claim()
        search.refresh()
      },
      newViewerId: () => crypto.randomUUID(),
      whenWorthRetrying: deps.whenWorthRetrying,
    })
  return {
    isOpen: () => attachment !== null,
    open: () => {
      attachment ??= open()
    },
    close: () => {
      attachment?.close()
      attachment = null
      state.setState({ attachment: { kind: 'hidden' }, link: null })
    },
  }
}

// The screen belongs to the program: it is asked to draw itself anew (Ctrl-L), while the history goes here.
const clearScreen = (terminal: Terminal, push: (data: string) => void) => {
  terminal.write('\x1b[3J')
  push('\f')
}
