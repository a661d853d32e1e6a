import type { TerminalId } from '../../shared/lib/ids.ts'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'
import { createViewer, type Viewer, type ViewSource } from './viewer.ts'
import { createWindowCredit, type WindowCredit } from './window-credit.ts'

export interface ViewRequest {
  readonly viewerId: string
  readonly windowId: string
  readonly terminalId: TerminalId
  readonly channel: number
}

export interface Viewers {
  attach(request: ViewRequest, source: ViewSource): void
  detach(viewerId: string): void
  /** Output that was just parsed. */
  output(terminalId: TerminalId, offset: number, text: string, work: number): void
  control(terminalId: TerminalId, frame: TerminalFrame): void
  acknowledge(viewerId: string, units: number): void
  focus(windowId: string, terminalId: TerminalId | null): void
  isFocused(terminalId: TerminalId): boolean
  /** Whether someone has any terminal in front of them. */
  hasFocus(): boolean
  detachTerminal(terminalId: TerminalId): void
  isWatched(terminalId: TerminalId): boolean
  /** The connection is gone, and all views with it. */
  clear(): void
}

export interface ViewersDeps {
  readonly send: (channel: number, frame: TerminalFrame) => void
  readonly now: () => number
  /** The last view of a terminal is gone. */
  readonly unwatched: (terminalId: TerminalId) => void
}

interface Attached {
  readonly windowId: string
  readonly viewer: Viewer
  readonly credit: WindowCredit<Viewer>
}

/** Brings each terminal's output to those who look at it, as fast as each of them draws. */
export const createViewers = ({ send, now, unwatched }: ViewersDeps): Viewers => {
  const attachedById = new Map<string, Attached>()
  const viewersByTerminal = new Map<TerminalId, Set<Viewer>>()
  const creditByWindow = new Map<string, WindowCredit<Viewer>>()

  const creditOf = (windowId: string) => {
    const credit = creditByWindow.get(windowId) ?? createWindowCredit<Viewer>()
    creditByWindow.set(windowId, credit)
    return credit
  }
  const flushAll = (credit: WindowCredit<Viewer>) => {
    for (const viewer of credit.inOrder()) viewer.flush()
  }
  const drop = (viewerId: string): Attached | null => {
    const attached = attachedById.get(viewerId)
    if (!attached) return null
    const { viewer, credit } = attached
    attachedById.delete(viewerId)
    viewer.close()
    viewersByTerminal.get(viewer.terminalId)?.delete(viewer)
    credit.viewers.delete(viewer)
    flushAll(credit)
    return attached
  }
  const settle = ({ windowId, viewer: { terminalId }, credit }: Attached) => {
    // Nobody says that a window was closed: what it had in front of it ends with its last view. One that goes on tells it
    // again with its next view.
    if (credit.viewers.size === 0) creditByWindow.delete(windowId)
    if (viewersByTerminal.get(terminalId)?.size !== 0) return
    viewersByTerminal.delete(terminalId)
    unwatched(terminalId)
  }
  const detach = (viewerId: string) => {
    const attached = drop(viewerId)
    if (attached) settle(attached)
  }
  return {
    attach({ viewerId, windowId, terminalId, channel }, source) {
      const before = drop(viewerId)
      const credit = creditOf(windowId)
      const viewer: Viewer = createViewer({
        terminalId,
        source,
        send: (frame) => send(channel, frame),
        maySend: () => credit.maySend(viewer),
        now,
      })
      attachedById.set(viewerId, { windowId, viewer, credit })
      viewersByTerminal.set(terminalId, (viewersByTerminal.get(terminalId) ?? new Set()).add(viewer))
      credit.viewers.add(viewer)
      if (before) settle(before)
      viewer.flush()
    },
    detach,
    output(terminalId, offset, text, work) {
      for (const viewer of viewersByTerminal.get(terminalId) ?? []) viewer.output(offset, text, work)
    },
    control(terminalId, frame) {
      for (const viewer of viewersByTerminal.get(terminalId) ?? []) viewer.control(frame)
    },
    acknowledge(viewerId, units) {
      const attached = attachedById.get(viewerId)
      attached?.viewer.acknowledge(units)
      if (attached) flushAll(attached.credit)
    },
    focus(windowId, terminalId) {
      if (terminalId === null && !creditByWindow.has(windowId)) return
      const credit = creditOf(windowId)
      credit.focus(terminalId)
      flushAll(credit)
    },
    isFocused: (terminalId) => [...creditByWindow.values()].some((credit) => credit.focused() === terminalId),
    hasFocus: () => [...creditByWindow.values()].some((credit) => credit.focused() !== null),
    detachTerminal(terminalId) {
      for (const [viewerId, { viewer }] of attachedById) if (viewer.terminalId === terminalId) detach(viewerId)
      viewersByTerminal.delete(terminalId)
    },
    isWatched: (terminalId) => viewersByTerminal.has(terminalId),
    clear() {
      for (const { viewer } of attachedById.values()) viewer.close()
      const watched = [...viewersByTerminal.keys()]
      attachedById.clear()
      viewersByTerminal.clear()
      creditByWindow.clear()
      for (const terminalId of watched) unwatched(terminalId)
    },
  }
}
