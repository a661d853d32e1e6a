import { WebLinksAddon } from '@xterm/addon-web-links'
import type { ILink, ILinkHandler, Terminal } from '@xterm/xterm'
import { readLine } from './line-text.ts'
import { judgeAddress, judgePath, type LinkRoots, type LinkTarget } from './link-targets.ts'
import { findPaths } from './path-links.ts'

export interface ScreenLinkDeps {
  readonly roots: () => LinkRoots
  /** The pointer is over a link; null when it left. */
  readonly onHover: (target: LinkTarget | null) => void
  readonly open: (target: LinkTarget) => void
  /** Ctrl, or Command on macOS: a plain click selects text and goes to programs. */
  readonly isOpening: (event: MouseEvent) => boolean
}

/** Makes addresses, file names and OSC 8 links of a screen show where they lead, and open with the modifier held. */
export const linkScreen = (terminal: Terminal, deps: ScreenLinkDeps): void => {
  const act = (event: MouseEvent, target: LinkTarget) => {
    if (deps.isOpening(event)) deps.open(target)
  }
  const handlerFor = (judge: (text: string) => LinkTarget): ILinkHandler => ({
    allowNonHttpProtocols: true,
    activate: (event, text) => act(event, judge(text)),
    hover: (_event, text) => deps.onHover(judge(text)),
    leave: () => deps.onHover(null),
  })
  const address = handlerFor((text) => judgeAddress(text, deps.roots()))
  terminal.options.linkHandler = address
  terminal.loadAddon(
    new WebLinksAddon((event, text) => act(event, judgeAddress(text, deps.roots())), {
      hover: (_event, text) => deps.onHover(judgeAddress(text, deps.roots())),
      leave: () => deps.onHover(null),
    }),
  )
  terminal.registerLinkProvider({
    provideLinks: (lineNumber, give) => {
      const line = readLine(terminal.buffer.active, lineNumber - 1)
      const links = line === null ? [] : findPaths(line.text).flatMap((match) => pathLinks(match, line.rangeOf))
      give(links.length === 0 ? undefined : links)
    },
  })

  // A path that was only printed may be meant for another computer or be no path at all: those that may not be opened
  // are left alone, while an OSC 8 link claims to lead somewhere and says why it does not.
  const pathLinks = (
    { start, end, path, line }: ReturnType<typeof findPaths>[number],
    rangeOf: (start: number, end: number) => ILink['range'],
  ): ILink[] => {
    const target = judgePath(path, line, deps.roots())
    if (target.kind === 'refused') return []
    return [
      {
        range: rangeOf(start, end),
        text: path,
        activate: (event) => act(event, target),
        hover: () => deps.onHover(target),
        leave: () => deps.onHover(null),
      },
    ]
  }
}
