import { CodeXml, Columns2, Copy, Eraser, Rows2, SquareTerminal, TextSelect, X } from 'lucide-react'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { useCommandKeys } from '../../ui/command-button.tsx'
import type { MenuEntry } from '../../ui/menu.tsx'
import { useTiles } from './tiles-context.tsx'
import { parseViewId, type ViewId } from './view-ids.ts'

/** Everything that can be done with a tile; a narrow one shows fewer buttons. */
export const useTileMenu = (view: ViewId): readonly MenuEntry[] => {
  const { actions, slots } = useTiles()
  const keys = {
    shell: useCommandKeys('session.shell'),
    right: useCommandKeys('terminals.split-right'),
    below: useCommandKeys('terminals.split-down'),
    clear: useCommandKeys('terminals.clear'),
    close: useCommandKeys('terminals.close'),
  }
  const sessionId = actions.sessionOf(view)
  // What can be done with a session depends on its row: made anew whenever that changes.
  useSessionValue(sessionId ?? ('' as SessionId), (session) => session.rev)
  const isShell = parseViewId(view)?.kind === 'shell'
  const ofSession = isShell || sessionId === null ? [] : (slots.sessionMenu?.(sessionId) ?? [])
  return [
    item('shell', 'New shell here', SquareTerminal, keys.shell, () => actions.split(view, 'within')),
    item('right', 'Split right with a shell', Columns2, keys.right, () => actions.split(view, 'right')),
    item('below', 'Split down with a shell', Rows2, keys.below, () => actions.split(view, 'below')),
    item('editor', 'Open the folder in your editor', CodeXml, undefined, () => actions.openFolder(view)),
    { kind: 'line', id: 'line-1' },
    item('copy-all', 'Copy all of its text', Copy, undefined, () => actions.copyAll(view)),
    item('select-all', 'Select all', TextSelect, undefined, () => actions.screenOf(view)?.selectAll()),
    item('clear', 'Clear', Eraser, keys.clear, () => actions.clear(view)),
    { kind: 'line', id: 'line-2' },
    ...ofSession,
    ...(ofSession.length === 0 ? [] : [{ kind: 'line' as const, id: 'line-3' }]),
    item('close', isShell ? 'End the shell' : 'Close the tile', X, keys.close, () => actions.close(view)),
  ]
}

/** What a click with the secondary button offers on the text itself. */
export const screenMenu = (
  { actions }: Pick<ReturnType<typeof useTiles>, 'actions'>,
  view: ViewId,
  keys: Readonly<Record<'copy' | 'paste' | 'find' | 'clear', string | undefined>>,
  paste: () => void,
): readonly MenuEntry[] => {
  const screen = actions.screenOf(view)
  const copy = item('copy', 'Copy', Copy, keys.copy, () => screen?.copySelection())
  return [
    { ...copy, disabledReason: screen?.hasSelection() === true ? null : 'Select text first.' },
    item('paste', 'Paste', undefined, keys.paste, paste),
    item('select-all', 'Select all', TextSelect, undefined, () => screen?.selectAll()),
    { kind: 'line', id: 'line' },
    item('find', 'Find', undefined, keys.find, () => actions.find(view)),
    item('clear', 'Clear', Eraser, keys.clear, () => actions.clear(view)),
  ]
}

const item = (
  id: string,
  label: string,
  icon: (MenuEntry & { kind: 'item' })['icon'],
  keys: string | undefined,
  onChoose: () => void,
): MenuEntry & { kind: 'item' } => ({
  kind: 'item',
  id,
  label,
  ...(icon === undefined ? {} : { icon }),
  keys,
  onChoose,
})
