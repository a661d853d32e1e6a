import './terminal-view.css'
import { CircleSlash, ExternalLink, FileText } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useStore } from 'zustand'
import type { TerminalId } from '../../shared/lib/ids.ts'
import { unreachable } from '../../shared/lib/unreachable.ts'
import { isMac } from '../lib/platform.ts'
import { testId } from '../lib/test-ids.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import type { AttachmentState } from './attachment.ts'
import type { LinkTarget } from './link-targets.ts'
import type { Screen } from './screen.ts'
import { useTerminalClient } from './terminal-context.tsx'

interface TerminalViewProps {
  readonly terminalId: TerminalId
  /** Whether it can be seen now. A terminal that cannot receives nothing. */
  readonly isVisible: boolean
  /** What it is, for those who do not see it. */
  readonly label: string
}

/** The screen of one terminal, filling the space it is given with whole rows. */
export const TerminalView = ({ terminalId, isVisible, label }: TerminalViewProps) => {
  const client = useTerminalClient()
  const isReady = useStore(client.isReady, (state) => state.isReady)
  const screen = client.screenOf(terminalId)
  const place = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    place.current?.append(screen.element)
    const release = client.keep(terminalId)
    return () => {
      screen.element.remove()
      release()
    }
  }, [client, screen, terminalId])

  useLayoutEffect(() => {
    if (isReady && isVisible) return client.show(terminalId)
    return undefined
  }, [client, terminalId, isReady, isVisible])

  // A tile that was given the focus before its terminal was there passes it on.
  useEffect(() => {
    if (
      isReady &&
      document.activeElement?.contains(place.current) &&
      document.activeElement.hasAttribute('data-view')
    ) {
      screen.focus()
    }
  }, [screen, isReady])

  useLayoutEffect(() => followSize(place.current, screen), [screen])
  useLayoutEffect(() => screen.setLabel(label), [screen, label])

  return (
    <div className="terminal-view" data-testid={testId.terminal}>
      <div className="terminal-place" ref={place} />
      <StateNote screen={screen} />
      <LinkNote screen={screen} />
      <PasteQuestion screen={screen} />
    </div>
  )
}

/** One measurement per picture however often the size changes. */
const followSize = (place: HTMLElement | null, screen: Screen) => {
  if (place === null) return undefined
  let frame = 0
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(screen.fit)
  })
  observer.observe(place)
  return () => {
    cancelAnimationFrame(frame)
    observer.disconnect()
  }
}

/** Says that what is shown is not current. It appears only after a moment: catching up takes a few milliseconds. */
const StateNote = ({ screen }: { readonly screen: Screen }) => {
  const text = useStore(screen.state, ({ attachment }) => staleText(attachment))
  return text === null ? null : (
    <div className="terminal-stale" role="status" data-testid={testId.terminalStale}>
      <span className="terminal-stale-text">{text}</span>
    </div>
  )
}

const staleText = (attachment: AttachmentState | { readonly kind: 'hidden' }): string | null => {
  switch (attachment.kind) {
    case 'live':
    case 'ended':
    case 'hidden':
      return null
    case 'catching-up':
      return 'Catching up'
    case 'away':
      return 'Not connected. What you type is kept and sent.'
    case 'refused':
      return attachment.refusal.message
    default:
      return unreachable(attachment)
  }
}

const modifierWord = isMac ? '⌘' : 'Ctrl'

const LinkNote = ({ screen }: { readonly screen: Screen }) => {
  const link = useStore(screen.state, (state) => state.link)
  if (link === null) return null
  return (
    <div className="terminal-link" data-kind={link.kind} data-testid={testId.terminalLink}>
      <Icon of={linkIcons[link.kind]} size={14} />
      <span className="cut mono">{link.shown}</span>
      <span className="terminal-link-hint">{link.kind === 'refused' ? link.why : `${modifierWord} click to open`}</span>
    </div>
  )
}

const linkIcons = { web: ExternalLink, file: FileText, refused: CircleSlash } satisfies Record<
  LinkTarget['kind'],
  unknown
>

const PasteQuestion = ({ screen }: { readonly screen: Screen }) => {
  const paste = useStore(screen.state, (state) => state.paste)
  if (paste === null) return null
  const preview = paste.data.replaceAll('\r', ' ⏎ ')
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape answers the question
    <div
      className="terminal-paste"
      role="dialog"
      aria-label={`Paste ${paste.lines} lines?`}
      data-testid={testId.terminalPaste}
      onKeyDown={(event) => {
        if (event.key === 'Escape') screen.answerPaste('cancel')
      }}
    >
      <p>
        <b>Paste {paste.lines} lines?</b> The program runs each line as it arrives.
      </p>
      <p className="terminal-paste-preview mono cut">{preview.slice(0, 400)}</p>
      <div className="row">
        {/* The safe answer has the focus; the question came unasked and a further Enter must do nothing. */}
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- focus moves into the question and back on its answer */}
        <Button size="small" autoFocus onClick={() => screen.answerPaste('cancel')} keys="Esc">
          Cancel
        </Button>
        <Button size="small" onClick={() => screen.answerPaste('one-line')}>
          Paste as one line
        </Button>
        <Button size="small" onClick={() => screen.answerPaste('lines')}>
          Paste {paste.lines} lines
        </Button>
      </div>
    </div>
  )
}
