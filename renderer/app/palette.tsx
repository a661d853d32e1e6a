import './palette.css'
import { Command } from 'cmdk'
import { useState } from 'react'
import { useStore } from 'zustand'
import { badgeOf } from '../../shared/contract/session-badge.ts'
import type { Session } from '../../shared/contract/sessions.ts'
import type { ProjectId } from '../../shared/lib/ids.ts'
import { useData } from '../data/data-context.tsx'
import { useProject } from '../data/projects.ts'
import { useSessionIds } from '../data/sessions.ts'
import { useCommandRegistry } from '../lib/command-context.tsx'
import type { Command as AppCommand } from '../lib/commands.ts'
import { isMac } from '../lib/platform.ts'
import { formatPress } from '../lib/shortcuts.ts'
import { testId } from '../lib/test-ids.ts'
import { visibleLine } from '../../shared/lib/visible-text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { useActions } from './app-context.tsx'
import { rankEntries, type PaletteEntry } from './palette-score.ts'

type Entry = PaletteEntry & { readonly onRun: () => void } & (
    { readonly kind: 'command'; readonly command: AppCommand } | { readonly kind: 'session'; readonly session: Session }
  )

/** Every command and every session, by a few letters. */
export const Palette = () => {
  const actions = useActions()
  const [search, setSearch] = useState('')
  const groups = rankEntries(useEntries(), search)
  // The dialog gives the focus back as it closes; what the command focuses has to come after that.
  const closeAnd = (run: () => void) => {
    actions.closeDialog()
    setTimeout(run, 0)
  }
  return (
    <Dialog
      isOpen
      isBare
      title="Commands and sessions"
      width={560}
      testId={testId.palette}
      onClose={actions.closeDialog}
    >
      <Command loop label="Commands and sessions" shouldFilter={false}>
        <Command.Input
          // eslint-disable-next-line jsx-a11y/no-autofocus -- a palette is opened to be typed into
          autoFocus
          className="palette-input"
          placeholder="A command or a session"
          data-testid={testId.paletteInput}
          value={search}
          onValueChange={setSearch}
        />
        <Command.List className="palette-list scroll">
          {groups.length === 0 ? (
            <p className="palette-empty">Nothing is called that. Help lists every command.</p>
          ) : null}
          {groups.map(([group, entries]) => (
            <Command.Group key={group} heading={group}>
              {entries.map((entry) =>
                entry.kind === 'command' ? (
                  <CommandItem key={entry.command.id} command={entry.command} onRun={() => closeAnd(entry.onRun)} />
                ) : (
                  <SessionItem key={entry.session.id} session={entry.session} onRun={() => closeAnd(entry.onRun)} />
                ),
              )}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  )
}

/** Commands by their groups, then the sessions. */
const useEntries = (): readonly Entry[] => {
  const actions = useActions()
  const commands = useStore(useCommandRegistry().store, (state) => state.commands)
  const ids = useSessionIds(null)
  const sessions = useStore(useData().stores.sessions.store, (rows) => rows.byId)
  return [
    ...commands
      .filter((command) => command.isHidden !== true && command.isEnabled?.() !== false)
      .map((command): Entry => {
        const { title, group, keywords = [], run } = command
        return { kind: 'command', command, group, title, keywords: [...keywords, group], onRun: run }
      }),
    ...ids.flatMap((id): Entry | [] => {
      const session = sessions.get(id)
      if (session === undefined) return []
      const keywords = [badgeOf(session).word]
      return {
        kind: 'session',
        session,
        group: 'Go to a session',
        title: session.title,
        keywords,
        onRun: () => actions.goToSession(id),
      }
    }),
  ]
}

interface CommandItemProps {
  readonly command: AppCommand
  readonly onRun: () => void
}

const CommandItem = ({ command, onRun }: CommandItemProps) => (
  <Command.Item value={command.id} className="popup-item palette-item" onSelect={onRun}>
    <span className="cut grow">{command.title}</span>
    {command.keys[0] === undefined ? null : <Kbd keys={formatPress(command.keys[0].press, isMac)} />}
  </Command.Item>
)

const SessionItem = ({ session, onRun }: { readonly session: Session; readonly onRun: () => void }) => (
  <Command.Item value={session.id} className="popup-item palette-item" onSelect={onRun}>
    <StatusMark kind={badgeOf(session).kind} />
    <span className="cut grow">{visibleLine(session.title)}</span>
    <span className="palette-detail">
      {badgeOf(session).word}, <ProjectName id={session.projectId} />
    </span>
  </Command.Item>
)

const ProjectName = ({ id }: { readonly id: ProjectId }) => visibleLine(useProject(id)?.name ?? '')
