import { ClipboardCopy } from 'lucide-react'
import type { TerminalId } from '../../shared/lib/ids.ts'
import { unreachable } from '../../shared/lib/unreachable.ts'
import type { AppData } from '../data/app-data.ts'
import { settle } from '../data/settle.ts'
import { copyText } from '../lib/copy-text.ts'
import { visibleLine } from '../../shared/lib/visible-text.ts'
import type { ClipboardRequest } from './clipboard-policy.ts'
import type { LinkRoots, LinkTarget } from './link-targets.ts'
import type { ScreenDeps } from './screen.ts'
import type { TerminalClientDeps } from './client-deps.ts'

/** Where links of a terminal may lead: into its session's worktree, or its own folder when it has none. */
export const rootsOf = ({ data: { stores } }: TerminalClientDeps, id: TerminalId): LinkRoots => {
  const terminal = stores.terminals.get(id)
  const session = terminal?.sessionId == null ? undefined : stores.sessions.get(terminal.sessionId)
  const worktree = session?.worktreeId == null ? undefined : stores.worktrees.get(session.worktreeId)
  const cwd = terminal?.cwd ?? ''
  return { cwd, root: worktree?.path ?? cwd }
}

/** What a screen says to the person, and the ways out of it. */
export const feedbackOf = (
  { data, notices, page }: TerminalClientDeps,
  id: TerminalId,
): Pick<ScreenDeps, 'openLink' | 'onClipboard' | 'onCopied'> => ({
  openLink: (target: LinkTarget) => {
    switch (target.kind) {
      case 'web':
        page.open(target.url, '_blank', 'noopener,noreferrer')
        return
      case 'file':
        void settle(data.api.host.openInEditor({ path: target.path, line: target.line })).then((result) => {
          if (!result.ok) notices.refuse(result.refusal.message)
        })
        return
      case 'refused':
        return notices.refuse(`The link was not opened. ${target.why}`)
      default:
        return unreachable(target)
    }
  },
  onClipboard: (request: ClipboardRequest) => {
    switch (request.kind) {
      case 'write': {
        const title = titleOf(data, id)
        void copyText(request.text).then((isCopied) => {
          if (isCopied) notices.show({ icon: ClipboardCopy, text: `${title} set the clipboard.` })
        })
        return
      }
      case 'refused':
        return notices.refuse(request.why)
      case 'ignored':
        return
      default:
        return unreachable(request)
    }
  },
  onCopied: (isCopied) => {
    if (!isCopied)
      notices.refuse('The browser did not allow copying. Select the text again and press the key once more.')
  },
})

const titleOf = ({ stores }: Pick<AppData, 'stores'>, id: TerminalId): string => {
  const sessionId = stores.terminals.get(id)?.sessionId
  return visibleLine((sessionId == null ? undefined : stores.sessions.get(sessionId)?.title) ?? 'A program')
}
