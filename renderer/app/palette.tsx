import './palette.css'
import { Command } from 'cmdk'
import { useStore } from 'zustand'
import { badgeOf } from '../../shared/contract/session-badge.ts'
import type { SessionId } from '../../shared/lib/ids.ts'
import { useProject } from '../data/projects.ts'
import { useSession, useSessionIds } from '../data/sessions.ts'
import { useCommandRegistry } from '../lib/command-context.tsx'
import type { Command as AppCommand, CommandGroup } from '../lib/commands.ts'
import { isMac } from '../lib/platform.ts'
import { formatPress } from '../lib/shortcuts.ts'
import { testId } from '../lib/test-ids.ts'
import { visibleLine } from '../lib/visible-text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { useActions } from './app-context.tsx'
import { paletteScore } from './palette-score.ts'

// The palette needs a value of its own for each entry; titles may repeat, so the id follows where no title reaches.
const idMark = '\u001f'
const scoreOf = (value: string, search: string, keywords?: readonly string[]) =>
  paletteScore(value.split(idMark)[0] ?? '', search, keywords)

/** Every command and every session, by a few letters. */
export const Palette = () => {
  const actions = useActions()
  const commands = useStore(useCommandRegistry().store, (state) => state.commands)
  const sessionIds = useSessionIds(null)
  const offered = commands.filter((command) => command.isHidden !== true && command.isEnabled?.() !== false)
  const groups = [...new Set(offered.map((command) => command.group))]
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
      <Command loop label="Commands and sessions" filter={scoreOf}>
        <Command.Input
          // eslint-disable-next-line jsx-a11y/no-autofocus -- a palette is opened to be typed into
          autoFocus
          className="palette-input"
          placeholder="A command or a session"
          data-testid={testId.paletteInput}
        />
        <Command.List className="palette-list scroll">
          <Command.Empty className="palette-empty">Nothing is called that. Help lists every command.</Command.Empty>
          {groups.map((group) => (
            <CommandRows
              key={group}
              group={group}
              commands={offered.filter((command) => command.group === group)}
              onRun={(command) => closeAnd(command.run)}
            />
          ))}
          {sessionIds.length === 0 ? null : (
            <Command.Group heading="Go to a session">
              {sessionIds.map((id) => (
                <SessionItem key={id} id={id} onGo={() => closeAnd(() => actions.goToSession(id))} />
              ))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Dialog>
  )
}

interface CommandRowsProps {
  readonly group: CommandGroup
  readonly commands: readonly AppCommand[]
  readonly onRun: (command: AppCommand) => void
}

const CommandRows = ({ group, commands, onRun }: CommandRowsProps) => (
  <Command.Group heading={group}>
    {commands.map((command) => (
      <Command.Item
        key={command.id}
        value={`${command.title}${idMark}${command.id}`}
        keywords={[...(command.keywords ?? []), group]}
        className="popup-item palette-item"
        onSelect={() => onRun(command)}
      >
        <span className="cut grow">{command.title}</span>
        {command.keys[0] === undefined ? null : <Kbd keys={formatPress(command.keys[0].press, isMac)} />}
      </Command.Item>
    ))}
  </Command.Group>
)

const SessionItem = ({ id, onGo }: { readonly id: SessionId; readonly onGo: () => void }) => {
  const session = useSession(id)
  return session === undefined ? null : (
    <Command.Item
      value={`${session.title}${idMark}${id}`}
      keywords={[badgeOf(session).word]}
      className="popup-item palette-item"
      onSelect={onGo}
    >
      <StatusMark kind={badgeOf(session).kind} />
      <span className="cut grow">{visibleLine(session.title)}</span>
      <span className="palette-detail">
        {badgeOf(session).word}, <ProjectName id={session.projectId} />
      </span>
    </Command.Item>
  )
}

const ProjectName = ({ id }: { readonly id: Parameters<typeof useProject>[0] }) =>
  visibleLine(useProject(id)?.name ?? '')
