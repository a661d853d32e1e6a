import {
  Archive,
  ArchiveRestore,
  CircleHelp,
  Copy,
  FolderOpen,
  GitBranch,
  GitPullRequest,
  Keyboard,
  KeyboardOff,
  PencilLine,
  Pin,
  PinOff,
  Play,
  RotateCcw,
  Square,
  SquareTerminal,
  Trash2,
} from 'lucide-react'
import type { Agent } from '../../../shared/contract/agents.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import type { SessionId, TerminalId } from '../../../shared/lib/ids.ts'
import type { AskWhy } from '../../lib/why-context.tsx'
import type { MenuEntry } from '../../ui/menu.tsx'
import { isGettingReady } from './session-text.ts'
import type { SessionActions } from './use-session-actions.ts'

export interface SessionMenuDeps {
  readonly session: Session
  readonly worktree: Worktree | undefined
  readonly agent: Pick<Agent, 'takesTypedMail'> | undefined
  readonly actions: SessionActions
  readonly onOpen: (id: SessionId) => void
  readonly onRename: (id: SessionId) => void
  readonly onWhy: AskWhy
  readonly onReview: (id: SessionId) => void
  readonly onShellOpened: (sessionId: SessionId, terminalId: TerminalId) => void
}

/** Everything one can do with a session; the same entries wherever its menu opens. */
export const sessionMenu = (deps: SessionMenuDeps): readonly MenuEntry[] => [
  ...runEntries(deps),
  { kind: 'line', id: 'line-arrange' },
  ...arrangeEntries(deps),
  { kind: 'line', id: 'line-copy' },
  ...copyEntries(deps),
  { kind: 'line', id: 'line-end' },
  ...endEntries(deps),
]

const runEntries = (deps: SessionMenuDeps): MenuEntry[] => {
  const { session, worktree, actions, onOpen, onShellOpened, onWhy, onReview } = deps
  const id = session.id
  return [
    { kind: 'item', id: 'open', label: 'Open', icon: SquareTerminal, keys: 'Enter', onChoose: () => onOpen(id) },
    {
      kind: 'item',
      id: 'review',
      label: 'Review changes',
      icon: GitPullRequest,
      disabledReason: worktree === undefined ? 'It has no worktree yet.' : null,
      onChoose: () => onReview(id),
    },
    {
      kind: 'item',
      id: 'shell',
      label: 'Open a shell here',
      icon: FolderOpen,
      disabledReason: worktree?.state.kind === 'ok' ? null : 'There is no folder to open it in.',
      onChoose: () =>
        void actions.openShell(id).then((terminalId) => {
          if (terminalId !== null) onShellOpened(id, terminalId)
        }),
    },
    runEntry({ session, actions }),
    { kind: 'item', id: 'why', label: 'Why?', icon: CircleHelp, onChoose: () => onWhy({ kind: 'session', id }) },
  ]
}

/** The one of stop, retry and resume that fits. What waits for its turn or gets ready is stopped before it starts. */
const runEntry = ({ session, actions }: Pick<SessionMenuDeps, 'session' | 'actions'>): MenuEntry => {
  if (session.runtime.kind === 'alive' || isGettingReady(session))
    return { kind: 'item', id: 'stop', label: 'Stop', icon: Square, onChoose: () => actions.stop(session.id) }
  if (session.lifecycle === 'preparing')
    return { kind: 'item', id: 'retry', label: 'Retry', icon: RotateCcw, onChoose: () => actions.retry(session.id) }
  return {
    kind: 'item',
    id: 'resume',
    label: 'Resume',
    icon: Play,
    disabledReason: session.canResume ? null : 'This agent cannot take up its conversation again.',
    onChoose: () => actions.resume(session.id),
  }
}

const arrangeEntries = ({ session, agent, actions, onRename }: SessionMenuDeps): MenuEntry[] => [
  {
    kind: 'item',
    id: 'rename',
    label: 'Rename',
    icon: PencilLine,
    keys: 'F2',
    onChoose: () => onRename(session.id),
  },
  {
    kind: 'item',
    id: 'pin',
    label: session.isPinned ? 'Unpin' : 'Pin to the top',
    icon: session.isPinned ? PinOff : Pin,
    onChoose: () => actions.pin(session),
  },
  ...(agent?.takesTypedMail === true
    ? [
        {
          kind: 'item' as const,
          id: 'mail-typed',
          label: session.isMailTyped ? 'Type no mail at its prompt' : 'Type mail at its prompt',
          icon: session.isMailTyped ? KeyboardOff : Keyboard,
          onChoose: () => actions.setMailTyped(session, !session.isMailTyped),
        },
      ]
    : []),
]

const copyEntries = ({ worktree, actions }: SessionMenuDeps): MenuEntry[] => {
  const branch = worktree?.branch ?? null
  const path = worktree?.path ?? null
  return [
    {
      kind: 'item',
      id: 'copy-branch',
      label: 'Copy branch',
      icon: GitBranch,
      disabledReason: branch === null ? 'It is on no branch.' : null,
      onChoose: () => actions.copy(branch ?? '', 'branch'),
    },
    {
      kind: 'item',
      id: 'copy-path',
      label: 'Copy path',
      icon: Copy,
      disabledReason: path === null ? 'It has no folder yet.' : null,
      onChoose: () => actions.copy(path ?? '', 'path'),
    },
  ]
}

const endEntries = ({ session, worktree, actions }: SessionMenuDeps): MenuEntry[] => [
  session.lifecycle === 'archived'
    ? {
        kind: 'item',
        id: 'unarchive',
        label: 'Take out of the archive',
        icon: ArchiveRestore,
        onChoose: () => actions.unarchive(session.id),
      }
    : { kind: 'item', id: 'archive', label: 'Archive', icon: Archive, onChoose: () => actions.archive(session) },
  {
    kind: 'item',
    id: 'delete',
    label: worktree?.kind === 'in-place' ? 'Delete session' : 'Delete session and worktree',
    icon: Trash2,
    isDanger: true,
    onChoose: () => actions.remove(session, false),
  },
  ...(worktree?.kind === 'new-branch'
    ? [
        {
          kind: 'item' as const,
          id: 'delete-branch',
          label: 'Delete with its branch',
          icon: Trash2,
          isDanger: true,
          onChoose: () => actions.remove(session, true),
        },
      ]
    : []),
]
