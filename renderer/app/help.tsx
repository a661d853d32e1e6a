import { useStore } from 'zustand'
import { useCommandRegistry } from '../lib/command-context.tsx'
import type { Command, CommandGroup } from '../lib/commands.ts'
import { isMac } from '../lib/platform.ts'
import { formatPress } from '../lib/shortcuts.ts'
import { testId } from '../lib/test-ids.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { useActions } from './app-context.tsx'

const order: readonly CommandGroup[] = [
  'Sessions',
  'Needs you',
  'Terminals',
  'Tasks',
  'Review',
  'Mail',
  'View',
  'Projects',
  'Application',
]

/** Keys that belong to one place and are no commands. */
const local: readonly (readonly [string, readonly string[]])[] = [
  ['Rename the session', ['F2']],
  ['Move the session up or down', ['Alt+Shift+ArrowUp', 'Alt+Shift+ArrowDown']],
  ['Allow, or deny with a note, on a focused question', ['Y', 'N']],
  ['Menu of the session or task', ['Shift+F10']],
  ['Ask the holder of a lease, end it', ['A', 'Delete']],
  ['Pick a task up, move it, drop it', ['Space', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Space']],
]

/** Every shortcut, read from the same list that the keyboard follows. */
export const Help = () => {
  const actions = useActions()
  const commands = useStore(useCommandRegistry().store, (state) => state.commands)
  const withKeys = commands.filter((command) => command.keys.length > 0 && !/^session\.nth-[2-9]$/.test(command.id))
  return (
    <Dialog isOpen title="Keyboard shortcuts" width={760} testId={testId.help} onClose={actions.closeDialog}>
      {/* Longer than a small window: with the focus in it the arrows scroll it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is what scrolls */}
      <div className="help-body scroll" role="region" aria-label="Shortcuts" tabIndex={0}>
        {order.map((group) => (
          <Group key={group} name={group} commands={withKeys.filter((command) => command.group === group)} />
        ))}
        <section className="help-group">
          <h3>In lists and questions</h3>
          <dl>
            {local.map(([title, presses]) => (
              <Row key={title} title={title} presses={presses} />
            ))}
          </dl>
        </section>
        {isMac ? null : (
          <p className="help-note">
            In a focused terminal, Ctrl with a letter belongs to the program that runs there. Use the second key, or
            leave the terminal with F6.
          </p>
        )}
      </div>
    </Dialog>
  )
}

const Group = ({ name, commands }: { readonly name: CommandGroup; readonly commands: readonly Command[] }) =>
  commands.length === 0 ? null : (
    <section className="help-group">
      <h3>{name}</h3>
      <dl>
        {commands.map((command) => (
          <Row
            key={command.id}
            title={command.id === 'session.nth-1' ? 'Go to the n-th session' : command.title}
            presses={command.id === 'session.nth-1' ? ['$mod+1…9'] : command.keys.map((key) => key.press)}
          />
        ))}
      </dl>
    </section>
  )

const Row = ({ title, presses }: { readonly title: string; readonly presses: readonly string[] }) => (
  <div className="help-row">
    <dt className="grow">{title}</dt>
    <dd>
      {presses.map((press) => (
        <Kbd key={press} keys={formatPress(press, isMac)} />
      ))}
    </dd>
  </div>
)
