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
  /** The connection is gone, and all views with it. */
  clear(): void
}

export interface ViewersDeps {
  readonly send: (channel: number, frame: TerminalFrame) => void
  readonly now: () => number
}

interface Attached {
  readonly viewer: Viewer
  readonly credit: WindowCredit<Viewer>
}

/** Brings each terminal's output to those who look at it, as fast as each of them draws. */
export const createViewers = ({ send, now }: ViewersDeps): Viewers => {
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
  const detach = (viewerId: string) => {
    const attached = attachedById.get(viewerId)
    if (!attached) return
    const { viewer, credit } = attached
    attachedById.delete(viewerId)
    viewer.close()
    viewersByTerminal.get(viewer.terminalId)?.delete(viewer)
    credit.viewers.delete(viewer)
    flushAll(credit)
  }
  return {
    attach({ viewerId, windowId, terminalId, channel }, source) {
      detach(viewerId)
      const credit = creditOf(windowId)
      const viewer: Viewer = createViewer({
        terminalId,
        source,
        send: (frame) => send(channel, frame),
        maySend: () => credit.maySend(viewer),
        now,
      })
      attachedById.set(viewerId, { viewer, credit })
      viewersByTerminal.set(terminalId, (viewersByTerminal.get(terminalId) ?? new Set()).add(viewer))
      credit.viewers.add(viewer)
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
    clear() {
      for (const { viewer } of attachedById.values()) viewer.close()
      attachedById.clear()
      viewersByTerminal.clear()
      creditByWindow.clear()
    },
  }
}
